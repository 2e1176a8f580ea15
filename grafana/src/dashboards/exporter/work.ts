// The rows about the work: what does asking take, and how is the process that asks?
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { counter, gauge, promql, rate, selector } from '../../promql.ts';
import { dataAge } from '../expressions.ts';

/** As Prometheus sees it. */
const scrapeDuration = selector('scrape_duration_seconds', []);

export const ASKING: Row = {
  title: 'What does asking cost?',
  height: 8,
  panels: [
    timeSeries('Time by collector', [['{{collector}}', gauge('electrumx_scrape_collector_duration_seconds')]], {
      asks: 'What takes long?',
      normal: 'Normal: milliseconds. While ElectrumX makes the answer it does nothing else.',
      width: 6,
      unit: units.Seconds,
      min: 0,
      steps: ['transparent', [limits.EVENT_LOOP_SLOW_SECONDS, 'red']],
      alerts: ['ElectrumXEventLoopSlow'],
    }),
    timeSeries(
      'Time of a scrape',
      [
        ['asking ElectrumX', gauge('electrumx_scrape_duration_seconds')],
        ['all, as Prometheus sees it', scrapeDuration],
      ],
      {
        asks: 'Is there time left before Prometheus gives up?',
        normal: 'Normal: far below its scrape_timeout. The exporter gives up half a second before it.',
        width: 6,
        unit: units.Seconds,
        min: 0,
      },
    ),
    timeSeries('Size by collector', [['{{collector}}', gauge('electrumx_scrape_collector_response_bytes')]], {
      asks: 'How much does ElectrumX answer?',
      normal: 'Normal: grows with the sessions. Strangers can blow up peers.',
      width: 6,
      unit: units.BytesIEC,
      min: 0,
    }),
    timeSeries('Age of data by collector', [['{{collector}}', dataAge]], {
      asks: 'Which data is old?',
      normal:
        'Normal: below its min-interval, if it has one. It grows while a collector fails. Negative: a wrong clock.',
      width: 6,
      unit: units.Seconds,
      alerts: ['ElectrumXClockWrong'],
    }),
  ],
};

export const PROCESS: Row = {
  title: 'Is the exporter itself well?',
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
      asks: 'Does it take the CPU from ElectrumX?',
      normal: 'Normal: a few percent of one core.',
      width: 6,
      unit: units.PercentUnit,
      min: 0,
    }),
    timeSeries('Open files', [['open', gauge('process_open_fds')]], {
      asks: 'Do connections stay open?',
      normal: 'Normal: level, some dozens.',
      width: 6,
      unit: units.Number,
      min: 0,
    }),
    timeSeries('Time since its start', [['up', promql`time() - ${gauge('process_start_time_seconds')}`]], {
      asks: 'Does it restart?',
      normal: 'Normal: a line that climbs. Restarts let counters of traffic begin anew.',
      width: 6,
      unit: units.Seconds,
      min: 0,
    }),
  ],
};
