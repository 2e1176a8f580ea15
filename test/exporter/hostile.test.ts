// Untrusted strings: none gets from a reply into either exposition, unless it is on a list or has a strict form.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KNOWN_METHODS } from '../../src/metrics/labels.ts';
import { METHODS, type Method } from '../support/collectors.ts';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { parseExposition, valueOf } from '../support/exposition.ts';
import { find, passer } from '../support/pipeline.ts';
import { address, untrusted } from '../support/untrusted.ts';

const MAX_SERIES = 300;
const IPV4 = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/;
const ADDRESS = new RegExp(`${IPV4.source}|[0-9a-f]*:[0-9a-f]*:`, 'i');

/** What may stand in each label that is made of what others say. In all other labels stand words of the exporter's own. */
const FORMS: Readonly<Record<string, (value: string) => boolean>> = {
  client: (value) => /^[a-z][a-z_-]{2,14}$/.test(value),
  version: (value) => /^(unknown|other|\d{1,2}(\.\d{1,2}){1,2})$/.test(value),
  protocol: (value) => /^(rpc|other|unknown|[01]\.\d{1,2}(\.\d)?)$/.test(value),
  software: (value) => /^[a-z]{3,21}$/.test(value),
  method: (value) => value === 'other' || KNOWN_METHODS.has(value),
  group: (value) => /^(other|unknown_(ip|addr)|[0-9a-f.:]{1,45}(\/\d{1,3})?)$/.test(value),
};
const OWN_WORD = /^[a-z0-9_]{1,20}$/;

/** A word that is on no list and has no form: wherever it is seen, a untrusted's text came through. */
const CANARY = 'zanzibar';
const text = fc.oneof(
  { weight: 200, arbitrary: untrusted },
  { weight: 100, arbitrary: fc.tuple(untrusted, untrusted).map(([before, after]) => before + CANARY + after) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(`1.4${'.0'.repeat(500_000)}`, '"],['.repeat(200_000), '\u202e'.repeat(300_000)),
  },
);
const number = fc.oneof(fc.nat({ max: 1e6 }), fc.double({ noNaN: true, min: 0, max: 1e9 }), fc.nat());
const numbers = (length: number) => fc.array(number, { minLength: length, maxLength: length });
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 8 });
/** Looks like one of ElectrumX, as a client of a fork that counts unknown methods can make it look. */
const methodOfFork = fc
  .tuple(fc.constantFrom('blockchain.', 'blockchain.scripthash.', 'server.', 'mempool.', ''), untrusted)
  .map(([prefix, name]) => `${prefix}${CANARY}${name}`);
const flags = fc.oneof(fc.constantFrom('T10', 'S9', 'W0', 'R20', 'TCL5', 'X1'), text);

const RESULTS: Readonly<Record<Method, fc.Arbitrary<unknown>>> = {
  getinfo: fc.record({
    version: fc.oneof(address, text, fc.constant('ElectrumX 1.20.0')),
    coin: fc.oneof(address, text),
    daemon: fc.oneof(address, text),
    'daemon height': number,
    'db height': number,
    pid: number,
    uptime: fc.constantFrom('42s', '01h 00m 00s'),
    caches: fc.dictionary(text, text),
    'history cache': text,
    peers: fc.dictionary(text, number),
    'request counts': fc.dictionary(fc.oneof(text, methodOfFork, fc.constantFrom('getinfo', 'server.ping')), number),
    sessions: fc.record({ count: number, subs: number, 'count with subs': number, 'pending requests': number }),
  }),
  groups: few(fc.tuple(fc.oneof(address, text), numbers(10)).map(([name, rest]) => [name, ...rest])),
  sessions: few(
    fc
      .tuple(fc.nat(), flags, fc.oneof(address, text), text, text, numbers(10))
      .map(([id, flag, peer, client, protocol, rest]) => [id, flag, peer, client, protocol, ...rest]),
  ),
  peers: few(
    fc.record({
      host: fc.oneof(address, text),
      status: fc.oneof(fc.constantFrom('good', 'bad', 'never', 'stale'), text),
      source: address,
      last_good: number,
      features: fc.oneof(
        fc.record({ server_version: text, hosts: fc.dictionary(text, fc.jsonValue()) }),
        fc.jsonValue(),
      ),
    }),
  ),
};
const replies = fc.record(RESULTS);

const labelsOf = (key: string) =>
  [...key.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/gs)].map(([, name = '', value = '']) => ({ name, value }));

