// Settings in ElectrumX's own environment, such as the address of LocalRPC: a sidecar can share the server's env file.
import { bracketed, reachableHost } from '../electrumx/address.ts';
import { blockSeconds } from '../electrumx/coins.ts';
import { plainInteger } from '../electrumx/python-integer.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value for an option that is not given. `given` is the value of the variable `origin`, for error messages. */
export interface Derived {
  readonly origin: string;
  readonly given: string;
  readonly text: string;
  /** what is allowed there, if it is written in another way than the option */
  readonly expects?: string;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = '8000';

/** `rpc` alone is enough for ElectrumX. */
const isLocalRpc = (service: string) => /^rpc(:\/\/|$)/i.test(service);

function services(env: Environment): string[] {
  const all = env['SERVICES']?.split(',') ?? [];
  return all.map((service) => service.trim()).filter((service) => service !== '');
}

/** The `rpc://` entry of SERVICES (1.12 and later), else RPC_HOST and RPC_PORT (before), else nothing. */
export function rpcAddressFromElectrumX(env: Environment): Derived | undefined {
  const service = services(env).find(isLocalRpc);
  if (service !== undefined) {
    const text = fromService(service.slice('rpc://'.length));
    return { origin: 'SERVICES', given: service, text, expects: 'rpc://[HOST][:PORT], without quotes' };
  }
  const host = env['RPC_HOST']?.trim();
  const port = plainInteger(env['RPC_PORT'] ?? '');
  if (!host && !port) return undefined;
  // RPC_HOST can be a list: the server listens on each, so the first one is enough.
  const first = host?.split(',', 1)[0]?.trim();
  const text = `${bracketed(reachableHost(first || DEFAULT_HOST))}:${port || DEFAULT_PORT}`;
  const portIsWrong = port !== '' && !/^[1-9]\d{0,4}$/.test(port);
  return host && !portIsWrong
    ? { origin: 'RPC_HOST', given: host, text, expects: 'the name or the address of a host' }
    : { origin: 'RPC_PORT', given: port, text, expects: 'a port from 1 to 65535' };
}

/** `rpc://`, `rpc://:8001`, `rpc://host`, `rpc://host:8001`, `rpc://[::1]:8001`. */
function fromService(place: string): string {
  const [, host = '', port = ''] = /^(\[.*\]|[^:]*)(?::(.*))?$/.exec(place) ?? [undefined, place, ''];
  return `${reachableHost(host || DEFAULT_HOST)}:${port || DEFAULT_PORT}`;
}

/** The mean time between blocks of COIN, if it is known and NET is its main network. */
export function blockIntervalFromElectrumX({ COIN: coin, NET: net }: Environment): Derived | undefined {
  const seconds = blockSeconds(coin);
  if (coin === undefined || seconds === undefined || !/^\s*(mainnet\s*)?$/i.test(net ?? '')) return undefined;
  return { origin: 'COIN', given: coin, text: `${seconds}s` };
}

/** Warns of a SERVICES without LocalRPC. Since 1.12 the server then has none, and every scrape would fail as `refused`. */
export function missingLocalRpc(env: Environment): string[] {
  const silent = services(env).length > 0 && !services(env).some(isLocalRpc);
  return silent
    ? ['SERVICES has no rpc:// entry: ElectrumX 1.12 and later has no LocalRPC then, and there is nothing to scrape']
    : [];
}
