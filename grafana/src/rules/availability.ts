// Alerts: is there anything to see, and does ElectrumX answer?
import { HOUR } from '../limits.ts';
import { gauge, over, promql, up } from '../promql.ts';
import { alert, JOB, type Group } from '../rule.ts';
import { seconds } from '../time.ts';

const startTime = gauge('electrumx_start_time_seconds');
const success = gauge('electrumx_scrape_collector_success');
const skipped = gauge('electrumx_scrape_collector_skipped');

export const AVAILABILITY: Group = {
  name: 'electrumx-availability',
  rules: [
    alert({
      alert: 'ElectrumXExporterDown',
      severity: 'page',
      dashboard: 'electrumx-exporter',
      for: '5m',
      expr: promql`${up(JOB)} == 0`,
      summary: 'Prometheus cannot scrape the ElectrumX exporter {{ $labels.instance }}',
      description:
        'No scrape has succeeded for 5 minutes. Nothing is known about this ElectrumX, and no other alert of it can fire.',
    }),
    alert({
      alert: 'ElectrumXDown',
      severity: 'page',
      dashboard: 'electrumx-on-call',
      for: '5m',
      expr: promql`${gauge('electrumx_up')} == 0`,
      summary: 'ElectrumX at {{ $labels.instance }} does not answer',
      description:
        'LocalRPC has not answered getinfo for 5 minutes. The process is gone, frozen, or has not reached its daemon once since it started.',
      inhibits: 'all others',
    }),
    // A restart of the exporter may compute the start time anew, some seconds off: of an old server that is no restart.
    alert({
      alert: 'ElectrumXRestarting',
      severity: 'page',
      dashboard: 'electrumx-on-call',
      for: '1m',
      expr: promql`${over('changes', startTime, '1h')} >= 3 and time() - ${over('max_over_time', startTime, '1h')} < ${seconds(HOUR)}`,
      summary: 'ElectrumX at {{ $labels.instance }} has restarted {{ $value }} times within an hour',
      description: 'Every restart drops all wallets. Usual reasons are a lack of memory and an error that comes back.',
    }),
    // Lately, because one getinfo that fails would begin the wait anew.
    alert({
      alert: 'ElectrumXCollectorFailing',
      severity: 'ticket',
      dashboard: 'electrumx-exporter',
      for: '15m',
      expr: promql`${success} == 0 and ${skipped} == 0 and on (job, instance) ${over('max_over_time', gauge('electrumx_up'), '5m')} == 1`,
      summary: 'ElectrumX at {{ $labels.instance }} answers, but not {{ $labels.collector }}',
      description:
        'The collector {{ $labels.collector }} has failed in every scrape for 15 minutes. Its metrics are missing, and alerts on them are silent.',
    }),
    alert({
      alert: 'ElectrumXCollectorSkipped',
      severity: 'ticket',
      dashboard: 'electrumx-exporter',
      for: '30m',
      expr: promql`${skipped} == 1`,
      summary: 'ElectrumX at {{ $labels.instance }} has groups too large to be asked for {{ $labels.collector }}',
      description:
        'The question would make the server stand still, so it was not asked for 30 minutes. What only {{ $labels.collector }} shows is missing, and alerts on it are silent.',
    }),
  ],
};
