// Debian's Chromium without a window, for what only a browser can show.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/** Starts the one on PATH, or the one at the path in CHROMIUM. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: pathOfChromium(), args: FLAGS });
}

function pathOfChromium(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = process.env['CHROMIUM'] ?? folders.map((folder) => join(folder, 'chromium')).find(existsSync);
  if (found === undefined) throw new Error('there is no chromium on PATH: install it, or set CHROMIUM to its path');
  return found;
}
