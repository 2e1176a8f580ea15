// Where LocalRPC listens, as ElectrumX's own environment tells it: a sidecar can share the server's env file.

export type Environment = Readonly<Record<string, string | undefined>>;

/** A text that stands in for an option that was not given: `given` is what stands in the variable `origin`, for error messages. */
export interface Derived {
  readonly origin: string;
  readonly given: string;
  readonly text: string;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = '8000';

/** The `rpc://` entry of SERVICES (1.12 and later), else RPC_HOST and RPC_PORT (before), else nothing. */
export function rpcAddressFromElectrumX(env: Environment): Derived | undefined {
  const service = env['SERVICES']
    ?.split(',')
    .map((entry) => entry.trim())
    .find((entry) => /^rpc:\/\//i.test(entry));
  if (service !== undefined)
    return { origin: 'SERVICES', given: service, text: fromService(service.slice('rpc://'.length)) };
  const { RPC_HOST: host, RPC_PORT: port } = env;
  if (!host && !port) return undefined;
  const from = port ? { origin: 'RPC_PORT', given: port } : { origin: 'RPC_HOST', given: host ?? '' };
  return { ...from, text: `${bracketed(reachable(host || DEFAULT_HOST))}:${port || DEFAULT_PORT}` };
}

/** `rpc://`, `rpc://:8001`, `rpc://host`, `rpc://host:8001`, `rpc://[::1]:8001`. */
function fromService(place: string): string {
  const [, host = '', port = ''] = /^(\[.*\]|[^:]*)(?::(.*))?$/.exec(place) ?? [undefined, place, ''];
  return `${reachable(host || DEFAULT_HOST)}:${port || DEFAULT_PORT}`;
}

/** A server that listens on every interface is reached over loopback. */
function reachable(host: string): string {
  return { '0.0.0.0': '127.0.0.1', '::': '::1', '[::]': '[::1]' }[host] ?? host;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
