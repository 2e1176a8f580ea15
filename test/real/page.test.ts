// From a metric to a notification: simulated servers, exporters, a real Prometheus and a real Alertmanager with the shipped rules and
// routes, where time passes faster. Each thing that can happen to a server causes its notifications, firing and resolved, and no others.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alerts } from '../../grafana/src/rules.ts';
import { ERAS } from '../../src/simulator/eras.ts';
import { TRANSPORTS } from '../../src/simulator/wallet/services.ts';
import { SCENARIOS } from '../../src/simulator/world/scenarios.ts';
import { makeClosers } from './support/closers.ts';
import { startMonitoring, type Instance, type Monitoring } from './support/monitoring.ts';
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
/** Half an hour, in which no other critical alert may follow. */
const AFTERMATH_SECONDS = 1800 / TIME_SCALE;
/** The client ports of a server in calm. The others have one: handshakes of TLS take more time than all the rest. */
const ALL_SERVICES = TRANSPORTS.map((transport) => ({ transport }));
/** A minute, scaled: every scrape probes. */
const PROBE_FLAGS = ['--collector.probe.min-interval=400ms'];

/** Alerts that are about no single server are tried below. Those that need a day or a week are too slow for this test. */
const ABOUT_ALL = ['ElectrumXWatchdog', 'ElectrumXTargetMissing', 'ElectrumXTargetsAbsent'];
const TOO_SLOW = ['ElectrumXMemoryGrowth', 'ElectrumXErrorBudgetBurnSlow'];
const NO_INSTANCE: Instance = undefined;

/** What one case caused. */
interface Story {
  /** as `receiver alert` */
  readonly notified: readonly string[];
  /** alerts that fired without a notification */
  readonly silent: readonly string[];
  /** those of `notified` that were resolved in the end */
  readonly resolved: readonly string[];
  /** critical notifications of other alerts after the end */
  readonly later: readonly string[];
}

