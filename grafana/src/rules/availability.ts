// Alerts: is the monitoring alive, and does ElectrumX answer?
import { last15m } from '../last15m.ts';
import * as limits from '../limits.ts';
import { aggregate, gauge, over, promql, quantile, up, type Series, type Vector } from '../promql.ts';
import { alert, JOB, record, type Group } from '../rule.ts';
import { seconds } from '../time.ts';
import { age, clockOffset, getinfoAge } from './clock.ts';

const startTime = gauge('electrumx_start_time_seconds');
const answers = gauge('electrumx_up');
const success = gauge('electrumx_scrape_collector_success');
const skipped = gauge('electrumx_scrape_collector_skipped');

/** The targets of the job, alive or not. */
const targets = record('electrumx:targets:count', aggregate('count', up(JOB), { by: ['job'] }));

/** Most scrapes of 10 minutes failed, of a target that is known for longer than a start takes. */
function mostlyFails<Label extends string>(scrapes: Series<Label>): Vector<Label> {
  return promql`${over('avg_over_time', scrapes, '10m')} < ${limits.MOSTLY_ANSWERS} and ${over('present_over_time', scrapes, '15m', '9m')}`;
}

/** Many scrapes of half an hour failed, and they go on to: of every four one is enough. */
function oftenFails<Label extends string>(scrapes: Series<Label>): Vector<Label> {
  return promql`${over('avg_over_time', scrapes, '30m')} < ${limits.OFTEN_ANSWERS} and ${over('min_over_time', scrapes, '20m')} == 0 and ${over('present_over_time', scrapes, '15m', '20m')}`;
}

export const AVAILABILITY: Group = {
  name: 'electrumx-availability',
  rules: [
    getinfoAge,
    clockOffset,
    targets,
    alert({
      alert: 'ElectrumXWatchdog',
      severity: 'info',
      dashboard: 'electrumx-fleet',
      about: 'everything',
      for: '0s',
      expr: promql`vector(1)`,
      summary: 'The monitoring of ElectrumX works',
      description:
        'This alert always fires. Send it to a service that notifies you when it stops: then Prometheus or Alertmanager is down.',
    }),
    alert({
      alert: 'ElectrumXTargetsAbsent',
      severity: 'critical',
      dashboard: 'electrumx-fleet',
      about: 'job',
      for: '10m',
      expr: promql`absent(${up(JOB)})`,
      summary: `Prometheus has no target in the job ${JOB}`,
      description:
        'The scrape job was removed or renamed, or service discovery finds nothing. No server is monitored, and no other alert can fire.',
    }),
    alert({
      alert: 'ElectrumXTargetMissing',
      severity: 'warning',
      dashboard: 'electrumx-fleet',
      about: 'job',
      for: '15m',
      expr: promql`ceil(${quantile(0.9, targets, { range: '1d', step: '5m' })} - ${targets}) > 0`,
      summary: 'Prometheus has {{ $value }} fewer targets in the job {{ $labels.job }} than in the last day',
      description:
        'A target was deleted, or its labels changed. The server behind it is not monitored. If that is intended, this ends within a day.',
    }),
    alert({
      alert: 'ElectrumXExporterDown',
      severity: 'critical',
      dashboard: 'electrumx-exporter',
      for: '1m',
      expr: mostlyFails(up(JOB)),
      summary: 'Prometheus cannot scrape the ElectrumX exporter {{ $labels.instance }}',
      description:
        'Most scrapes of the last 10 minutes failed. The state of this ElectrumX is unknown, and its other alerts cannot fire.',
    }),
    alert({
      alert: 'ElectrumXScrapesFailing',
      severity: 'warning',
      dashboard: 'electrumx-exporter',
      for: '10m',
      expr: oftenFails(up(JOB)),
      summary: 'Only {{ $value | humanizePercentage }} of the scrapes of the exporter {{ $labels.instance }} succeed',
      description: 'The exporter or the network loses scrapes. The other alerts work, but may be late.',
    }),
    alert({
      alert: 'ElectrumXDown',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '1m',
      expr: promql`${mostlyFails(answers)} or ${oftenFails(answers)}`,
      summary: 'ElectrumX at {{ $labels.instance }} does not answer',
      description:
        'LocalRPC does not answer getinfo, or only sometimes. The process has ended, is frozen, or has not reached its daemon since it started.',
      inhibits: 'all others',
    }),
    // A restart of the exporter may compute the start time anew, some seconds off: for an old server that is not a restart.
    alert({
      alert: 'ElectrumXRestarting',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '1m',
      expr: promql`${over('changes', startTime, '2h')} >= ${limits.RESTARTS} and ${age(over('max_over_time', startTime, '2h'))} < ${seconds(2 * limits.HOUR)}`,
      summary: 'ElectrumX at {{ $labels.instance }} has restarted {{ $value }} times within two hours',
      description:
        'Every restart disconnects all wallets. The usual reasons are a lack of memory and a recurring error.',
      inhibits: ['ElectrumXErrorBudgetBurnFast', 'ElectrumXErrorBudgetBurnSlow'],
    }),
    alert({
      alert: 'ElectrumXCollectorFailing',
      severity: 'warning',
      dashboard: 'electrumx-exporter',
      for: '10m',
      expr: promql`${over('avg_over_time', success, '30m')} + ${over('avg_over_time', skipped, '30m')} < ${limits.MOSTLY_ANSWERS} and ignoring (collector) ${over('avg_over_time', answers, '30m')} > ${limits.MOSTLY_ANSWERS}`,
      summary: 'ElectrumX at {{ $labels.instance }} answers, but the collector {{ $labels.collector }} fails',
      description:
        'The collector {{ $labels.collector }} failed in most scrapes of the last half hour. Its metrics are missing, and alerts on them cannot fire.',
    }),
    // Only sessions: process, disk and probe are skipped where there is nothing to collect.
    alert({
      alert: 'ElectrumXCollectorSkipped',
      severity: 'warning',
      dashboard: 'electrumx-exporter',
      for: '30m',
      expr: promql`${over('avg_over_time', gauge('electrumx_scrape_collector_skipped', { collector: 'sessions' }), '30m')} > ${limits.MOSTLY_ANSWERS}`,
      summary: 'The collector {{ $labels.collector }} is skipped at {{ $labels.instance }}',
      description:
        'Collecting it would block the server, so most scrapes of the last half hour skipped it. Its metrics are missing, and alerts on them cannot fire.',
    }),
    alert({
      alert: 'ElectrumXClockWrong',
      severity: 'warning',
      dashboard: 'electrumx-exporter',
      for: '10m',
      expr: last15m(clockOffset),
      summary: 'The clocks of {{ $labels.instance }} and of Prometheus differ by {{ $value | humanizeDuration }}',
      description:
        'One of the two hosts has a wrong clock. The alerts allow for it, but dashboards, logs and certificates do not.',
    }),
  ],
};
