// electrumx-rpc from the command line to the exit code.
import { readFile } from 'node:fs/promises';
import { RpcError } from '../localrpc/errors.ts';
import type { Command, TableName } from './args/commands.ts';
import { helpText } from './args/help.ts';
import { parseCommandLine, UsageError, type RpcCall } from './args/parse.ts';
import { createClient, type Client } from './client.ts';
import { explain } from './explain.ts';
import { terminalSize, wantsColour, type Io } from './io.ts';
import { arrange, costLimitsFrom, sortNote } from './output/arrange.ts';
import { escapeUnsafe } from './output/escape.ts';
import { fit } from './output/fit.ts';
import { formatValue } from './output/formats.ts';
import { compactJson, isList, prettyJson, type Json } from './output/json.ts';
import { hostWidthOf, plainLines, readTable, type HostWidth } from './output/tables.ts';

/** Runs one command line. Resolves with the exit code: 0, 1 for a failed call, 2 for wrong usage. */
export async function run(io: Io): Promise<number> {
  try {
    const parsed = parseCommandLine(io.argv, io.env);
    if ('call' in parsed) return await execute(parsed.call, io);
    print(io, ['version' in parsed ? await version() : helpText(parsed.help)]);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printError(io, `${escapeUnsafe(error.message)} (see electrumx-rpc --help)`);
    return 2;
  }
}

async function execute(call: RpcCall, io: Io): Promise<number> {
  if (call.watchMs !== undefined && !io.stdout.isTTY) throw new UsageError('--watch needs a terminal');
  const client = createClient(call.address);
  try {
    if (call.watchMs === undefined) await callOnce(call, client, io);
    else await (await import('./watch/watch.ts')).watch(call, call.watchMs, client, io);
    return 0;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    printError(io, explain(error, call));
    return 1;
  } finally {
    client.close();
  }
}

async function callOnce(call: RpcCall, client: Client, io: Io): Promise<void> {
  const { command, params, timeoutMs, json } = call;
  const deadline = performance.now() + timeoutMs;
  const result = await client.call(command.name, params, timeoutMs);
  if (json) return print(io, [compactJson(result)]);
  if (!command.table) return print(io, resultLines(result, command.prints));
  // on a terminal the columns are as wide as they need to be
  const official = command.table === 'peers' && !io.stdout.isTTY;
  const hostWidth = official ? await findHostWidth(client, deadline) : 'wide';
  printTable(command.table, result, { call, hostWidth }, io);
}

function resultLines(result: Json, prints: Command['prints']): readonly string[] {
  if (prints === 'lines' && isList(result)) return result.map((line) => escapeUnsafe(formatValue(line)));
  if (prints === 'text' && typeof result === 'string') return result.split('\n').map(escapeUnsafe);
  return [prettyJson(result)];
}

/** The layout of a table on the standard output. */
interface Layout {
  readonly call: RpcCall;
  readonly hostWidth: HostWidth;
}

function printTable(name: TableName, result: Json, { call, hostWidth }: Layout, io: Io): void {
  const { stdout, env } = io;
  const { selection } = call;
  const table = readTable(name, result, hostWidth);
  if (!table) return print(io, [prettyJson(result)]);
  const now = io.now();
  const official = !stdout.isTTY && Object.keys(selection).length === 0;
  const shown = official ? table : arrange(table, selection, costLimitsFrom(env), now);
  const unsorted = sortNote(name, shown, selection);
  if (unsorted !== undefined) printNote(io, unsorted);
  if (!stdout.isTTY) return print(io, plainLines(shown, now));
  const { width } = terminalSize(io);
  const { header, lines, hidden } = fit(shown, {
    width,
    now,
    colour: wantsColour(io),
    sortedBy: selection.sort?.column,
  });
  print(io, [header, ...lines]);
  if (hidden.length > 0) printNote(io, `no room for ${hidden.join(', ')}: pipe into cat or less -S to see all columns`);
}

/** How long the width of one column may delay the output. */
const HOST_WIDTH_TIMEOUT_MS = 3000;

/** Calls `groups`, until `deadline` on the clock of `performance.now()` at most. */
async function findHostWidth(client: Client, deadline: number): Promise<HostWidth> {
  const timeoutMs = Math.min(HOST_WIDTH_TIMEOUT_MS, Math.max(1, deadline - performance.now()));
  try {
    return hostWidthOf(await client.call('groups', [], timeoutMs));
  } catch {
    return 'wide'; // the peers are known already: better the newest layout than an error
  }
}

function print({ stdout }: Io, lines: readonly string[]): void {
  stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function printNote({ stderr }: Io, note: string): void {
  stderr.write(`${note}\n`);
}

function printError(io: Io, error: string): void {
  printNote(io, `electrumx-rpc: ${error}`);
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
