// A table fitted to a terminal: the columns that its width has room for, each line at most that wide, and colours.
import type { Column } from './columns.ts';
import { clip, displayWidth, escapeUnsafe } from './escape.ts';
import type { Table } from './tables.ts';

/** The longest address, an IPv6 one with its port. Wider cells are cut, whatever a client sends. */
const MAX_COLUMN_WIDTH = 47;

export interface FitOptions {
  /** The width of the terminal in cells. */
  readonly width: number;
  /** Epoch seconds. */
  readonly now: number;
  readonly colour: boolean;
  /** The title of the column that the rows are sorted by. It is always shown. */
  readonly sortedBy?: string | undefined;
}

export interface FittedTable {
  readonly header: string;
  readonly lines: readonly string[];
  /** The titles of the columns that there was no room for. */
  readonly hidden: readonly string[];
}

interface FittedColumn {
  readonly column: Column;
  readonly cells: readonly string[];
  readonly width: number;
}

/** Fits the table into `width` cells. */
export function fit(table: Table, options: FitOptions): FittedTable {
  const { columns, rows } = table;
  const all = columns.map((column) => fitColumn(column, table, options));
  const kept = mostImportant(all, options);
  const visible = all.filter((one) => kept.has(one));
  const line = (content: (one: FittedColumn) => string) =>
    clip(visible.map((one) => pad(content(one), one.column.align, one.width)).join(' '), options.width);
  const header = line(({ column }) => column.title);
  const lines = rows.map((_row, i) => line(({ cells }) => cells[i] ?? ''));
  return {
    header: options.colour ? paint(header, 'bold') : header,
    lines: options.colour ? lines.map((text, i) => paint(text, rows[i]?.['over'] as Style | undefined)) : lines,
    hidden: all.filter((one) => !kept.has(one)).map(({ column }) => column.title),
  };
}

function fitColumn(column: Column, { rows }: Table, { now }: FitOptions): FittedColumn {
  const cells = rows.map((row) => clip(escapeUnsafe(column.format(row[column.field], now)), MAX_COLUMN_WIDTH));
  const width = cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), displayWidth(column.title));
  return { column, cells, width };
}

/** The columns that fit: the sorted one first, then by rank. The first one is there in any case. */
function mostImportant(all: readonly FittedColumn[], { width, sortedBy }: FitOptions): Set<FittedColumn> {
  const rank = ({ column }: FittedColumn) => (column.title === sortedBy ? 0 : column.rank);
  const kept = new Set<FittedColumn>();
  let room = width + 1;
  for (const one of [...all].sort((a, b) => rank(a) - rank(b))) {
    if (one.width + 1 > room && kept.size > 0) continue;
    kept.add(one);
    room -= one.width + 1;
  }
  return kept;
}

function pad(text: string, align: '<' | '>', width: number): string {
  const missing = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === '<' ? text + missing : missing + text;
}

type Style = keyof typeof STYLES;
const STYLES = { bold: '\x1b[1m', soft: '\x1b[33m', hard: '\x1b[31m', '': '' };

function paint(line: string, style: Style | undefined): string {
  return style ? `${STYLES[style]}${line}\x1b[0m` : line;
}
