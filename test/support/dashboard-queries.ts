// Every query that the dashboards send, for tests that run them.
import type { Dashboard } from '../../grafana/src/dashboard.ts';
import { DASHBOARDS } from '../../grafana/src/dashboards.ts';
import { gapsOf, quiet, type Era, type Gap } from '../../grafana/src/absent-metrics.ts';
import { MARKS } from '../../grafana/src/annotations.ts';
import { choices } from '../../grafana/src/variables.ts';

export interface Query {
  /** the uid of its dashboard */
  readonly dashboard: string;
  /** the title of its panel, or `annotation NAME`, or `variable NAME` */
  readonly panel: string;
  /** PromQL that still contains Grafana's variables: `$job`, `$instance`, `$__rate_interval` */
  readonly expr: string;
  /** why it may have no data although ElectrumX and the exporter are up */
  readonly gaps: readonly Gap[];
}

/** The queries of all panels, annotations and variables. */
export function queries(): readonly Query[] {
  return DASHBOARDS.flatMap((dashboard) => [
    ...ofVariables(dashboard),
    ...ofAnnotations(dashboard),
    ...ofPanels(dashboard),
  ]);
}

/** The query as Grafana sends it. Throws for a variable without a value. */
export function withVariables(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replace(/\$(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`$${name} has no value: ${expr}`);
    return value;
  });
}

/** Whether a query may have no data from a simulated server of this era with a fully configured exporter. */
export function mayBeEmpty({ gaps }: Query, era: Era): boolean {
  return gaps.some(
    (gap) => gap.kind === 'quiet' || gap.kind === 'invisible' || (gap.kind === 'era' && gap.eras.includes(era)),
  );
}

function ofPanels({ uid, about, rows }: Dashboard): Query[] {
  return rows.flatMap(({ panels }) =>
    panels.flatMap(({ title, lines }) =>
      lines.map(([, expr]) => ({
        dashboard: uid,
        panel: title,
        expr: expr.text(about.scope),
        gaps: gapsOf(expr),
      })),
    ),
  );
}

function ofAnnotations({ uid, about }: Dashboard): Query[] {
  return MARKS.map(({ name, expr }) => ({
    dashboard: uid,
    panel: `annotation ${name}`,
    expr: expr.text(about.scope),
    gaps: gapsOf(quiet(expr, 'it has not happened')),
  }));
}

function ofVariables({ uid, about }: Dashboard): Query[] {
  return about.variables.map((variable) => ({
    dashboard: uid,
    panel: `variable ${variable.label}`,
    expr: choices(variable),
    gaps: [],
  }));
}
