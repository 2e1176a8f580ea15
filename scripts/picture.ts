// `npm run picture`: makes docs/images/ from simulated servers, the exporter, Prometheus and Grafana's panels. Takes five minutes.
// It needs Debian's prometheus, chromium, tmux and pngquant.
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRenderer } from '../grafana/preview/render.ts';
import { pictureDashboards } from './picture/dashboards.ts';
import { listOfPictures } from './picture/list.ts';
import { pictureRunning } from './picture/running.ts';

const FOLDER = 'docs/images';

const renderer = await startRenderer();
try {
  const wrong = await pictureDashboards(renderer, FOLDER);
  // After the dashboards: a simulator in a busy process answers too late.
  await pictureRunning(renderer.browser, FOLDER);
  reduceColours();
  writeFileSync(join(FOLDER, 'README.md'), listOfPictures());
  for (const line of wrong) process.stderr.write(`${line}\n`);
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  await renderer.stop();
}

/** Makes the files a third as large: 256 colours are enough for screens. */
function reduceColours(): void {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.png'));
  const paths = files.map((file) => join(FOLDER, file));
  execFileSync('pngquant', ['--nofs', '--speed=1', '--strip', '--force', '--ext=.png', ...paths]);
}
