// The keys of --watch: what each does, the line that lists them, and reading them from the terminal.
import { emitKeypressEvents, type Key } from 'node:readline';
import type { SortOrder } from '../args/parse.ts';
import type { Input } from '../io.ts';

export type KeyAction = 'quit' | 'previous-column' | 'next-column' | 'reverse' | 'refresh' | 'help' | 'suspend';

interface KeyBinding {
  /** What Node calls the key, or the character that it sends. */
  readonly keys: readonly string[];
  readonly label: string;
  /** For the footer. Bindings without one are in the help only. */
  readonly short?: string;
  readonly help: string;
  readonly action: KeyAction;
}

const BINDINGS: readonly KeyBinding[] = [
  { keys: ['q', 'ctrl-c'], label: 'q', short: 'quit', help: 'quit (also Ctrl-C)', action: 'quit' },
  {
    keys: ['<', 'left'],
    label: '<',
    short: 'sort left',
    help: 'sort by the column to the left (also Left)',
    action: 'previous-column',
  },
  {
    keys: ['>', 'right'],
    label: '>',
    short: 'sort right',
    help: 'sort by the column to the right (also Right)',
    action: 'next-column',
  },
  { keys: ['r'], label: 'r', short: 'reverse', help: 'reverse the sort order', action: 'reverse' },
  { keys: ['space'], label: 'Space', help: 'refresh now', action: 'refresh' },
  { keys: ['?', 'h'], label: '?', short: 'help', help: 'show or hide this help (also h)', action: 'help' },
  { keys: ['ctrl-z'], label: 'Ctrl-Z', help: 'suspend; fg continues', action: 'suspend' },
];

/** The most important keys on one line. */
export const FOOTER = BINDINGS.flatMap(({ label, short }) => (short === undefined ? [] : `${label} ${short}`)).join(
  '  ',
);

/** All keys, one a line. */
export const KEY_HELP: readonly string[] = BINDINGS.map(({ label, help }) => `  ${label.padEnd(8)}${help}`);

/** Whether keys can be read: not when the standard input is a file, a pipe or /dev/null. */
export function hasKeys(stdin: Input): boolean {
  return stdin.isTTY === true;
}

/** Calls `onAction` for each key, which is then not echoed. Returns a function that ends this, and restores the terminal's input mode. */
export function readKeys(stdin: Input, onAction: (action: KeyAction) => void): () => void {
  if (!hasKeys(stdin)) return () => undefined;
  const onKeypress = (character: string | undefined, key: Key) => {
    const name = key.ctrl ? `ctrl-${key.name ?? ''}` : (key.name ?? character ?? '');
    const binding = BINDINGS.find(({ keys }) => keys.includes(name) || keys.includes(character ?? ''));
    if (binding) onAction(binding.action);
  };
  emitKeypressEvents(stdin);
  stdin.on('keypress', onKeypress);
  stdin.setRawMode?.(true);
  stdin.resume();
  return () => {
    stdin.off('keypress', onKeypress);
    stdin.setRawMode?.(false);
    stdin.pause();
  };
}

/** The sort order after one step to the left (-1) or right (1) over `titles`, with the server's order before the first column. */
export function moveSort(titles: readonly string[], sort: SortOrder | undefined, step: 1 | -1): SortOrder | undefined {
  const stops = [undefined, ...titles];
  const at = Math.max(0, stops.indexOf(sort?.column));
  const column = stops[(at + step + stops.length) % stops.length];
  return column === undefined ? undefined : { column, reverse: false };
}
