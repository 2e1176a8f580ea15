// PromQL that can only name metrics that exist: names, labels and ranges are typed values, the rest is a string.
import { catalogued, LABELS, type CounterName, type GaugeName, type LabelOf, type TargetLabel } from './catalogue.ts';
import {
  seconds,
  writeDuration,
  writeRange,
  writeSeconds,
  type Duration,
  type Seconds,
  type SubqueryRange,
  type TimeScale,
} from './time.ts';

/** What a label must be, or must not be. */
export type Match = string | { readonly not: readonly string[] };
type Matches<Label extends string> = [Label] extends [never] ? undefined : Readonly<Partial<Record<Label, Match>>>;

/** An expression that returns a vector. `Label`: the labels that its series may have, apart from those of the target. */
export interface Vector<Label extends string = string> {
  readonly kind: 'vector';
  readonly labels: readonly Label[];
  /** the names of all metrics and recording rules in it */
  readonly metrics: readonly string[];
  /** it is one operand wherever it is used */
  readonly atomic: boolean;
  /** PromQL, with `scope` added to each selector: `instance="$instance"` on a dashboard, nothing in a rule */
  readonly text: (scope: string, timeScale?: TimeScale) => string;
}

/** A vector with a name, so that it can have a range. */
export interface Series<Label extends string = string> extends Vector<Label> {
  readonly selector: true;
}

/** A counter is not a vector: only its rate or its increase is meaningful. */
export interface Counter<Label extends string = string> extends Omit<Series<Label>, 'kind'> {
  readonly kind: 'counter';
}

/** The value of a gauge now. */
export function gauge<const Name extends GaugeName>(
  name: Name,
  matches?: Matches<LabelOf<Name>>,
): Series<LabelOf<Name>> {
  return selector(name, catalogued(name, 'gauge').labels as LabelOf<Name>[], matches);
}

/** A counter, for `rate` and `increase`. */
export function counter<const Name extends CounterName>(
  name: Name,
  matches?: Matches<LabelOf<Name>>,
): Counter<LabelOf<Name>> {
  return { ...selector(name, catalogued(name, 'counter').labels as LabelOf<Name>[], matches), kind: 'counter' };
}

/** Prometheus's `up`: 1 if the last scrape of the exporter succeeded. */
export function up(job: string): Series<never> {
  return selector('up', [], { job });
}

/** The alerts that fire now, except the one that always does. */
export function firing(): Series<'alertname' | 'severity'> {
  return selector('ALERTS', ['alertname', 'severity'], { alertstate: 'firing', alertname: not('ElectrumXWatchdog') });
}

/** One alert, while it fires. */
export function firingAlert(alertname: string): Series<'alertname' | 'alertstate' | 'severity'> {
  return selector('ALERTS', ['alertname', 'alertstate', 'severity'], { alertname, alertstate: 'firing' });
}

/** Any label but the values given. */
export function not(...values: readonly string[]): Match {
  return { not: values };
}

/** A series by its name. The caller has to know that the name and the labels exist. */
export function selector<Label extends string>(
  name: string,
  labels: readonly Label[],
  matches: Readonly<Partial<Record<string, Match>>> = {},
): Series<Label> {
  const own = Object.entries(matches).map(([label, match]) => (match === undefined ? '' : matcher(label, match)));
  const text = (scope: string) => {
    const all = [...own, scope].filter((part) => part !== '');
    return all.length === 0 ? name : `${name}{${all.join(',')}}`;
  };
  return { kind: 'vector', selector: true, atomic: true, labels, metrics: [name], text };
}

function matcher(label: string, match: Match): string {
  const values = typeof match === 'string' ? [match] : match.not;
  const plain = values.length === 1 ? /^[\w .]+$/ : /^[\w ]+$/;
  const unsafe = values.find((value) => !plain.test(value));
  if (unsafe !== undefined) throw new Error(`${label}: ${unsafe} is more than words and would have to be escaped`);
  const sign = typeof match === 'string' ? '=' : values.length === 1 ? '!=' : '!~';
  return `${label}${sign}"${values.join('|')}"`;
}

type OverTime = `${'avg' | 'last' | 'max' | 'min' | 'present' | 'sum' | 'count'}_over_time` | 'changes' | 'deriv';

/** A function of the values of a gauge in the last `range`, or in the one that ended `offset` ago. */
export function over<Label extends string>(
  name: OverTime,
  of: Series<Label>,
  range: Duration | SubqueryRange,
  offset?: Duration,
): Vector<Label> {
  return call(of, (inner, timeScale) => `${name}(${inner}${past(timeScale, range, offset)})`);
}

/** The value below which a gauge was for the share `q` of the last `range`: 0.5 gives the median. */
export function quantile<Label extends string>(
  q: number,
  of: Series<Label>,
  range: Duration | SubqueryRange,
): Vector<Label> {
  return call(of, (inner, timeScale) => `quantile_over_time(${q}, ${inner}${past(timeScale, range)})`);
}

/** 1 for each series of a counter that had a value in the last `range`. */
export function present<Label extends string>(of: Counter<Label>, range: Duration): Vector<Label> {
  return call(of, (inner, timeScale) => `present_over_time(${inner}${past(timeScale, range)})`);
}

