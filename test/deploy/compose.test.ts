// compose.yaml agrees with the rest of the repository: mounted files, ports, versions, and the commands and settings of the exporter.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { allOptions } from '../../src/config/options.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { simulateCommand } from '../../src/simulator/simulate.ts';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly network_mode?: string;
  readonly pid?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test: readonly string[] };
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The services, with variables interpolated as Compose does: `${NAME:-if empty}` and `${NAME-if unset}`. */
function services(variables: Readonly<Record<string, string>> = {}): Readonly<Record<string, Service>> {
  const filled = (text: string) =>
    text.replace(/\$\{(\w+)(:?)-([^}]*)\}/g, (_, name: string, colon: string, instead: string) => {
      const value = variables[name];
      return value === undefined || (value === '' && colon !== '') ? instead : value;
    });
  const file = JSON.stringify(parse(read('compose.yaml'), { merge: true }));
  const reviver = (_: string, value: unknown) => (typeof value === 'string' ? filled(value) : value);
  return (JSON.parse(file, reviver) as { services: Readonly<Record<string, Service>> }).services;
}

const YOUR_SERVER = Object.fromEntries(
  read('own-server.env')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
);

const { simulator, exporter, prometheus, alertmanager, grafana } = services();
const all = Object.entries(services());
const declaredVolumes = Object.keys((parse(read('compose.yaml')) as { volumes: object }).volumes);

test('has simulator, exporter, Prometheus, Alertmanager and Grafana', () => {
  expect(all.map(([name]) => name).sort()).toEqual(['alertmanager', 'exporter', 'grafana', 'prometheus', 'simulator']);
});

