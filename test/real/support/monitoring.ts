// Prometheus and Alertmanager with the rules and routes that are shipped, where time passes faster, and who is told what.
import { alertmanagerFile } from '../../../grafana/src/alertmanager.ts';
import { ruleFile } from '../../../grafana/src/rules.ts';
import { startAlertmanager } from './alertmanager.ts';
import { makeClosers } from './closers.ts';
import { startPrometheus, type Prometheus, type Target } from './prometheus.ts';
import { startWebhook, type Note } from './webhook.ts';

export interface Monitoring {
  readonly prometheus: Prometheus;
  /** All that was told to anybody. */
  readonly notes: readonly Note[];
  /** What somebody was told of an instance, as `receiver alert`. */
  told(instance: string): string[];
  /** What fires in Prometheus, and nobody was told. */
  untold(instance: string): Promise<string[]>;
  /** Of what was told, that of which the last word is that it is over. */
  over(instance: string): string[];
  stop(): Promise<void>;
}

export interface MonitoringOptions {
  /** exporters */
  readonly targets: readonly Target[];
  readonly everyMs: number;
  readonly timeScale: number;
}

export async function startMonitoring({ targets, everyMs, timeScale }: MonitoringOptions): Promise<Monitoring> {
  const closers = makeClosers();
  try {
    const webhook = closers.add(await startWebhook(), (it) => it.stop());
    const webhooks = { critical: webhook.url('critical'), warning: webhook.url('warning') };
    const routes = alertmanagerFile({ timeScale, webhooks });
    const { port: alertmanager } = closers.add(await startAlertmanager(routes), (it) => it.stop());
    const chain = { jobs: { electrumx: targets }, everyMs, rules: ruleFile({ timeScale }), alertmanager };
    const prometheus = closers.add(await startPrometheus(chain), (it) => it.stop());
    return { prometheus, ...look(prometheus, webhook.notes), stop: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

function look(prometheus: Prometheus, notes: readonly Note[]): Omit<Monitoring, 'prometheus' | 'stop'> {
  /** The last word on each alert. */
  const words = (instance: string) =>
    new Map(
      notes
        .filter(({ labels }) => labels['instance'] === instance)
        .map(({ receiver, labels, status }) => [`${receiver} ${labels['alertname'] ?? ''}`, status]),
    );
  const told = (instance: string) => [...words(instance).keys()].sort();
  return {
    notes,
    told,
    untold: async (instance) => {
      const firing = await prometheus.query(`ALERTS{instance="${instance}",alertstate="firing"}`);
      const names = new Set(firing.map(({ metric }) => metric['alertname'] ?? ''));
      const heard = told(instance).map((text) => text.split(' ')[1]);
      return [...names].filter((name) => !heard.includes(name)).sort();
    },
    over: (instance) => [...words(instance)].flatMap(([name, status]) => (status === 'resolved' ? [name] : [])).sort(),
  };
}
