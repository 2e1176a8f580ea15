// Client names to wallet families and versions: a bounded set of labels from names that clients choose.
import { sumBy, top } from './count.ts';
import type { Sessions } from './sessions.ts';

/** Wallet families and the client names that they send. Electrum up to 4.5 sent its bare version. */
const CLIENT_FAMILIES: readonly (readonly [family: string, pattern: RegExp])[] = [
  ['electrum', /^electrum(?![\w-])|^(?=\d\.\d)/i],
  ['electron-cash', /^electron[ -]?cash/i],
  ['electrumx-exporter', /^electrumx-exporte/i], // this one, when it probes; ElectrumX cuts names
  ['electrumx', /^electrumx/i],
  ['fulcrum', /^fulcrum/i],
  ['electrs', /^electrs/i],
  ['all_seeing_eye', /^all_seeing_eye/i],
  ['bitbox', /^bitbox/i],
  ['bitcoinj', /^bitcoinj/i],
  ['bluewallet', /^bluewallet/i],
  ['cake', /^cake/i],
  ['eclair', /^eclair/i],
  ['edge', /^edge(?!\w)/i],
  ['ledger-live', /^ledger[ -]?live/i],
  ['nunchuk', /^nunchuk/i],
  ['phoenix', /^phoenix/i],
  ['samourai', /^samourai/i],
  ['sparrow', /^sparrow/i],
  ['specter', /^specter/i],
  ['stack', /^stack[ -]?wallet/i],
  ['trezor', /^trezor/i],
  ['zeus', /^zeus/i],
];

// Two or three short numbers: a fourth one would make it look like an address.
const VERSION = /^[/ _v-]{0,2}(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(?![\w.])/;

export interface ClientLabels {
  readonly client: string;
  readonly version: string;
}

/** The labels of clients of unknown families. */
export const OTHER_CLIENT = { client: 'other', version: 'other' } as const;

/** Family and version of a client name such as `electrum/4.5.5`, `sparrow/1.9.1` or `4.0.9`. ElectrumX cuts names at 17 characters. */
export function clientLabels(name: string): ClientLabels {
  if (name === 'unknown' || name === '') return { client: 'unknown', version: 'unknown' };
  for (const [client, pattern] of CLIENT_FAMILIES) {
    const match = pattern.exec(name);
    const version = match && VERSION.exec(name.slice(match[0].length))?.[1];
    if (match && (version ?? match[0] !== '')) return { client, version: version ?? 'unknown' };
  }
  return OTHER_CLIENT;
}

const MAX_CLIENTS = 20;

/** The sessions of each client that would be exported, the most frequent first. Keys are the JSON of the labels. */
export function clientsByLabels({ clients: { byName } }: Sessions): ReadonlyMap<string, number> {
  const labels = sumBy(
    byName,
    ([name]) => JSON.stringify(clientLabels(name)),
    ([, count]) => count,
  );
  return top(labels, MAX_CLIENTS, JSON.stringify(OTHER_CLIENT));
}
