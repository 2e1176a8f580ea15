// From a metric to a page: simulated servers, exporters, a real Prometheus and a real Alertmanager, with the rules and routes that are
// shipped, where time passes faster. What happens to each server is told to whom it should be, and when it is over, that too. Where
// nothing happens, nobody is told anything.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alerts } from '../../grafana/src/rules.ts';
import { ERAS } from '../../src/simulator/eras.ts';
import { SCENARIOS } from '../../src/simulator/world/scenarios.ts';
import { makeClosers } from './support/closers.ts';
import { startMonitoring, type Monitoring } from './support/monitoring.ts';
import { CASES, type Case } from './support/scenarios.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';
import { startWatched, type Watched, type WatchedOptions } from './support/watched.ts';

/** An hour is 24 seconds. */
const TIME_SCALE = 150;
const TEN_HOURS_MS = (10 * 3600 * 1000) / TIME_SCALE;
const EVERY_MS = 1500;
/** Nothing takes longer than the six hours of ElectrumXSessionLoggingOn. */
const PATIENCE = { timeoutMs: 180_000, everyMs: 500 };

/** How one case went: what was told as `receiver alert`, what fired and was told nobody, and what was told to be over in the end. */
interface Story {
  readonly told: readonly string[];
  readonly silent: readonly string[];
  readonly over: readonly string[];
}

describeWith({ commands: ['prometheus', 'prometheus-alertmanager'] }, 'from a metric to a page', () => {
  const closers = makeClosers();
  const stories = new Map<Case, Promise<Story>>();
  const calm = new Map<string, Watched>();
  let monitoring: Monitoring;

  beforeAll(async () => {
    const watch = async (options: Partial<WatchedOptions>) =>
      closers.add(await startWatched({ era: 'F', sessions: 60, speed: TIME_SCALE, ...options }), (it) => it.stop());
    const played: [Case, Watched][] = [];
    for (const one of CASES) played.push([one, await watch(one.server ?? {})]);
    for (const era of ERAS) calm.set(era, await watch({ era }));
    const targets = [
      ...played.map(([{ everyMs = EVERY_MS }, { port }]) => ({ port, everyMs })),
      ...[...calm.values()].map(({ port }) => port),
    ];
    const options = { targets, everyMs: EVERY_MS, timeScale: TIME_SCALE };
    monitoring = closers.add(await startMonitoring(options), (it) => it.stop());
    const scraped = async () => {
      const seen = await monitoring.prometheus.query('count_over_time(electrumx_up[5m]) >= 3');
      if (seen.length < targets.length) throw new Error(`of ${targets.length} only ${seen.length}`);
      return true;
    };
    await waitFor('a few scrapes of all', scraped, { timeoutMs: 90_000, everyMs: 500 });
    // All at the same time.
    for (const [one, watched] of played) {
      const story = play(one, watched);
      story.catch(() => undefined);
      stories.set(one, story);
    }
  });

  afterAll(() => closers.closeAll());

  /** Lets it happen until all that is expected is there, and ends it. What does not come in time is missing in the story. */
  async function play({ begin, end, tells, silent }: Case, watched: Watched): Promise<Story> {
    const { instance, port } = watched;
    await begin(watched);
    await patiently(async () => {
      const untold = await monitoring.untold(instance);
      return has(monitoring.told(instance), tells) && has(untold, silent);
    });
    const story = { told: monitoring.told(instance), silent: await monitoring.untold(instance) };
    await end(watched);
    await patiently(() => has(monitoring.over(instance), tells));
    monitoring.prometheus.forget(port);
    return { ...story, over: monitoring.over(instance).filter((name) => story.told.includes(name)) };
  }

  const titled = CASES.map((one) => {
    const silent = one.silent.map((name) => `nobody ${name}`);
    return [one.title, [...one.tells, ...silent].join(', '), one] as const;
  });
  test.each(titled)('%s: %s', { timeout: 400_000 }, async (_title, _told, one) => {
    const { tells, silent } = one;
    expect(await stories.get(one)).toEqual({ told: tells, silent, over: tells });
  });

  test('every alert is caused by one of these, and every scenario is one of these', () => {
    const caused = new Set(
      CASES.flatMap(({ tells, silent }) => [...tells.map((text) => text.split(' ')[1]), ...silent]),
    );
    expect(alerts().filter(({ alert }) => !caused.has(alert))).toEqual([]);
    expect(SCENARIOS.filter((scenario) => !CASES.some(({ title }) => title === scenario))).toEqual(['calm']);
  });

  test('who is told of a severity is told what it is and where to read on', () => {
    expect(monitoring.notes.length).toBeGreaterThan(0);
    for (const { receiver, labels, annotations } of monitoring.notes) {
      expect(labels['severity']).toBe(receiver);
      expect(annotations).toMatchObject({
        summary: expect.stringContaining(labels['instance'] ?? '') as string,
        description: expect.stringMatching(/./) as string,
        runbook_url: expect.stringContaining(`#${labels['alertname']?.toLowerCase() ?? ''}`) as string,
      });
    }
  });

  describe('ten calm hours', () => {
    beforeAll(async () => {
      const [restarted] = calm.values();
      await restarted?.exporter.stop();
      await restarted?.exporter.start();
      const lived = () => [...calm.values()].every(({ simulator: { world } }) => world.now - world.bornAt >= 36_000);
      const patience = { timeoutMs: 2 * TEN_HOURS_MS, everyMs: 500 };
      await waitFor('ten hours of the simulated world', () => lived() || undefined, patience);
    }, 3 * TEN_HOURS_MS);

    test.each(ERAS)('in era %s: no alert fires, nobody is told', async (era) => {
      const { instance = '' } = calm.get(era) ?? {};
      const { prometheus } = monitoring;
      expect(monitoring.told(instance)).toEqual([]);
      const fired = await prometheus.query(`count_over_time(ALERTS{instance="${instance}",alertstate="firing"}[1h])`);
      expect(fired.map(({ metric }) => metric['alertname'])).toEqual([]);
      const [looks] = await prometheus.query(`count_over_time(electrumx_up{instance="${instance}"}[1h])`);
      expect(looks?.values[0]).toBeGreaterThan(TEN_HOURS_MS / EVERY_MS / 2);
    });
  });
});

const has = (there: readonly string[], expected: readonly string[]) => expected.every((name) => there.includes(name));

async function patiently(condition: () => boolean | Promise<boolean>): Promise<void> {
  const probe = async () => ((await condition()) ? true : undefined);
  await waitFor('it', probe, PATIENCE).catch(() => undefined);
}
