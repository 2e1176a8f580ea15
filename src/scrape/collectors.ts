// THE LIST: what is asked of ElectrumX, how each answer is decoded, and which metrics it feeds.
import { decodeGetInfo, type GetInfo } from '../electrumx/getinfo.ts';
import { decodeGroups, decodeGroupsInTurns, type Groups } from '../electrumx/groups.ts';
import { decodePeers, decodePeersInTurns, type Peers } from '../electrumx/peers.ts';
import { decodeSessions, decodeSessionsInTurns, type Sessions } from '../electrumx/sessions.ts';
import type { Metric } from '../metrics/metric.ts';
import { GETINFO_METRICS } from '../metrics/definitions/getinfo.ts';
import { GETINFO_SESSION_METRICS } from '../metrics/definitions/getinfo-sessions.ts';
import { GROUPS_METRICS } from '../metrics/definitions/groups.ts';
import { OWN_METRICS } from '../metrics/definitions/exporter.ts';
import { PEERS_METRICS } from '../metrics/definitions/peers.ts';
import { SCRAPE_METRICS } from '../metrics/definitions/scrape.ts';
import { SESSIONS_METRICS } from '../metrics/definitions/sessions.ts';
import { TOLD_METRICS } from '../metrics/definitions/server-settings.ts';
import type { CollectorName } from './outcome.ts';

/** What each collector makes of its answer. */
export interface Models {
  readonly getinfo: GetInfo;
  readonly groups: Groups;
  readonly sessions: Sessions;
  readonly peers: Peers;
}

interface Collector<Model> {
  /** `undefined`: no ElectrumX answers like this. */
  readonly decode: (result: unknown) => Model | undefined;
  /** The same, for answers that take long: with pauses, in which others have their turn. Rejects if a pause does. */
  readonly decodeInTurns?: (result: unknown, pause: () => Promise<void>) => Promise<Model | undefined>;
  readonly metrics: readonly Metric[];
}

export const COLLECTORS: { readonly [Name in CollectorName]: Collector<Models[Name]> } = {
  getinfo: { decode: decodeGetInfo, metrics: [...GETINFO_METRICS, ...GETINFO_SESSION_METRICS] },
  groups: { decode: decodeGroups, decodeInTurns: decodeGroupsInTurns, metrics: GROUPS_METRICS },
  sessions: { decode: decodeSessions, decodeInTurns: decodeSessionsInTurns, metrics: SESSIONS_METRICS },
  peers: { decode: decodePeers, decodeInTurns: decodePeersInTurns, metrics: PEERS_METRICS },
};

/** Every metric that the exporter can show, in the order in which it shows them. */
export const CATALOGUE: readonly Metric[] = [
  ...SCRAPE_METRICS,
  ...Object.values(COLLECTORS).flatMap(({ metrics }) => metrics),
  ...TOLD_METRICS,
  ...OWN_METRICS,
];
