// The scrape itself: whether ElectrumX answered, how long it took, and the outcome of each collector.
import type { Outcome } from '../../scrape/collector.ts';
import { byLabel, counter, gauge, sample, single, type ScrapeData } from '../metric.ts';
import { suspiciousInPeers, suspiciousInSessions } from '../suspicious.ts';

export const SCRAPE_METRICS = [
  gauge({
    name: 'electrumx_up',
    help: '1 if ElectrumX answered getinfo in this scrape or within the min-interval of getinfo, else 0.',
    source: 'getinfo',
    read: ({ report }) => single(Number(report.up)),
  }),
  gauge({
    name: 'electrumx_scrape_duration_seconds',
    help: 'Duration of the scrape.',
    source: 'exporter',
    read: ({ report }) => single(report.durationSeconds),
  }),
  gauge({
    name: 'electrumx_scrape_collector_success',
    help: '1 if there is data of the collector, 0 if it failed or was skipped.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector(({ state }) => Number(state === 'ok')),
  }),
  gauge({
    name: 'electrumx_scrape_collector_skipped',
    help: '1 if the collector was skipped, to spare the server or because it cannot collect anything here, else 0. The log has the reason.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector(({ state }) => Number(state === 'skipped')),
  }),
  gauge({
    name: 'electrumx_scrape_collector_duration_seconds',
    help: 'Time that the collector took. 0 if it was skipped or its last result was reused.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector(({ durationSeconds }) => durationSeconds),
  }),
  gauge({
    name: 'electrumx_scrape_collector_response_bytes',
    help: 'Size of the LocalRPC reply.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector((outcome) => (outcome.state === 'ok' ? outcome.bytes : undefined)),
  }),
  gauge({
    name: 'electrumx_scrape_collector_bad_rows',
    help: 'Rows of the LocalRPC reply that were left out, because no known release sends such rows.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector((outcome) => (outcome.state === 'ok' ? outcome.badRows : undefined)),
  }),
  gauge({
    name: 'electrumx_scrape_collector_suspicious_strings',
    help: 'Strings from clients and peers that ordinary software does not send: they contain control characters or markup, or are too long.',
    source: 'sessions: Client, Proto; peers: host, features.server_version',
    labels: ['collector'],
    read: ({ results: { sessions, peers } }) =>
      byLabel('collector', [
        ['sessions', sessions && suspiciousInSessions(sessions)],
        ['peers', peers && suspiciousInPeers(peers)],
      ]),
  }),
  gauge({
    name: 'electrumx_scrape_collector_last_success_timestamp_seconds',
    help: 'Time of the last success of the collector since the epoch. Shows the age of data that is reused within a min-interval.',
    source: 'exporter',
    labels: ['collector'],
    read: ({ report, state }) =>
      byLabel(
        'collector',
        [...report.outcomes.keys()].map((name) => [name, state.lastSuccess.get(name)] as const),
      ),
  }),
  counter({
    name: 'electrumx_scrape_failures_total',
    help: 'Failures of the collector since the exporter started, by kind.',
    source: 'exporter',
    labels: ['collector', 'kind'],
    read: ({ report, state }) =>
      [...report.outcomes.keys()].flatMap((collector) =>
        [...(state.failures.get(collector) ?? [])].map(([kind, count]) => sample({ collector, kind }, count)),
      ),
  }),
];

function eachCollector(value: (outcome: Outcome) => number | undefined) {
  return ({ report }: ScrapeData) =>
    byLabel(
      'collector',
      [...report.outcomes].map(([name, outcome]): [string, number | undefined] => [name, value(outcome)]),
    );
}
