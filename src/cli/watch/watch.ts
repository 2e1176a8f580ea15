// --watch: one table redrawn every so often like top, until Ctrl-C, through failures of the server.
import { setTimeout as sleep } from 'node:timers/promises';
import { RpcError } from '../../localrpc/errors.ts';
import type { Asker } from '../client.ts';
import { clip } from '../output/escape.ts';
import { explain, hostAndPort } from '../explain.ts';
import { fit } from '../output/fit.ts';
import type { Request } from '../args/parse.ts';
import { sizeOf, wantsColour, type Surroundings } from '../io.ts';
import { readTable, type Table } from '../output/tables.ts';
import { arrange, limitsFrom, sortNote } from '../output/arrange.ts';

// The alternate screen keeps what was on the terminal; without wrapping no line can push the others down.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR = '\x1b[J';

/** What is on the screen: the last good answer, and what went wrong since. */
interface State {
  readonly table?: Table | undefined;
  /** How many rows the answer had. */
  readonly total?: number;
  readonly notSorted?: string | undefined;
  /** When that answer came, in epoch seconds. */
  readonly at?: number;
  readonly trouble?: string | undefined;
}

/** Resolves when the person has had enough; whatever the server does, it goes on. The terminal is then as it was. */
export async function watch(request: Request, everyMs: number, asker: Asker, around: Surroundings): Promise<void> {
  const { stdout } = around;
  const interrupted = around.untilInterrupted();
  const over = new Promise<boolean>((resolve) => interrupted.addEventListener('abort', () => resolve(true)));
  let state: State = {};
  const draw = () => {
    if (!interrupted.aborted) stdout.write(screen(frame(state, request, everyMs, around)));
  };
  const turn = async () => {
    state = { ...state, ...(await look(request, asker, around)) };
    draw();
    await sleep(everyMs, undefined, { signal: interrupted }).catch(() => undefined);
    return false;
  };
  stdout.write(ENTER);
  stdout.on('resize', draw);
  try {
    draw();
    while (!(await Promise.race([over, turn()])));
  } finally {
    stdout.off('resize', draw);
    stdout.write(LEAVE);
  }
}

async function look(request: Request, asker: Asker, { env, now }: Surroundings): Promise<State> {
  const { command, params, timeoutMs, view } = request;
  const name = command.table;
  try {
    const reply = await asker.ask(command.name, params, timeoutMs);
    const table = name && readTable(name, reply, true);
    if (!table) return { trouble: 'this server answers with something that is no table' };
    const at = now();
    return {
      table: arrange(table, view, limitsFrom(env), at),
      total: table.rows.length,
      notSorted: sortNote(name, table, view),
      at,
      trouble: undefined,
    };
  } catch (error) {
    if (error instanceof RpcError) return { trouble: explain(error, request) };
    throw error;
  }
}

/** The lines of one screen, none wider and together not higher than the terminal. */
function frame(
  { table, total = 0, notSorted, at, trouble }: State,
  request: Request,
  everyMs: number,
  around: Surroundings,
): string[] {
  const { width, height } = sizeOf(around);
  const { command, address } = request;
  const clock = new Date(around.now() * 1000).toTimeString().slice(0, 8);
  const title = `${command.name} of ${hostAndPort(address)}, every ${everyMs / 1000} s   ${clock}`;
  const lines = [
    title,
    ...(trouble === undefined ? [''] : wrap(`${trouble}${/[?.]$/.test(trouble) ? '' : '.'} Trying again.`, width)),
  ];
  if (!table || at === undefined) return lines.slice(0, height).map((line) => clip(line, width));
  const room = Math.max(0, height - lines.length - 2);
  const shown = { ...table, rows: table.rows.slice(0, room) };
  const { header, lines: rows, hidden } = fit(shown, width, at, wantsColour(around));
  const more = [
    `${shown.rows.length} of ${total}`,
    ...(notSorted === undefined ? [] : [notSorted]),
    ...(trouble === undefined ? [] : [`as of ${Math.round(around.now() - at)} s ago`]),
    ...(hidden.length > 0 ? [`no room for ${hidden.join(', ')}`] : []),
  ].join('; ');
  return [...[...lines, more].map((line) => clip(line, width)), header, ...rows].slice(0, height);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

function screen(lines: readonly string[]): string {
  // cleared before it is written: behind a full line the cursor still stands on its last character
  return HOME + CLEAR + lines.join('\r\n');
}
