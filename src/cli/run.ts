// electrumx-rpc from the command line to the exit code: asks once and prints, or watches.
import { readFile } from 'node:fs/promises';
import { RpcError } from '../localrpc/errors.ts';
import { makeAsker, type Asker } from './client.ts';
import type { Command, TableName } from './args/commands.ts';
import { printable } from './output/escape.ts';
import { explain } from './explain.ts';
import { fit } from './output/fit.ts';
import { text } from './output/formats.ts';
import { helpText } from './args/help.ts';
import { compactJson, isList, prettyJson, type Json } from './output/json.ts';
import { parseCommandLine, UsageError, type Request } from './args/parse.ts';
import { sizeOf, wantsColour, type Surroundings } from './io.ts';
import { hasWideHosts, plainLines, readTable } from './output/tables.ts';
import { arrange, limitsFrom, sortNote } from './output/arrange.ts';
import { watch } from './watch/watch.ts';

/** Runs one command line and resolves with the exit code: 0, 1 for a failure, 2 for wrong usage. */
export async function run(around: Surroundings): Promise<number> {
  const complain = (sentence: string) => around.stderr.write(`electrumx-rpc: ${sentence}\n`);
  try {
    const wish = parseCommandLine(around.argv, around.env);
    if ('request' in wish) return await carryOut(wish.request, around, complain);
    around.stdout.write(`${'version' in wish ? await version() : helpText(wish.help)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${printable(error.message)} (electrumx-rpc --help shows everything)`);
    return 2;
  }
}

async function carryOut(request: Request, around: Surroundings, complain: (text: string) => void): Promise<number> {
  if (request.watchMs !== undefined && !around.stdout.isTTY) throw new UsageError('--watch needs a terminal');
  const asker = makeAsker(request.address);
  try {
    if (request.watchMs === undefined) await once(request, asker, around);
    else await watch(request, request.watchMs, asker, around);
    return 0;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    complain(explain(error, request));
    return 1;
  } finally {
    asker.close();
  }
}

async function once(request: Request, asker: Asker, around: Surroundings): Promise<void> {
  const { command, params, timeoutMs, json } = request;
  const deadline = performance.now() + timeoutMs;
  const result = await asker.ask(command.name, params, timeoutMs);
  if (json) return print(around, [compactJson(result)]);
  if (command.table) return printTable(command.table, result, request, { asker, deadline }, around);
  print(around, linesOf(result, command.prints));
}

function linesOf(result: Json, prints: Command['prints']): readonly string[] {
  if (prints === 'lines' && isList(result)) return result.map((line) => printable(text(line)));
  if (prints === 'text' && typeof result === 'string') return result.split('\n').map(printable);
  return [prettyJson(result)];
}

/** Whom to ask more, and until when, on the clock of `performance.now`. */
interface Followup {
  readonly asker: Asker;
  readonly deadline: number;
}

async function printTable(
  name: TableName,
  result: Json,
  { view }: Request,
  more: Followup,
  around: Surroundings,
): Promise<void> {
  const { stdout, stderr, env } = around;
  const wideHosts = stdout.isTTY || name !== 'peers' || (await askForWideHosts(more));
  const table = readTable(name, result, wideHosts);
  if (!table) return print(around, [prettyJson(result)]);
  const note = (sentence: string) => stderr.write(`${sentence}\n`);
  const notSorted = sortNote(name, table, view);
  if (notSorted) note(notSorted);
  const now = around.now();
  const asOfficial = !stdout.isTTY && Object.keys(view).length === 0;
  const shown = asOfficial ? table : arrange(table, view, limitsFrom(env), now);
  if (!stdout.isTTY) return print(around, plainLines(shown, now));
  const { header, lines, hidden } = fit(shown, sizeOf(around).width, now, wantsColour(around));
  print(around, [header, ...lines]);
  if (hidden.length > 0) note(`no room for ${hidden.join(', ')}: pipe through cat or less -S to see them`);
}

/** How long the width of one column may keep a person waiting. */
const WIDTH_TIMEOUT_MS = 3000;

async function askForWideHosts({ asker, deadline }: Followup): Promise<boolean> {
  const timeoutMs = Math.min(WIDTH_TIMEOUT_MS, Math.max(1, deadline - performance.now()));
  try {
    return hasWideHosts(await asker.ask('groups', [], timeoutMs));
  } catch {
    return true; // the peers are there: better the newest layout than none
  }
}

function print({ stdout }: Surroundings, lines: readonly string[]): void {
  stdout.write(lines.map((line) => `${line}\n`).join(''));
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
