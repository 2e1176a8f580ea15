// `electrumx-exporter simulate` at its terminal.
import { describe, expect, it } from 'vitest';
import { ERA_NAMES } from '../../src/simulator/eras.ts';
import { listenProblem, simulateCommand } from '../../src/simulator/simulate.ts';
import { SCENARIOS } from '../../src/simulator/world/scenarios.ts';
import { ask, connectTo, simulator } from './support/client.ts';

/** Runs the command, with a keyboard, and everything that it writes. */
function run(...argv: string[]) {
  const output: string[] = [];
  const complaints: string[] = [];
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
  const complain = (text: string) => void complaints.push(text);
  const code = simulateCommand(argv, { write, complain, lines, signal: abort.signal });
  return {
    code,
    text: () => output.join(''),
    complaints: () => complaints.join(''),
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
  it('runs the release that was asked for until it is interrupted', async () => {
    const command = run('--era=1.4', '--port=0', '--sessions=5', '--seed=7');
    const port = await command.port();
    expect(await ask(port, 'getinfo')).toMatchObject({ sessions: 6, txs_sent: 0 });
    command.abort();
    expect(await command.code).toBe(0);
    await expect(connectTo(port)).rejects.toThrow('ECONNREFUSED');
  });

  it('ends with 0 when it is told to stop, and listens to no key any more', async () => {
    const command = run('--port', '0', '--era', 'G');
    expect(await ask(await command.port(), 'stop')).toBe('stopping');
    expect(await command.code).toBe(0);
    expect(command.listening()).toBe(false);
  });

  it('switches to the scenario that is typed', async () => {
    const command = run('--port=0', '--sessions=3', '--scenario=daemon-failover');
    const port = await command.port();
    expect(await ask(port, 'getinfo')).toMatchObject({ daemon: '127.0.0.2:8332/' });
    command.type(' flush-count-high ');
    await expect.poll(command.text).toContain('Scenario flush-count-high.\n');
    const { db_flush_count: flushes } = (await ask(port, 'getinfo')) as { db_flush_count: number };
    expect(flushes).toBeGreaterThanOrEqual(62_000);
    command.type('rain');
    await expect.poll(command.text).toContain(`There is no scenario "rain": ${SCENARIOS.join(', ')}.\n`);
    command.abort();
    expect(await command.code).toBe(0);
  });

  it('explains itself, with every option, release and scenario, and what to do in the background', async () => {
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

  it('tells all mistakes at once: option, value, and what is allowed', async () => {
    const command = run('--era=9', '--port=70000', '--sessions=-1', '--scenario=rain', '--colour=red', 'now', '--seed');
    expect(await command.code).toBe(2);
    expect(command.listening()).toBe(false);
    expect(command.text()).toBe('');
    expect(command.complaints().split('\n')).toEqual([
      'electrumx-exporter simulate: 7 mistakes:',
      '  --colour is not an option: it takes --era, --host, --port, --services, --sessions, --seed, --scenario',
      '  now is not an option: it takes --era, --host, --port, --services, --sessions, --seed, --scenario',
      expect.stringMatching(/^ {2}--era=9: must be one of B1, .*, 2\.0, 2\.0b1$/),
      '  --port=70000: must be a number from 0 to 65535',
      '  --sessions=-1: must be a number from 0 to 100000',
      '  --seed=: must be a number from 0 to 4294967295',
      expect.stringMatching(/^ {2}--scenario=rain: must be one of calm, .*, hostile-names$/),
      '',
    ]);
  });

  it('says that the port is in use', async () => {
    const { port } = await simulator({ era: 'F' });
    const command = run(`--port=${port}`);
    expect(await command.code).toBe(1);
    expect(command.text()).toBe('');
    expect(command.complaints()).toContain(`port ${port} on 127.0.0.1 is in use`);
  });

  it.each([
    { code: 'EACCES', says: /^electrumx-exporter simulate: port 80 on 127\.0\.0\.1 may not be opened: .*--port/ },
    { code: 'ENOTFOUND', says: /: 127\.0\.0\.1 is no address of this machine: .*--host/ },
    { code: 'EMFILE', says: /: cannot listen on 127\.0\.0\.1:80: too many$/ },
  ])('says what $code means', ({ code, says }) => {
    const error = Object.assign(new Error('too many'), { code });
    expect(`electrumx-exporter simulate: ${listenProblem(error, { host: '127.0.0.1', port: 80 })}`).toMatch(says);
  });

  it('says that the host is none of this machine', async () => {
    const command = run('--port=0', '--host=192.0.2.1');
    expect(await command.code).toBe(1);
    expect(command.complaints()).toContain('192.0.2.1 is no address of this machine');
  });
});
