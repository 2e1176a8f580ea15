// Writes the matrix of who notices: faults of a real ElectrumX, and the seconds until three monitors see each of them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parseExposition, series, valueOf, type Exposition } from '../test/support/exposition.ts';
import { CLIENT_PORT_FAULTS, type ClientPortFault } from '../test/real/support/client-port-faults.ts';
import { makeClosers, type Closers } from '../test/real/support/closers.ts';
import { startScene } from '../test/real/support/probed-servers.ts';
import { freePort, run } from '../test/real/support/process.ts';
import { releases } from '../test/real/support/tools.ts';
import { waitFor } from '../test/real/support/wait.ts';

const DOCUMENT = resolve(import.meta.dirname, '../docs/what-a-wallet-sees.md');
const BETWEEN = /(<!-- who-notices -->)[^]*?(<!-- end -->)/;
const RELEASE = 'e-x-2.0.0';
const LIMIT_MS = 40_000;
const SOON = 21 * 86_400;

/** Whether a monitor can alert. */
type Monitor = (scene: Watched) => Promise<boolean>;
type Watched = { readonly exporter: () => Promise<Exposition>; readonly blackbox: () => Promise<Exposition[]> };

const value = (scraped: Exposition, name: string) => valueOf(scraped, name) ?? Number.NaN;
const values = (scraped: Exposition, name: string) => Object.values(series(scraped, name));
const soon = (expiry: number) => expiry > 0 && expiry - Date.now() / 1000 < SOON;

/** What LocalRPC reports: the server is down or full, or its heights differ. */
function localRpcIsWrong(scraped: Exposition): boolean {
  const [daemon, db] = ['electrumx_daemon_height', 'electrumx_db_height'].map((name) => value(scraped, name));
  const full = value(scraped, 'electrumx_sessions') >= value(scraped, 'electrumx_sessions_limit');
  return value(scraped, 'electrumx_up') === 0 || Math.abs((daemon ?? 0) - (db ?? 0)) >= 2 || full;
}

/** The conditions of the alerts on what a wallet sees, without their `for`. */
function walletIsWrong(scraped: Exposition): boolean {
  const tips = values(scraped, 'electrumx_probe_tip_height');
  return (
    values(scraped, 'electrumx_probe_success').includes(0) ||
    tips.some((tip) => value(scraped, 'electrumx_db_height') - tip >= 2) ||
    value(scraped, 'electrumx_probe_genesis_match') === 0 ||
    values(scraped, 'electrumx_probe_certificate_current').includes(0) ||
    values(scraped, 'electrumx_probe_certificate_not_after_timestamp_seconds').some(soon)
  );
}

const MONITORS: Readonly<Record<string, Monitor>> = {
  'exporter with the probe': async ({ exporter }) => {
    const scraped = await exporter();
    return localRpcIsWrong(scraped) || walletIsWrong(scraped);
  },
  'exporter without it': async ({ exporter }) => localRpcIsWrong(await exporter()),
  blackbox_exporter: async ({ blackbox }) =>
    (await blackbox()).some(
      (scraped) =>
        value(scraped, 'probe_success') === 0 || values(scraped, 'probe_ssl_earliest_cert_expiry').some(soon),
    ),
};

/** Wallets' requests as far as blackbox_exporter can send them: with fixed parameters, and replies matched by a pattern. */
function blackboxConfig(transaction: string, genesisHash: string): string {
  const ask = (method: string, params: readonly unknown[], expected: string) => [
    { send: JSON.stringify({ id: method, method, params }) },
    { expect: expected },
  ];
  const unused = '8b01df4e368ea28f8dc0423bcf7a4923e3a12d307c875e47a0cfbf90b5c39161';
  const conversation = [
    ...ask('server.version', ['blackbox', ['1.4', '1.4.2']], '"result"'),
    ...ask('blockchain.headers.subscribe', [], '"height"'),
    ...ask('blockchain.scripthash.get_balance', [unused], '"confirmed"'),
    ...ask('blockchain.transaction.get', [transaction], '"result": ?"'),
    ...ask('server.features', [], `"genesis_hash": ?"${genesisHash}"`),
  ];
  const tcp = { prober: 'tcp', timeout: '10s', tcp: { query_response: conversation } };
  const tls = { insecure_skip_verify: true };
  return JSON.stringify({ modules: { tcp, ssl: { ...tcp, tcp: { ...tcp.tcp, tls: true, tls_config: tls } } } });
}

