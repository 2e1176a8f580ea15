// Reads the exporter's reply, text 0.0.4 or OpenMetrics, into samples; strict, and written apart from what wrote it.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_][a-zA-Z0-9_]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/gy;

/** Every sample of a reply. Throws on a line that is neither a comment nor a sample, and on a series that comes twice. */
export function parseExposition(text: string): Sample[] {
  const seen = new Set<string>();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? fail(`not a sample: ${line}`);
      const sample = { name, labels: parseLabels(labels, line), value: Number(value) };
      if (Number.isNaN(sample.value)) fail(`not a number: ${line}`);
      const key = seriesKey(sample.name, sample.labels);
      if (seen.has(key)) fail(`twice: ${key}`);
      seen.add(key);
      return sample;
    });
}

/** The samples of one name and of these labels among others, as `{key: value}`, where the key is as `seriesKey` writes it. */
export function series(samples: readonly Sample[], ...names: string[]): Record<string, number> {
  const chosen = samples.filter(({ name }) => names.length === 0 || names.includes(name));
  return Object.fromEntries(chosen.map(({ name, labels, value }) => [seriesKey(name, labels), value]));
}

/** `name{a="1",b="2"}` with the labels in alphabetical order; only the name when there are none. */
export function seriesKey(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? name : `${name}{${pairs.map(([key, value]) => `${key}="${value}"`).join(',')}}`;
}

/** The value of exactly this series; undefined when the reply does not have it. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  return series(samples, name)[seriesKey(name, labels)];
}

function parseLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(LABEL)) {
    const [whole, key = '', value = ''] = match;
    labels[key] = value.replaceAll(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    end = match.index + whole.length;
  }
  if (end !== text.length) fail(`bad labels: ${line}`);
  return labels;
}

function fail(reason: string): never {
  throw new Error(reason);
}
