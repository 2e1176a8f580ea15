// A list of client ports, separated by commas, such as `tcp://:50001,ssl://127.0.0.1:50002`.

export const TRANSPORTS = ['tcp', 'ssl', 'ws', 'wss'] as const;
export type ServiceTransport = (typeof TRANSPORTS)[number];

/** A client port to open. */
export interface Service {
  readonly transport: ServiceTransport;
  /** The simulator's own host if not given. */
  readonly host?: string;
  /** Any free one if not given, or 0. */
  readonly port?: number;
}

/** An open client port, with its address. */
export type ServicePort = Required<Service>;

/** Parses such a list, which may be empty. Undefined if an entry is wrong. */
export function parseServices(list: string): readonly Service[] | undefined {
  const services = list.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [parseService(entry.trim())]));
  return services.every((service) => service !== undefined) ? services : undefined;
}

function parseService(entry: string): Service | undefined {
  const [, scheme, host = '', port = '0'] =
    /^(\w+):\/\/(\[[0-9a-f:]+\]|[^\s:/[\]]*)(?::(\d{1,5}))?$/i.exec(entry) ?? [];
  const transport = TRANSPORTS.find((known) => known === scheme);
  if (transport === undefined || Number(port) > 65_535) return undefined;
  return { transport, port: Number(port), ...(host === '' ? {} : { host: host.replace(/^\[|\]$/g, '') }) };
}
