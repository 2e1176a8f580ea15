// A real ElectrumX with client ports of several transports and a certificate of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dispose, startElectrumX, type Daemon, type ElectrumX } from './electrumx.ts';
import { freePorts, runToEnd } from './process.ts';
import type { Release } from './tools.ts';

export interface ClientPorts {
  readonly electrumx: ElectrumX;
  /** `ssl://127.0.0.1:50002`, by transport. */
  readonly services: ReadonlyMap<string, string>;
  readonly certificateFile: string;
  close(): Promise<void>;
}

export interface ClientPortsOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** For how long the certificate is valid; a year if not given. */
  readonly days?: number;
  /** PORTS_OF_A_SERVER free ports. Servers that start at the same time could otherwise find the same ones. */
  readonly ports?: readonly number[];
}

export const TRANSPORTS = ['tcp', 'ssl', 'ws', 'wss'] as const;

/** One for each transport, and that of LocalRPC. */
export const PORTS_OF_A_SERVER = TRANSPORTS.length + 1;

/** Writes a self-signed certificate and its key into a folder, as `server.crt` and `server.key`. */
export async function writeCertificate(folder: string, days: number): Promise<void> {
  const files = ['-keyout', join(folder, 'server.key'), '-out', join(folder, 'server.crt')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const args = ['req', '-x509', ...key, ...files, '-days', String(days), '-subj', '/CN=localhost'];
  const { code, output } = await runToEnd('openssl', args);
  if (code !== 0) throw new Error(output);
}

/** Starts the release with all transports. */
export async function startClientPorts(
  release: Release,
  bitcoind: Daemon,
  { env = {}, days = 365, ports }: ClientPortsOptions = {},
): Promise<ClientPorts> {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  await writeCertificate(folder, days);
  const [rpcPort = 0, ...clientPorts] = ports ?? (await freePorts(PORTS_OF_A_SERVER));
  const [tcpPort = 0] = clientPorts;
  const services = new Map<string, string>(
    TRANSPORTS.map((transport, index) => [transport, `${transport}://127.0.0.1:${clientPorts[index] ?? 0}`]),
  );
  const certificateFile = join(folder, 'server.crt');
  const electrumx = await startElectrumX(release, bitcoind, {
    ports: { tcpPort, rpcPort },
    env: {
      SERVICES: [...services.values(), `rpc://127.0.0.1:${rpcPort}`].join(),
      SSL_CERTFILE: certificateFile,
      SSL_KEYFILE: join(folder, 'server.key'),
      ...env,
    },
  });
  const close = async () => {
    // One that is stopped, or waits for its daemon, does not end by itself.
    await electrumx.process.stop('SIGKILL');
    await dispose(electrumx);
    rmSync(folder, { recursive: true, force: true });
  };
  return { electrumx, services, certificateFile, close };
}

/** Flags with which an exporter probes services on every scrape: those of the server, unless others are given. */
export function exporterFlags(
  { services, certificateFile }: ClientPorts,
  probed: readonly string[] = [...services.values()],
): string[] {
  return [
    `--collector.probe.services=${probed.join()}`,
    '--collector.probe.min-interval=0s',
    `--electrumx.ssl-certfile=${certificateFile}`,
  ];
}
