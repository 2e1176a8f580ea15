// A real Alertmanager, on a loopback port and without a cluster.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, run } from './process.ts';
import { Hopeless, waitFor } from './wait.ts';

export interface Alertmanager {
  readonly port: number;
  readonly url: string;
  /** The alerts of an instance that it knows of, with `suppressed` for those that others inhibit. */
  alertsOf(instance: string): Promise<{ name: string; state: string }[]>;
  stop(): Promise<void>;
}

/** Starts one with the text of a configuration. */
export async function startAlertmanager(configuration: string): Promise<Alertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  writeFileSync(join(folder, 'alertmanager.yml'), configuration);
  const port = await freePort();
  const child = run('prometheus-alertmanager', [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${folder}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  const stop = async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  await waitFor('Alertmanager to be ready', async () => {
    if (child.exited) throw new Hopeless(`Alertmanager has ended:\n${child.output()}`);
    return (await fetch(`${url}/-/ready`)).ok ? true : undefined;
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    port,
    url,
    alertsOf: async (instance) => {
      const filter = encodeURIComponent(`instance="${instance}"`);
      const known = (await (await fetch(`${url}/api/v2/alerts?filter=${filter}`)).json()) as {
        labels: { alertname: string };
        status: { state: string };
      }[];
      const alerts = known.map(({ labels, status }) => ({ name: labels.alertname, state: status.state }));
      return alerts.sort((one, other) => one.name.localeCompare(other.name));
    },
    stop,
  };
}
