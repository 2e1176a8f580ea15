// The way of a scrape without sockets: from reply lines to both expositions.
import { modelsOf, PARSE_LIMITS, type Finding } from '../../src/scrape/collect.ts';
import { CATALOGUE, COLLECTORS } from '../../src/scrape/collectors.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { NOTHING_SEEN, type Memory } from '../../src/scrape/state.ts';
import type { View } from '../../src/metrics/metric.ts';
import { families, render, type Format } from '../../src/metrics/exposition.ts';
import { RpcError, type RpcErrorKind } from '../../src/localrpc/errors.ts';
import { lineReader } from '../../src/localrpc/framing.ts';
import { parseReply } from '../../src/localrpc/messages.ts';
import { remember } from '../../src/scrape/scraper.ts';
import type { Method } from './collectors.ts';
import { OWN, TEST_TIME_MS } from './exporter.ts';

const MAX_BYTES = 64 * 2 ** 20;
const NEWLINE = Buffer.from('\n');

/** What a reply line to a question with the id 0 comes to. `watch` stands before the decoder. Throws what is none of the known failures. */
export function find(name: Method, line: Buffer, watch = (result: unknown) => result): Finding {
  const failed = (kind: RpcErrorKind): Finding => {
    return { name, model: undefined, outcome: { state: 'failed', durationSeconds: 0, kind, reason: '' } };
  };
  try {
    const first = lineReader(MAX_BYTES)(Buffer.concat([line, NEWLINE]))?.[0];
    if (first === undefined) return failed('too_large');
    const reply = parseReply(first, PARSE_LIMITS);
    if ('error' in reply) return failed(reply.error.kind);
    const model = reply.id === 0 ? COLLECTORS[name].decode(watch(reply.result)) : undefined;
    if (!model) return failed('protocol');
    const badRows = 'badRows' in model ? model.badRows : 0;
    const outcome = { state: 'ok', durationSeconds: 0, bytes: line.length, badRows, reused: false };
    return { name, model, outcome } as Finding;
  } catch (error) {
    if (error instanceof RpcError) return failed(error.kind);
    throw error;
  }
}

export interface Passed {
  readonly memory: Memory;
  readonly expose: (format: Format) => Promise<string>;
}

/** An exporter with these flags, as a function: what a scrape with these findings remembers and serves. */
export function passer(flags: readonly string[] = []): (findings: readonly Finding[], before?: Memory) => Passed {
  const config = parseConfig([...flags], {});
  if (!config.ok) throw new Error(config.mistakes.join('\n'));
  const told = { ...config.config, reportedHosts: config.config.reportedHosts ?? [] };
  return (findings, before = NOTHING_SEEN) => {
    const memory = findings.reduce((so, finding) => remember(so, finding, TEST_TIME_MS / 1000), before);
    const { getinfo, groups, sessions, peers } = modelsOf(new Map(findings.map((finding) => [finding.name, finding])));
    const outcomes = new Map(findings.map(({ name, outcome }) => [name, outcome]));
    const scrape = { up: getinfo !== undefined, durationSeconds: 0, outcomes };
    const view: View = { getinfo, groups, sessions, peers, memory, told, scrape, own: OWN, version: '1.2.3' };
    return { memory, expose: (format) => render(families(CATALOGUE, view), format) };
  };
}
