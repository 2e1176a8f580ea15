// What a rule is: a recorded series or an alert, checked when it is made, and its form in a rule file.
import { DEFAULT_ADDRESSES, type Addresses } from './addresses.ts';
import { TARGET_LABELS } from './catalogue.ts';
import { selector, type Series, type Vector } from './promql.ts';
import { writeDuration, type Duration, type TimeScale } from './time.ts';

/** A series that Prometheus computes. It can be used in expressions like a metric. */
export interface Recording<Label extends string = string> extends Series<Label> {
  readonly record: string;
  readonly expr: Vector<Label>;
}

/** page: users are hurt now. ticket: this week. info: context, nobody is told. */
export type Severity = 'page' | 'ticket' | 'info';

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
  /** how long it has to hold before anybody hears of it */
  readonly for: Duration;
  readonly expr: Vector;
  /** one line: what is wrong, where, and how much */
  readonly summary: string;
  /** what that means to wallets, or what to look at first */
  readonly description: string;
  /** alerts of the same instance that this one explains: Alertmanager keeps them silent */
  readonly inhibits?: readonly AlertName[] | 'all others';
}

export interface Group {
  readonly name: string;
  /** evaluated one after the other: a recording comes before the alerts that use it */
  readonly rules: readonly (Recording | Alert)[];
}

/** The job that scrapes exporters in prometheus.yml. */
export const JOB = 'electrumx';

export function record<Label extends string>(name: `electrumx:${string}`, expr: Vector<Label>): Recording<Label> {
  return { ...selector(name, expr.labels), record: name, expr };
}

/** Throws for an annotation with a label that the alert does not have, or that strangers could fill. */
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
      runbook_url: `${addresses.runbookUrl}#${rule.alert.toLowerCase()}`,
      dashboard_url: `${addresses.grafanaUrl}/d/${rule.dashboard}?${SERVER}`,
    },
  };
}

/** The variables of dashboards, from the labels that every alert has. */
const SERVER = 'var-job={{ $labels.job | urlquery }}&var-instance={{ $labels.instance | urlquery }}';