describe.each(all)('%s', (name, { image, build, volumes = [], network_mode, depends_on = {}, healthcheck }) => {
  test('is built here, or an image of a fixed version', () => {
    if (build === undefined) expect(image).toMatch(/^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/);
    else expect([build, existsSync(fileURLToPath(new URL('../../Dockerfile', import.meta.url)))]).toEqual(['.', true]);
  });

  test('mounts files that exist, and declared volumes, read-only', () => {
    for (const volume of volumes) {
      const [source = '', , mode] = volume.split(':');
      if (!declaredVolumes.includes(source)) {
        expect(source).toMatch(/^\.\/grafana\//);
        expect(existsSync(fileURLToPath(new URL(`../../${source}`, import.meta.url))), source).toBe(true);
      }
      expect(mode).toBe('ro');
    }
  });

  test('has a health check, and starts after the services that it needs are healthy', () => {
    expect(healthcheck.test[0]).toBe('CMD');
    expect(Object.keys(depends_on).length > 0).toBe(name !== 'simulator');
    for (const { condition } of Object.values(depends_on)) expect(condition).toBe('service_healthy');
  });

  test('is in the network of the simulator', () => {
    expect(network_mode).toBe(name === 'simulator' ? undefined : 'service:simulator');
  });
});

/** The port that a service listens on, as its flags or settings say. */
const portOf = (service: Service | undefined) =>
  Number(/listen-address=\S*?:(\d+)|:(\d+)$/.exec(listening(service))?.slice(1).find(Boolean));
const listening = (service: Service | undefined) =>
  [...(service?.command ?? []), ...Object.values(service?.environment ?? {})].find((text) =>
    /0\.0\.0\.0:\d+$/.test(text),
  ) ?? '';

describe('the exporter', () => {
  test('shares the PID namespace of the server and reads the database where ElectrumX has it', () => {
    expect(exporter?.pid).toBe('service:simulator');
    expect(exporter?.volumes).toEqual([`simulator-db:${exporter?.environment?.['DB_DIRECTORY'] ?? ''}:ro`]);
  });

  test('has the database directory of another server mounted at the same path', () => {
    const { volumes, environment } = services({ DB_DIRECTORY: '/db' })['exporter'] ?? {};
    expect(volumes).toEqual(['/db:/db:ro']);
    expect(environment).toMatchObject({ DB_DIRECTORY: '/db' });
  });
});

test('has the version of Prometheus 3 that the tests build', () => {
  const version = /^PROMETHEUS=0\.3(\S+)$/m.exec(read('scripts/real-stack/go-tools.sh'))?.[1];
  expect(prometheus?.image).toBe(`prom/prometheus:v3.${version}`);
});

describe('ports', () => {
  test('are published on loopback only', () => {
    expect(all.flatMap(([, { ports = [] }]) => ports)).toEqual(
      [3000, portOf(prometheus), portOf(alertmanager), portOf(exporter)].map((port) => `127.0.0.1:${port}:${port}`),
    );
  });

  test("are those of prometheus.yml and of Grafana's settings", () => {
    const { alerting, scrape_configs: jobs } = parse(read('grafana/prometheus.yml')) as {
      alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    const targets = (entries: { static_configs: { targets: string[] }[] }[]) =>
      entries.flatMap(({ static_configs: configs }) => configs.flatMap((config) => config.targets));
    expect(targets(jobs)).toEqual([`localhost:${portOf(exporter)}`]);
    expect(targets(alerting.alertmanagers)).toEqual([`localhost:${portOf(alertmanager)}`]);
    expect(grafana?.environment?.['PROMETHEUS_URL']).toBe(`http://127.0.0.1:${portOf(prometheus)}`);
  });

  test('are the ports of the health checks', () => {
    const checked = (service: Service | undefined) =>
      Number(/:(\d+)\//.exec(service?.healthcheck.test.join(' ') ?? '')?.[1]);
    expect([prometheus, alertmanager, grafana].map(checked)).toEqual([portOf(prometheus), portOf(alertmanager), 3000]);
  });
});

describe('commands and settings', () => {
  test.each([
    ['calm', {}],
    ['overloaded', { SCENARIO: 'overloaded' }],
  ])('start the simulator with scenario %s, on the port that the exporter uses', async (scenario, variables) => {
    const [command, ...flags] = services(variables)['simulator']?.command ?? [];
    expect(command).toBe('simulate');
    expect(flags).toContain(`--port=${exporter?.environment?.['ELECTRUMX_EXPORTER_RPC_ADDRESS']?.split(':')[1] ?? ''}`);
    const output: string[] = [];
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const code = simulateCommand(
      flags.map((flag) => flag.replace(/^--port=.*/, '--port=0')),
      {
        write: (text) => void output.push(text),
        writeError: (text) => void output.push(text),
        lines: (async function* () {})(),
        signal: stop.signal,
      },
    );
    await expect.poll(() => output.join('')).toContain(`scenario ${scenario}.`);
    stop.abort();
    expect(await code).toBe(0);
  });

  test.each([
    ['the simulator', {}],
    ['your server', YOUR_SERVER],
  ])('are valid options of the exporter, for %s', (_, variables) => {
    const { environment = {} } = services(variables)['exporter'] ?? {};
    // DB_DIRECTORY is the default of --collector.disk.path.
    const known = [...allOptions().map(({ env }) => env), 'DB_DIRECTORY'];
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    expect(parseConfig([], environment)).toMatchObject({ ok: true, warnings: [] });
  });

  test('of health checks are in the image', () => {
    const image = read('Dockerfile');
    for (const { healthcheck } of [simulator, exporter].filter((service) => service !== undefined)) {
      expect(image).toContain(`/usr/local/bin/${healthcheck.test[1] ?? ''}`);
    }
  });
});

describe('own-server.env', () => {
  test('sets every variable of compose.yaml but the scenario, and no other', () => {
    const used = [...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
    expect(Object.keys(YOUR_SERVER).sort()).toEqual([...new Set(used)].filter((name) => name !== 'SCENARIO').sort());
  });

  test('puts all services on the loopback interface of the machine, and the exporter into its PID namespace', () => {
    const rest = Object.entries(services(YOUR_SERVER)).filter(([name]) => name !== 'simulator');
    expect(services(YOUR_SERVER)['exporter']?.pid).toBe('host');
    for (const [, { network_mode, command = [], environment = {} }] of rest) {
      expect(network_mode).toBe('host');
      expect([...command, ...Object.values(environment)].join(' ')).not.toContain('0.0.0.0');
    }
  });
});
