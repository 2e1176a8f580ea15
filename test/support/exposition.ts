// Reads what the exporter serves: text and OpenMetrics, as names, labels and values.

/** A scrape: samples by `name{label="value",...}` with labels in alphabetical order; `lines` are those samples as they stood there. */
export interface Exposition {
  readonly samples: ReadonlyMap<string, number>;
  readonly lines: readonly string[];
  readonly types: ReadonlyMap<string, string>;
  readonly help: ReadonlyMap<string, string>;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/y;

/** Strict: throws on a line that is neither a comment nor a sample, on a value that is no number, and on a series that comes twice. */
export function parseExposition(body: string): Exposition {
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const comments = (word: string) =>
    new Map(
      [...body.matchAll(new RegExp(`^# ${word} (\\S+) (.*)$`, 'gm'))].map(([, name = '', rest = '']) => [name, rest]),
    );
  const samples = new Map<string, number>();
  for (const line of lines) {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || Number.isNaN(Number(value))) throw new Error(`not a sample: ${line}`);
    const key = name + sortedLabels(labels);
    if (samples.has(key)) throw new Error(`twice: ${key}`);
    samples.set(key, Number(value));
  }
  return { samples, lines, types: comments('TYPE'), help: comments('HELP') };
}

function sortedLabels(labels: string): string {
  if (labels === '') return '';
  const pairs: string[] = [];
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labels.length) {
    const match = LABEL.exec(labels);
    if (!match) throw new Error(`not labels: ${labels}`);
    pairs.push(match[0].replace(/,$/, ''));
  }
  return `{${pairs.sort().join(',')}}`;
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
