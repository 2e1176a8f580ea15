// `npm run picture`: makes docs/images/ from simulated servers, the exporter, Prometheus and Grafana's panels. It needs Debian's prometheus,
// chromium (on PATH, or where CHROMIUM says) and tmux, and takes five minutes.
import { writeFileSync } from 'node:fs';
import { startRenderer } from '../grafana/preview/render.ts';
import { pictureDashboards } from './picture/dashboards.ts';
import { listOfPictures } from './picture/list.ts';
import { pictureRunning } from './picture/running.ts';

const FOLDER = 'docs/images';

const renderer = await startRenderer();
try {
  const [wrong] = await Promise.all([pictureDashboards(renderer, FOLDER), pictureRunning(renderer.browser, FOLDER)]);
  writeFileSync(`${FOLDER}/README.md`, listOfPictures());
  for (const line of wrong) process.stderr.write(`${line}\n`);
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  await renderer.stop();
}
