// In the middle of an incident the exporter gets SIGHUP, the exporter restarts, Prometheus restarts: that causes no second notification
// and no false end. Real processes of all but ElectrumX, with the shipped rules and routes, where time passes faster.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlertName } from '../../grafana/src/rule.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';
import { makeClosers } from './support/closers.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { startMonitoring, type Monitoring } from './support/monitoring.ts';
import type { Running } from './support/process.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';
import { probeFlags, SERVER_FLAGS } from './support/watched.ts';

/**
 * An hour is 150 seconds. Prometheus resolves what it has not sent for 4 minutes, which are 10 seconds here: more than a restart takes.
 * Alertmanager repeats a critical alert after an hour, and the whole test is over before that.
 */
const TIME_SCALE = 24;
const EVERY_MS = 1000;
/** Longer than Alertmanager waits with changes (5 minutes) and Prometheus with the end (4 minutes). */
const QUIET_SECONDS = 15;

interface Incident {
  readonly alert: AlertName;
  begin(simulator: Simulator): unknown;
  /** Ends it, with the same server or with another on the same ports. */
  end(simulator: Simulator, start: () => Promise<Simulator>): unknown;
}

const INCIDENTS: readonly Incident[] = [
  { alert: 'ElectrumXDown', begin: (simulator) => simulator.stop(), end: (_, start) => start() },
  {
    alert: 'ElectrumXBlocksBehind',
    begin: (simulator) => simulator.setScenario('index-behind'),
    end: (simulator) => simulator.setScenario('calm'),
  },
  {
    alert: 'ElectrumXClientPortDown',
    begin: (simulator) => simulator.setScenario('port-closed'),
    end: (simulator) => simulator.setScenario('calm'),
  },
  {
    alert: 'ElectrumXDaemonUnreachable',
    begin: (simulator) => simulator.setScenario('daemon-dead'),
    end: (simulator) => simulator.setScenario('calm'),
  },
];

/** A server in an incident, and its exporter. */
interface Affected {
  readonly incident: Incident;
  readonly exporter: Exporter;
  end(): unknown;
}

describeWith({ commands: ['prometheus', 'prometheus-alertmanager'] }, 'an incident', () => {
  const closers = makeClosers();
  const affected = new Map<AlertName, Affected>();
  let monitoring: Monitoring;

  beforeAll(async () => {
    const starts: (() => unknown)[] = [];
    for (const incident of INCIDENTS) {
      const start = (options: Partial<SimulatorOptions>) => startSimulator({ era: 'F', speed: TIME_SCALE, ...options });
      const simulator = await start({ services: [{ transport: 'tcp' }, { transport: 'ssl' }] });
      closers.add(simulator, (it) => it.stop());
      const { port, services } = simulator;
      const again = async () => closers.add(await start({ port, services }), (it) => it.stop());
      const flags = [...SERVER_FLAGS, ...probeFlags(simulator, '2s'), '--collector.probe.min-interval=2s'];
      const exporter = closers.add(await startExporter(port, flags), (it) => it.stop());
      affected.set(incident.alert, { incident, exporter, end: () => incident.end(simulator, again) });
      starts.push(() => incident.begin(simulator));
    }
    const targets = [...affected.values()].map(({ exporter }) => exporter.port);
    monitoring = closers.add(await startMonitoring({ targets, everyMs: EVERY_MS, timeScale: TIME_SCALE }), (it) =>
      it.stop(),
    );
    // ElectrumXDown is for servers that have been known for longer than a start takes.
    await scrapedFor(25);
    for (const begin of starts) await begin();
    const allFire = () =>
      INCIDENTS.every(({ alert }) => notes(alert).includes(`critical ${alert} firing`)) || undefined;
    await waitFor('all notifications', allFire, { timeoutMs: 120_000, everyMs: 250 });
  });

  afterAll(() => closers.closeAll());

  const inAll = (...statuses: string[]) =>
    INCIDENTS.map(({ alert }) => statuses.map((status) => `critical ${alert} ${status}`));

  /** All notifications about the server of an incident. */
  function notes(alert: AlertName): string[] {
    const instance = `127.0.0.1:${affected.get(alert)?.exporter.port ?? 0}`;
    const own = monitoring.notes.filter(({ labels }) => labels['instance'] === instance);
    return own.map(({ receiver, labels, status }) => `${receiver} ${labels['alertname'] ?? ''} ${status}`);
  }

  /** Waits until Prometheus has scraped all exporters for so long, from now on. */
  async function scrapedFor(seconds: number): Promise<void> {
    const since = Date.now() / 1000;
    const all = async () => {
      const scraped = await monitoring.prometheus.query(`timestamp(up) > ${since + seconds}`);
      return scraped.length === INCIDENTS.length ? true : undefined;
    };
    await waitFor('scrapes', all, { timeoutMs: seconds * 1000 + 30_000, everyMs: 250 });
  }

  const exporters = () => [...affected.values()].map(({ exporter }) => exporter);
  const EVENTS: readonly [string, () => unknown][] = [
    ['SIGHUP to the exporter and to Prometheus', () => hangUp([...exporters(), monitoring.prometheus])],
    ['a restart of the exporter', () => Promise.all(exporters().map((exporter) => exporter.restart()))],
    ['a restart of Prometheus', () => monitoring.prometheus.restart()],
  ];

  describe.each(EVENTS)('after %s', (_name, happen) => {
    beforeAll(async () => {
      await happen();
      await scrapedFor(QUIET_SECONDS);
    });

    test.each(INCIDENTS)('$alert fires, and there is no second notification', async ({ alert }) => {
      expect(notes(alert)).toEqual([`critical ${alert} firing`]);
      const firing = await monitoring.prometheus.query(`ALERTS{alertname="${alert}",alertstate="firing"}`);
      expect(firing).toHaveLength(1);
    });
  });

  test('its end is notified once', async () => {
    for (const it of affected.values()) await it.end();
    await expect
      .poll(() => INCIDENTS.map(({ alert }) => notes(alert)), { timeout: 100_000 })
      .toEqual(inAll('firing', 'resolved'));
  });
});

function hangUp(programs: readonly { readonly process: Running }[]): void {
  for (const { process: running } of programs) process.kill(running.pid, 'SIGHUP');
}
