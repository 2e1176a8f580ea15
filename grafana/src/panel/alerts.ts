// The table of firing alerts, each with a link to its section of the runbook.
import * as units from '@grafana/grafana-foundation-sdk/units';
import { quiet } from '../absent-metrics.ts';
import { aggregate, firing, type Vector } from '../promql.ts';
import type { Severity } from '../rule.ts';
import { alerts } from '../rules.ts';
import type { Look, Panel, States } from './panel.ts';
import { table } from './table.ts';

/** The colour of each severity, on all dashboards. */
const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = {
  critical: 'red',
  warning: 'orange',
  info: 'blue',
};

const SEVERITIES: States = Object.fromEntries(
  Object.entries(SEVERITY_COLOURS).map(([severity, colour]) => [severity, [severity, colour] as const]),
);

/** Headings of the runbook have lower-case anchors, and neither PromQL nor a link can change the case of a name. */
const ANCHORS: States = Object.fromEntries(
  alerts().map(({ alert }) => [alert, [alert.toLowerCase(), 'transparent'] as const]),
);

const firingBySeverity = aggregate('max', firing(), { by: ['job', 'instance', 'alertname', 'severity'] });

/** A row for each alert that fires, of one server, or of all with a column for the server. */
export function firingAlerts(title: string, about: 'one server' | 'all servers', look: Omit<Look, 'unit'>): Panel {
  const servers = about === 'all servers' ? (['instance'] as const) : [];
  return table(title, [{ expr: quiet(withAnchor(firingBySeverity), 'no alert fires'), labels: [] }], {
    ...look,
    unit: units.Number,
    rows: ['severity', ...servers, 'alertname', 'anchor'],
    sort: { by: 'severity', highestFirst: false },
    columns: {
      severity: { width: 90, states: SEVERITIES },
      ...(about === 'all servers' && { instance: { width: 230 } }),
      alertname: { link: (runbookUrl) => ({ title: 'Runbook', url: `${runbookUrl}#\${__data.fields.anchor}` }) },
      anchor: { hidden: 'for links', states: ANCHORS },
    },
  });
}

/** A copy of the label `alertname`, whose values become anchors. */
function withAnchor(of: Vector<'alertname' | 'severity'>): Vector<'alertname' | 'severity' | 'anchor'> {
  return {
    ...of,
    atomic: true,
    labels: [...of.labels, 'anchor'],
    text: (scope, timeScale) => `label_join(${of.text(scope, timeScale)}, "anchor", "", "alertname")`,
  };
}
