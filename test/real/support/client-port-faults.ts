// Faults that wallets see, on real servers: each is an action on a server that works.
import { dirname } from 'node:path';
import { startSimulator } from '../../../src/simulator/server.ts';
import { writeCertificate } from './client-ports.ts';
import { connectClient } from './electrum-client.ts';
import { heights } from './electrumx.ts';
import type { ProbedServer, Scene, Setup } from './probed-servers.ts';
import { waitFor } from './wait.ts';

export interface ClientPortFault extends Setup {
  readonly name: string;
  /** Releases other than 2.0.0 whose wallets get something else. */
  readonly differsOn?: readonly string[];
  /** Begins the fault; resolves when LocalRPC has noticed what it can. */
  readonly begin?: (scene: Scene) => unknown;
}

/** Waits until LocalRPC of each server has the height of the chain. */
async function reached(which: 'daemon' | 'db', { servers, bitcoind }: Scene): Promise<void> {
  const expected = bitcoind.chain.height();
  for (const { ports } of servers) {
    await waitFor(`${which} height ${expected}`, async () => {
      const { [which]: now } = heights(await ports.electrumx.ask('getinfo'));
      return now === expected ? true : undefined;
    });
  }
}

const forEach =
  (act: (server: ProbedServer, scene: Scene) => unknown) =>
  (scene: Scene): Promise<unknown> =>
    Promise.all(scene.servers.map((server) => act(server, scene)));

/** Connects clients to each server, which stay until the end. */
const connectClients = (count: number) =>
  forEach(({ ports }, { closers }) => {
    const connect = async (name: string) => {
      // The sessions of a probe, or a query to LocalRPC, may have closed the ports, too.
      const client = await waitFor('open ports', () => connectClient(ports.electrumx.tcpPort, { name }));
      closers.add(client, (it) => it.close());
    };
    return Promise.all(Array.from({ length: count }, (_, n) => connect(`client ${n}`)));
  });

export const CLIENT_PORT_FAULTS: readonly ClientPortFault[] = [
  { name: 'bitcoind is killed', begin: ({ bitcoind }) => bitcoind.signal('SIGKILL') },
  { name: 'bitcoind is stopped (SIGSTOP)', begin: ({ bitcoind }) => bitcoind.signal('SIGSTOP') },
  {
    name: "bitcoind's getrawmempool hangs, and three blocks arrive",
    differsOn: ['e-x-1.20.0'],
    begin: async (scene) => {
      scene.bitcoind.hold('getrawmempool');
      scene.bitcoind.chain.grow(3);
      await reached('db', scene);
    },
  },
  {
    name: 'bitcoind is rolled back ten blocks below the index',
    begin: async (scene) => {
      scene.bitcoind.chain.rollBack(10);
      await reached('daemon', scene);
    },
  },
  {
    name: 'three sessions reach MAX_SESSIONS=3, and the ports are closed',
    server: { env: { MAX_SESSIONS: '3' } },
    flags: ['--electrumx.max-sessions=3'],
    begin: connectClients(3),
  },
  {
    name: 'ten sessions reach a MAX_SESSIONS that the exporter does not know',
    server: { env: { MAX_SESSIONS: '10' } },
    begin: connectClients(10),
  },
  { name: 'the certificate expires within a day', server: { days: 1 } },
  {
    name: 'the certificate is replaced on disk, and the old one is served',
    begin: forEach(({ ports }) => writeCertificate(dirname(ports.certificateFile), 365)),
  },
  {
    name: 'nothing listens on the ssl port',
    services: ({ services }) => [services.get('tcp') ?? '', 'ssl://127.0.0.1:1'],
  },
  {
    name: 'the client ports are those of another chain',
    services: async (_ports, closers) => {
      const services = [{ transport: 'tcp' }, { transport: 'ssl' }] as const;
      const other = closers.add(await startSimulator({ era: 'G', services }), (it) => it.stop());
      return other.services.map(({ transport, port }) => `${transport}://127.0.0.1:${port}`);
    },
  },
  {
    name: 'ElectrumX is stopped (SIGSTOP)',
    begin: forEach(({ ports }) => process.kill(ports.electrumx.process.pid, 'SIGSTOP')),
  },
];
