// The landing page: the state of ElectrumX at a glance, from the last scrape. One file without scripts or external resources.

/** What the page shows. What is absent was not reported, or no scrape has succeeded yet. No string contains a client's address. */
export interface LandingFacts {
  /** of this exporter */
  readonly version: string;
  readonly telemetryPath: string;
  /** `host:port` of ElectrumX's LocalRPC */
  readonly target: string;
  /** end of the last scrape, in milliseconds since the epoch; absent before the first scrape */
  readonly scrapedAt?: number | undefined;
  readonly up?: boolean | undefined;
  /** why ElectrumX is down, in words */
  readonly downReason?: string | undefined;
  readonly electrumxVersion?: string | undefined;
  readonly coin?: string | undefined;
  readonly daemonHeight?: number | undefined;
  readonly dbHeight?: number | undefined;
  readonly sessions?: number | undefined;
  readonly sessionsLimit?: number | undefined;
  /** the wallets' view: one entry per probed service */
  readonly probe?: readonly ProbeFacts[] | undefined;
  readonly collectors?: readonly CollectorFacts[] | undefined;
}

export interface ProbeFacts {
  /** tcp, ssl, ws or wss */
  readonly transport: string;
  readonly port: number;
  readonly ok: boolean;
  /** the step that failed, such as `tls` */
  readonly failedStep?: string | undefined;
}

export interface CollectorFacts {
  readonly name: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly seconds: number;
  /** in words: why it failed or was skipped, or why its result is incomplete */
  readonly reason?: string | undefined;
}

/** Renders the page. `runbook` is the path of the runbook, if there is one. */
export function landingPage(facts: LandingFacts, runbook?: string): string {
  const { version, target, telemetryPath } = facts;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${facts.up === false ? 'Down: ' : ''}ElectrumX at ${escapeHtml(target)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>ElectrumX exporter</h1>
<p>Metrics of the ElectrumX server at <code>${escapeHtml(target)}</code></p>
</header>
<main>
${status(facts)}
${keyFigures(facts)}
<nav>
<a href="${relativeLink(telemetryPath)}">Metrics</a>
${runbook === undefined ? '' : `<a href="${relativeLink(runbook)}">Runbook</a>`}
</nav>
${walletsView(facts)}
${collectorTable(facts)}
</main>
<footer>electrumx-exporter ${escapeHtml(version)} · <a href="./-/healthy">healthy</a> · <a href="./-/ready">ready</a></footer>
</body>
</html>
`;
}

function status(facts: LandingFacts): string {
  const { scrapedAt, up, downReason } = facts;
  if (up === undefined) {
    return banner('unknown', 'Not scraped yet', ['The first request for the metrics scrapes ElectrumX.']);
  }
  const when = scrapedAt === undefined ? [] : [`Last scrape: ${time(scrapedAt)}.`];
  if (!up) return banner('failed', 'ElectrumX is down', [asSentence(downReason ?? 'LocalRPC did not answer'), ...when]);
  const found = problems(facts);
  if (found.length > 0) return banner('warning', 'ElectrumX is up, with problems', [...found, ...when]);
  return banner('ok', 'ElectrumX is up', when);
}

function asSentence(reason: string): string {
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
}

/** What is wrong with a server that is up, one sentence each. */
function problems({ daemonHeight, dbHeight, probe = [], collectors = [] }: LandingFacts): string[] {
  const lag = daemonHeight === undefined || dbHeight === undefined ? 0 : daemonHeight - dbHeight;
  return [
    ...(lag > 1 ? [`The index is ${number(lag)} blocks behind the daemon.`] : []),
    ...(lag < 0 ? [`The daemon is ${number(-lag)} blocks below the index.`] : []),
    ...probe.filter(({ ok }) => !ok).map(({ transport, port }) => `Wallets cannot use ${transport} port ${port}.`),
    ...collectors.filter(({ state }) => state === 'failed').map(({ name }) => `The collector ${name} failed.`),
  ];
}

function banner(state: 'ok' | 'warning' | 'failed' | 'unknown', title: string, sentences: readonly string[]): string {
  const lines = sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`);
  return `<section class="banner ${state}"><h2>${title}</h2>${lines.join('')}</section>`;
}

