// The demo: a lively simulated ElectrumX and an exporter in front of it, in one process.
import type { Config } from './config/parse.ts';
import { startExporter, type Surroundings } from './exporter.ts';
import { startSimulator } from './simulator/server.ts';

const SHOWN =
  /^electrumx_(up|info|daemon_height|db_height|sessions|subs|peers|group_cost|sessions_by_transport|requests_total)[ {]/;
const MOST_LINES = 24;

/** The client ports of the simulated server, for the probe. */
const SERVICES = (['tcp', 'ssl', 'ws', 'wss'] as const).map((transport) => ({ transport }));

/** What is true of the simulated server: its limits, the first of its daemons, and what it is called among its peers. */
const TOLD = {
  maxSessions: 1000,
  costSoftLimit: 1000,
  costHardLimit: 10_000,
  primaryDaemon: '127.0.0.1:8332/',
  reportedHosts: ['electrum0.example.org'],
};

/** Starts both, scrapes once, and tells what can be seen where. */
export async function startDemo(
  config: Config,
  around: Surroundings,
  write: (text: string) => void,
): Promise<{ stop: () => Promise<void> }> {
  const simulator = await startSimulator({ era: 'F', sessions: 250, seed: 7, now: around.now, services: SERVICES });
  const rpcAddress = { host: '127.0.0.1', port: simulator.port };
  try {
    const exporter = await startExporter({ ...config, ...TOLD, rpcAddress }, around);
    const { host = 'localhost' } = config.listenAddresses[0] ?? {};
    const site = `http://${host.includes(':') ? `[${host}]` : host}:${exporter.ports[0] ?? 0}`;
    write(await story(site, config.telemetryPath, simulator.port));
    const stop = async () => {
      await Promise.all([exporter.stop(), simulator.stop()]);
    };
    return { stop };
  } catch (error) {
    await simulator.stop();
    throw error;
  }
}

async function story(site: string, path: string, rpcPort: number): Promise<string> {
  const metrics = await (await fetch(site + path)).text();
  const lines = metrics.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const shown = lines.filter((line) => SHOWN.test(line)).slice(0, MOST_LINES);
  return `A simulated ElectrumX 1.20 with 250 sessions answers LocalRPC on port ${rpcPort}, and the exporter asks it.

  metrics        ${site}${path}
  landing page   ${site}/
  LocalRPC       node dist/cli/main.js -p ${rpcPort} sessions --top 5

Some of the ${lines.length} series of the first scrape:

${shown.map((line) => `  ${line}`).join('\n')}

Ask again in a while: blocks arrive, clients come and go. Ctrl-C ends it.
`;
}
