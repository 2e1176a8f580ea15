// Both formats contain the same samples, and every label value survives rendering and parsing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExposition } from '../../test/support/exposition.ts';
import { counter, gauge, type Metric, type Sample, type ScrapeData } from './metric.ts';
import { families, helpLine, render, type Family } from './exposition.ts';

const DATA = {} as ScrapeData;

const HEIGHT = gauge({ name: 'a_height', help: 'Height.', source: 'getinfo: db height', read: () => [] });
const PEERS = gauge({ name: 'peers', help: 'Peers.', source: 'peers', labels: ['a', 'b'], read: () => [] });
const TXS = counter({ name: 'txs_total', help: 'Sent.', source: 'exporter', read: () => [] });
const REQUESTS = counter({
  name: 'requests_total',
  help: 'Requests.',
  source: 'getinfo: request counts',
  labels: ['method'],
  read: () => [],
});

const family = (metric: Metric, ...samples: Sample[]): Family => ({ metric, samples });
const plain = (value: number): Sample => ({ labels: {}, value });

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // no -0, which prints as 0
const count = fc.double({ noNaN: true, min: 0, max: 1e300 }).map((value) => value + 0);
const text = fc.string({ unit: 'binary' });
const all = fc
  .tuple(
    number,
    fc.uniqueArray(fc.tuple(text, text, number), {
      selector: ([a, b]) => JSON.stringify([a, b].map((t) => t.toWellFormed())),
    }),
    count,
    fc.uniqueArray(fc.tuple(text, count), { selector: ([method]) => method.toWellFormed() }),
  )
  .map(([height, peers, txs, requests]) => [
    family(HEIGHT, plain(height)),
    family(PEERS, ...peers.map(([a, b, value]) => ({ labels: { a, b }, value }))),
    family(TXS, plain(txs)),
    family(REQUESTS, ...requests.map(([method, value]) => ({ labels: { method }, value }))),
  ])
  .map((made) => made.filter(({ samples }) => samples.length > 0));

/** The value of a label as a reader of the format understands it. */
const unescape = (value: string) => value.replace(/\\(.)/gs, (_, char: string) => (char === 'n' ? '\n' : char));

describe('text and OpenMetrics', () => {
  test('have the same samples with the same values', async () => {
    await fc.assert(
      fc.asyncProperty(all, async (made) => {
        const text = parseExposition(await render(made, 'text'));
        const openmetrics = parseExposition(await render(made, 'openmetrics'));
        expect(openmetrics.samples).toEqual(text.samples);
        expect(text.lines).toHaveLength(text.samples.size);
        expect(text.samples.size).toBe(made.flatMap(({ samples }) => samples).length);
        expect(text.samples.get('a_height')).toBe(made[0]?.samples[0]?.value);
      }),
    );
  });

  test('name counters with _total in every sample, and OpenMetrics their family without', async () => {
    const made = [family(TXS, plain(3)), family(REQUESTS, { labels: { method: 'getinfo' }, value: 4 })];
    const text = await render(made, 'text');
    const openmetrics = await render(made, 'openmetrics');
    const samples = new Map([['txs_total', 3], ['requests_total{method="getinfo"}', 4]]); // prettier-ignore
    expect(parseExposition(text).samples).toEqual(samples);
    expect(parseExposition(openmetrics).samples).toEqual(samples);
    expect([...parseExposition(text).types]).toEqual([['txs_total', 'counter'], ['requests_total', 'counter']]); // prettier-ignore
    expect([...parseExposition(openmetrics).types]).toEqual([['txs', 'counter'], ['requests', 'counter']]); // prettier-ignore
  });

  test('can be rendered in any order without changing each other', async () => {
    const made = [family(TXS, plain(3)), family(HEIGHT, plain(5))];
    const [text, openmetrics] = [await render(made, 'text'), await render(made, 'openmetrics')];
    const again = await Promise.all([render(made, 'openmetrics'), render(made, 'text'), render(made, 'openmetrics')]);
    expect(again).toEqual([openmetrics, text, openmetrics]);
  });
});

