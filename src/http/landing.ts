// The page for a person who opens the exporter in a browser.
import type { Outcome, ScrapeReport } from '../scrape/collector.ts';

export interface LandingFacts {
  readonly version: string;
  readonly telemetryPath: string;
  /** where ElectrumX is asked, `host:port` */
  readonly target: string;
  readonly lastReport: ScrapeReport | undefined;
}

/** What this is, where to go, and how each collector fared last; it is drawn from memory, ElectrumX is not asked. */
export function landingPage({ version, telemetryPath, target, lastReport }: LandingFacts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ElectrumX exporter</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #ccc; padding: 0.3rem 0.6rem 0.3rem 0; text-align: left; }
.ok { color: #176b2c; } .failed { color: #a4161a; } .skipped { color: #8a5a00; }
footer { color: #666; margin-top: 2rem; }
</style>
</head>
<body>
<h1>ElectrumX exporter</h1>
<p>Makes the state of the ElectrumX server at ${asText(target)} visible to Prometheus.</p>
<ul>
<li><a href="${asText(telemetryPath)}">Metrics</a>: every visit asks ElectrumX anew</li>
<li><a href="/-/healthy">Healthy?</a> and <a href="/-/ready">ready?</a>: about this exporter only</li>
</ul>
<h2>Last scrape</h2>
${lastReport ? outcomeTable(lastReport) : '<p>None yet: nobody has asked for the metrics since the exporter started.</p>'}
<footer>electrumx-exporter ${asText(version)}</footer>
</body>
</html>
`;
}

function outcomeTable({ up, outcomes }: ScrapeReport): string {
  const rows = [...outcomes].map(
    ([name, outcome]) =>
      `<tr><td>${name}</td><td class="${outcome.state}">${asText(inWords(outcome))}</td><td>${outcome.durationSeconds.toFixed(3)} s</td></tr>`,
  );
  return `<p>ElectrumX ${up ? '<b class="ok">answered</b>' : '<b class="failed">did not answer</b>'}.</p>
<table>
<thead><tr><th>Collector</th><th>Outcome</th><th>Time</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function inWords(outcome: Outcome): string {
  if (outcome.state === 'failed') return `failed (${outcome.kind}): ${outcome.reason}`;
  if (outcome.state === 'skipped') return `skipped: ${outcome.reason}`;
  if (outcome.state === 'pending') return 'not finished yet';
  return outcome.reused ? 'reused' : 'answered';
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function asText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
