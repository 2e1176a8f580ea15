// A picture of a program in a real terminal (tmux), drawn in the browser.
import { execFileSync } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { waitFor } from '../../test/real/support/wait.ts';

export interface TerminalOptions {
  /** a shell command; it is stopped after the picture */
  readonly command: string;
  readonly columns: number;
  readonly rows: number;
  /** the picture is taken when the screen shows this */
  readonly shows: RegExp;
}

/** Runs the command, and writes a PNG of the screen to the path. Rejects when the screen does not show it within 30 seconds. */
export async function pictureTerminal(browser: Browser, options: TerminalOptions, path: string): Promise<void> {
  const screen = await screenOf(options);
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  await page.setContent(`<style>${STYLE}</style><pre>${toHtml(screen)}</pre>`);
  await page.locator('pre').screenshot({ path });
  await page.close();
}

async function screenOf({ command, columns, rows, shows }: TerminalOptions): Promise<string> {
  const socket = `picture-${process.pid}`;
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), command);
  try {
    return await waitFor(`${String(shows)} in the terminal`, () => {
      const screen = tmux('capture-pane', '-p', '-e');
      if (!shows.test(screen)) throw new Error(screen);
      return screen;
    });
  } finally {
    tmux('kill-server');
  }
}

const STYLE = `
pre { display: inline-block; margin: 0; padding: 16px; background: #16181d; color: #d8d9da; font: 15px/1.35 'DejaVu Sans Mono', monospace; }
.c1 { font-weight: bold; } .c2 { opacity: 0.6; } .c4 { text-decoration: underline; } .c7 { background: #d8d9da; color: #16181d; }
.c31 { color: #f2495c; } .c32 { color: #73bf69; } .c33 { color: #ff9830; } .c34 { color: #5794f2; } .c35 { color: #b877d9; } .c36 { color: #5ac8c8; }
`;

/** Which renditions a code turns off. */
const ENDS: Readonly<Record<string, RegExp>> = { '': /./, 0: /./, 22: /^[12]$/, 24: /^4$/, 27: /^7$/, 39: /^3\d$/ };
const RENDITION = String.raw`\[([\d;]*)m`;

/** A terminal's lines with their renditions (bold, colours) as HTML. */
function toHtml(screen: string): string {
  const active = new Set<string>();
  const [first = '', ...rest] = screen.trimEnd().split(new RegExp(`\u001b${RENDITION}`));
  const parts = [escapeHtml(first)];
  for (let index = 0; index < rest.length; index += 2) {
    for (const code of (rest[index] ?? '').split(';')) apply(code, active);
    const classes = [...active].map((code) => `c${code}`).join(' ');
    parts.push(`<span class="${classes}">${escapeHtml(rest[index + 1] ?? '')}</span>`);
  }
  return parts.join('');
}

function apply(code: string, active: Set<string>): void {
  const ends = ENDS[code];
  if (ends === undefined) active.add(code);
  else for (const one of [...active].filter((it) => ends.test(it))) active.delete(one);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
