// Types of option values: how each is written, and what it is parsed into.
import { isIPv6 } from 'node:net';
import { daemonInUrl } from '../electrumx/daemons.ts';
import { pythonInteger } from '../electrumx/python-integer.ts';
import type { HostPort } from '../electrumx/address.ts';

/** `parse` returns `undefined` for a value that is not allowed. `expects` describes what is, for error messages. */
export interface OptionType<T> {
  readonly placeholder: string;
  readonly expects: string;
  readonly parse: (text: string) => T | undefined;
}

/** Where to listen; without a host on every interface. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

const HOST_PORT = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|(\w[\w.-]*)?):(\d{1,5})$/;

function hostPort(text: string, lowestPort: number): ListenAddress | undefined {
  const match = HOST_PORT.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535 || port < lowestPort) return undefined;
  const [, ipv6, name] = match;
  return ipv6 === undefined || isIPv6(ipv6) ? { host: ipv6 ?? name, port } : undefined;
}

/** `HOST:PORT` to connect to; the host may be left out and is then 127.0.0.1. */
export const address: OptionType<HostPort> = {
  placeholder: 'HOST:PORT',
  expects: 'HOST:PORT with a port from 1 to 65535, such as 127.0.0.1:8000 or [::1]:8000',
  parse: (text) => {
    const place = hostPort(text, 1);
    return place && { host: place.host ?? '127.0.0.1', port: place.port };
  },
};

/** `[HOST]:PORT` to listen at. */
export const listenAddress: OptionType<ListenAddress> = {
  placeholder: '[HOST]:PORT',
  expects: '[HOST]:PORT with a port from 0 to 65535, such as :10061, 127.0.0.1:10061 or [::1]:10061',
  parse: (text) => hostPort(text, 0),
};

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function inWords(ms: number): string {
  const unit = Object.keys(UNIT_MS).findLast((name) => ms % (UNIT_MS[name] ?? 0) === 0 && ms > 0) ?? 's';
  return `${ms / (UNIT_MS[unit] ?? 1)}${unit}`;
}

/** A length of time, in milliseconds. */
export function duration(lowestMs: number, highestMs: number): OptionType<number> {
  return {
    placeholder: 'DURATION',
    expects: `a duration from ${inWords(lowestMs)} to ${inWords(highestMs)}, such as 500ms, 8s or 5m`,
    parse: (text) => {
      const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text);
      const ms = match ? Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? Number.NaN) : Number.NaN;
      return ms >= lowestMs && ms <= highestMs ? ms : undefined;
    },
  };
}

const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, KB: 1e3, MB: 1e6 };

/** A size, in bytes. */
export function size(lowest: number, highest: number): OptionType<number> {
  return {
    placeholder: 'SIZE',
    expects: `a size from ${lowest / 2 ** 10}KiB to ${highest / 2 ** 20}MiB, such as 16MiB or 500KB`,
    parse: (text) => {
      const match = /^(\d{1,12})(B|KiB|MiB|KB|MB)?$/.exec(text);
      const bytes = match ? Number(match[1]) * (UNIT_BYTES[match[2] ?? ''] ?? Number.NaN) : Number.NaN;
      return bytes >= lowest && bytes <= highest ? bytes : undefined;
    },
  };
}

/** A whole number, both limits included. */
export function integer(lowest: number, highest: number): OptionType<number> {
  return {
    placeholder: 'N',
    expects: `a whole number from ${lowest} to ${highest}`,
    parse: (text) => {
      const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return number >= lowest && number <= highest ? number : undefined;
    },
  };
}

/**
 * A whole number as ElectrumX reads its variables. A negative number is 0, as it is for ElectrumX. Numbers that JavaScript cannot represent
 * become the highest one that it can.
 */
