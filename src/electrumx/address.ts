// Addresses of servers: host and port as one string, and where a server is reached.

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `host:port`; an IPv6 address gets brackets. */
export function formatHostPort({ host, port }: HostPort): string {
  return `${bracketed(host)}:${port}`;
}

/** How a server names all of its interfaces, and the address of loopback, over which it is then reached. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ['all_interfaces', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
  ['[::]', '[::1]'],
]);

/** The host to connect to for a server on the same machine that listens at `host`. */
export function reachableHost(host: string): string {
  return LOOPBACK.get(host) ?? host;
}

/** An IPv6 address in brackets; other hosts, and those in brackets, as they are. */
export function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
