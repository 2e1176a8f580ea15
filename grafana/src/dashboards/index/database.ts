// The rows about the database: how the index grows, how long the history lasts, and whether the caches help.
import * as units from '@grafana/grafana-foundation-sdk/units';
import { quiet } from '../../absent-metrics.ts';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { stat } from '../../panel/numbers.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { counter, gauge, over, predictLinear, promql, rate } from '../../promql.ts';
import { blocksBehind } from '../../rules/chain.ts';
import { HOURS, inMinutes, MINUTES } from '../expressions.ts';
import { FLUSH_STEPS, lines } from '../steps.ts';

const height = gauge('electrumx_db_height');
const flushCount = gauge('electrumx_db_flushes');
const timeToTip = promql`${blocksBehind} / (${over('deriv', height, '30m')} > 0) / ${limits.HOUR}`;

export const INDEX: Row = {
  title: 'Does the index keep up?',
  height: 7,
  panels: [
    timeSeries('Index lag', [['blocks', blocksBehind]], {
      asks: 'How many blocks is the index behind the daemon?',
      normal: 'Normal: 0 with short peaks. During a sync it falls. Negative: the daemon is below the index.',
      width: 6,
      unit: units.LocaleFormat,
      softMax: limits.BLOCKS_BEHIND + 2,
      alerts: ['ElectrumXBlocksBehind', 'ElectrumXSyncing'],
    }),
    timeSeries('Speed', [['blocks in an hour', promql`${limits.HOUR} * ${over('deriv', height, '30m')}`]], {
      asks: 'How fast does the index grow?',
      normal: 'Normal: as fast as the chain, about 6 on Bitcoin; thousands during a sync.',
      width: 6,
      unit: units.Short,
      min: 0,
      softMax: 10,
    }),
    timeSeries('Time to the tip', [['left', quiet(timeToTip, 'no block was indexed within half an hour')]], {
      asks: 'When is a sync complete?',
      normal: 'Normal: 0. During a sync it is an estimate, because the height changes only at flushes.',
      width: 6,
      unit: HOURS,
      min: 0,
      softMax: 1,
      alerts: ['ElectrumXSyncing'],
    }),
    timeSeries(
      'Time since the index grew',
      [['since', inMinutes(promql`time() - ${gauge('electrumx_db_height_change_timestamp_seconds')}`)]],
      {
        asks: 'Does the index still grow?',
        normal: 'Normal: back to 0 with each block. During a sync two flushes can be hours apart.',
        width: 6,
        unit: MINUTES,
        decimals: 0,
        min: 0,
        softMax: 30,
        alerts: ['ElectrumXSyncStalled'],
      },
    ),
  ],
};

export const HISTORY: Row = {
  title: 'How long does the history database last?',
  height: 6,
  panels: [
    stat('Flush count', flushCount, {
      asks: 'How many of the 65,535 possible flushes are used?',
      normal: 'It falls when the database is compacted. At 65,536 the server crashes.',
      width: 5,
      unit: units.LocaleFormat,
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
        asks: 'How long until it must be compacted?',
        normal: 'At the speed of the last week. On Bitcoin a compacted database lasts for more than a year.',
        width: 5,
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
        asks: 'Does the number rise steadily?',
        normal: 'Normal: one flush a block. Above the lines there is a warning, and a critical alert.',
        width: 14,
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

const CACHE_COLOURS = { history: 'blue', merkle_txid: 'purple', txids: 'super-light-blue' };

export const CACHES: Row = {
  title: 'Do the caches help?',
  height: 7,
  panels: [
    timeSeries('Hit ratio', [['{{cache}}', quiet(promql`${hits} / (${lookups} > 0)`, 'no lookups')]], {
      asks: 'What share of lookups does not read the database?',
      normal: 'It depends on the wallets. If it falls under load, the cache is too small for them.',
      width: 8,
      unit: units.PercentUnit,
      min: 0,
      max: 1,
      colours: CACHE_COLOURS,
    }),
    timeSeries('Lookups', [['{{cache}}', lookups]], {
      asks: 'How often are the caches used?',
      normal: 'Normal: follows the requests of wallets.',
      width: 8,
      unit: units.OpsPerSecond,
      min: 0,
      softMax: 1,
      colours: CACHE_COLOURS,
    }),
    timeSeries('Entries', [['{{cache}}', gauge('electrumx_cache_entries')]], {
      asks: 'Are the caches full?',
      normal: 'Normal: full after a while, at 1000 entries in most releases.',
      width: 8,
      unit: units.Number,
      min: 0,
      softMax: 100,
      colours: CACHE_COLOURS,
    }),
  ],
};
