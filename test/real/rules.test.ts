// What is in grafana/ as its real users read it: promtool, amtool and Alertmanager.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertmanagerFile } from '../../grafana/src/alertmanager.ts';
import { alerts, ruleFile } from '../../grafana/src/rules.ts';
import { startAlertmanager, type Alertmanager } from './support/alertmanager.ts';
import { runToEnd } from './support/process.ts';
import { describeWith } from './support/tools.ts';

const GRAFANA = resolve(import.meta.dirname, '../../grafana');
const RULES = join(GRAFANA, 'rules/electrumx.rules.yml');
const ALERTMANAGER = join(GRAFANA, 'alertmanager.yml');

/** Runs a tool that has to succeed, and gives what it printed. */
async function succeed(command: string, ...args: string[]): Promise<string> {
  const { code, stdout, output } = await runToEnd(command, args);
  expect(code, output).toBe(0);
  return stdout;
}

async function withFile(content: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    writeFileSync(join(folder, 'file.yml'), content);
    await use(join(folder, 'file.yml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Debian's, and the one of Prometheus 3 that CI builds from source: there the start of a range does not belong to it. */
const PROMTOOLS = ['promtool', resolve(import.meta.dirname, '../../.cache/real/bin/promtool3')];

describe.each(PROMTOOLS)('%s', (promtool) => {
  describeWith({ commands: [promtool] }, 'on the rules', () => {
    test('reports nothing', async () => {
      await succeed(promtool, 'check', 'rules', '--lint=all', '--lint-fatal', RULES);
    });

    test('accepts prometheus.yml, and finds the rules through it', async () => {
      const said = await succeed(promtool, 'check', 'config', join(GRAFANA, 'prometheus.yml'));
      expect(said).toContain('1 rule files found');
    });

    test.each([1, 7, 60, 3600])('reports nothing where time passes %d times as fast', async (timeScale) => {
      await withFile(ruleFile({ timeScale }), async (path) => {
        await succeed(promtool, 'check', 'rules', '--lint=all', '--lint-fatal', path);
      });
    });

    test.each(readdirSync(join(GRAFANA, 'tests')))('passes %s', async (file) => {
      await succeed(promtool, 'test', 'rules', join(GRAFANA, 'tests', file));
    });
  });
});

describeWith({ commands: ['amtool'] }, 'amtool', () => {
  const receivers = (...labels: string[]) =>
    succeed('amtool', 'config', 'routes', 'test', `--config.file=${ALERTMANAGER}`, ...labels);

  test('accepts alertmanager.yml', async () => {
    await succeed('amtool', 'check-config', ALERTMANAGER);
  });

  test.each([1, 7, 60, 3600])(
    'accepts it with other receivers, where time passes %d times as fast',
    async (timeScale) => {
      const webhooks = { critical: 'http://127.0.0.1:9/critical', info: 'http://127.0.0.1:9/info' };
      await withFile(alertmanagerFile({ timeScale, webhooks }), async (path) => {
        expect(await succeed('amtool', 'check-config', path)).toContain('SUCCESS');
      });
    },
  );

  test.each(alerts())('routes $alert to the receiver of its severity', async ({ alert, severity }) => {
    const expected = alert === 'ElectrumXWatchdog' ? 'watchdog' : severity;
    expect((await receivers(`alertname=${alert}`, `severity=${severity}`, 'instance=a:10061')).trim()).toBe(expected);
  });

  test('routes an alert without a known severity to the receiver of warnings', async () => {
    expect((await receivers('alertname=Other')).trim()).toBe('warning');
    expect((await receivers('alertname=Other', 'severity=page')).trim()).toBe('warning');
  });
});

describeWith({ commands: ['prometheus-alertmanager'] }, 'Alertmanager', () => {
  let alertmanager: Alertmanager;

  beforeAll(async () => {
    alertmanager = await startAlertmanager(alertmanagerFile());
  });

  afterAll(() => alertmanager.stop());

  async function fire(instance: string, names: readonly string[], labels: object = {}): Promise<void> {
    const severities = new Map<string, string>(alerts().map(({ alert, severity }) => [alert, severity]));
    const body = names.map((alertname) => ({
      labels: { alertname, instance, severity: severities.get(alertname), ...labels },
    }));
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${alertmanager.url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** The alerts of the instance that are sent, once Alertmanager has looked at all of them. */
  const sent = (instance: string) =>
    expect.poll(
      async () => {
        const known = await alertmanager.alertsOf(instance);
        return known.filter(({ state }) => state !== 'suppressed').map(({ name }) => name);
      },
      { timeout: 30_000 },
    );

  test('sends nothing but ElectrumXDown for a server that is down', async () => {
    await fire(
      'down:10061',
      alerts().map(({ alert }) => alert),
    );
    await sent('down:10061').toEqual(['ElectrumXDown']);
  });

  test('sends the critical alert and not the warning that comes with it', async () => {
    await fire('busy:10061', ['ElectrumXOverloaded', 'ElectrumXPendingRequestsHigh']);
    await sent('busy:10061').toEqual(['ElectrumXOverloaded']);
  });

  test('inhibits nothing of another server', async () => {
    await fire('other:10061', ['ElectrumXBlocksBehind']);
    await fire('dead:10061', ['ElectrumXDown', 'ElectrumXBlocksBehind']);
    await sent('dead:10061').toEqual(['ElectrumXDown']);
    await sent('other:10061').toEqual(['ElectrumXBlocksBehind']);
  });

  test('inhibits nothing of another coin under the same instance', async () => {
    await fire('coins', ['ElectrumXDown', 'ElectrumXSyncing'], { coin: 'Bitcoin' });
    await fire('coins', ['ElectrumXBlocksBehind'], { coin: 'Litecoin' });
    await sent('coins').toEqual(['ElectrumXBlocksBehind', 'ElectrumXDown']);
  });
});
