// compose.yaml against this repository: the files that it mounts, the ports that have to meet, and the commands and settings that are ours.
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
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test: readonly string[] };
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The services, with variables put in as Compose does: `${NAME:-if empty}` and `${NAME-if unset}`. */
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

const OWN_SERVER = Object.fromEntries(
  read('own-server.env')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
);

const { simulator, exporter, prometheus, alertmanager, grafana } = services();
const all = Object.entries(services());

test('it has the whole chain', () => {
  expect(all.map(([name]) => name).sort()).toEqual(['alertmanager', 'exporter', 'grafana', 'prometheus', 'simulator']);
});

describe.each(all)('%s', (name, { image, build, volumes = [], network_mode, depends_on = {}, healthcheck }) => {
  test('is built here, or of a release', () => {
    if (build === undefined) expect(image).toMatch(/^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/);
    else expect([build, existsSync(fileURLToPath(new URL('../../Dockerfile', import.meta.url)))]).toEqual(['.', true]);
  });

  test('mounts what exists, to be read', () => {
    for (const volume of volumes) {
      const [source = '', , mode] = volume.split(':');
      expect(source).toMatch(/^\.\/grafana\//);
      expect(existsSync(fileURLToPath(new URL(`../../${source}`, import.meta.url))), source).toBe(true);
      expect(mode).toBe('ro');
    }
  });

  test('says whether it is well, and starts when what it needs is', () => {
    expect(healthcheck.test[0]).toBe('CMD');
    expect(Object.keys(depends_on).length > 0).toBe(name !== 'simulator');
    for (const { condition } of Object.values(depends_on)) expect(condition).toBe('service_healthy');
  });

  test('shares the network of the simulator', () => {
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

describe('ports', () => {
  test('of people are on the loopback interface only', () => {
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

  test('are asked by the healthchecks', () => {
    const asked = (service: Service | undefined) =>
      Number(/:(\d+)\//.exec(service?.healthcheck.test.join(' ') ?? '')?.[1]);
    expect([prometheus, alertmanager, grafana].map(asked)).toEqual([portOf(prometheus), portOf(alertmanager), 3000]);
  });
});

describe('what is ours', () => {
  test.each([
    ['calm', {}],
    ['overloaded', { SCENARIO: 'overloaded' }],
  ])('the simulator starts with scenario %s, where the exporter looks for it', async (scenario, variables) => {
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
    ['an own server', OWN_SERVER],
  ])('the exporter understands its settings for %s', (_, variables) => {
    const { environment = {} } = services(variables)['exporter'] ?? {};
    const known = allOptions().map(({ env }) => env);
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    expect(parseConfig([], environment)).toMatchObject({ ok: true, warnings: [] });
  });

  test('healthchecks ask with commands of the image', () => {
    const image = read('Dockerfile');
    for (const { healthcheck } of [simulator, exporter].filter((service) => service !== undefined)) {
      expect(image).toContain(`/usr/local/bin/${healthcheck.test[1] ?? ''}`);
    }
  });
});

describe('own-server.env', () => {
  test('sets what compose.yaml asks for, apart from the scenario, and nothing else', () => {
    const asked = [...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
    expect(Object.keys(OWN_SERVER).sort()).toEqual([...new Set(asked)].filter((name) => name !== 'SCENARIO').sort());
  });

  test('puts everything on the network of the machine, on its loopback interface', () => {
    const rest = Object.entries(services(OWN_SERVER)).filter(([name]) => name !== 'simulator');
    for (const [, { network_mode, command = [], environment = {} }] of rest) {
      expect(network_mode).toBe('host');
      expect([...command, ...Object.values(environment)].join(' ')).not.toContain('0.0.0.0');
    }
  });
});
