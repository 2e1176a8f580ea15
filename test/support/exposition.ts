// Reads what the exporter serves: text and OpenMetrics, as names, labels and values.

/** A scrape: samples by `name{label="value",...}` with labels in alphabetical order; `lines` are those samples, unparsed. */
export interface Exposition {
  readonly samples: ReadonlyMap<string, number>;
  readonly lines: readonly string[];
  readonly types: ReadonlyMap<string, string>;
  readonly help: ReadonlyMap<string, string>;
}

const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s;
const HELP = /^(?:[^\\]|\\[\\n"])*$/s;
const TYPE = /^(?:gauge|counter|untyped|unknown)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.+)\})? ([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\n"])*)"(?:,(?=[a-zA-Z_])|$)/y;

/**
 * Stricter than Prometheus: each family begins with HELP and TYPE and comes once, with samples of its own name only; every value is a
 * finite number; no series comes twice, no label twice in a series; nothing is empty, half of a pair, or after the # EOF. Throws.
 */
export function parseExposition(body: string): Exposition {
  const types = new Map<string, string>();
  const help = new Map<string, string>();
  const samples = new Map<string, number>();
  const lines: string[] = [];
  let family = '';
  for (const line of linesOf(body)) {
    const [, word, name = '', text = ''] = COMMENT.exec(line) ?? [];
    if (word === 'HELP') addComment(help, name, text, HELP);
    else if (word === 'TYPE') addComment(types, (family = name), text, TYPE);
    else lines.push(addSample(line, family, samples));
    if (help.size < types.size) throw new Error(`a TYPE without HELP before it: ${line}`);
  }
  if (String([...types.keys()]) !== String([...help.keys()])) throw new Error('HELP and TYPE do not come in pairs');
  return { samples, lines, types, help };
}

function linesOf(body: string): string[] {
  if (!body.endsWith('\n') || !body.isWellFormed()) throw new Error('not lines of text');
  const [, text = ''] = /^(.*?)(?:# EOF\n)?$/s.exec(body) ?? [];
  return text.split('\n').slice(0, -1);
}

function addComment(comments: Map<string, string>, family: string, text: string, valid: RegExp): void {
  if (comments.has(family)) throw new Error(`twice: ${family}`);
  if (!valid.test(text)) throw new Error(`not a comment on ${family}: ${text}`);
  comments.set(family, text);
}

function addSample(line: string, family: string, samples: Map<string, number>): string {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a sample: ${line}`);
  if (name !== family && name !== `${family}_total`) throw new Error(`among the samples of ${family}: ${line}`);
  const key = name + sortedLabels(labels);
  if (samples.has(key)) throw new Error(`twice: ${key}`);
  samples.set(key, Number(value));
  return line;
}

function sortedLabels(labels: string): string {
  if (labels === '') return '';
  const pairs = new Map<string, string>();
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labels.length) {
    const [, name = '', value = ''] = LABEL.exec(labels) ?? [];
    if (name === '' || pairs.has(name)) throw new Error(`not labels: ${labels}`);
    pairs.set(name, `${name}="${value}"`);
  }
  return `{${[...pairs.values()].sort().join(',')}}`;
}

/** The samples of one metric, by their labels. */
export function series({ samples }: Exposition, name: string): Record<string, number> {
  return Object.fromEntries(
    [...samples]
      .filter(([key]) => key === name || key.startsWith(`${name}{`))
      .map(([key, value]) => [key.slice(name.length), value]),
  );
}

/** `name{a="1",b="2"}`, as the keys of `samples` are written; only the name when there are no labels. */
export function seriesKey(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.sort().join(',')}}`;
}

/** The value of exactly this series; `undefined` when it is not there. */
export function valueOf(
  { samples }: Exposition,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  return samples.get(seriesKey(name, labels));
}