describeWith({ commands: ['prometheus', 'prometheus-alertmanager'] }, 'from a metric to a notification', () => {
  const closers = makeClosers();
  const stories = new Map<Case, Promise<Story>>();
  const calm = new Map<string, Watched>();
  let monitoring: Monitoring;

  beforeAll(async () => {
    const watch = async ({ flags = [], ...options }: Partial<WatchedOptions>) => {
      const usual = {
        era: 'F',
        sessions: 60,
        speed: TIME_SCALE,
        services: [{ transport: 'tcp' }],
        probeTimeout: '3s',
      } as const;
      const watched = await startWatched({ ...usual, ...options, flags: [...PROBE_FLAGS, ...flags] });
      return closers.add(watched, (it) => it.stop());
    };
    const played: [Case, Watched][] = [];
    for (const one of CASES) played.push([one, await watch(one.server ?? {})]);
    for (const era of ERAS) calm.set(era, await watch({ era, services: ALL_SERVICES }));
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

  /** Starts the case, waits for all that is expected, and ends it. What does not happen in time is missing in the result. */
  async function play({ begin, end, notifies, silent, mayFollow = [] }: Case, watched: Watched): Promise<Story> {
    const { instance, port } = watched;
    await begin(watched);
    await patiently(async () => {
      const found = await monitoring.silent(instance);
      return has(monitoring.notified(instance), notifies) && has(found, silent);
    });
    const story = { notified: monitoring.notified(instance), silent: await monitoring.silent(instance) };
    await end(watched);
    await patiently(() => has(monitoring.resolved(instance), notifies));
    await monitoring.evaluated(AFTERMATH_SECONDS);
    monitoring.prometheus.forget(port);
    const before = (note: string) => story.notified.includes(note);
    const known = (note: string) => before(note) || mayFollow.includes(note);
    const later = monitoring.notified(instance).filter((note) => note.startsWith('critical') && !known(note));
    return { ...story, resolved: monitoring.resolved(instance).filter(before), later };
  }

  const titled = CASES.map((one) => {
    const silent = one.silent.map((name) => `nobody ${name}`);
    return [one.title, [...one.notifies, ...silent].join(', '), one] as const;
  });
  test.each(titled)('%s: %s', { timeout: 400_000 }, async (_title, _notifies, one) => {
    const { notifies, silent } = one;
    expect(await stories.get(one)).toEqual({ notified: notifies, silent, resolved: notifies, later: [] });
  });

  test('every alert is caused by one of these, and every scenario is one of these', () => {
    const caused = new Set(
      CASES.flatMap(({ notifies, silent }) => [...notifies.map((note) => note.split(' ')[1]), ...silent]),
    );
    expect(alerts().filter(({ alert }) => !caused.has(alert) && ![...ABOUT_ALL, ...TOO_SLOW].includes(alert))).toEqual(
      [],
    );
    expect(SCENARIOS.filter((scenario) => !CASES.some(({ title }) => title === scenario))).toEqual(['calm']);
  });

  test('a notification goes to the receiver of its severity, with summary, server and runbook', () => {
    const aboutServers = monitoring.notes.filter(({ labels }) => labels['instance'] !== undefined);
    expect(aboutServers.length).toBeGreaterThan(0);
    for (const { receiver, labels, annotations } of aboutServers) {
      const { severity, instance = '', alertname = '' } = labels;
      expect(severity).toBe(receiver);
      expect(annotations).toMatchObject({
        summary: expect.stringContaining(instance) as string,
        description: expect.stringMatching(/./) as string,
        runbook_url: `http://${instance}/runbook#${alertname.toLowerCase()}`,
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

    test.each(ERAS)('in era %s: no alert fires, and every probe succeeds', async (era) => {
      const { instance = '' } = calm.get(era) ?? {};
      const { prometheus } = monitoring;
      expect(monitoring.notified(instance)).toEqual([]);
      const fired = await prometheus.query(`count_over_time(ALERTS{instance="${instance}",alertstate="firing"}[1h])`);
      expect(fired.map(({ metric }) => metric['alertname'])).toEqual([]);
      const [scrapes] = await prometheus.query(`count_over_time(electrumx_up{instance="${instance}"}[1h])`);
      expect(scrapes?.values[0]).toBeGreaterThan(TEN_HOURS_MS / EVERY_MS / 2);
      const probes = await prometheus.query(`min_over_time(electrumx_probe_success{instance="${instance}"}[1h])`);
      const ports = probes.map(({ metric, values }) => `${metric['transport'] ?? ''} ${values[0] ?? ''}`).sort();
      expect(ports).toEqual(['ssl 1', 'tcp 1', 'ws 1', 'wss 1']);
    });
  });

  describe('the monitoring of all servers', () => {
    const isFiring = (note: string) =>
      patiently(() => has(monitoring.notified(NO_INSTANCE), [note])).then(() =>
        expect(monitoring.notified(NO_INSTANCE)).toContain(note),
      );

    test('sends its watchdog repeatedly', () => {
      const sent = monitoring.notes.filter(({ labels }) => labels['alertname'] === 'ElectrumXWatchdog');
      expect(new Set(sent.map(({ receiver, status }) => `${receiver} ${status}`))).toEqual(
        new Set(['watchdog firing']),
      );
      expect(sent.length).toBeGreaterThan(10);
    });

    test('notices a missing target', () => isFiring('warning ElectrumXTargetMissing'));

    test('notices that all targets are missing', async () => {
      monitoring.prometheus.forget(...[...calm.values()].map(({ port }) => port));
      await isFiring('critical ElectrumXTargetsAbsent');
    });
  });
});

const has = (there: readonly string[], expected: readonly string[]) => expected.every((name) => there.includes(name));

/** Waits for a condition as long as anything may take; what did not come is for the caller to find. */
async function patiently(condition: () => boolean | Promise<boolean>): Promise<void> {
  const probe = async () => ((await condition()) ? true : undefined);
  await waitFor('it', probe, PATIENCE).catch(() => undefined);
}
