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

/** Throws on a line that is neither a comment nor a sample. */
export function parseExposition(body: string): Exposition {
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const comments = (word: string) =>
    new Map(
      [...body.matchAll(new RegExp(`^# ${word} (\\S+) (.*)$`, 'gm'))].map(([, name = '', rest = '']) => [name, rest]),
    );
  const samples = lines.map((line): [string, number] => {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error(`not a sample: ${line}`);
    return [name + sortedLabels(labels), Number(value)];
  });
  return { samples: new Map(samples), lines, types: comments('TYPE'), help: comments('HELP') };
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
