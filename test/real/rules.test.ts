// What is in grafana/ as its real users read it: promtool, amtool and Alertmanager.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

describeWith({ commands: ['promtool'] }, 'promtool', () => {
  test('has nothing to say against the rules', async () => {
    await succeed('promtool', 'check', 'rules', '--lint=all', '--lint-fatal', RULES);
  });

  test('accepts prometheus.yml, and finds the rules through it', async () => {
    const said = await succeed('promtool', 'check', 'config', join(GRAFANA, 'prometheus.yml'));
    expect(said).toContain('1 rule files found');
  });

  test.each([1, 7, 60, 3600])('nor where time passes %d times as fast', async (timeScale) => {
    await withFile(ruleFile({ timeScale }), async (path) => {
      await succeed('promtool', 'check', 'rules', '--lint=all', '--lint-fatal', path);
    });
  });

  test.each(readdirSync(join(GRAFANA, 'tests')))('finds that the alerts do what %s says', async (file) => {
    await succeed('promtool', 'test', 'rules', join(GRAFANA, 'tests', file));
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

  test.each(alerts())('$alert goes to $severity', async ({ alert, severity }) => {
    expect((await receivers(`alertname=${alert}`, `severity=${severity}`, 'instance=a:10061')).trim()).toBe(severity);
  });

  test('an alert without a known severity is a ticket', async () => {
    expect((await receivers('alertname=Other')).trim()).toBe('ticket');
    expect((await receivers('alertname=Other', 'severity=critical')).trim()).toBe('ticket');
  });
});

describeWith({ commands: ['prometheus-alertmanager'] }, 'Alertmanager', () => {
  let alertmanager: Alertmanager;

  beforeAll(async () => {
    alertmanager = await startAlertmanager(alertmanagerFile());
  });

  afterAll(() => alertmanager.stop());

  async function fire(instance: string, names: readonly string[]): Promise<void> {
    const severities = new Map<string, string>(alerts().map(({ alert, severity }) => [alert, severity]));
    const body = names.map((alertname) => ({ labels: { alertname, instance, severity: severities.get(alertname) } }));
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${alertmanager.url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** The alerts of the instance that somebody hears of, once Alertmanager has looked at all of them. */
  const heard = (instance: string) =>
    expect.poll(
      async () => {
        const known = await alertmanager.alertsOf(instance);
        return known.filter(({ state }) => state !== 'suppressed').map(({ name }) => name);
      },
      { timeout: 30_000 },
    );

  test('tells nothing but ElectrumXDown of a server that is down', async () => {
    await fire(
      'down:10061',
      alerts().map(({ alert }) => alert),
    );
    await heard('down:10061').toEqual(['ElectrumXDown']);
  });

  test('tells the page and not the ticket that comes with it', async () => {
    await fire('busy:10061', ['ElectrumXOverloaded', 'ElectrumXPendingRequestsHigh']);
    await heard('busy:10061').toEqual(['ElectrumXOverloaded']);
  });

  test('lets one server silence nothing of another', async () => {
    await fire('other:10061', ['ElectrumXBlocksBehind']);
    await fire('dead:10061', ['ElectrumXDown', 'ElectrumXBlocksBehind']);
    await heard('dead:10061').toEqual(['ElectrumXDown']);
    await heard('other:10061').toEqual(['ElectrumXBlocksBehind']);
  });
});
