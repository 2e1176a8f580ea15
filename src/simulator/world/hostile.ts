// Hostile input that ElectrumX passes on: client names, protocols and peers.
import { float, type Json } from '../replies/json.ts';

/** How a client introduces itself. */
export interface Claim {
  readonly client: string;
  readonly protocol: string;
}

export const HOSTILE_CLIENTS: readonly [Claim, ...Claim[]] = [
  { client: 'RPC', protocol: 'RPC' },
  { client: 'unknown', protocol: '1.4' },
  { client: '', protocol: '' },
  { client: '\u001b[2J\u001b[1;1Hgone', protocol: '1.4' },
  { client: '\u202egnp.exe\u2066', protocol: '1.4' },
  { client: 'half \ud800 a pair', protocol: '1.4' },
  { client: 'line\nbreak\r\ttab\0', protocol: '1.4' },
  { client: 'x",evil="1"} 1\n# ', protocol: '1.4' },
  { client: '192.0.2.77', protocol: '1.4' },
  { client: '2001:db8::bad', protocol: '1.4' },
  { client: '__proto__', protocol: '1.4' },
  { client: 'constructor', protocol: '1.4' },
  { client: 'electrum/9.9.9999999999999999', protocol: '1.4' },
  { client: '<img src=x onerror=alert(1)>', protocol: '1.4' },
  { client: '{{ $labels.x }}', protocol: '1.4' },
  { client: 'Send 0.1 BTC to 1Stop', protocol: '1.4' },
  { client: '🧨'.repeat(40), protocol: '1.4' },
  { client: 'Ａ﷽Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍', protocol: '1.4' },
  { client: 'long protocol', protocol: '1.4' + '.0'.repeat(20_000) },
  { client: 'odd protocol', protocol: '-.1-.4--' },
];

/** The start of a host name that only a lax check accepts. */
const SCOPED = '2600::1%"}\\';

const deep = (levels: number): Json => (levels === 0 ? 'bottom' : { down: deep(levels - 1) });

/** Hosts with the features that they send. Built on each call, because some are large. */
export function hostilePeers(): readonly { host: string; features: Readonly<Record<string, Json>> }[] {
  const ports = { tcp_port: 50001, ssl_port: 50002 };
  const features = (host: string, more: Readonly<Record<string, Json>> = {}) => ({
    host,
    features: { hosts: { [host]: ports }, ...more },
  });
  return [
    features('proto.example', { ['__proto__']: { polluted: true }, constructor: 'none', toString: 1 }),
    features('huge.example', { server_version: 'x'.repeat(500_000), protocol_max: '1'.repeat(6001) }),
    features('deep.example', { nested: deep(500) }),
    features('odd.example', { server_version: '\u001b]0;title\u0007', protocol_min: 'NaN', pruning: 1e15 }),
    // numbers that JSON does not have, but Python reads, keeps and writes
    features('nan.example', { uptime: float(NaN), load: [float(Infinity), float(-Infinity)] }),
    features(SCOPED + 'x'.repeat(100_000)),
    features('__proto__'),
    features('xn--\u212aelvin.example', { services: ['tcp://\ud800:1'] }),
    { host: 'noports.example', features: { hosts: { 'noports.example': { tcp_port: '50001', ssl_port: null } } } },
  ];
}

/** Methods that a fork counts under the name that the client sent. */
export const HOSTILE_METHODS = ['__proto__', 'x"} 1\n# TYPE', '\u001b[31mred', 'a'.repeat(3000)];
