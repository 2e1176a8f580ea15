// The demo: a simulated ElectrumX and an exporter for it, in one process.
import { parseConfig, type Config, type Parsed } from './config/parse.ts';
import { formatHostPort } from './electrumx/address.ts';
import { startExporter, type Runtime } from './exporter.ts';
import { startSimulator, type Simulator } from './simulator/server.ts';
import { TRANSPORTS } from './simulator/wallet/services.ts';

const SHOWN_METRICS =
  /^electrumx_(up|info|daemon_height|db_height|sessions|subs|peers|group_cost|sessions_by_transport|requests_total|probe_(success|tip_height|genesis_match))[ {]/;
const MAX_LINES_EACH = 4;

/** Settings of the simulated server. */
const SERVER_SETTINGS = {
  maxSessions: 1000,
  costSoftLimit: 1000,
  costHardLimit: 10_000,
  daemons: ['127.0.0.1:8332/'],
  reportedHosts: ['electrum0.example.org'],
};

/** The demo sets these itself, and serves this machine only. */
const NOT_IN_DEMO =
  /^--(electrumx\.(rpc-address|max-sessions|cost-|daemon-url|report-services)|collector\.probe\.services|web\.config\.file|config\.check|healthcheck)/;

/** The configuration of a demo with these arguments, or all errors in them. The environment is ignored. */
export function demoConfig(argv: readonly string[]): Parsed {
  const defaults = ['--web.listen-address=127.0.0.1:10061', '--log.level=warn'].filter(
    (flag) => !argv.some((given) => given.split('=', 1)[0] === flag.split('=', 1)[0]),
  );
  const parsed = parseConfig([...defaults, ...argv], {});
  const misplaced = argv
    .filter((flag) => NOT_IN_DEMO.test(flag))
    .map((flag) => `${flag}: not allowed in the demo, which sets it itself`);
  if (misplaced.length === 0) return parsed;
  return { ok: false, errors: [...misplaced, ...(parsed.ok ? [] : parsed.errors)], actions: parsed.actions };
}

/** Starts both, scrapes once, and writes what can be seen where. */
export async function startDemo(
  config: Config,
  runtime: Runtime,
  write: (text: string) => void,
): Promise<{ stop: () => Promise<void> }> {
  const services = TRANSPORTS.map((transport) => ({ transport }));
  const simulator = await startSimulator({ era: 'F', sessions: 250, seed: 7, now: runtime.now, services });
  const rpcAddress = { host: '127.0.0.1', port: simulator.port };
  try {
    const probe = { ...config.collectors.probe, services: simulator.services };
    const collectors = { ...config.collectors, probe };
    const exporter = await startExporter({ ...config, ...SERVER_SETTINGS, rpcAddress, collectors }, runtime);
    const { host = 'localhost' } = config.listenAddresses[0] ?? {};
    const site = `http://${formatHostPort({ host, port: exporter.ports[0] ?? 0 })}`;
    write(await introduction(site, config.telemetryPath, simulator));
    const stop = async () => {
      await Promise.all([exporter.stop(), simulator.stop()]);
    };
    return { stop };
  } catch (error) {
    await simulator.stop();
    throw error;
  }
}

async function introduction(site: string, path: string, simulator: Simulator): Promise<string> {
  const metrics = await (await fetch(site + path)).text();
  const lines = metrics.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const shown = firstOfEach(lines.filter((line) => SHOWN_METRICS.test(line)));
  const { port: rpcPort, services } = simulator;
  const clientPorts = services.map(({ transport, port }) => `${transport} ${port}`).join(', ');
  return `A simulated ElectrumX 1.20 with 250 sessions. The exporter queries its LocalRPC on port ${rpcPort}
and probes its client ports: ${clientPorts}.

  metrics        ${site}${path}
  landing page   ${site}/
  LocalRPC       node dist/cli/main.js -p ${rpcPort} sessions --top 5

Some of the ${lines.length} series of the first scrape:

${shown.map((line) => `  ${line}`).join('\n')}

Scrape again after a while: blocks arrive, clients come and go. Ctrl-C ends the demo.
`;
}

/** The first lines of each metric. */
function firstOfEach(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return lines.filter((line) => {
    const [name = ''] = line.split(/[ {]/, 1);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count <= MAX_LINES_EACH;
  });
}
