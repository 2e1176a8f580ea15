// A dashboard made of rows of panels, and its JSON for Grafana.
import { DashboardBuilder, DashboardCursorSync, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DEFAULT_ADDRESSES, EXPORTERS_RUNBOOK } from './addresses.ts';
import { built, EACH_OTHER, TAG } from './links.ts';
import { annotation, MARKS } from './annotations.ts';
import type { Panel, PanelContext } from './panel/panel.ts';
import type { DashboardUid } from './rule.ts';
import { variables, type Subject } from './variables.ts';

export interface Row {
  /** the question that its panels answer together */
  readonly title: string;
  /** in units of Grafana's grid, 38 pixels each */
  readonly height: number;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  readonly uid: DashboardUid;
  readonly title: string;
  readonly description: string;
  readonly about: Subject;
  /** how far back it looks when it is opened: `now-6h` */
  readonly from: `now-${string}`;
  readonly rows: readonly Row[];
}

/** The dashboard as Grafana's JSON, for provisioning or import. Links to the runbook begin with its address. */
export function dashboardFile(dashboard: Dashboard, { runbookUrl } = DEFAULT_ADDRESSES): string {
  const { uid, title, description, about, from, rows } = dashboard;
  // The format of its successor is a preview before Grafana 13; all versions read this one.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .links([built(EACH_OTHER)])
    .time({ from, to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .variables(variables(about))
    .annotations(MARKS.map((mark) => annotation(mark, about.scope)));
  const context = contextOf(about, runbookUrl);
  let id = 0;
  for (const { title: question, height, panels } of rows) {
    builder.withRow(new RowBuilder(question).id(++id));
    for (const panel of panels) {
      const next = panel.build(context);
      next.id(++id);
      next.height(height);
      builder.withPanel(next);
    }
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

/** The runbook of the exporter that the dashboard or the row is about, or the one at another address. */
function contextOf({ scope, variables: chosen }: Subject, runbookUrl: string): PanelContext {
  if (runbookUrl !== EXPORTERS_RUNBOOK) return { scope, runbookUrl, rowRunbookUrl: runbookUrl };
  const oneServer = chosen.some(({ label }) => label === 'instance');
  return oneServer
    ? { scope, runbookUrl: 'http://${instance}/runbook', rowRunbookUrl: 'http://${instance}/runbook' }
    : { scope, runbookUrl: undefined, rowRunbookUrl: 'http://${__data.fields.instance}/runbook' };
}
