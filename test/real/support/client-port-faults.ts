// Faults that wallets see, on real servers: each is an action on a server that works.
import { dirname } from 'node:path';
import { startSimulator } from '../../../src/simulator/server.ts';
import type { Bitcoind } from './bitcoind.ts';
import { writeCertificate, type ClientPorts, type ClientPortsOptions } from './client-ports.ts';
import type { Closers } from './closers.ts';
import { connectClient } from './electrum-client.ts';
import { heights } from './electrumx.ts';
import { freePort } from './process.ts';
import { waitFor } from './wait.ts';

export interface Scene {
  readonly bitcoind: Bitcoind;
  readonly ports: ClientPorts;
  readonly closers: Closers;
}

export interface ClientPortFault {
  readonly name: string;
  /** Releases other than 2.0.0 whose wallets get something else. */
  readonly differsOn?: readonly string[];
  /** How the server has to be started. */
  readonly options?: ClientPortsOptions;
  /** Where the probe connects instead of the server's client ports. */
  readonly services?: (scene: Scene) => Promise<string>;
  /** Begins the fault; resolves when LocalRPC has noticed what it can. */
  readonly begin?: (scene: Scene) => unknown;
}

/** All methods of bitcoind that ElectrumX calls once it is in step. */
const CALLS = [
  'getblockcount',
  'getblockhash',
  'getblock',
  'getrawmempool',
  'getrawtransaction',
  'getnetworkinfo',
  'getmempoolinfo',
];

const height = async (ports: ClientPorts, which: 'daemon' | 'db', expected: number) =>
  waitFor(`${which} height ${expected}`, async () => {
    const { [which]: now } = heights(await ports.electrumx.ask('getinfo'));
    return now === expected ? true : undefined;
  });

export const CLIENT_PORT_FAULTS: readonly ClientPortFault[] = [
  { name: 'bitcoind is killed', begin: ({ bitcoind }) => bitcoind.close() },
  {
    name: 'bitcoind is stopped (SIGSTOP)',
    begin: ({ bitcoind }) => {
      for (const method of CALLS) bitcoind.hold(method);
    },
  },
  {
    name: "bitcoind's getrawmempool hangs, and three blocks arrive",
    differsOn: ['e-x-1.20.0'],
    begin: async ({ bitcoind, ports }) => {
      bitcoind.hold('getrawmempool');
      bitcoind.chain.grow(3);
      await height(ports, 'db', bitcoind.chain.height());
    },
  },
  {
    name: 'bitcoind is rolled back ten blocks below the index',
    begin: async ({ bitcoind, ports }) => {
      bitcoind.chain.rollBack(10);
      await height(ports, 'daemon', bitcoind.chain.height());
    },
  },
  {
    name: 'sessions reach MAX_SESSIONS, and the ports are closed',
    options: { env: { MAX_SESSIONS: '10' } },
    begin: async ({ ports, closers }) => {
      for (let n = 0; n < 10; n++) {
        // The sessions of a probe may have closed the ports, too.
        const client = await waitFor('open ports', () =>
          connectClient(ports.electrumx.tcpPort, { name: `client ${n}` }),
        );
        closers.add(client, (it) => it.close());
      }
    },
  },
  { name: 'the certificate expires within a day', options: { days: 1 } },
  {
    name: 'the certificate is replaced on disk, and the old one is served',
    begin: ({ ports }) => writeCertificate(dirname(ports.certificateFile), 365),
  },
  {
    name: 'nothing listens on the ssl port',
    services: async ({ ports }) => `${ports.services.get('tcp') ?? ''},ssl://127.0.0.1:${await freePort()}`,
  },
  {
    name: 'the client ports are those of another chain',
    services: async ({ closers }) => {
      const services = [{ transport: 'tcp' }, { transport: 'ssl' }] as const;
      const other = closers.add(await startSimulator({ era: 'G', services }), (it) => it.stop());
      return other.services.map(({ transport, port }) => `${transport}://127.0.0.1:${port}`).join();
    },
  },
  {
    name: 'ElectrumX is stopped (SIGSTOP)',
    begin: ({ ports, closers }) => {
      const { pid } = ports.electrumx.process;
      process.kill(pid, 'SIGSTOP');
      closers.add(pid, () => process.kill(pid, 'SIGCONT'));
    },
  },
];