/** The value of a gauge in `ahead` seconds, if it changes as in the last `range`. */
export function predictLinear<Label extends string>(
  of: Series<Label>,
  range: Duration | SubqueryRange,
  ahead: number,
): Vector<Label> {
  const then = (timeScale: TimeScale) => writeSeconds(seconds(ahead), timeScale);
  return call(of, (inner, timeScale) => `predict_linear(${inner}${past(timeScale, range)}, ${then(timeScale)})`);
}

/** The increase of a counter per second. When time passes faster, per second of that time. */
export function rate<Label extends string>(of: Counter<Label>, range: Duration): Vector<Label> {
  const perTestSecond = (rate: string, timeScale: TimeScale) => (timeScale === 1 ? rate : `(${rate} / ${timeScale})`);
  return call(of, (inner, timeScale) => perTestSecond(`rate(${inner}${past(timeScale, range)})`, timeScale));
}

function past(timeScale: TimeScale, range: Duration | SubqueryRange, offset?: Duration): string {
  return `[${writeRange(range, timeScale)}]${offset === undefined ? '' : ` offset ${writeDuration(offset, timeScale)}`}`;
}

/** A vector whose values are lengths of time that an expression waits for: like `seconds`, they shrink when time passes faster. */
export function lengthOfTime<Label extends string>(of: Vector<Label>): Vector<Label> {
  const text = (scope: string, timeScale: TimeScale = 1) =>
    timeScale === 1 ? of.text(scope) : `(${of.text(scope, timeScale)}) / ${timeScale}`;
  return { kind: 'vector', atomic: false, labels: of.labels, metrics: of.metrics, text };
}

type Grouping<Label extends string> = { readonly by: readonly Label[] } | { readonly without: readonly Label[] };
type Grouped<Label extends string, G> = G extends { by: readonly (infer Kept extends Label)[] }
  ? Kept
  : G extends { without: readonly (infer Dropped)[] }
    ? Exclude<Label, Dropped>
    : never;

/** One series of those that differ in labels only. */
export function aggregate<Label extends string, const G extends Grouping<NoInfer<Label> | TargetLabel>>(
  how: 'sum' | 'avg' | 'min' | 'max' | 'count',
  of: Vector<Label>,
  grouping: G,
): Vector<Grouped<Label, G>> {
  const [word, names] = 'by' in grouping ? (['by', grouping.by] as const) : (['without', grouping.without] as const);
  const stays = (label: string) => (names as readonly string[]).includes(label) === (word === 'by');
  const labels = of.labels.filter(stays) as unknown as Grouped<Label, G>[];
  return { ...call(of, (inner) => `${how} ${word} (${names.join(', ')}) (${inner})`), labels };
}

function call<Label extends string>(
  of: Vector<Label> | Counter<Label>,
  render: (inner: string, timeScale: TimeScale) => string,
): Vector<Label> {
  const { labels, metrics } = of;
  const text = (scope: string, timeScale: TimeScale = 1) => render(of.text(scope, timeScale), timeScale);
  return { kind: 'vector', atomic: true, labels, metrics, text };
}

/** What has to be a typed value of the template, because only those are checked. */
const UNCHECKED = /electrumx|process_|nodejs_|\bup\b|[[\]{}"]|\b(i?rate|increase|i?delta|deriv|resets|by|without)\b/;

type Hole = Vector | Seconds | number;

/** `promql\`${gauge('electrumx_up')} == 0\``: operators and plain functions as text, vectors and numbers as values. */
export function promql<const Holes extends readonly Hole[]>(
  texts: TemplateStringsArray,
  ...holes: Holes
): Vector<Extract<Holes[number], Vector>['labels'][number]> {
  for (const text of texts) {
    const found = UNCHECKED.exec(text)?.[0] ?? matchedLabels(text).find((label) => !LABELS.has(label));
    if (found !== undefined) throw new Error(`"${found}" has to come from the catalogue, through a hole: ${text}`);
  }
  const vectors = holes.filter((hole): hole is Holes[number] & Vector => isVector(hole));
  return {
    kind: 'vector',
    atomic: false,
    labels: [...new Set(vectors.flatMap(({ labels }) => labels))] as Extract<Holes[number], Vector>['labels'][number][],
    metrics: [...new Set(vectors.flatMap(({ metrics }) => metrics))],
    text: (scope, timeScale = 1) =>
      texts.reduce((all, text, index) => all + written(holes[index - 1], scope, timeScale) + text),
  };
}

function isVector(hole: Hole): hole is Vector {
  return typeof hole !== 'number' && hole.kind === 'vector';
}

function written(hole: Hole | undefined, scope: string, timeScale: TimeScale): string {
  if (hole === undefined) return '';
  if (typeof hole === 'number') return String(hole);
  if (hole.kind === 'seconds') return writeSeconds(hole, timeScale);
  return hole.atomic ? hole.text(scope, timeScale) : `(${hole.text(scope, timeScale)})`;
}

/** The labels in `on (...)` and similar clauses. */
function matchedLabels(text: string): string[] {
  return [...text.matchAll(/\b(?:on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  );
}
