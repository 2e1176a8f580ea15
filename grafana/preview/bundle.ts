// Bundles the script for the browser from browser/ and Grafana's public packages. Installs them if they are missing.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const HERE = import.meta.dirname;
const MODULES = join(HERE, 'node_modules');
const OUT = resolve(HERE, '../../.cache/preview');

const OPTIONS = [
  ...['--bundle', '--format=iife', '--minify', '--jsx=automatic', '--log-level=error'],
  ...['--loader:.svg=dataurl', '--loader:.woff2=dataurl', '--loader:.png=dataurl', '--loader:.ttf=empty'],
  ...['--define:process.env.NODE_ENV="production"', '--define:process.env={}', '--define:global=window'],
];

const run = promisify(execFile);

export interface Bundle {
  readonly script: string;
  readonly styles: string;
  /** the folder with Grafana's icons, as `unicons/info-circle.svg` */
  readonly icons: string;
}

/** Returns the paths of the files. Takes a minute the first time, then some seconds. */
export async function makeBundle(): Promise<Bundle> {
  if (!existsSync(MODULES)) await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HERE });
  mkdirSync(OUT, { recursive: true });
  const script = join(OUT, 'preview.js');
  await run(join(MODULES, '.bin/esbuild'), [join(HERE, 'browser/main.tsx'), ...OPTIONS, `--outfile=${script}`]);
  return {
    script,
    styles: join(OUT, 'preview.css'),
    icons: join(MODULES, '@grafana/ui/dist/public/img/icons'),
  };
}
