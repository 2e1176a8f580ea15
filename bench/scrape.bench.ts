// What a scrape costs on top of what ElectrumX itself needs: the baseline asks the same questions and throws the answers away.
import { afterAll, bench, describe } from 'vitest';
import { pino } from 'pino';
import { parseConfig } from '../src/config/parse.ts';
import { startExporter } from '../src/exporter.ts';
import { COLLECTOR_NAMES } from '../src/outcome.ts';
import { connect } from '../src/rpc/client.ts';
import { startSimulator } from '../src/simulator/server.ts';

const OWN = {
  nodeVersion: process.version,
  startTime: 0,
  cpuSeconds: { user: 0, system: 0 },
  residentMemoryBytes: 0,
  heapUsedBytes: 0,
  heapTotalBytes: 0,
  openFds: 0,
};

describe.each([100, 1_000, 10_000])('%i sessions', async (sessions) => {
  const simulator = await startSimulator({ era: 'F', sessions, seed: 7 });
  const flags = [`--electrumx.rpc-address=127.0.0.1:${simulator.port}`, '--web.listen-address=127.0.0.1:0'];
  const parsed = parseConfig([...flags, '--collector.sessions.max-pairs=1000000000'], {});
  if (!parsed.ok) throw new Error(parsed.mistakes.join('\n'));
  const log = pino({ enabled: false });
  const exporter = await startExporter(parsed.config, { version: '0', log, own: () => OWN, now: Date.now });
  const url = `http://127.0.0.1:${exporter.ports[0] ?? 0}/metrics`;
  afterAll(async () => {
    await exporter.stop();
    await simulator.stop();
  });

  bench('the four answers of LocalRPC, thrown away (baseline)', async () => {
    const connection = await connect(
      { host: '127.0.0.1', port: simulator.port },
      { timeoutMs: 5_000, maxResponseBytes: 2 ** 26 },
    );
    for (const name of COLLECTOR_NAMES) await connection.call(name, [], 5_000);
    connection.close();
  });

  bench('a scrape over HTTP', async () => {
    await (await fetch(url)).text();
  });
});