function keyFigures({ electrumxVersion, coin, daemonHeight, dbHeight, sessions, sessionsLimit }: LandingFacts): string {
  const share =
    sessions === undefined || !sessionsLimit ? '' : ` (${Math.round((100 * sessions) / sessionsLimit)}\u00a0%)`;
  const limit = sessionsLimit === undefined ? '' : ` of ${number(sessionsLimit)}${share}`;
  const figures: readonly (readonly [name: string, value: string | undefined])[] = [
    ['Version', electrumxVersion],
    ['Coin', coin],
    ['Daemon height', daemonHeight === undefined ? undefined : number(daemonHeight)],
    ['Index height', dbHeight === undefined ? undefined : number(dbHeight)],
    ['Sessions', sessions === undefined ? undefined : `${number(sessions)}${limit}`],
  ];
  const shown = figures.flatMap(([name, value]) =>
    value === undefined ? [] : [`<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`],
  );
  return shown.length === 0 ? '' : `<dl>${shown.join('\n')}</dl>`;
}

function walletsView({ probe = [] }: LandingFacts): string {
  if (probe.length === 0) return '';
  const rows = probe.map(({ transport, port, ok, failedStep }) => [
    `${escapeHtml(transport)} port ${port}`,
    result(ok ? 'ok' : 'failed', failedStep === undefined ? undefined : `at ${failedStep}`),
  ]);
  return table("Wallets' view", ['Service', 'Result'], rows);
}

function collectorTable({ collectors = [] }: LandingFacts): string {
  if (collectors.length === 0) return '';
  const rows = collectors.map(({ name, state, seconds, reason }) => [
    escapeHtml(name),
    result(state, reason),
    `${seconds.toFixed(3)} s`,
  ]);
  return table('Collectors', ['Collector', 'Result', 'Time'], rows);
}

function result(state: CollectorFacts['state'], detail: string | undefined): string {
  return `<b class="${state}">${state}</b>${detail === undefined ? '' : ` ${escapeHtml(detail)}`}`;
}

function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (tag: 'th' | 'td', cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<h2>${title}</h2>
<table>
<thead>${row('th', columns)}</thead>
<tbody>
${rows.map((cells) => row('td', cells)).join('\n')}
</tbody>
</table>`;
}

/** Works at any path prefix of a reverse proxy. The dot keeps a colon in the path from being read as a scheme. */
function relativeLink(path: string): string {
  return escapeHtml(`.${path}`);
}

function time(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1c2127; --muted: #5b6570; --line: #d9dee4; --page: #fff; --card: #f5f7f9; --link: #0b5cad;
  --ok: #176b2c; --warning: #8a5a00; --failed: #a4161a; --unknown: #5b6570;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e3e7eb; --muted: #9aa5b1; --line: #333b44; --page: #14181c; --card: #1d2329; --link: #7db8f5;
    --ok: #6fcf87; --warning: #e5b454; --failed: #ff8a80; --unknown: #9aa5b1;
  }
}
* { box-sizing: border-box; }
body {
  background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif;
  margin: 0 auto; max-width: 52rem; overflow-wrap: break-word; padding: 1.5rem 1rem;
}
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
p { margin: 0.25rem 0 0; }
a { color: var(--link); }
header p, footer, dt, th { color: var(--muted); }
.banner { background: var(--card); border-left: 0.4rem solid; border-radius: 0.25rem; margin: 1.25rem 0; padding: 0.75rem 1rem; }
.banner h2 { font-size: 1.25rem; margin: 0; }
.banner p { color: var(--text); }
.ok { color: var(--ok); } .warning, .skipped { color: var(--warning); } .failed { color: var(--failed); } .unknown { color: var(--unknown); }
dl { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); margin: 1.25rem 0; }
dl div { background: var(--card); border-radius: 0.25rem; padding: 0.5rem 0.75rem; }
dt, th { font-size: 0.875rem; font-weight: normal; }
dd { font-weight: 600; margin: 0; }
nav { display: flex; flex-wrap: wrap; gap: 0.75rem; }
nav a { border: 1px solid var(--line); border-radius: 0.25rem; min-width: 8rem; padding: 0.5rem 1rem; text-align: center; text-decoration: none; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 0.4rem 0.75rem 0.4rem 0; text-align: left; vertical-align: top; }
th:first-child, td:first-child { white-space: nowrap; width: 9rem; }
td { overflow-wrap: anywhere; }
th:last-child:nth-child(3), td:last-child:nth-child(3) { padding-right: 0; text-align: right; white-space: nowrap; }
@media (max-width: 30rem) {
  dl div:last-child:nth-child(odd) { grid-column: 1 / -1; }
  th:first-child, td:first-child { width: 1%; }
}
footer { font-size: 0.875rem; margin-top: 2rem; }
`;
