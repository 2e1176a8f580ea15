// Every metric that the exporter can export, in the order in which it does.
import { DISK_METRICS } from './definitions/disk.ts';
import { EXPORTER_METRICS } from './definitions/exporter.ts';
import { GETINFO_METRICS } from './definitions/getinfo.ts';
import { GROUPS_METRICS } from './definitions/groups.ts';
import { PEERS_METRICS } from './definitions/peers.ts';
import { PROBE_METRICS } from './definitions/probe.ts';
import { PROCESS_METRICS } from './definitions/process.ts';
import { SCRAPE_METRICS } from './definitions/scrape.ts';
import { SERVER_SETTING_METRICS } from './definitions/server-settings.ts';
import { SESSIONS_METRICS } from './definitions/sessions.ts';

/** The metrics under the titles that they have in docs/metrics.md. */
export const SECTIONS = {
  Scrape: SCRAPE_METRICS,
  'Collector getinfo': GETINFO_METRICS,
  'Collector groups': GROUPS_METRICS,
  'Collector sessions': SESSIONS_METRICS,
  'Collector peers': PEERS_METRICS,
  'Collector process': PROCESS_METRICS,
  'Collector disk': DISK_METRICS,
  'Collector probe': PROBE_METRICS,
  'Settings of ElectrumX': SERVER_SETTING_METRICS,
  Exporter: EXPORTER_METRICS,
} as const;

export const CATALOGUE = Object.values(SECTIONS).flat();
