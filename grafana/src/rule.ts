// What a rule is: a recorded series or an alert, checked when it is made, and its form in a rule file.
import { DEFAULT_ADDRESSES, EXPORTERS_RUNBOOK, type Addresses } from './addresses.ts';
import { TARGET_LABELS } from './catalogue.ts';
import { selector, type Series, type Vector } from './promql.ts';
import { writeDuration, type Duration, type TimeScale } from './time.ts';

/** A series that Prometheus computes. It can be used in expressions like a metric. */
export interface Recording<Label extends string = string> extends Series<Label> {
  readonly record: string;
  readonly expr: Vector<Label>;
}

/** critical: wallets are affected now. warning: needs attention this week. info: context without a notification. */
export type Severity = 'critical' | 'warning' | 'info';

/** Its uid is the last part of its address in Grafana. */
export type DashboardUid =
  | 'electrumx-on-call'
  | 'electrumx-clients'
  | 'electrumx-peers'
  | 'electrumx-index'
  | 'electrumx-exporter'
  | 'electrumx-fleet';

export type AlertName = `ElectrumX${string}`;

export interface Alert {
  readonly alert: AlertName;
  readonly severity: Severity;
  /** where to look first */
  readonly dashboard: DashboardUid;
  /** what its series are about, if not about one server each: then it has no label `instance` */
  readonly about?: 'job' | 'everything';
  /** at most 2 minutes or at least 10: Prometheus restores the waits of the latter only, and Alertmanager resolves after 4 */
  readonly for: Duration;
  readonly expr: Vector;
  /** one line: what is wrong, where, and how much */
  readonly summary: string;
  /** what that means to wallets, or what to look at first */
  readonly description: string;
  /** alerts of the same server that this one explains: Alertmanager inhibits them */
  readonly inhibits?: readonly AlertName[] | 'all others';
}

export interface Group {
  readonly name: string;
  /** evaluated one after the other: a recording comes before the alerts that use it */
  readonly rules: readonly (Recording | Alert)[];
}

/** The job that scrapes exporters in prometheus.yml. */
export const JOB = 'electrumx';

/** A recorded series, with the labels of its expression. */
export function record<Label extends string>(name: `electrumx:${string}`, expr: Vector<Label>): Recording<Label> {
  return { ...selector(name, expr.labels), record: name, expr };
}

/** Throws for an annotation with a label that the alert does not have, or that clients could fill. */
export function alert(definition: Alert): Alert {
  const { alert: name, expr, summary, description } = definition;
  const labels: readonly string[] = [...expr.labels, ...TARGET_LABELS];
  if (labels.includes('group')) throw new Error(`${name} would carry the subnets of clients into notifications`);
  for (const [, label = ''] of `${summary}${description}`.matchAll(/\$labels\.(\w+)/g)) {
    if (!labels.includes(label)) throw new Error(`${name} has no label ${label}`);
  }
  return definition;
}

/** What a rule file is made for. */
export interface RuleFileOptions {
  /** for tests: how much faster than usual time passes; counts, shares and heights stay as they are */
  readonly timeScale?: TimeScale;
  readonly addresses?: Addresses;
}

/** The rule as an entry of a rule file. */
export function ruleEntry(rule: Recording | Alert, options: RuleFileOptions): Readonly<Record<string, unknown>> {
  const { timeScale = 1, addresses = DEFAULT_ADDRESSES } = options;
  const expr = rule.expr.text('', timeScale);
  if ('record' in rule) return { record: rule.record, expr };
  return {
    alert: rule.alert,
    expr,
    for: writeDuration(rule.for, timeScale),
    labels: { severity: rule.severity },
    annotations: {
      summary: rule.summary,
      description: rule.description,
      runbook_url: `${runbookOf(rule, addresses)}#${rule.alert.toLowerCase()}`,
      dashboard_url: `${addresses.grafanaUrl}/d/${rule.dashboard}${variablesOf(rule)}`,
    },
  };
}

/** The exporters serve the runbook; an alert about none of them leads to the file. */
function runbookOf({ about }: Alert, { runbookUrl }: Addresses): string {
  return about !== undefined && runbookUrl === EXPORTERS_RUNBOOK ? 'docs/runbook.md' : runbookUrl;
}

/** The variables of dashboards, from the labels that the alert has. */
function variablesOf({ about }: Alert): string {
  if (about === 'everything') return '';
  const job = '?var-job={{ $labels.job | urlquery }}';
  return about === 'job' ? job : `${job}&var-instance={{ $labels.instance | urlquery }}`;
}
