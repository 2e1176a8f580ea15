// Every query of every dashboard, and every rule, run by a real Prometheus on servers of every era: what has no data is known not to
// have any, and why; and what is said to be empty is.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayBeEmpty, queries, withVariables, type Query } from '../support/dashboard-queries.ts';
import { GROUPS, ruleFile } from '../../grafana/src/rules.ts';
import { ERAS, type Era } from '../../src/simulator/eras.ts';
import { makeClosers } from './support/closers.ts';
import { startPrometheus, type Prometheus } from './support/prometheus.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';
import { startWatched, type Watched, type WatchedOptions } from './support/watched.ts';

/** On the server where things happen an hour is half a minute, and for the rules as well. */
const TIME_SCALE = 120;
const CLIENT_PORTS = [{ transport: 'tcp' }, { transport: 'ssl' }] as const;
const PATIENCE = { timeout: 60_000, interval: 500 };

const name = ({ dashboard, panel, expr }: Query) => `${dashboard}, ${panel}: ${expr}`;

describeWith({ commands: ['prometheus'] }, 'Prometheus with the rules, on servers of every era', () => {
  const closers = makeClosers();
  const calm = new Map<Era, Watched>();
  let prometheus: Prometheus;
  let eventful: Watched;

  const ask = ({ expr }: Query, instance: string) =>
    prometheus.query(withVariables(expr, { job: 'electrumx', instance, __rate_interval: '1m' }));

  beforeAll(async () => {
    const watch = async (options: WatchedOptions) => closers.add(await startWatched(options), (it) => it.stop());
    for (const era of ERAS) calm.set(era, await watch({ era, sessions: 150, services: CLIENT_PORTS }));
    const flags = ['--collector.probe.min-interval=0s'];
    eventful = await watch({ era: 'F', speed: TIME_SCALE, services: CLIENT_PORTS, flags });
    const electrumx = [eventful, ...calm.values()].map(({ port }) => port);
    const rules = ruleFile({ timeScale: TIME_SCALE });
    prometheus = closers.add(await startPrometheus({ jobs: { electrumx }, rules }), (it) => it.stop());
    await waitFor('a few scrapes of all, and recordings', async () => {
      const seen = await prometheus.query('count_over_time(electrumx_up[1m]) > 3 and electrumx:blocks_behind');
      return seen.length === electrumx.length ? true : undefined;
    });
  });

  afterAll(() => closers.closeAll());

  describe.each(ERAS)('era %s', (era) => {
    const [maybe, surely] = [true, false].map((empty) => queries().filter((query) => mayBeEmpty(query, era) === empty));
    const never = maybe?.filter(({ gaps }) => gaps.some((gap) => gap.kind === 'era' && gap.eras.includes(era)));
    const instance = () => calm.get(era)?.instance ?? '';

    test('has data for each query that is not known to be empty', async () => {
      const empty = [];
      for (const query of surely ?? []) {
        const data = await ask(query, instance());
        if (data.length === 0) empty.push(name(query));
      }
      expect(empty).toEqual([]);
    });

    test('has none for each query that is known to be empty in it', async () => {
      const full = [];
      for (const query of never ?? []) {
        const data = await ask(query, instance());
        // Those about all servers have data of others.
        if (data.some(({ metric }) => metric['instance'] === instance())) full.push(name(query));
      }
      expect(full).toEqual([]);
    });
  });

  test('an eventful server has data for each query that is empty on a calm one', async () => {
    const { simulator } = eventful;
    simulator.fail('groups', 'error');
    simulator.setScenario('daemon-failover');
    const quiet = new Set(queries().filter(({ gaps }) => gaps.some(({ kind }) => kind === 'quiet')));
    const missing = async () => {
      for (const query of quiet) if ((await ask(query, eventful.instance)).length > 0) quiet.delete(query);
      return [...quiet].map(name);
    };
    const beforeRestart = async () =>
      (await missing()).filter((text) => !/restarted|Version|ALERTS|Failed steps/.test(text));
    await expect.poll(beforeRestart, PATIENCE).toEqual([]);
    await eventful.server.stop();
    await eventful.server.start({ era: 'G', scenario: 'index-behind' });
    eventful.simulator.failWallet('server.version', 'drop');
    await expect.poll(missing, PATIENCE).toEqual([]);
  });

  test('each rule can be evaluated', async () => {
    const rules = await prometheus.rules();
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules).toHaveLength(GROUPS.flatMap((group) => group.rules).length);
  });
});
