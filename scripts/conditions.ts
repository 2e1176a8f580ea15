// `npm run conditions`: judges every alert under every condition with promtool, and writes the verdicts for docs/alerts.md.
import { writeFileSync } from 'node:fs';
import { judge } from '../grafana/src/conditions/judge.ts';

const path = new URL('../grafana/src/conditions/verdicts.json', import.meta.url);
writeFileSync(path, `${JSON.stringify(await judge(process.argv[2] ?? 'promtool'), null, 2)}\n`);
