// `npm run generate`: writes every generated file. With `--out=DIR` it writes those for Prometheus, Grafana and Kubernetes into that
// folder, with your addresses of Grafana (`--grafana-url`) and of the runbook (`--runbook-url`).
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_ADDRESSES } from '../grafana/src/addresses.ts';
import { generateGrafana } from '../grafana/src/generate.ts';
import { generateKubernetes } from '../grafana/src/kubernetes.ts';
import { generatedFiles } from './generated.ts';

const { values } = parseArgs({
  options: { out: { type: 'string' }, 'grafana-url': { type: 'string' }, 'runbook-url': { type: 'string' } },
});
const { out, 'grafana-url': grafanaUrl, 'runbook-url': runbookUrl } = values;
if (out === undefined && (grafanaUrl !== undefined || runbookUrl !== undefined)) {
  throw new Error(
    '--grafana-url and --runbook-url need --out=DIR: the files in the repository keep their default addresses',
  );
}

const grafana = generateGrafana({
  grafanaUrl: (grafanaUrl ?? DEFAULT_ADDRESSES.grafanaUrl).replace(/\/+$/, ''),
  runbookUrl: runbookUrl ?? DEFAULT_ADDRESSES.runbookUrl,
});
const files = out === undefined ? generatedFiles() : [...grafana, ...generateKubernetes(grafana)];

for (const [path, content] of files) {
  const place = join(out ?? '.', path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
}
