// The fault matrix: every way in which a server can fail, at each of the four methods.
import { describe, test } from 'vitest';
import type { Fault } from '../../src/simulator/server.ts';
import { METHODS, type Method } from '../support/collectors.ts';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { recorded } from '../support/fixtures.ts';
import { errorStorm, numbers, result, twice, withBytes } from '../support/wrong-replies.ts';
import { ALL_OK, scrapeThroughFault } from '../support/fault-case.ts';

const REPLIES = recorded('spesmilo-1.20.0', 'busy');

type Fates = Readonly<Record<Method, string>>;

/** A fault, the outcome of the method that has it, and how long the scrape may take. `same`: its data does not change. */
interface Row {
  readonly fault: Fault;
  readonly outcome: string | Fates;
  readonly within?: number;
  readonly same?: true;
}

const nested = (open: string, close: string) => result(() => `${open.repeat(10_000)}1${close.repeat(10_000)}`);
const insert = (member: string, row: string) =>
  result((text) => text.replace(/^./, (open) => (open === '{' ? `{${member},` : `[${row},`)));

/** Rows of numbers are lost when their numbers are none; getinfo and peers go on without them. */
const rowsOf = (method: Method) => Object.keys((JSON.parse(REPLIES[method]) as { result: object }).result).length;
const noNumbers: Fates = {
  ...ALL_OK,
  groups: `ok, ${rowsOf('groups')} bad rows`,
  sessions: `ok, ${rowsOf('sessions')} bad rows`,
};

const FAULTS: Readonly<Record<string, Row>> = {
  hangs: { fault: 'hang', outcome: 'timeout', within: 1.2 },
  'answers after the deadline': { fault: 'late', outcome: 'timeout', within: 1.2 },
  'sends half a line, then nothing': { fault: 'stall', outcome: 'timeout', within: 1.2 },
  'drips three bytes at a time': { fault: 'dribble', outcome: 'ok', same: true },
  'hangs up': { fault: 'drop', outcome: 'closed' },
  'sends half a line, then hangs up': { fault: 'half', outcome: 'closed' },
  'resets the connection': { fault: 'reset', outcome: 'closed' },
  'sends what is not JSON': { fault: 'garbage', outcome: 'protocol' },
  'sends JSON that is no answer': { fault: 'not-rpc', outcome: 'protocol' },
  'sends a wrong id': { fault: 'wrong-id', outcome: 'protocol' },
  'sends no id': { fault: 'no-id', outcome: 'protocol' },
  'sends a result that is null': { fault: result(() => 'null'), outcome: 'protocol' },
  'sends an error object': { fault: 'error', outcome: 'remote' },
  'sends a storm of errors': { fault: errorStorm(10_000), outcome: 'remote' },
  'sends a storm of errors without an id': { fault: errorStorm(10_000, null), outcome: 'remote' },
  'sends a text that is not UTF-8': {
    fault: withBytes(Buffer.from('fec3e282f09f92', 'hex')),
    outcome: 'ok',
    same: true,
  },
  'sends a line that is not UTF-8': { fault: { mutate: () => Buffer.alloc(5000, 0xff) }, outcome: 'protocol' },
  'splits characters of several bytes': {
    fault: withBytes(Buffer.from('é€🂡\u202e'.repeat(50)), 'dribble'),
    outcome: 'ok',
    same: true,
  },
  'sends a line of 600 MB': { fault: { bytes: 600e6 }, outcome: 'too_large' },
  'nests lists 10,000 deep': {
    fault: nested('[', ']'),
    outcome: { getinfo: 'protocol', groups: 'ok, 1 bad rows', sessions: 'ok, 1 bad rows', peers: 'ok, 1 bad rows' },
  },
  'nests objects 10,000 deep': {
    fault: nested('{"sessions":', '}'),
    outcome: { getinfo: 'protocol', groups: 'protocol', sessions: 'protocol', peers: 'ok' },
  },
  'sends every session id, every row and every key twice': { fault: twice, outcome: 'ok' },
  'sends __proto__ as a key': {
    fault: insert('"__proto__":{"uptime":1,"sessions":{"count":7}}', '{"__proto__":{"length":15,"status":"good"}}'),
    outcome: { getinfo: 'ok', groups: 'ok, 1 bad rows', sessions: 'ok, 1 bad rows', peers: 'ok' },
  },
  'sends texts for numbers': { fault: numbers((number) => `"${number}"`), outcome: noNumbers },
  'sends 1e400': { fault: numbers(() => '1e400'), outcome: noNumbers },
  'sends -0 for 0': { fault: numbers((number) => (Number(number) === 0 ? '-0' : number)), outcome: 'ok', same: true },
  'sends NaN': { fault: numbers(() => 'NaN'), outcome: noNumbers },
  'sends integers of 300 digits': { fault: numbers(() => '9'.repeat(300)), outcome: noNumbers },
};

describe.each(Object.entries(FAULTS))('A server that %s', (_, { fault, outcome, within, same }) => {
  test.each(METHODS)('at %s', async (method) => {
    const simulator = await electrumx({ replies: REPLIES });
    const { url } = await exporterFor(simulator.port);
    await scrapeThroughFault({
      url: `${url}/metrics`,
      begin: () => simulator.fail(method, fault),
      end: () => simulator.recover(),
      expected: { ...ALL_OK, [method]: typeof outcome === 'string' ? outcome : outcome[method] },
      ...(!same && { changed: [method] }),
      ...(within !== undefined && { within }),
    });
  });
});

describe('A server that ends', () => {
  const refused: Fates = { getinfo: 'refused', groups: 'refused', sessions: 'refused', peers: 'refused' };
  const ok = ALL_OK.getinfo;

  // The call that gets no reply sees the connection close. sessions is skipped while its cost is not known.
  test.each<readonly [string, Method | undefined, Fates]>([
    ['before getinfo', undefined, refused],
    ['at getinfo, and refuses groups', 'getinfo', { ...refused, getinfo: 'closed', sessions: 'skipped' }],
    ['at groups, and refuses sessions', 'groups', { ...refused, getinfo: ok, groups: 'closed' }],
    ['at sessions, and refuses peers', 'sessions', { ...ALL_OK, sessions: 'closed', peers: 'refused' }],
    ['at peers', 'peers', { ...ALL_OK, peers: 'closed' }],
  ])('%s', async (_, method, expected) => {
    const simulator = await electrumx({ replies: REPLIES });
    const { url } = await exporterFor(simulator.port);
    await scrapeThroughFault({
      url: `${url}/metrics`,
      begin: () => (method ? simulator.fail(method, 'gone') : simulator.stop()),
      end: async () => {
        await simulator.ended;
        await electrumx({ replies: REPLIES, port: simulator.port });
      },
      expected,
    });
  });
});
