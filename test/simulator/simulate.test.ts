// The command `electrumx-exporter simulate`: options, output, input, errors.
import { describe, expect, it } from 'vitest';
import { ERA_NAMES } from '../../src/simulator/eras.ts';
import { listenProblem, simulateCommand } from '../../src/simulator/simulate.ts';
import { SCENARIOS } from '../../src/simulator/world/scenarios.ts';
import { call, connectTo, simulator } from './support/client.ts';
import { greet } from './support/wallet.ts';

/** Runs the command. Gives what it writes, and takes what is typed. */
function run(...argv: string[]) {
  const output: string[] = [];
  const errors: string[] = [];
  const keys: string[] = [];
  let wake: () => void = () => undefined;
  let open = true;
  async function* typed() {
    while (open) {
      yield* keys.splice(0);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const lines = Object.assign(typed(), {
    close: () => {
      open = false;
      wake();
    },
  });
  const abort = new AbortController();
  const write = (text: string) => void output.push(text);
  const writeError = (text: string) => void errors.push(text);
  const code = simulateCommand(argv, { write, writeError, lines, signal: abort.signal });
  return {
    code,
    text: () => output.join(''),
    errors: () => errors.join(''),
    port: () =>
      expect
        .poll(() => /127\.0\.0\.1:(\d+)/.exec(output.join(''))?.[1])
        .toBeDefined()
        .then(() => Number(/127\.0\.0\.1:(\d+)/.exec(output.join(''))?.[1])),
    type: (line: string) => {
      keys.push(line);
      wake();
    },
    abort: () => abort.abort(),
    listening: () => open,
  };
}

describe('simulate', () => {
  it('runs the given release until it is interrupted', async () => {
    const command = run('--era=1.4', '--port=0', '--sessions=5', '--seed=7');
    const port = await command.port();
    expect(await call(port, 'getinfo')).toMatchObject({ sessions: 6, txs_sent: 0 });
    command.abort();
    expect(await command.code).toBe(0);
    await expect(connectTo(port)).rejects.toThrow('ECONNREFUSED');
  });

  it('ends with 0 at the command stop, and closes its input', async () => {
    const command = run('--port', '0', '--era', 'G');
    expect(await call(await command.port(), 'stop')).toBe('stopping');
    expect(await command.code).toBe(0);
    expect(command.listening()).toBe(false);
  });

  it('switches to the scenario that is typed', async () => {
    const command = run('--port=0', '--sessions=3', '--scenario=daemon-failover');
    const port = await command.port();
    expect(await call(port, 'getinfo')).toMatchObject({ daemon: '127.0.0.2:8332/' });
    command.type(' flush-count-high ');
    await expect.poll(command.text).toContain('Scenario flush-count-high.\n');
    const { db_flush_count: flushes } = (await call(port, 'getinfo')) as { db_flush_count: number };
    expect(flushes).toBeGreaterThanOrEqual(62_000);
    command.type('rain');
    await expect.poll(command.text).toContain(`No scenario "rain". The scenarios are ${SCENARIOS.join(', ')}.\n`);
    command.abort();
    expect(await command.code).toBe(0);
  });

  it('lists every option, release and scenario in its help, and how to run in the background', async () => {
    const command = run('--help');
    expect(await command.code).toBe(0);
    for (const word of [
      '--era',
      '--host',
      '--port',
      '--services',
      '--sessions',
      '--seed',
      '--scenario',
      ...ERA_NAMES,
      ...SCENARIOS,
      '</dev/null &',
    ]) {
      expect(command.text()).toContain(word);
    }
  });

  it('reports all errors at once: option, value, and what is allowed', async () => {
    const command = run('--era=9', '--port=70000', '--sessions=-1', '--scenario=rain', '--colour=red', 'now', '--seed');
    expect(await command.code).toBe(2);
    expect(command.listening()).toBe(false);
    expect(command.text()).toBe('');
    expect(command.errors().split('\n')).toEqual([
      'electrumx-exporter simulate: 7 errors:',
      '  --colour: not an option; the options are --era, --host, --port, --services, --sessions, --seed, --scenario',
      '  now: not an option; the options are --era, --host, --port, --services, --sessions, --seed, --scenario',
      expect.stringMatching(/^ {2}--era=9: must be one of B1, .*, 2\.0$/),
      '  --port=70000: must be a number from 0 to 65535',
      '  --sessions=-1: must be a number from 0 to 100000',
      '  --seed=: must be a number from 0 to 4294967295',
      expect.stringMatching(/^ {2}--scenario=rain: must be one of calm, .*, hostile-names$/),
      '',
    ]);
  });

  it('opens the given client ports, and prints them', async () => {
    const command = run('--port=0', '--sessions=3', '--services=tcp://:0,wss://127.0.0.1');
    await command.port();
    await expect.poll(command.text).toMatch(/^Client ports: tcp:\/\/127\.0\.0\.1:\d+,wss:\/\/127\.0\.0\.1:\d+$/m);
    const port = Number(/tcp:\/\/127\.0\.0\.1:(\d+)/.exec(command.text())?.[1]);
    const wallet = await greet({ services: [{ transport: 'tcp', host: '127.0.0.1', port }] });
    expect(await wallet.call('server.banner')).toContain('ElectrumX 1.20.0');
    command.abort();
    expect(await command.code).toBe(0);
    expect(await wallet.line()).toBeUndefined();
  });

  it('reports a client port that is in use', async () => {
    const { port } = await simulator({ era: 'F' });
    const command = run('--port=0', `--services=ssl://:${port}`);
    expect(await command.code).toBe(1);
    expect(command.errors()).toContain(`port ${port} on 127.0.0.1 is in use`);
  });

  it('reports a port that is in use', async () => {
    const { port } = await simulator({ era: 'F' });
    const command = run(`--port=${port}`);
    expect(await command.code).toBe(1);
    expect(command.text()).toBe('');
    expect(command.errors()).toContain(`port ${port} on 127.0.0.1 is in use`);
  });

  it.each([
    { code: 'EACCES', says: /^electrumx-exporter simulate: port 80 on 127\.0\.0\.1 needs root: choose a port/ },
    { code: 'ENOTFOUND', says: /: 127\.0\.0\.1 is not an address of this machine: .*--host/ },
    { code: 'EMFILE', says: /: cannot listen on 127\.0\.0\.1:80: too many$/ },
  ])('explains $code', ({ code, says }) => {
    const error = Object.assign(new Error('too many'), { code });
    expect(`electrumx-exporter simulate: ${listenProblem(error, { host: '127.0.0.1', port: 80 })}`).toMatch(says);
  });

  it('reports a host that is not an address of this machine', async () => {
    const command = run('--port=0', '--host=192.0.2.1');
    expect(await command.code).toBe(1);
    expect(command.errors()).toContain('192.0.2.1 is not an address of this machine');
  });
});
