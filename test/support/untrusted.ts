// Strings as clients and peers can send them: any string, strings that resemble expected ones, and addresses.
import fc from 'fast-check';

const octet = fc.integer({ min: 0, max: 255 });

export const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.tuple(octet, octet, octet).map((octets) => octets.join('.')),
  fc.ipV4().map((ip) => `${ip}:50001`),
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, bits]) => `${ip}/${bits}`),
  fc.ipV4().map((ip) => `::ffff:${ip}`),
  fc.ipV4().map((ip) => `${ip.split('.').reverse().join('.')}.in-addr.arpa`),
  fc.ipV4().map((ip) => ip.replaceAll('.', '-')),
  fc.ipV6().map((ip) => `[${ip}]:50002`),
  fc.ipV6().map((ip) => `${ip}%eth0`),
);

const known = fc.constantFrom(
  ...['electrum', 'Electrum', 'electrum/', 'sparrow/', 'BlueWallet', 'bitcoinj', 'edge', 'RPC', 'ElectrumX ', '4.'],
  ...['1.4', '', 'blockchain.', 'server.version', 'getinfo', '__proto__', 'constructor', 'Fulcrum 1.9.', 'v', '_'],
  ...['-', '\n', '"', '\ud800'],
);
const version = fc.array(fc.nat({ max: 300 }), { maxLength: 5 }).map((parts) => parts.join('.'));
const pieces = fc.array(fc.oneof(known, version, address, fc.string({ unit: 'binary' })), { maxLength: 4 });

export const untrusted = fc.oneof(
  fc.string({ unit: 'binary' }),
  address,
  version,
  pieces.map((texts) => texts.join('')),
);
