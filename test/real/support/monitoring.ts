// Prometheus and Alertmanager with the shipped rules and routes, where time passes faster, and the notifications that they send.
import { alertmanagerFile, type ReceiverName } from '../../../grafana/src/alertmanager.ts';
import { ruleFile } from '../../../grafana/src/rules.ts';
import { startAlertmanager } from './alertmanager.ts';
import { makeClosers } from './closers.ts';
import { startPrometheus, type Prometheus, type Target } from './prometheus.ts';
import { waitFor } from './wait.ts';
import { startWebhook, type Note } from './webhook.ts';

export interface Monitoring {
  readonly prometheus: Prometheus;
  /** All notifications, in order: an alert each. */
  readonly notes: readonly Note[];
  /** The notifications of an instance that fired, as `receiver alert`. */
  notified(instance: Instance): string[];
  /** Alerts that fire without a notification. */
  silent(instance: Instance): Promise<string[]>;
  /** Of the notifications, those whose last status is resolved. */
  resolved(instance: Instance): string[];
  /** Waits until Prometheus has evaluated the rules for so many seconds from now on. */
  evaluated(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** The label `instance`; alerts about no single server have none. */
export type Instance = string | undefined;

export interface MonitoringOptions {
  /** exporters */
  readonly targets: readonly Target[];
  readonly everyMs: number;
  readonly timeScale: number;
}

/** Starts all of it. Infos have no receiver, as shipped. */
export async function startMonitoring({ targets, everyMs, timeScale }: MonitoringOptions): Promise<Monitoring> {
  const closers = makeClosers();
  try {
    const webhook = closers.add(await startWebhook(), (it) => it.stop());
    const receivers: readonly ReceiverName[] = ['critical', 'warning', 'watchdog'];
    const webhooks = Object.fromEntries(receivers.map((name) => [name, webhook.url(name)]));
    const routes = alertmanagerFile({ timeScale, webhooks });
    const { port: alertmanager } = closers.add(await startAlertmanager(routes), (it) => it.stop());
    const rules = ruleFile({ timeScale });
    const options = { jobs: { electrumx: targets }, everyMs, rules, alertmanager, timeScale };
    const prometheus = closers.add(await startPrometheus(options), (it) => it.stop());
    return { prometheus, ...observe(prometheus, webhook.notes), stop: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

function observe(prometheus: Prometheus, notes: readonly Note[]): Omit<Monitoring, 'prometheus' | 'stop'> {
  // A notification can have an inhibited alert in it once that is resolved: it never fired for anybody.
  const lastStatus = (instance: Instance) => {
    const statuses = new Map<string, Note['status']>();
    for (const { receiver, labels, status } of notes) {
      const note = `${receiver} ${labels['alertname'] ?? ''}`;
      if (labels['instance'] === instance && (status === 'firing' || statuses.has(note))) statuses.set(note, status);
    }
    return statuses;
  };
  const notified = (instance: Instance) => [...lastStatus(instance).keys()].sort();
  return {
    notes,
    notified,
    silent: async (instance) => {
      const firing = await prometheus.query(`ALERTS{instance="${instance ?? ''}",alertstate="firing"}`);
      const names = new Set(firing.map(({ metric }) => metric['alertname'] ?? ''));
      const heard = notified(instance).map((note) => note.split(' ')[1]);
      return [...names].filter((name) => !heard.includes(name)).sort();
    },
    evaluated: async (seconds) => {
      const end = Date.now() / 1000 + seconds;
      // The watchdog fires from the first evaluation on.
      const probe = async () => {
        const evaluated = await prometheus.query(`timestamp(ALERTS{alertname="ElectrumXWatchdog"}) > ${end}`);
        return evaluated.length > 0 || undefined;
      };
      await waitFor('evaluations', probe, { timeoutMs: seconds * 1000 + 60_000, everyMs: 500 });
    },
    resolved: (instance) =>
      [...lastStatus(instance)].flatMap(([note, status]) => (status === 'resolved' ? [note] : [])).sort(),
  };
}
