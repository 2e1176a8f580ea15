// What is in grafana/ as its real users read it: promtool, amtool, Prometheus and Alertmanager.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerFile } from '../../grafana/src/alertmanager.ts';
import { alerts, GROUPS, ruleFile } from '../../grafana/src/rules.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { makeClosers } from './support/closers.ts';
import { startExporter } from './support/exporter.ts';
import { freePort, run, runToEnd, type Running } from './support/process.ts';
import { describeWith } from './support/tools.ts';
import { Hopeless, waitFor } from './support/wait.ts';

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
      const webhooks = { page: 'http://127.0.0.1:9/page', info: 'http://127.0.0.1:9/info' };
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

interface Firing {
  readonly labels: { readonly alertname: string; readonly instance: string };
  readonly status: { readonly state: string };
}

describeWith({ commands: ['prometheus-alertmanager'] }, 'Alertmanager', () => {
  let alertmanager: Running;
  let base: string;
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));

  beforeAll(async () => {
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    alertmanager = run('prometheus-alertmanager', [
      `--config.file=${ALERTMANAGER}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ]);
    await waitFor('Alertmanager to be ready', async () => {
      if (alertmanager.exited) throw new Hopeless(`Alertmanager has ended:\n${alertmanager.output()}`);
      return (await fetch(`${base}/-/ready`)).ok ? true : undefined;
    });
  });

  afterAll(async () => {
    await alertmanager.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function fire(instance: string, names: readonly string[]): Promise<void> {
    const severities = new Map<string, string>(alerts().map(({ alert, severity }) => [alert, severity]));
    const body = names.map((alertname) => ({ labels: { alertname, instance, severity: severities.get(alertname) } }));
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${base}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** The alerts of the instance that somebody hears of, once Alertmanager has looked at all of them. */
  const heard = (instance: string) =>
    expect.poll(
      async () => {
        const filter = encodeURIComponent(`instance="${instance}"`);
        const known = (await (await fetch(`${base}/api/v2/alerts?filter=${filter}`)).json()) as Firing[];
        return known.filter(({ status }) => status.state !== 'suppressed').map(({ labels }) => labels.alertname);
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

interface Target {
  readonly expr: string;
}

/** A dashboard's expressions: those of panels, and those that mark moments on all of them. */
function dashboard(file: string): { panels: { title: string; expr: string }[]; marks: string[] } {
  const { panels, annotations } = JSON.parse(readFileSync(join(GRAFANA, 'dashboards', file), 'utf8')) as {
    panels: { title: string; targets?: Target[] }[];
    annotations: { list: Target[] };
  };
  return {
    panels: panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr }))),
    marks: annotations.list.map(({ expr }) => expr),
  };
}

describeWith({ commands: ['prometheus'] }, 'Prometheus with the rules, on an exporter and a simulated server', () => {
  const closers = makeClosers();
  let query: (expression: string) => Promise<unknown[]>;
  let rules: () => Promise<{ health: string; lastError?: string }[]>;

  beforeAll(async () => {
    const simulator = closers.add(await startSimulator({ era: 'F', sessions: 50 }), (it) => it.stop());
    const told = ['--electrumx.max-sessions=1000', '--electrumx.daemon-url=http://127.0.0.1:8332/'];
    const exporter = closers.add(await startExporter(simulator.port, told), (it) => it.stop());
    const folder = closers.add(mkdtempSync(join(tmpdir(), 'prometheus-')), (it) => rmSync(it, { recursive: true }));
    const port = await freePort();
    writeFileSync(join(folder, 'prometheus.yml'), configuration(exporter.port));
    const prometheus = run('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    closers.add(prometheus, (it) => it.stop());
    query = async (expression) => {
      const here = expression.replaceAll('$instance', `127.0.0.1:${exporter.port}`);
      const reply = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(here)}`);
      const { data, error } = (await reply.json()) as { data?: { result: unknown[] }; error?: string };
      if (data === undefined) throw new Error(`${expression}: ${error ?? 'failed'}`);
      return data.result;
    };
    rules = async () => {
      const reply = await fetch(`http://127.0.0.1:${port}/api/v1/rules`);
      const { data } = (await reply.json()) as { data: { groups: { rules: { health: string }[] }[] } };
      return data.groups.flatMap((group) => group.rules);
    };
    await waitFor('two scrapes and a recording', async () => {
      if (prometheus.exited) throw new Hopeless(`Prometheus has ended:\n${prometheus.output()}`);
      const found = await query('count_over_time(electrumx_up[1m]) > 2 and electrumx:blocks_behind');
      return found.length > 0 ? true : undefined;
    });
  });

  afterAll(() => closers.closeAll());

  describe.each(readdirSync(join(GRAFANA, 'dashboards')))('%s', (file) => {
    const { panels, marks } = dashboard(file);

    test.each(panels.filter(({ expr }) => !expr.startsWith('ALERTS')))(
      'shows something in $title: $expr',
      async ({ expr }) => {
        expect(await query(expr)).not.toEqual([]);
      },
    );

    test.each([...marks, ...panels.map(({ expr }) => expr).filter((expr) => expr.startsWith('ALERTS'))])(
      'shows nothing, where nothing happens: %s',
      async (expr) => {
        expect(await query(expr)).toEqual([]);
      },
    );
  });

  test('evaluates every rule without an error', async () => {
    expect((await rules()).filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(await rules()).toHaveLength(GROUPS.flatMap((group) => group.rules).length);
  });
});

/** The job of grafana/prometheus.yml with another target, the rules, and no patience. JSON is YAML. */
function configuration(port: number): string {
  const { scrape_configs: jobs = [] } = parse(readFileSync(join(GRAFANA, 'prometheus.yml'), 'utf8')) as {
    scrape_configs?: object[];
  };
  const [job] = jobs;
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [RULES],
    scrape_configs: [{ ...job, static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
  });
}
