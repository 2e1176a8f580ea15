// Host and port as one string.

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `host:port`; an IPv6 address gets brackets. */
export function formatHostPort({ host, port }: HostPort): string {
  return `${bracketed(host)}:${port}`;
}

/** An IPv6 address in brackets; other hosts, and those in brackets, as they are. */
export function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
