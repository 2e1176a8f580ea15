// What the exporter shows of its own work: did ElectrumX answer, how fast, and how asking fared.
import type { CollectorName, Outcome } from '../../scrape/outcome.ts';
import { by, counter, gauge, only, sample, type View } from '../metric.ts';
import { hostileInPeers, hostileInSessions } from '../suspicious.ts';

export const SCRAPE_METRICS = [
  gauge({
    name: 'electrumx_up',
    help: '1 if ElectrumX answered getinfo in this scrape, or not longer ago than its min-interval, else 0.',
    source: 'getinfo',
    read: ({ scrape }) => only(Number(scrape.up)),
  }),
  gauge({
    name: 'electrumx_scrape_duration_seconds',
    help: 'How long it took to ask getinfo, groups, sessions and peers.',
    source: 'exporter',
    read: ({ scrape }) => only(scrape.durationSeconds),
  }),
  gauge({
    name: 'electrumx_scrape_collector_success',
    help: '1 if there is data of the collector (getinfo, groups, sessions, peers), 0 if it failed or was skipped.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector(({ state }) => Number(state === 'ok')),
  }),
  gauge({
    name: 'electrumx_scrape_collector_skipped',
    help: '1 if the collector did not ask, to spare the server: sessions is quadratic in the size of groups.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector(({ state }) => Number(state === 'skipped')),
  }),
  gauge({
    name: 'electrumx_scrape_collector_duration_seconds',
    help: 'How long the collector (getinfo, groups, sessions, peers) waited for its answer.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector(({ durationSeconds }) => durationSeconds),
  }),
  gauge({
    name: 'electrumx_scrape_collector_response_bytes',
    help: 'Size of the answer to getinfo, groups, sessions or peers.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector((outcome) => (outcome.state === 'ok' ? outcome.bytes : undefined)),
  }),
  gauge({
    name: 'electrumx_scrape_collector_bad_rows',
    help: 'Rows of groups, sessions or peers that no known release sends; each was left out.',
    source: 'exporter',
    labels: ['collector'],
    read: eachCollector((outcome) => (outcome.state === 'ok' ? outcome.badRows : undefined)),
  }),
  gauge({
    name: 'electrumx_scrape_collector_suspicious_strings',
    help: 'Texts of strangers in sessions and peers such as no honest software sends: control characters, markup, overlong ones.',
    source: 'sessions: Client, Proto; peers: host, features.server_version',
    labels: ['collector'],
    read: ({ sessions, peers }) =>
      by('collector', [
        ['sessions', sessions && hostileInSessions(sessions)],
        ['peers', peers && hostileInPeers(peers)],
      ]),
  }),
  gauge({
    name: 'electrumx_scrape_collector_last_success_timestamp_seconds',
    help: 'When getinfo, groups, sessions or peers was last answered, since the epoch: the age of its data within a min-interval.',
    source: 'exporter',
    labels: ['collector'],
    read: ({ scrape, memory }) =>
      by(
        'collector',
        [...scrape.outcomes.keys()].map((name) => [name, memory.lastSuccess.get(name)] as const),
      ),
  }),
  counter({
    name: 'electrumx_scrape_failures_total',
    help: 'Failed collectors (getinfo, groups, sessions, peers) since the exporter started, by kind of failure.',
    source: 'exporter',
    labels: ['collector', 'kind'],
    read: ({ scrape, memory }) =>
      [...scrape.outcomes.keys()].flatMap((collector) =>
        [...(memory.failures.get(collector) ?? [])].map(([kind, count]) => sample({ collector, kind }, count)),
      ),
  }),
];

function eachCollector(value: (outcome: Outcome) => number | undefined) {
  return ({ scrape }: View) =>
    by(
      'collector',
      [...scrape.outcomes].map(([name, outcome]): [CollectorName, number | undefined] => [name, value(outcome)]),
    );
}
