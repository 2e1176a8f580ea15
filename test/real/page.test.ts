// From a metric to a page: simulated servers, exporters, a real Prometheus and a real Alertmanager, with the rules and routes that are
// shipped, where time passes faster. What happens to each server is told to whom it should be, and when it is over, that too. Where
// nothing happens, nobody is told anything.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertmanagerFile } from '../../grafana/src/alertmanager.ts';
import { alerts, ruleFile } from '../../grafana/src/rules.ts';
import { ERAS } from '../../src/simulator/eras.ts';
import { startAlertmanager, type Alertmanager } from './support/alertmanager.ts';
import { makeClosers } from './support/closers.ts';
import { startPrometheus, type Prometheus } from './support/prometheus.ts';
import { CASES, NOT_CAUSED, type Case } from './support/scenarios.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';
import { startWatched, type Watched } from './support/watched.ts';
import { startWebhook, type Note, type Webhook } from './support/webhook.ts';

/** An hour is 20 seconds. */
const TIME_SCALE = 180;
const CALM_SECONDS = (10 * 3600) / TIME_SCALE;
const EVERY_MS = 1000;

/** How one case went. */
interface Story {
  /** as `receiver alert`, until it was over */
  readonly told: readonly string[];
  /** fired in Prometheus meanwhile, and nobody was told */
  readonly silent: readonly string[];
  /** as `receiver alert`, after it was over */
  readonly resolved: readonly string[];
}

