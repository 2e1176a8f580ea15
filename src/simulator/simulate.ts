// The command `simulate`: reads its options, runs a simulator, and switches to the scenarios that are typed.
import { parseArgs } from 'node:util';
import { ERA_NAMES, eraOf } from './eras.ts';
import { type Simulator, startSimulator } from './server.ts';
import { parseServices } from './wallet/services.ts';
import { scenarioOf, SCENARIOS } from './world/scenarios.ts';

/** The process that the command runs in. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** Takes errors. */
  readonly writeError: (text: string) => void;
  /** Lines of input: names of scenarios. Closed at the end, so that it keeps no process alive. */
  readonly lines: AsyncIterable<string> & { close?(): void };
  /** Ends the simulation. */
  readonly signal?: AbortSignal;
}

interface Option<T> {
  readonly default: string;
  readonly help: string;
  readonly allowed: string;
  readonly parse: (text: string) => T | undefined;
}

const scenarios = SCENARIOS.join(', ');

const OPTIONS = {
  era: option('1.20', 'release to simulate', `one of ${ERA_NAMES.join(', ')}`, eraOf),
  host: option('127.0.0.1', 'address to listen on', 'an address of this machine', (text) => text || undefined),
  port: option('8000', 'port of LocalRPC; 0 for any free one', 'a number from 0 to 65535', wholeNumber(65_535)),
  services: option(
    '',
    'client ports to open, such as tcp://:50001,ssl://:50002',
    'a list of tcp://, ssl://, ws:// or wss://, each with [host]:port',
    parseServices,
  ),
  sessions: option('500', 'clients in the scenario calm', 'a number from 0 to 100000', wholeNumber(100_000)),
  seed: option(
    '1',
    'seed of the random generator: the same seed makes the same world',
    'a number from 0 to 4294967295',
    wholeNumber(2 ** 32 - 1),
  ),
  scenario: option('calm', 'scenario to start with', `one of ${scenarios}`, scenarioOf),
};

type Options = { readonly [K in keyof typeof OPTIONS]: NonNullable<ReturnType<(typeof OPTIONS)[K]['parse']>> };

function option<T>(value: string, help: string, allowed: string, parse: (text: string) => T | undefined): Option<T> {
  return { default: value, help, allowed, parse };
}

function wholeNumber(max: number): (text: string) => number | undefined {
  return (text) => (/^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined);
}

/** Runs until the signal, or the command `stop`. Resolves with the exit code: 0, 1 if it cannot listen, 2 for wrong options. */
export async function simulateCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await simulate(argv, terminal);
  } finally {
    terminal.lines.close?.();
  }
}

async function simulate(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    terminal.write(helpText());
    return 0;
  }
  const { errors, options } = readOptions(argv);
  if (!options) {
    const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
    terminal.writeError(`electrumx-exporter simulate: ${count}:\n${errors.map((text) => `  ${text}\n`).join('')}`);
    return 2;
  }
  let simulator: Simulator;
  try {
    simulator = await startSimulator(options);
  } catch (error) {
    terminal.writeError(`electrumx-exporter simulate: ${listenProblem(error as NodeJS.ErrnoException, options)}\n`);
    return 1;
  }
  await run(simulator, options, terminal);
  return 0;
}

async function run(simulator: Simulator, { era, host, sessions, scenario }: Options, terminal: Terminal) {
  const { write, lines, signal } = terminal;
  const stop = () => void simulator.stop();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  write(
    `Simulating ElectrumX (era ${era}) on ${host}:${simulator.port}, with ${sessions} clients; scenario ${scenario}.\n`,
  );
  const ports = simulator.services.map(({ transport, host: name, port }) => `${transport}://${address(name)}:${port}`);
  if (ports.length) write(`Client ports: ${ports.join(',')}\n`);
  write(`Type the name of a scenario to switch to it: ${scenarios}.\n`);
  const listen = async () => {
    for await (const line of lines) write(switchTo(simulator, line.trim()));
  };
  // The simulator keeps running when its input fails.
  listen().catch(() => undefined);
  await simulator.ended;
  signal?.removeEventListener('abort', stop);
}

const address = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Errors of a listener name the address that was tried. */
type ListenError = NodeJS.ErrnoException & { readonly address?: string; readonly port?: number };

function switchTo(simulator: Simulator, name: string): string {
  const scenario = scenarioOf(name);
  if (!scenario) return name ? `No scenario ${JSON.stringify(name)}. The scenarios are ${scenarios}.\n` : '';
  simulator.setScenario(scenario);
  return `Scenario ${scenario}.\n`;
}

/** The options, or all errors in them. */
function readOptions(argv: readonly string[]): { errors: string[]; options?: Options } {
  const strings = Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, { type: 'string' as const }]));
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: strings,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const unknown = tokens.flatMap((token) =>
    token.kind === 'option' && !Object.hasOwn(OPTIONS, token.name) ? [token.rawName] : [],
  );
  const names = Object.keys(OPTIONS).map((name) => `--${name}`);
  const errors = [...unknown, ...positionals].map(
    (name) => `${name}: not an option; the options are ${names.join(', ')}`,
  );
  const options = Object.entries(OPTIONS).map(([name, { default: value, allowed, parse }]) => {
    const text = values[name] ?? value;
    const parsed = typeof text === 'string' ? parse(text) : undefined;
    if (parsed === undefined) errors.push(`--${name}=${typeof text === 'string' ? text : ''}: must be ${allowed}`);
    return [name, parsed];
  });
  return errors.length ? { errors } : { errors, options: Object.fromEntries(options) as Options };
}

/** Why it cannot listen, and what to do. */
export function listenProblem(error: NodeJS.ErrnoException, options: Pick<Options, 'host' | 'port'>): string {
  const { code, message, address: host = options.host, port = options.port } = error as ListenError;
  if (code === 'EADDRINUSE')
    return `port ${port} on ${host} is in use: stop the program that uses it, or choose another port`;
  if (code === 'EACCES') return `port ${port} on ${host} needs root: choose a port of at least 1024`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is not an address of this machine: choose another --host`;
  return `cannot listen on ${host}:${port}: ${message}`;
}

function helpText(): string {
  const lines = Object.entries(OPTIONS).map(
    ([name, { default: value, help, allowed }]) =>
      `  --${name.padEnd(9)} ${help} [${value}]\n${' '.repeat(14)}${allowed}\n`,
  );
  return (
    'Usage: electrumx-exporter simulate [--option=value ...]\n' +
    'Runs a simulated ElectrumX: LocalRPC, and optionally client ports, with made-up clients, peers and blocks.\n' +
    'Ctrl-C or the command `stop` ends it. Type the name of a scenario to switch to it: each scenario shows one problem.\n' +
    'To run it in the background, redirect its input: `simulate </dev/null &`.\n\n' +
    lines.join('')
  );
}
