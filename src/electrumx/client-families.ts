// Client names to wallet families and versions: a bounded set of labels from names that clients choose.
import { sumBy, top } from './count.ts';

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

/** All patterns in one, with a group for each family: each client can have another name, and there are thousands. */
const ANY_FAMILY = new RegExp(CLIENT_FAMILIES.map(([, { source }]) => `(${source})`).join('|'), 'i');

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
  const match = ANY_FAMILY.exec(name);
  if (!match) return OTHER_CLIENT;
  const [start, ...groups] = match;
  const [client] = CLIENT_FAMILIES[groups.findIndex((text: string | undefined) => text !== undefined)] ?? ['other'];
  const version = VERSION.exec(name.slice(start.length))?.[1];
  return version === undefined && start === '' ? OTHER_CLIENT : { client, version: version ?? 'unknown' };
}

/** Both labels as one string, to count by. */
export function clientKey({ client, version }: ClientLabels): string {
  return `${client} ${version}`;
}

/** The labels of a key. */
export function clientOf(key: string): ClientLabels {
  const [client = '', version = ''] = key.split(' ');
  return { client, version };
}

const MAX_CLIENTS = 20;

/** The sessions of each client that would be exported, by its key, the most frequent first. `byName`: sessions by client name. */
export function clientsByLabels(byName: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const labels = sumBy(
    byName,
    ([name]) => clientKey(clientLabels(name)),
    ([, count]) => count,
  );
  return top(labels, MAX_CLIENTS, clientKey(OTHER_CLIENT));
}