export function serverInteger(lowest: number): OptionType<number> {
  return {
    placeholder: 'N',
    expects: `a whole number of ${lowest} or more`,
    parse: (text) => {
      const number = Math.min(Math.max(0, pythonInteger(text) ?? Number.NaN), Number.MAX_SAFE_INTEGER);
      return number >= lowest ? number : undefined;
    },
  };
}

/** One of some words. */
export function choice<const Choice extends string>(...choices: readonly Choice[]): OptionType<Choice> {
  return {
    placeholder: choices.join('|'),
    expects: `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((allowed) => allowed === text),
  };
}

/** On or off: a flag without a value on the command line, a word in the environment. */
export const toggle: OptionType<boolean> = {
  placeholder: '',
  expects: 'true or false',
  parse: (text) => (/^(true|1)$/.test(text) ? true : /^(false|0)$/.test(text) ? false : undefined),
};

/** A file. Whether it exists is known when it is read. */
export const path: OptionType<string> = {
  placeholder: 'FILE',
  expects: 'the path of a file',
  parse: (text) => (text === '' || text.includes('\0') ? undefined : text),
};

/** A directory. Whether it exists is known when it is read. */
export const directory: OptionType<string> = { ...path, placeholder: 'DIR', expects: 'the path of a directory' };

/** A path of the web server that is not one of the exporter's other pages. */
export const webPath: OptionType<string> = {
  placeholder: 'PATH',
  expects: 'a path of letters, digits and ._-/ that begins with / and is none of /, /runbook and those under /-/',
  parse: (text) => (/^\/(?!-\/|runbook$)(?!.*\/\.{1,2}(?:\/|$))[\w.-][\w./-]*$/.test(text) ? text : undefined),
};

/** ElectrumX's DAEMON_URL: its daemons as getinfo shows them, without their passwords. As in ElectrumX, blanks around a URL are allowed. */
export const daemonUrls: OptionType<readonly string[]> = {
  placeholder: 'URL,...',
  expects: 'the DAEMON_URL of ElectrumX: one or more URLs with a host, separated by commas',
  parse: (text) => {
    const daemons = text.split(',').map((url) => daemonInUrl(url.trim()));
    return daemons.every((daemon) => daemon !== undefined) ? daemons : undefined;
  },
};

/** ElectrumX's PEER_DISCOVERY: true if it is on, false for `off`, `self` and an empty value. */
export const peerDiscovery: OptionType<boolean> = {
  placeholder: 'on|off|self',
  expects: 'on, off or self',
  parse: (text) => !['off', 'self', ''].includes(text.trim().toLowerCase()),
};

/** ElectrumX's PEER_ANNOUNCE: any value but an empty one switches it on, even `off` and `0`. */
export const peerAnnounce: OptionType<boolean> = {
  placeholder: 'VALUE',
  expects: 'any value for on, an empty one for off',
  parse: (text) => text.trim() !== '',
};

/** The host of `tcp://example.org:50001`, written as ElectrumX writes it in its list of peers; IPv6 addresses have no brackets there. */
function hostOf(service: string): string | undefined {
  const [, ipv6, name] = /^\w+:\/\/(?:\[([^\]]+)\]|([^:/]+))(?::\d+)?$/.exec(service) ?? [];
  if (ipv6 === undefined) return name?.toLowerCase();
  return isIPv6(ipv6) ? new URL(`http://[${ipv6}]`).hostname.slice(1, -1) : undefined;
}

/** Host names of ElectrumX's REPORT_SERVICES, in lower case. */
export const reportedHosts: OptionType<readonly string[]> = {
  placeholder: 'SERVICE,...',
  expects: 'the REPORT_SERVICES of ElectrumX, such as tcp://example.org:50001,ssl://example.org:50002',
  parse: (text) => {
    const hosts = text
      .split(',')
      .map((service) => service.trim())
      .filter((service) => service !== '') // as ElectrumX does
      .map(hostOf);
    return hosts.every((host) => host !== undefined) ? [...new Set(hosts)] : undefined;
  },
};
