// The rows about the data: is it present, recent and understood?
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import { quiet } from '../../absent-metrics.ts';
import * as limits from '../../limits.ts';
import { labelValue, stat, tiles } from '../../panel/numbers.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { aggregate, counter, gauge, promql, rate, selector } from '../../promql.ts';
import { dataAge } from '../expressions.ts';
import { ANSWERS, NONE_STEPS } from '../steps.ts';

/** Prometheus's own series of a target. */
const up = selector('up', []);
const samples = selector('scrape_samples_scraped', []);

const badRows = gauge('electrumx_scrape_collector_bad_rows');
const failures = quiet(
  promql`${rate(counter('electrumx_scrape_failures_total'), RATE_INTERVAL)} > 0`,
  'nothing has failed',
);
const collectorState = promql`${gauge('electrumx_scrape_collector_success')} + 2 * ${gauge('electrumx_scrape_collector_skipped')}`;

export const DATA: Row = {
  title: 'Is the data of the other dashboards right?',
  height: 4,
  panels: [
    stat('Exporter', up, {
      asks: 'Could Prometheus scrape the exporter?',
      normal: 'Normal: UP. While it is DOWN, nothing is known about ElectrumX.',
      width: 4,
      unit: units.Number,
      ...ANSWERS,
      alerts: ['ElectrumXExporterDown', 'ElectrumXScrapesFailing'],
    }),
    stat('LocalRPC', gauge('electrumx_up'), {
      asks: 'Did ElectrumX answer?',
      normal: 'Normal: UP.',
      width: 4,
      unit: units.Number,
      ...ANSWERS,
      alerts: ['ElectrumXDown'],
    }),
    stat('Oldest data', aggregate('max', dataAge, { by: [] }), {
      asks: 'How old is the oldest data on the dashboards?',
      normal: 'Normal: a scrape interval, or the min-interval of a collector that has one.',
      width: 4,
      unit: units.Seconds,
      decimals: 1,
      steps: ['blue'],
    }),
    stat('Rows left out', aggregate('sum', badRows, { by: [] }), {
      asks: 'Does ElectrumX send rows that the exporter does not understand?',
      normal: 'Normal: 0. Otherwise this exporter does not know the release, or there is an error.',
      width: 4,
      unit: units.Number,
      steps: NONE_STEPS,
    }),
    stat('Series', samples, {
      asks: 'How many series does Prometheus store?',
      normal: 'Normal: up to 400 with default flags, whatever clients do.',
      width: 3,
      unit: units.Number,
      steps: ['blue'],
    }),
    labelValue('Version', gauge('electrumx_exporter_build_info'), {
      label: 'version',
      asks: 'Which exporter runs?',
      normal: 'The same on all servers makes errors easier to find.',
      width: 5,
      unit: units.String,
      steps: ['blue'],
    }),
  ],
};

export const COLLECTORS: Row = {
  title: 'Do all collectors work?',
  height: 8,
  panels: [
    tiles('Collectors', ['{{collector}}', collectorState], {
      asks: 'Which collectors have data?',
      normal:
        'Normal: all ok. A collector is skipped to spare the server, or because it is not configured; the log has the reason.',
      width: 8,
      unit: units.Number,
      steps: ['red', [1, 'green'], [2, '#6e7077']],
      states: { 0: ['failed', 'red'], 1: ['ok', 'green'], 2: ['skipped', '#6e7077'] },
      alerts: ['ElectrumXCollectorFailing', 'ElectrumXCollectorSkipped'],
    }),
    timeSeries('Failures', [['{{collector}}: {{kind}}', failures]], {
      asks: 'Why do they fail?',
      normal: 'Normal: none. The log of the exporter has a message for each kind.',
      width: 6,
      unit: units.CountsPerSecond,
      min: 0,
      softMax: 0.1,
    }),
    timeSeries('Rows left out over time', [['{{collector}}', badRows]], {
      asks: 'Which replies are not understood?',
      normal: 'Normal: 0.',
      width: 5,
      unit: units.Number,
      min: 0,
      softMax: 10,
    }),
    timeSeries('Suspicious strings', [['{{collector}}', gauge('electrumx_scrape_collector_suspicious_strings')]], {
      asks: 'Do clients or peers send strings that may harm a program?',
      normal: 'Normal: 0, or a few unusual names. No metric carries such a string. Above the line there is an alert.',
      width: 5,
      unit: units.Number,
      min: 0,
      softMax: limits.SUSPICIOUS_STRINGS + 2,
      steps: ['transparent', [limits.SUSPICIOUS_STRINGS, 'blue']],
      alerts: ['ElectrumXHostileInput'],
    }),
  ],
};
