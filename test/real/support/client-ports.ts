// A real ElectrumX with client ports of several transports and a certificate of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bitcoind } from './bitcoind.ts';
import { dispose, startElectrumX, type ElectrumX } from './electrumx.ts';
import { freePort, runToEnd } from './process.ts';
import type { Release } from './tools.ts';

export interface ClientPorts {
  readonly electrumx: ElectrumX;
  /** `ssl://127.0.0.1:50002`, by transport. */
  readonly services: ReadonlyMap<string, string>;
  readonly certificateFile: string;
  /** Flags with which an exporter probes the ports on every scrape. */
  readonly flags: readonly string[];
  close(): Promise<void>;
}

export interface ClientPortsOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** For how long the certificate is valid; a year if not given. */
  readonly days?: number;
}

/** The transports that a release serves with the installed `websockets`, which electrumx 1.20.2 is too old for. */
export function transportsOf({ name }: Release): readonly string[] {
  return name.startsWith('electrumx-') ? ['tcp', 'ssl'] : ['tcp', 'ssl', 'ws', 'wss'];
}

/** Writes a self-signed certificate and its key into a folder, as `server.crt` and `server.key`. */
export async function writeCertificate(folder: string, days: number): Promise<void> {
  const files = ['-keyout', join(folder, 'server.key'), '-out', join(folder, 'server.crt')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const args = ['req', '-x509', ...key, ...files, '-days', String(days), '-subj', '/CN=localhost'];
  const { code, output } = await runToEnd('openssl', args);
  if (code !== 0) throw new Error(output);
}

/** Starts the release with all transports that it can serve. */
export async function startClientPorts(
  release: Release,
  bitcoind: Bitcoind,
  { env = {}, days = 365 }: ClientPortsOptions = {},
): Promise<ClientPorts> {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  await writeCertificate(folder, days);
  const services = new Map<string, string>();
  for (const transport of transportsOf(release))
    services.set(transport, `${transport}://127.0.0.1:${await freePort()}`);
  const [tcpPort, rpcPort] = [Number(services.get('tcp')?.split(':').at(-1)), await freePort()];
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
  const flags = [
    `--collector.probe.services=${[...services.values()].join()}`,
    '--collector.probe.min-interval=0s',
    `--electrumx.ssl-certfile=${certificateFile}`,
  ];
  const close = async () => {
    await dispose(electrumx);
    rmSync(folder, { recursive: true, force: true });
  };
  return { electrumx, services, certificateFile, flags, close };
}
