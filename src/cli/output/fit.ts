// A table for a terminal: as many columns as its width holds, no line longer than that, colours where they are wanted.
import type { Column } from './columns.ts';
import { cells, clip, printable } from './escape.ts';
import type { Table } from './tables.ts';

/** The longest address: a whole IPv6 one with its port. No column is wider, whatever strangers call themselves. */
const WIDEST = 47;

export interface Fitted {
  readonly header: string;
  readonly lines: readonly string[];
  /** Titles of the columns that found no room. */
  readonly hidden: readonly string[];
}

/** Fits the table into `width` cells; `now` in epoch seconds. */
export function fit({ columns, rows }: Table, width: number, now: number, colour: boolean): Fitted {
  const shown = columns.map((column) => {
    const texts = rows.map((row) => clip(printable(column.show(row[column.field], now)), WIDEST));
    return { column, texts, width: texts.reduce((most, text) => Math.max(most, cells(text)), cells(column.title)) };
  });
  const kept = new Set<Column>();
  let room = width + 1;
  for (const { column, width: needed } of [...shown].sort((a, b) => a.column.rank - b.column.rank)) {
    if (needed + 1 > room && kept.size > 0) continue;
    kept.add(column);
    room -= needed + 1;
  }
  const visible = shown.filter(({ column }) => kept.has(column));
  const line = (text: (one: (typeof visible)[number]) => string) =>
    clip(visible.map((one) => pad(text(one), one.column.align, one.width)).join(' '), width);
  const header = line(({ column }) => column.title);
  const lines = rows.map((_row, i) => line(({ texts }) => texts[i] ?? ''));
  return {
    header: colour ? paint(header, 'bold') : header,
    lines: colour ? lines.map((text, i) => paint(text, rows[i]?.['over'] as Style | undefined)) : lines,
    hidden: columns.filter((column) => !kept.has(column)).map(({ title }) => title),
  };
}

function pad(text: string, align: '<' | '>', width: number): string {
  const missing = ' '.repeat(Math.max(0, width - cells(text)));
  return align === '<' ? text + missing : missing + text;
}

type Style = keyof typeof STYLES;
const STYLES = { bold: '\x1b[1m', soft: '\x1b[33m', hard: '\x1b[31m', '': '' };

function paint(line: string, style: Style | undefined): string {
  return style ? `${STYLES[style]}${line}\x1b[0m` : line;
}
