// The rows about the data: is it there, is it fresh, is it understood?
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import { quiet } from '../../absent-metrics.ts';
import * as limits from '../../limits.ts';
import { names, stat } from '../../panel/numbers.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { states, timeSeries } from '../../panel/series.ts';
import { aggregate, counter, gauge, promql, rate, selector } from '../../promql.ts';
import { dataAge } from '../expressions.ts';
import { ANSWERS, NONE_STEPS } from '../steps.ts';

/** Prometheus's own words on a target. */
const up = selector('up', []);
const samples = selector('scrape_samples_scraped', []);

const badRows = gauge('electrumx_scrape_collector_bad_rows');
const failures = quiet(
  promql`${rate(counter('electrumx_scrape_failures_total'), RATE_INTERVAL)} > 0`,
  'nothing has failed',
);
const collectorState = promql`${gauge('electrumx_scrape_collector_success')} + 2 * ${gauge('electrumx_scrape_collector_skipped')}`;

export const BELIEF: Row = {
  title: 'Can the other dashboards be believed?',
  height: 4,
  panels: [
    stat('Exporter', up, {
      asks: 'Could Prometheus scrape the exporter?',
      normal: 'Normal: UP. Otherwise nothing is known about ElectrumX.',
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
      asks: 'How old is what the dashboards show?',
      normal: 'Normal: a scrape interval, or the min-interval of a collector that has one.',
      width: 4,
      unit: units.Seconds,
      decimals: 1,
      steps: ['blue'],
    }),
    stat('Rows left out', aggregate('sum', badRows, { by: [] }), {
      asks: 'Does ElectrumX say what nobody understands?',
      normal: 'Normal: 0. Otherwise a release that this exporter does not know, or a fault.',
      width: 4,
      unit: units.Number,
      steps: NONE_STEPS,
    }),
    stat('Series', samples, {
      asks: 'What does it cost Prometheus?',
      normal: 'Normal: up to 300 with default flags, whatever clients do.',
      width: 3,
      unit: units.Number,
      steps: ['blue'],
    }),
    names('Version', ['{{version}} on Node.js {{nodejs_version}}', gauge('electrumx_exporter_build_info')], {
      asks: 'Which exporter runs?',
      normal: 'The same on all servers makes faults easier to find.',
      width: 5,
      unit: units.Number,
      steps: ['blue'],
    }),
  ],
};

export const COLLECTORS: Row = {
  title: 'Do all collectors work?',
  height: 8,
  panels: [
    states('Collectors', ['{{collector}}', collectorState], {
      asks: 'Which of them has data?',
      normal: 'Normal: all ok. skipped: sessions would have hurt the server, as too many are in one subnet.',
      width: 8,
      unit: units.Number,
      steps: ['red', [1, 'green'], [2, 'orange']],
      states: { 0: ['failed', 'red'], 1: ['ok', 'green'], 2: ['skipped', 'orange'] },
      alerts: ['ElectrumXCollectorFailing', 'ElectrumXCollectorSkipped'],
    }),
    timeSeries('Failures', [['{{collector}}: {{kind}}', failures]], {
      asks: 'Why do they fail?',
      normal: 'Normal: none. The log of the exporter has the words to each kind.',
      width: 6,
      unit: units.CountsPerSecond,
      min: 0,
    }),
    timeSeries('Rows left out by collector', [['{{collector}}', badRows]], {
      asks: 'Which answers are not understood?',
      normal: 'Normal: 0.',
      width: 5,
      unit: units.Number,
      min: 0,
    }),
    timeSeries('Hostile texts', [['{{collector}}', gauge('electrumx_scrape_collector_suspicious_strings')]], {
      asks: 'Do strangers try to do harm by what ElectrumX passes on?',
      normal: 'Normal: 0, or a few odd names. No metric carries such text; the line is where it is told.',
      width: 5,
      unit: units.Number,
      min: 0,
      steps: ['transparent', [limits.SUSPICIOUS_STRINGS, 'blue']],
      alerts: ['ElectrumXHostileInput'],
    }),
  ],
};