/** Starts Debian's blackbox_exporter. Returns a function that probes a list of services with it. */
async function startBlackbox(config: string, closers: Closers) {
  const folder = mkdtempSync(join(tmpdir(), 'blackbox-'));
  closers.add(folder, (it) => rmSync(it, { recursive: true }));
  writeFileSync(join(folder, 'blackbox.yml'), config); // JSON is YAML
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [`--config.file=${join(folder, 'blackbox.yml')}`, `--web.listen-address=${address}`];
  const child = closers.add(run('prometheus-blackbox-exporter', flags), (it) => it.stop());
  await waitFor('blackbox_exporter', async () => (await fetch(`http://${address}/-/healthy`)).ok || undefined).catch(
    () => {
      throw new Error(child.output());
    },
  );
  return (services: readonly string[]) =>
    Promise.all(
      services.map(async (service) => {
        const [module, target] = service.split('://');
        const reply = await fetch(`http://${address}/probe?module=${module ?? ''}&target=${target ?? ''}`);
        return parseExposition(await reply.text());
      }),
    );
}

/** Seconds until a monitor notices, or `no`. Looks once a second. */
async function secondsUntil(notices: () => Promise<boolean>, startedAt: number): Promise<string> {
  while (performance.now() - startedAt < LIMIT_MS) {
    if (await notices()) return `${Math.max(1, Math.round((performance.now() - startedAt) / 1000))} s`;
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  return 'no';
}

async function rowOf(fault: ClientPortFault, name: string): Promise<string[]> {
  const closers = makeClosers();
  try {
    const scene = await startScene(fault, { releases: releases(name), timeout: '10s' }, closers);
    const [server] = scene.servers;
    if (!server) throw new Error(`${name} is not in the table`);
    const { exporter, services } = server;
    const [first, genesis] = [scene.bitcoind.chain.at(1), scene.bitcoind.chain.at(0)];
    const probe = await startBlackbox(blackboxConfig(first?.transaction.id ?? '', genesis?.hash ?? ''), closers);
    const targets = services.filter((service) => /^(?:tcp|ssl):/.test(service));
    const watched: Watched = { exporter: () => exporter.scrape(), blackbox: () => probe(targets) };
    const monitors = Object.values(MONITORS);
    // A server with few sessions closes its ports when all monitors come at once.
    if (fault.begin && !fault.server) {
      const early = await Promise.all(monitors.map((monitor) => monitor(watched)));
      if (early.includes(true)) throw new Error(`${fault.name}: noticed before it began: ${String(early)}`);
    }
    await fault.begin?.(scene);
    const startedAt = performance.now();
    const title = name === RELEASE ? fault.name : `${fault.name}, on ${name}`;
    return [title, ...(await Promise.all(monitors.map((one) => secondsUntil(() => one(watched), startedAt))))];
  } finally {
    await closers.closeAll();
  }
}

const rows = [
  ['fault', ...Object.keys(MONITORS)],
  ['---', '---', '---', '---'],
];
for (const fault of CLIENT_PORT_FAULTS) {
  for (const name of [RELEASE, ...(fault.differsOn ?? [])]) {
    const row = await rowOf(fault, name);
    process.stdout.write(`${row.join(' | ')}\n`);
    rows.push(row);
  }
}
const table = rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
const text = readFileSync(DOCUMENT, 'utf8').replace(
  BETWEEN,
  (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`,
);
writeFileSync(DOCUMENT, await format(text, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }));
