// Random mutations of all recorded replies: none crashes or hangs the exporter, and what it serves stays valid. MUTATIONS says how many
// (2,000 if not said), MUTATIONS_SEED with which seed (any); a failure names the seed with which MUTATIONS=1 shows it again.
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/scrape/collect.ts';
import { sessionPairs, type Groups } from '../../src/electrumx/groups.ts';
import { RPC_ERROR_KINDS } from '../../src/localrpc/errors.ts';
import { random, type Random } from '../../src/simulator/world/random.ts';
import { outcomes, METHODS, type Method } from '../support/collectors.ts';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { eraSamples, recorded, recordings } from '../support/fixtures.ts';
import { mutate } from '../support/mutate.ts';
import { some } from '../support/unusual-json.ts';
import { find, passer, type Passed } from '../support/pipeline.ts';
import { ALL_OK } from '../support/fault-case.ts';
import { watched } from '../support/watch.ts';

const MUTATIONS = Number(process.env['MUTATIONS'] ?? 2_000);
const SEED = Number(process.env['MUTATIONS_SEED'] ?? Date.now() % 1_000_000_000);
const OVER_TCP = Math.ceil(MUTATIONS / 100);
const MAX_SERIES = 400;

const SERVER_SETTINGS = [
  '--electrumx.max-sessions=1000',
  '--electrumx.cost-soft-limit=1000',
  '--electrumx.cost-hard-limit=10000',
];
const pass = passer(SERVER_SETTINGS);

interface Recording {
  readonly name: string;
  readonly lines: Readonly<Record<Method, Buffer>>;
  readonly findings: readonly Finding[];
  readonly clean: Passed;
  readonly failuresSeen: Set<string>;
}

async function recording(name: string, line: (method: Method) => string): Promise<Recording> {
  const lines = Object.fromEntries(METHODS.map((method) => [method, Buffer.from(line(method))])) as Recording['lines'];
  const findings = await Promise.all(METHODS.map((method) => find(method, lines[method])));
  return { name, lines, findings, clean: pass(findings), failuresSeen: new Set() };
}

const RECORDINGS = await Promise.all([
  ...recordings().map(({ release, state, replies }) => recording(`${release} ${state}`, (method) => replies[method])),
  ...Object.entries(eraSamples()).map(([era, results]) =>
    recording(`era ${era}`, (method) => JSON.stringify({ jsonrpc: '2.0', result: results[method], id: 0 })),
  ),
  recording('spesmilo-1.20.0 crowded', (method) => crowded(recorded('spesmilo-1.20.0', 'busy')[method])),
]);

/** The reply with each row of its table so often that it is a long one. */
function crowded(line: string): string {
  const reply = JSON.parse(line) as { result: unknown };
  const { result } = reply;
  if (!Array.isArray(result)) return line;
  const times = Math.ceil(400 / result.length);
  return JSON.stringify({ ...reply, result: Array<unknown[]>(times).fill(result).flat() });
}

/** What became of it: `decoded`, or the kind of failure. Throws unless the exporter bears it as it should. */
async function survive(one: Recording, method: Method, line: Buffer, thorough: boolean): Promise<string> {
  const finding = await find(method, line, (result) => watched(result, 50));
  const outcome = finding.outcome.state === 'failed' ? finding.outcome.kind : 'decoded';
  expect(['decoded', ...RPC_ERROR_KINDS]).toContain(outcome);
  if (method === 'groups' && finding.result) expect(sessionPairs(finding.result as Groups, 5)).not.toBeNaN();
  // A failure of the same kind looks the same whatever failed.
  const failure = `${method} ${outcome}`;
  if (outcome !== 'decoded' && one.failuresSeen.has(failure)) return outcome;
  one.failuresSeen.add(failure);
  await expose(one, finding, thorough);
  return outcome;
}

/** Serves the recording with one finding replaced, and then the recording unchanged. */
async function expose({ findings, clean }: Recording, finding: Finding, thorough: boolean): Promise<void> {
  const mutated = findings.map((other) => (other.name === finding.name ? finding : other));
  const { state, expose } = pass(mutated, clean.state);
  const { samples } = parseExposition(await expose('text'));
  expect(samples.size).toBeLessThanOrEqual(MAX_SERIES);
  if (!thorough) return;
  expect(parseExposition(await expose('openmetrics')).samples).toEqual(samples);
  expect(await namesOf(pass(findings, state))).toEqual(await namesOf(clean));
}