/** What is served when these are the results: read back from the text, and the same in both formats and each time. */
async function exposed(results: Readonly<Record<Method, unknown>>, options: readonly string[]) {
  const line = (method: Method) => Buffer.from(JSON.stringify({ jsonrpc: '2.0', result: results[method], id: 0 }));
  const findings = await Promise.all(METHODS.map((method) => find(method, line(method))));
  expect(findings.map(({ outcome }) => outcome.state)).toEqual(METHODS.map(() => 'ok'));
  const scrape = () => passer(options)(findings);
  const body = await scrape().expose('text');
  expect(await scrape().expose('text')).toBe(body);
  const exposition = parseExposition(body);
  expect(parseExposition(await scrape().expose('openmetrics')).samples).toEqual(exposition.samples);
  return { body, exposition };
}

describe('Untrusted strings', () => {
  test('become only words of a list and short versions, in at most 300 series, and never an address', async () => {
    await fc.assert(
      fc.asyncProperty(replies, async (results) => {
        const { body, exposition } = await exposed(results, []);
        expect(exposition.samples.size).toBeLessThanOrEqual(MAX_SERIES);
        const own = /^electrumx_(exporter_build_)?info\{/; // versions of the server and of the exporter
        const labels = [...exposition.samples.keys()].filter((key) => !own.test(key)).flatMap(labelsOf);
        expect(labels.filter(({ name, value }) => !(FORMS[name]?.(value) ?? OWN_WORD.test(value)))).toEqual([]);
        expect(body.replaceAll(/"ElectrumX (\d{1,2}\.){3}\d{1,2}"/g, '')).not.toMatch(ADDRESS);
        const ofStrangers = body.replaceAll(/^electrumx_info\{.*$/gm, '');
        expect(ofStrangers).not.toContain(CANARY);
      }),
      { numRuns: 100 },
    );
  });

  test('become names of groups only with --collector.groups.names, and only in the form of a subnet', async () => {
    await fc.assert(
      fc.asyncProperty(replies, async (results) => {
        const { exposition } = await exposed(results, ['--collector.groups.names']);
        const groups = [...exposition.samples.keys()].flatMap(labelsOf).filter(({ name }) => name === 'group');
        expect(groups.filter(({ value }) => !FORMS['group']?.(value))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('about daemons and peers are compared with the settings of the operator, and not exported', async () => {
    const settings = [
      '--electrumx.daemon-url=http://user:zanzibar@203.0.113.5:8332/',
      '--electrumx.report-services=tcp://zanzibar.example:50001',
    ];
    const own = fc.constantFrom('203.0.113.5:8332/', 'zanzibar.example', 'ZANZIBAR.example');
    await fc.assert(
      fc.asyncProperty(replies, fc.oneof(own, text), async (results, said) => {
        const getinfo = { ...(results.getinfo as object), daemon: said };
        const peers = [...(results.peers as unknown[]), { host: said, status: 'good', features: {} }];
        const { body, exposition } = await exposed({ ...results, getinfo, peers }, settings);
        expect(valueOf(exposition, 'electrumx_daemon_primary')).toBe(Number(said.startsWith('203.0.113.5:8332/')));
        expect(valueOf(exposition, 'electrumx_peer_self_good')).toBe(Number(said.toLowerCase() === 'zanzibar.example'));
        expect(body.replaceAll(/^electrumx_info\{.*$/gm, '')).not.toMatch(/zanzibar|203\.0\.113\.5/);
      }),
      { numRuns: 50 },
    );
  });

  test('are in no line of the log and not on the landing page, whatever fails', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port);
    const before = exporter.logged.length;
    const said = fc.oneof(
      address,
      text.map((untrusted) => untrusted + CANARY),
    );
    const wrongReplies = (untrusted: string) =>
      fc.constantFrom<object>(
        { error: { code: -32603, message: untrusted } },
        { error: untrusted, id: null },
        { result: untrusted, id: untrusted },
        { result: { [untrusted]: untrusted } },
        [untrusted],
      );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...METHODS), said.chain(wrongReplies), async (method, message) => {
        const withId = (line: string) => ({ id: (JSON.parse(line) as { id: number }).id, ...message });
        const isList = Array.isArray(message);
        simulator.fail(method, { mutate: (line) => JSON.stringify(isList ? message : withId(line)) });
        const { lines } = await exporter.scrape();
        const page = await (await exporter.get('/')).text();
        simulator.recover();
        expect(page.replaceAll(/127\.0\.0\.1:\d+/g, '')).not.toMatch(new RegExp(`${IPV4.source}|${CANARY}`));
        expect(lines.filter((served) => ADDRESS.test(served) || served.includes(CANARY))).toEqual([]);
      }),
      { numRuns: 40 },
    );
    const logged = exporter.logged.slice(before);
    expect(logged.filter(({ msg }) => msg === 'scrape failed').length).toBeGreaterThan(0);
    for (const entry of logged) {
      expect(JSON.stringify({ ...entry, time: 0 })).not.toMatch(ADDRESS);
      expect(JSON.stringify(entry)).not.toContain(CANARY);
    }
  });
});
