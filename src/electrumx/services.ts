// The client ports of a server, read from ElectrumX's SERVICES or from a list written like it.
import { isIPv4, isIPv6 } from 'node:net';
import { formatHostPort, reachableHost } from './address.ts';

export const TRANSPORTS = ['tcp', 'ssl', 'ws', 'wss'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** A port that clients connect to. An IPv6 host has no brackets. */
export interface Service {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  /** It listens on all interfaces of its host; `host` is loopback then. */
  readonly allInterfaces?: true;
}

/** `rpc` is the other protocol of SERVICES: LocalRPC, which is not for clients. */
const ENTRY = /^(tcp|ssl|wss?|rpc):\/\/(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/i;
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/**
 * The client entries of a list such as `tcp://:50001,ssl://127.0.0.1:50002,rpc://`, each service once.
 * Follows ElectrumX: entries are separated by commas, empty ones and `rpc://` are skipped, a host may be left out, a port may not.
 * `undefined` if any entry is not valid.
 */
export function parseServices(list: string): readonly Service[] | undefined {
  const services = new Map<string, Service>();
  for (const entry of list.split(',').map((part) => part.trim())) {
    if (entry === '' || entry.toLowerCase() === 'rpc') continue;
    const match = ENTRY.exec(entry);
    if (!match) return undefined;
    const [, scheme = '', ipv6, name = '', port] = match;
    if (scheme.toLowerCase() === 'rpc') continue;
    const service = clientService(scheme, { ipv6, name, port: Number(port) });
    if (!service) return undefined;
    services.set(formatService(service), service);
  }
  return [...services.values()];
}

/** `ssl://127.0.0.1:50002`, which `parseServices` reads back. */
export function formatService({ transport, host, port }: Service): string {
  return `${transport}://${formatHostPort({ host, port })}`;
}

/** The service of a server whose LocalRPC is at `rpcHost`: if that is another host, it is where ports on all interfaces are reached. */
export function atServer(service: Service, rpcHost: string): Service {
  const isHere = ['localhost', '::1'].includes(rpcHost) || (isIPv4(rpcHost) && rpcHost.startsWith('127.'));
  return service.allInterfaces && !isHere ? { ...service, host: rpcHost } : service;
}

interface Place {
  readonly ipv6: string | undefined;
  readonly name: string;
  readonly port: number;
}

function clientService(scheme: string, { ipv6, name, port }: Place): Service | undefined {
  const transport = TRANSPORTS.find((known) => known === scheme.toLowerCase());
  const written = ipv6 ?? name;
  const host = written === '' ? '127.0.0.1' : reachableHost(written);
  const validHost = ipv6 === undefined ? isHost(host) : isIPv6(ipv6);
  if (!transport || !validHost || !(port >= 1 && port <= 65_535)) return undefined;
  return { transport, host, port, ...(host !== written && { allInterfaces: true }) };
}

/** A name whose last label is a number is a broken IPv4 address. */
function isHost(host: string): boolean {
  return isIPv4(host) || (HOST_NAME.test(host) && !/(?:^|\.)\d+\.?$/.test(host));
}