async function namesOf({ expose }: Passed): Promise<string[]> {
  return [...parseExposition(await expose('text')).samples.keys()];
}

describe('Recorded replies', () => {
  test('are served without any mutation', () => {
    const states = RECORDINGS.flatMap(({ findings }) => findings).map(({ outcome }) => outcome.state);
    expect(new Set(states)).toEqual(new Set(['ok', 'failed'])); // 1.10.1 answers sessions with an error
  });

  test(`survive ${MUTATIONS} mutations`, { timeout: 60_000 + MUTATIONS * 20 }, async () => {
    await eachMutation(MUTATIONS, async (dice, seed) => {
      const one = dice.pick(some(RECORDINGS));
      const method = dice.pick(METHODS);
      return survive(one, method, mutate(one.lines[method], dice, anyLine(dice)), seed % 16 === 0);
    });
  });

  test(`survive ${OVER_TCP} mutations over TCP`, { timeout: 60_000 + OVER_TCP * 2_000 }, async () => {
    const simulator = await electrumx({ replies: recorded('spesmilo-1.20.0', 'busy') });
    const exporter = await exporterFor(simulator.port);
    let before = await exporter.scrape();
    await eachMutation(OVER_TCP, async (dice) => {
      const method = dice.pick(METHODS);
      simulator.fail(method, { mutate: (line) => mutate(Buffer.from(line), dice, anyLine(dice)) });
      const started = performance.now();
      const response = await exporter.get('/metrics', { 'x-prometheus-scrape-timeout-seconds': '1.2' });
      expect(response.status).toBe(200);
      const during = parseExposition(await response.text());
      expect(performance.now() - started).toBeLessThan(1200);
      expect(during.samples.size).toBeLessThanOrEqual(MAX_SERIES);
      const outcome = outcomes(during, before)[method];
      simulator.recover();
      before = await exporter.scrape();
      expect(outcomes(before, during)).toEqual(ALL_OK);
      return outcome.startsWith('ok') ? 'decoded' : outcome;
    });
  });
});

function anyLine(dice: Random): Buffer {
  return dice.pick(some(RECORDINGS)).lines[dice.pick(METHODS)];
}

/** Runs it with as many seeds, and prints how often each came of it. A failure says how to see it again. */
async function eachMutation(count: number, run: (dice: Random, seed: number) => Promise<string>): Promise<void> {
  process.stdout.write(`mutations: ${count} with seeds from ${SEED}\n`); // first: one that hangs shows where to look
  const counts = new Map<string, number>();
  for (let seed = SEED; seed < SEED + count; seed += 1) {
    const outcome = await run(random(seed), seed).catch((error: unknown) => {
      throw new Error(`with MUTATIONS=1 MUTATIONS_SEED=${seed}: ${String(error)}`, { cause: error });
    });
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const counted = [...counts].sort(([, a], [, b]) => b - a).map(([outcome, times]) => `${times} ${outcome}`);
  const of = `${RECORDINGS.length * METHODS.length} replies, seed ${SEED}`;
  process.stdout.write(`mutations: ${count} of ${of}: ${counted.join(', ')}\n`);
}

describe('Faults that mutations have found', () => {
  const [one = RECORDINGS[0]] = RECORDINGS.filter(({ name }) => name === 'spesmilo-1.20.0 busy');
  /** The series of a scrape in which the reply to one method is mutated, after a good scrape. */
  const afterGood = async (method: Method, mutate: (line: string) => string) => {
    const mutated = await find(method, Buffer.from(mutate(one.lines[method].toString())));
    const findings = one.findings.map((finding) => (finding.name === method ? mutated : finding));
    return namesOf(pass(findings, one.clean.state));
  };

  test('a height that is no longer reported has no time of its last change', async () => {
    const names = await afterGood('getinfo', (line) => line.replace(/"daemon height":\d+/, '"daemon height":null'));
    expect(names.filter((name) => name.startsWith('electrumx_daemon_height'))).toEqual([]);
    expect(names).toContain('electrumx_db_height_change_timestamp_seconds');
  });

  test('sessions of another process do not remove the start time from getinfo', async () => {
    const names = await afterGood('sessions', () => '{"jsonrpc":"2.0","result":[],"id":0}');
    expect(names).toContain('electrumx_start_time_seconds');
  });
});
