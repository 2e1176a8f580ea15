// "Index and caches": how the index grows, how long its database lasts, and whether the caches help.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Dashboard, Row } from '../dashboard.ts';
import { quiet } from '../absent-metrics.ts';
import * as limits from '../limits.ts';
import { dial, stat } from '../panel/numbers.ts';
import { RATE_INTERVAL } from '../panel/panel.ts';
import { timeSeries } from '../panel/series.ts';
import { counter, gauge, over, predictLinear, promql, rate } from '../promql.ts';
import { blocksBehind } from '../rules/chain.ts';
import { ONE_SERVER } from '../variables.ts';
import { FLUSH_STEPS, lines } from './steps.ts';

const height = gauge('electrumx_db_height');
const flushCount = gauge('electrumx_db_flushes');

const INDEX: Row = {
  title: 'Does the index keep up?',
  height: 8,
  panels: [
    timeSeries('Blocks behind', [['blocks', blocksBehind]], {
      asks: 'How far is it to the tip?',
      normal: 'Normal: 0 with short spikes. In a sync it falls. Negative: the daemon is below the index.',
      width: 6,
      unit: units.LocaleFormat,
      alerts: ['ElectrumXBlocksBehind', 'ElectrumXSyncing'],
    }),
    timeSeries('Speed', [['blocks in an hour', promql`${limits.HOUR} * ${over('deriv', height, '30m')}`]], {
      asks: 'How fast does the index grow?',
      normal: 'Normal: as fast as the chain, about 6 on Bitcoin; thousands in a sync.',
      width: 6,
      unit: units.Short,
      min: 0,
    }),
    timeSeries(
      'Time to the tip',
      [
        [
          'left',
          quiet(
            promql`${blocksBehind} / (${over('deriv', height, '30m')} > 0)`,
            'nothing was indexed within half an hour',
          ),
        ],
      ],
      {
        asks: 'When is a sync done?',
        normal: 'Normal: 0. In a sync an estimate, as the height moves at flushes only.',
        width: 6,
        unit: units.Seconds,
        min: 0,
        alerts: ['ElectrumXSyncing'],
      },
    ),
    timeSeries(
      'Time since the index grew',
      [['since', promql`time() - ${gauge('electrumx_db_height_change_timestamp_seconds')}`]],
      {
        asks: 'Does it stand still?',
        normal: 'Normal: a saw, as blocks come. In a sync hours can lie between two flushes.',
        width: 6,
        unit: units.Seconds,
        min: 0,
        alerts: ['ElectrumXSyncStalled'],
      },
    ),
  ],
};

const DATABASE: Row = {
  title: 'How long does the history database last?',
  height: 8,
  panels: [
    dial('Flush count', flushCount, {
      asks: 'How much of the room for flushes is used?',
      normal: 'It falls when the database is compacted. At 65,536 the server dies.',
      width: 6,
      unit: units.LocaleFormat,
      min: 0,
      max: limits.FLUSH_COUNT_MAX,
      steps: FLUSH_STEPS,
      alerts: ['ElectrumXFlushCountCritical', 'ElectrumXFlushCountHigh'],
    }),
    stat(
      'Time left',
      quiet(
        promql`(${limits.FLUSH_COUNT_MAX} - ${flushCount}) / (${over('deriv', flushCount, '7d')} > 0)`,
        'no flush within a week',
      ),
      {
        asks: 'When does it have to be compacted at the latest?',
        normal: 'As fast as in the last week. On Bitcoin a compacted database lasts for more than a year.',
        width: 6,
        unit: units.Seconds,
        decimals: 1,
        steps: ['orange', [limits.FLUSH_COUNT_AHEAD_SECONDS, 'green']],
        alerts: ['ElectrumXFlushCountHigh'],
      },
    ),
    timeSeries(
      'Flushes',
      [
        ['now', flushCount],
        ['in 30 days', predictLinear(flushCount, '7d', limits.FLUSH_COUNT_AHEAD_SECONDS)],
      ],
      {
        asks: 'Is it steady, or does something flush too often?',
        normal: 'Normal: one a block. The lines are the limits of the warning and of the critical alert.',
        width: 12,
        unit: units.LocaleFormat,
        min: 0,
        steps: lines(FLUSH_STEPS),
        alerts: ['ElectrumXFlushCountHigh'],
      },
    ),
  ],
};

const hits = rate(counter('electrumx_cache_hits_total'), RATE_INTERVAL);
const lookups = rate(counter('electrumx_cache_lookups_total'), RATE_INTERVAL);

const CACHES: Row = {
  title: 'Do the caches help?',
  height: 8,
  panels: [
    timeSeries('Hit ratio', [['{{cache}}', quiet(promql`${hits} / (${lookups} > 0)`, 'no lookups')]], {
      asks: 'Which share of lookups needs no database?',
      normal: 'Depends on the wallets. A fall under load means that the cache is too small for them.',
      width: 8,
      unit: units.PercentUnit,
      min: 0,
      max: 1,
    }),
    timeSeries('Lookups', [['{{cache}}', lookups]], {
      asks: 'Are the caches asked at all?',
      normal: 'Normal: follows the requests of wallets.',
      width: 8,
      unit: units.OpsPerSecond,
      min: 0,
    }),
    timeSeries('Entries', [['{{cache}}', gauge('electrumx_cache_entries')]], {
      asks: 'Are the caches full?',
      normal: 'Normal: full after a while, at 1000 entries in most releases.',
      width: 8,
      unit: units.Number,
      min: 0,
    }),
  ],
};

export const INDEX_AND_CACHES: Dashboard = {
  uid: 'electrumx-index',
  title: 'ElectrumX - Index and caches',
  description: 'Does the index keep up? How long does the history database last? Do the caches help?',
  about: ONE_SERVER,
  from: 'now-24h',
  rows: [INDEX, DATABASE, CACHES],
};
