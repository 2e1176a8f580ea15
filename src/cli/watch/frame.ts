// One screen of --watch as lines: title, error, row count, table and keys, cut to the size of the terminal.
import { formatHostPort } from '../../electrumx/address.ts';
import type { RowSelection, RpcCall } from '../args/parse.ts';
import { terminalSize, wantsColour, type Io } from '../io.ts';
import { arrange, costLimitsFrom, sortNote } from '../output/arrange.ts';
import { clip } from '../output/escape.ts';
import { fit } from '../output/fit.ts';
import type { Table } from '../output/tables.ts';
import { FOOTER, hasKeys, KEY_HELP } from './keys.ts';

/** What --watch shows: the last good reply, the error since then, and what the keys have set. */
export interface WatchState {
  readonly table?: Table;
  /** When that reply came, in epoch seconds. */
  readonly receivedAt: number;
  readonly error?: string | undefined;
  readonly selection: RowSelection;
  readonly showsHelp: boolean;
}

/** The lines of one screen: none is wider than the terminal, and all together are not higher. */
export function frame(state: WatchState, call: RpcCall, io: Io): string[] {
  const { width, height } = terminalSize(io);
  const footer = hasKeys(io.stdin) && height >= 8 ? ['', FOOTER] : [];
  const room = height - footer.length;
  const head = [titleLine(call, io), ...errorLines(state.error, width)];
  const body = state.showsHelp ? ['', 'Keys:', ...KEY_HELP] : tableLines(state, call, room - head.length, io);
  const lines = [...head.map((line) => clip(line, width)), ...body].slice(0, room);
  const gap = footer.length === 0 ? 0 : room - lines.length;
  return [...lines, ...Array<string>(gap).fill(''), ...footer.map((line) => clip(line, width))];
}

function titleLine({ command, address, watchMs = 0 }: RpcCall, io: Io): string {
  const clock = new Date(io.now() * 1000).toTimeString().slice(0, 8);
  return `${command.name} of ${formatHostPort(address)}, every ${watchMs / 1000} s   ${clock}`;
}

function errorLines(error: string | undefined, width: number): string[] {
  return error === undefined ? [''] : wrap(`${error}${/[?.]$/.test(error) ? '' : '.'} Trying again.`, width);
}

/** The row count, the header and as many rows as there is `room` for. */
function tableLines(
  { table, receivedAt, error, selection }: WatchState,
  call: RpcCall,
  room: number,
  io: Io,
): string[] {
  if (!table || !call.command.table) return [];
  const { width } = terminalSize(io);
  const arranged = arrange(table, selection, costLimitsFrom(io.env), receivedAt);
  const shown = { ...arranged, rows: arranged.rows.slice(0, Math.max(0, room - 2)) };
  const { header, lines, hidden } = fit(shown, {
    width,
    now: receivedAt,
    colour: wantsColour(io),
    sortedBy: selection.sort?.column,
  });
  const status = [
    `${shown.rows.length} of ${table.rows.length}`,
    sortNote(call.command.table, arranged, selection) ?? sortStatus(selection),
    error === undefined ? undefined : `as of ${Math.round(io.now() - receivedAt)} s ago`,
    hidden.length === 0 ? undefined : `no room for ${hidden.join(', ')}`,
  ];
  return [clip(status.filter((part) => part !== undefined).join('; '), width), header, ...lines];
}

function sortStatus({ sort }: RowSelection): string | undefined {
  return sort && `sorted by ${sort.column}${sort.reverse ? ', reversed' : ''}`;
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
