// A step of `npm run build`: writes dist/runbook.html, which the exporter serves at /runbook, from docs/runbook.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { runbookPage } from './runbook-page.ts';

const ROOT = new URL('../', import.meta.url);
const markdown = readFileSync(new URL('docs/runbook.md', ROOT), 'utf8');
writeFileSync(new URL('dist/runbook.html', ROOT), runbookPage(markdown));
