// The way of a scrape without sockets: from reply lines to both expositions.
import { parseConfig } from '../../src/config/parse.ts';
import { lineReader } from '../../src/localrpc/framing.ts';
import { parseReply } from '../../src/localrpc/messages.ts';
import { RpcError } from '../../src/localrpc/errors.ts';
import { CATALOGUE } from '../../src/metrics/catalogue.ts';
import { families, render, type Format } from '../../src/metrics/exposition.ts';
import { COLLECTORS } from '../../src/scrape/collectors.ts';
import { gatherOne, type Finding } from '../../src/scrape/collect.ts';
import { resultsOf } from '../../src/scrape/scraper.ts';
import { initialState, nextState, type State } from '../../src/scrape/state.ts';
import type { Method } from './collectors.ts';
import { EXPORTER_PROCESS, TEST_TIME_MS } from './exporter.ts';

const MAX_BYTES = 16 * 2 ** 20;
const NEWLINE = Buffer.from('\n');

const DEFAULTS = configOf([]);

/**
 * What a reply line to a request with the id 0 comes to. `watch` sees the reply before the decoder does. Rejects for an error that is
 * not one of the known failures.
 */
export async function find(name: Method, line: Buffer, watch = (result: unknown) => result): Promise<Finding> {
  const collector = COLLECTORS.find((candidate) => candidate.name === name);
  if (!collector) throw new Error(`no collector ${name}`);
  const { runs } = collector;
  const gather = collector.create(DEFAULTS, '1.2.3');
  const call = () => Promise.resolve().then(() => answerIn(line, watch));
  const finding = await gatherOne({ name, runs, gather }, { call, results: UNGROUPED, now: () => 0 });
  const { outcome } = finding;
  if (outcome.state === 'failed' && outcome.reason.startsWith('internal error')) throw new Error(outcome.reason);
  return finding;
}

/** Keeps the guard of `sessions` quiet, which would skip them if nothing were known. */
const UNGROUPED = { groups: { rows: [], badRows: 0, ranked: [], serverSessions: undefined } };

function answerIn(line: Buffer, watch: (result: unknown) => unknown) {
  const first = lineReader(MAX_BYTES)(Buffer.concat([line, NEWLINE]))?.[0];
  if (first === undefined) throw new RpcError('too_large', 'too large');
  const reply = parseReply(first);
  if ('error' in reply) throw reply.error;
  if (reply.id !== 0) throw new RpcError('protocol', 'another id');
  return { result: watch(reply.result), line };
}

export interface Passed {
  readonly state: State;
  readonly expose: (format: Format) => Promise<string>;
}

/** An exporter with these flags, as a function: the state and the expositions after a scrape with these findings. */
export function passer(flags: readonly string[] = []): (findings: readonly Finding[], before?: State) => Passed {
  const settings = configOf(flags);
  return (findings, before = initialState()) => {
    const state = findings.reduce((so, finding) => nextState(so, finding, TEST_TIME_MS / 1000), before);
    const results = resultsOf(findings);
    const outcomes = new Map(findings.map(({ name, outcome }) => [name, outcome]));
    const report = { up: results.getinfo !== undefined, durationSeconds: 0, outcomes };
    const data = { results, state, report, settings, exporter: EXPORTER_PROCESS, version: '1.2.3' };
    return { state, expose: (format) => render(families(CATALOGUE, data), format) };
  };
}

function configOf(flags: readonly string[]) {
  const parsed = parseConfig([...flags], {});
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  return parsed.config;
}