describeWith({ commands: ['prometheus', 'prometheus-alertmanager'] }, 'from a metric to a page', () => {
  const closers = makeClosers();
  const stories = new Map<Case, Promise<Story>>();
  const calm = new Map<string, Watched>();
  let webhook: Webhook;
  let alertmanager: Alertmanager;
  let prometheus: Prometheus;

  beforeAll(async () => {
    webhook = closers.add(await startWebhook(), (it) => it.stop());
    const webhooks = { page: webhook.url('page'), ticket: webhook.url('ticket') };
    const routes = alertmanagerFile({ timeScale: TIME_SCALE, webhooks });
    alertmanager = closers.add(await startAlertmanager(routes), (it) => it.stop());
    const watch = async (options: Partial<Parameters<typeof startWatched>[0]>) =>
      closers.add(await startWatched({ era: 'F', sessions: 60, speed: TIME_SCALE, ...options }), (it) => it.stop());
    const played: [Case, Watched][] = [];
    for (const one of CASES) played.push([one, await watch(one.server ?? {})]);
    for (const era of ERAS) calm.set(era, await watch({ era }));
    const electrumx = [
      ...played.map(([{ everyMs = EVERY_MS }, { port }]) => ({ port, everyMs })),
      ...[...calm.values()].map(({ port }) => port),
    ];
    prometheus = closers.add(
      await startPrometheus({
        jobs: { electrumx },
        everyMs: EVERY_MS,
        rules: ruleFile({ timeScale: TIME_SCALE }),
        alertmanager: alertmanager.port,
      }),
      (it) => it.stop(),
    );
    await waitFor('a few scrapes of all', async () => {
      const seen = await prometheus.query('count_over_time(electrumx_up[5m]) >= 3');
      if (seen.length < electrumx.length) throw new Error(`of ${electrumx.length} only ${seen.length}`);
      return true;
    });
    for (const [one, watched] of played) {
      const story = play(one, watched);
      story.catch(() => undefined);
      stories.set(one, story);
    }
  });

  afterAll(() => closers.closeAll());

  const notesOf = ({ instance }: Watched) => webhook.notes.filter(({ labels }) => labels['instance'] === instance);
  const told = (notes: readonly Note[], status: Note['status']) =>
    [
      ...new Set(
        notes
          .filter((note) => note.status === status)
          .map(({ receiver, labels }) => `${receiver} ${labels['alertname'] ?? ''}`),
      ),
    ].sort();
  const firing = async ({ instance }: Watched) =>
    (await prometheus.query(`ALERTS{instance="${instance}",alertstate="firing"}`)).map(
      ({ metric }) => metric['alertname'] ?? '',
    );

  /** Lets it happen until all that is expected is there, or a long time has passed; then ends it. */
  async function play({ begin, end, tells, silent }: Case, watched: Watched): Promise<Story> {
    await begin(watched);
    const namesTold = () => told(notesOf(watched), 'firing').map((text) => text.replace(/^\w+ /, ''));
    const silentNow = async () => {
      const names = await firing(watched);
      return names.filter((name) => !namesTold().includes(name)).sort();
    };
    await patiently(async () => {
      const fires = await firing(watched);
      return told(notesOf(watched), 'firing').length >= tells.length && silent.every((name) => fires.includes(name));
    });
    const story = { told: told(notesOf(watched), 'firing'), silent: await silentNow() };
    const before = webhook.notes.length;
    await end(watched);
    const resolved = () =>
      told(
        webhook.notes.slice(before).filter((note) => notesOf(watched).includes(note)),
        'resolved',
      );
    await patiently(() => tells.every((name) => resolved().includes(name)));
    prometheus.forget(watched.port);
    return { ...story, resolved: resolved().filter((name) => story.told.includes(name)) };
  }

  const titled = CASES.map((one) => {
    const silent = one.silent.map((name) => `nobody ${name}`);
    return [one.title, [...one.tells, ...silent].join(', '), one] as const;
  });
  test.each(titled)('%s: %s', { timeout: 300_000 }, async (_title, _told, one) => {
    const { tells, silent } = one;
    expect(await stories.get(one)).toEqual({
      told: tells.toSorted(),
      silent: silent.toSorted(),
      resolved: tells.toSorted(),
    });
  });

  test('every alert is caused by one of these, or is known not to be', () => {
    const caused = new Set(
      CASES.flatMap(({ tells, silent }) => [...tells, ...silent]).map((text) => text.replace(/^\w+ /, '')),
    );
    const names: string[] = alerts().map(({ alert }) => alert);
    expect(names.filter((name) => !caused.has(name)).sort()).toEqual([...NOT_CAUSED].sort());
  });

  test('who is told of a severity is told what it is and where to read on', () => {
    expect(webhook.notes.length).toBeGreaterThan(0);
    for (const { receiver, labels, annotations } of webhook.notes) {
      expect(labels['severity']).toBe(receiver);
      expect(annotations).toMatchObject({
        summary: expect.stringContaining(labels['instance'] ?? '') as string,
        description: expect.stringMatching(/./) as string,
        runbook_url: expect.stringContaining(`#${labels['alertname']?.toLowerCase() ?? ''}`) as string,
      });
    }
  });

  describe('ten calm hours', () => {
    beforeAll(
      async () => {
        const [restarted] = calm.values();
        await restarted?.exporter.stop();
        await restarted?.exporter.start();
        await waitFor(
          'ten hours of the simulated world',
          () => [...calm.values()].every(({ simulator: { world } }) => world.now - world.bornAt >= 36_000) || undefined,
          { timeoutMs: 2 * CALM_SECONDS * 1000, everyMs: 500 },
        );
      },
      3 * CALM_SECONDS * 1000,
    );

    test.each(ERAS)('in era %s: no alert fires, nobody is told', async (era) => {
      const watched = calm.get(era);
      if (watched === undefined) throw new Error('no such server');
      expect(notesOf(watched)).toEqual([]);
      const fired = `count_over_time(ALERTS{instance="${watched.instance}",alertstate="firing"}[1h])`;
      expect((await prometheus.query(fired)).map(({ metric }) => metric['alertname'])).toEqual([]);
      const [looks] = await prometheus.query(`count_over_time(electrumx_up{instance="${watched.instance}"}[1h])`);
      expect(looks?.values[0]).toBeGreaterThan((CALM_SECONDS * 1000) / EVERY_MS / 2);
    });
  });
});

/** Until it holds or a long time has passed: what is missing then shows in what is compared. */
async function patiently(condition: () => boolean | Promise<boolean>): Promise<void> {
  await waitFor('it', async () => ((await condition()) ? true : undefined), { timeoutMs: 150_000, everyMs: 250 }).catch(
    () => undefined,
  );
}