describe('OpenMetrics', () => {
  test('ends with # EOF, which text does not have', async () => {
    await fc.assert(
      fc.asyncProperty(all, async (made) => {
        expect((await render(made, 'openmetrics')).split('\n').slice(-2)).toEqual(['# EOF', '']);
        expect((await render(made, 'text')).endsWith('\n')).toBe(true);
      }),
    );
    expect(await render([family(TXS, plain(3))], 'text')).not.toContain('EOF');
  });

  test('of nothing is # EOF alone', async () => {
    expect((await render([], 'openmetrics')).trim()).toBe('# EOF');
    expect((await render([], 'text')).trim()).toBe('');
  });
});

describe('a line', () => {
  test('is never empty, and is a comment or one sample, whatever the labels contain', async () => {
    await fc.assert(
      fc.asyncProperty(all, async (made) => {
        for (const format of ['text', 'openmetrics'] as const) {
          const lines = (await render(made, format)).split('\n').slice(0, -1);
          expect(lines).not.toContain('');
          expect(lines.filter((line) => !/^(# (HELP|TYPE|EOF)|[a-z_]+(\{.*\})? \S+$)/s.test(line))).toEqual([]);
        }
      }),
    );
  });
});

describe('a label value', () => {
  test('survives rendering and parsing', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (method) => {
        const body = await render([family(REQUESTS, { labels: { method }, value: 1 })], 'text');
        const [key = ''] = parseExposition(body).samples.keys();
        expect(unescape(key.slice('requests_total{method="'.length, -2))).toBe(method.toWellFormed());
      }),
    );
  });

  test.each(['a"b', 'a\\b', 'a\nb', 'a\\nb', '\\', '"} 1\nevil_metric 5', ',b="c"', 'a\rb', '\u2028', '{}'])(
    'such as %j is one sample',
    async (method) => {
      const body = await render([family(REQUESTS, { labels: { method }, value: 1 })], 'text');
      const { lines, samples } = parseExposition(body);
      expect(lines).toHaveLength(1);
      expect(unescape([...samples.keys()][0] ?? '')).toBe(`requests_total{method="${method}"}`);
    },
  );

  test('is well-formed Unicode, as Prometheus requires', async () => {
    const body = await render([family(REQUESTS, { labels: { method: 'a\ud800b' }, value: 1 })], 'openmetrics');
    expect(body).toContain('requests_total{method="a\ufffdb"} 1');
    expect(body.isWellFormed()).toBe(true);
  });
});

describe('help', () => {
  test('names the field that a metric comes from, unless that is the exporter itself', async () => {
    expect(helpLine(HEIGHT)).toBe('Height. (getinfo: db height)');
    expect(helpLine(TXS)).toBe('Sent.');
    const { help } = parseExposition(await render([family(HEIGHT, plain(1)), family(TXS, plain(1))], 'text'));
    expect(Object.fromEntries(help)).toEqual({ a_height: 'Height. (getinfo: db height)', txs_total: 'Sent.' });
  });
});

describe('a metric', () => {
  const reading = (metric: Metric, ...values: number[]): Metric => ({ ...metric, read: () => values.map(plain) });

  test('without samples is left out, with its help', () => {
    expect(families([HEIGHT, reading(TXS, 0)], DATA).map(({ metric }) => metric.name)).toEqual(['txs_total']);
  });

  test.each([-1, Infinity, Number.NaN])('of type counter cannot be %d', async (value) => {
    const made = families([reading(TXS, value), reading(HEIGHT, 5)], DATA);
    expect(parseExposition(await render(made, 'text')).samples).toEqual(new Map([['a_height', 5]]));
  });

  test('of type gauge can be negative', async () => {
    const made = families([reading(HEIGHT, -1)], DATA);
    expect(parseExposition(await render(made, 'openmetrics')).samples).toEqual(new Map([['a_height', -1]]));
  });
});
