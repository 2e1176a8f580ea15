// The rows about the work: what scrapes cost, and how the exporter's process is.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { counter, gauge, promql, rate, selector } from '../../promql.ts';
import { dataAge, HOURS, inMinutes, MINUTES } from '../expressions.ts';

const uptime = promql`(time() - ${gauge('process_start_time_seconds')}) / ${limits.HOUR}`;

/** As Prometheus sees it. */
const scrapeDuration = selector('scrape_duration_seconds', []);

export const SCRAPES: Row = {
  title: 'What do scrapes cost?',
  height: 8,
  panels: [
    timeSeries('Time by collector', [['{{collector}}', gauge('electrumx_scrape_collector_duration_seconds')]], {
      asks: 'Which collector takes long?',
      normal:
        'Normal: milliseconds; the probe takes up to some seconds, outside the scrape. While ElectrumX prepares a reply it does nothing else.',
      width: 6,
      unit: units.Seconds,
      min: 0,
      steps: ['transparent', [limits.EVENT_LOOP_SLOW_SECONDS, 'red']],
      alerts: ['ElectrumXEventLoopSlow'],
    }),
    timeSeries(
      'Time of a scrape',
      [
        ['all collectors', gauge('electrumx_scrape_duration_seconds')],
        ['as Prometheus sees it', scrapeDuration],
      ],
      {
        asks: 'Is a scrape far from its time limit?',
        normal: 'Normal: far below its scrape_timeout. The exporter gives up half a second before it.',
        width: 6,
        unit: units.Seconds,
        min: 0,
      },
    ),
    timeSeries('Size by collector', [['{{collector}}', gauge('electrumx_scrape_collector_response_bytes')]], {
      asks: 'How large are the replies of ElectrumX?',
      normal: 'Normal: grows with the sessions. The size of peers depends on other servers.',
      width: 6,
      unit: units.BytesIEC,
      min: 0,
    }),
    timeSeries('Age of data by collector', [['{{collector}}', inMinutes(dataAge)]], {
      asks: 'Which data is old?',
      normal:
        'Normal: below its min-interval, if it has one. It grows while a collector fails. Negative: a wrong clock.',
      width: 6,
      unit: MINUTES,
      softMax: 10,
      alerts: ['ElectrumXClockWrong'],
    }),
  ],
};

export const PROCESS: Row = {
  title: 'Is the exporter healthy?',
  height: 8,
  panels: [
    timeSeries(
      'Memory',
      [
        ['resident', gauge('process_resident_memory_bytes')],
        ['heap reserved', gauge('nodejs_heap_size_total_bytes')],
        ['heap in use', gauge('nodejs_heap_size_used_bytes')],
      ],
      {
        asks: 'Does it leak?',
        normal: 'Normal: level after some hours.',
        width: 6,
        unit: units.BytesIEC,
        min: 0,
      },
    ),
    timeSeries('CPU', [['used', rate(counter('process_cpu_seconds_total'), RATE_INTERVAL)]], {
      asks: 'Does it take CPU time from ElectrumX?',
      normal: 'Normal: a few percent of one core.',
      width: 6,
      unit: units.PercentUnit,
      min: 0,
      softMax: 0.1,
    }),
    timeSeries('Open files', [['open', gauge('process_open_fds')]], {
      asks: 'Do connections stay open?',
      normal: 'Normal: level, some dozens.',
      width: 6,
      unit: units.Number,
      min: 0,
    }),
    timeSeries('Time since its start', [['up', uptime]], {
      asks: 'Does it restart?',
      normal: 'Normal: a line that rises. A restart resets the counters of traffic.',
      width: 6,
      unit: HOURS,
      min: 0,
    }),
  ],
};
