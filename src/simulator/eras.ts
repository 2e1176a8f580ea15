// The eras of LocalRPC as data: which releases each has, and how they differ.
import type { Session } from './world/world.ts';

/** Oldest first. */
export const ERAS = ['B1', 'B2', 'C1', 'C2', 'D', 'E2', 'E3', 'F', 'G'] as const;
export type Era = (typeof ERAS)[number];

const RELEASES: Readonly<Record<string, Era>> = {
  '1.1': 'B1',
  '1.2': 'B1',
  '1.3': 'B1',
  '1.4': 'B2',
  '1.5': 'C1',
  '1.6': 'C1',
  '1.7': 'C1',
  '1.8': 'C2',
  '1.9': 'C2',
  '1.10.0': 'C2',
  '1.10.1': 'D',
  '1.12': 'E2',
  '1.13': 'E2',
  '1.14': 'E3',
  '1.15': 'E3',
  '1.16': 'E3',
  '1.17': 'F',
  '1.18': 'F',
  '1.19': 'F',
  '1.20': 'F',
  // releases of kyuupichan/electrumx; e-x has no release with these numbers
  '1.20.1': 'E3',
  '1.20.2': 'E3',
  '2.0': 'G',
};

/** Every name that `eraOf` knows: the eras and the releases. */
export const ERA_NAMES: readonly string[] = [...ERAS, ...Object.keys(RELEASES)];

/** The era of a release ('1.4', '1.4.3') or of an era's own name ('B2', 'b2'). */
export function eraOf(name: string): Era | undefined {
  const release = Object.hasOwn(RELEASES, name) ? name : name.replace(/^(\d+\.\d+)\.\d+$/, '$1');
  return (
    ERAS.find((era) => era === name.toUpperCase()) ?? (Object.hasOwn(RELEASES, release) ? RELEASES[release] : undefined)
  );
}

/** Whether an era is `first` or a later one. */
export const since = (era: Era, first: Era): boolean => ERAS.indexOf(era) >= ERAS.indexOf(first);

/** How a line that is not JSON is treated. `expensive`: it gets a reply, and costs as much as eleven errors. */
type BadJson = 'answer' | 'answer and close' | 'expensive';

export interface EraRules {
  /** `version` in getinfo; null in eras without it. */
  readonly version: string | null;
  readonly compactJson: boolean;
  /** The protocol shown before the handshake, and the newest that a client can get. */
  readonly firstProtocol: string;
  readonly lastProtocol: string;
  /** How sessions are grouped: by time of connecting, and by subnet. */
  readonly groups: 'slots' | 'slots and subnets' | 'slots and public subnets' | 'public networks';
  /** What the number in the flags means: `[for LocalRPC, for clients from no load to full load]`. */
  readonly flags: readonly [number, number, number];
  /** Whether `reqs` counts the request that is being answered, or is always 0 by a bug. */
  readonly reqs: 'waiting' | 'unanswered' | 'zero';
  /** For how many seconds after its last success a peer is good. */
  readonly peerGoodFor: number;
  readonly badJson: BadJson;
  /** The error code of a command that refuses to run. */
  readonly refusal: -1 | 1;
  /** Errors after which a connection is closed. In later eras errors cost instead. */
  readonly maxErrors: number;
}

const B1: EraRules = {
  version: null,
  compactJson: false,
  firstProtocol: '1.0',
  lastProtocol: '1.2',
  groups: 'slots',
  flags: [0, 1, 11],
  reqs: 'waiting',
  peerGoodFor: 24 * 3600,
  badJson: 'answer and close',
  refusal: -1,
  maxErrors: 10,
};
const B2: EraRules = { ...B1, flags: [6, 6, 1], reqs: 'unanswered', badJson: 'answer', refusal: 1 };
const C1: EraRules = { ...B2, version: 'ElectrumX 1.5.2', firstProtocol: '1.1', lastProtocol: '1.3' };
const C2: EraRules = {
  ...C1,
  version: 'ElectrumX 1.8.12',
  firstProtocol: '1.2',
  lastProtocol: '1.4',
  reqs: 'zero',
  badJson: 'answer and close',
};
const D: EraRules = {
  ...C2,
  version: 'ElectrumX 1.10.1',
  firstProtocol: '1.4',
  lastProtocol: '1.4.1',
  groups: 'slots and subnets',
  flags: [20, 10, 0],
  reqs: 'unanswered',
  peerGoodFor: 3 * 3600,
};
const E2: EraRules = {
  ...D,
  version: 'ElectrumX 1.13.0',
  lastProtocol: '1.4.2',
  badJson: 'expensive',
  maxErrors: Infinity,
};
const E3: EraRules = { ...E2, version: 'ElectrumX 1.16.0', groups: 'slots and public subnets' };
const F: EraRules = {
  ...E3,
  version: 'ElectrumX 1.20.0',
  compactJson: true,
  lastProtocol: '1.6.0',
  groups: 'public networks',
};
const G: EraRules = { ...F, version: 'ElectrumX 2.0.0', lastProtocol: '1.7.0' };

export const RULES: Readonly<Record<Era, EraRules>> = { B1, B2, C1, C2, D, E2, E3, F, G };

/**
 * Requests of a session that have no reply yet: from B2 on including the one in progress; in C2 always 0, by a bug.
 */
export function unanswered({ waiting, answering }: Session, era: Era): number {
  return { waiting, unanswered: waiting + answering, zero: 0 }[RULES[era].reqs];
}
