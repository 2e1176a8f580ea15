// `electrumx-exporter simulate` as its users run it: keys, signals, streams and exit codes.
import { describe, expect, it } from 'vitest';
import { run, start } from '../support/process.ts';
import { call, connectTo, simulator } from './support/client.ts';

async function simulate(...args: string[]) {
  const process = start(['simulate', '--port=0', '--sessions=5', ...args]);
  await expect.poll(process.stdout, { timeout: 10_000 }).toMatch(/Type the name of a scenario/);
  return { ...process, port: Number(/127\.0\.0\.1:(\d+)/.exec(process.stdout())?.[1]) };
}

describe('simulate, as a process', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 at %s, and writes nothing to stderr', async (signal) => {
    const process = await simulate('--era=1.10.1');
    expect(await call(process.port, 'getinfo')).toMatchObject({ version: 'ElectrumX 1.10.1' });
    process.kill(signal);
    expect(await process.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('switches to the scenario that is typed, and ends with 0 at the command stop', async () => {
    const process = await simulate();
    process.type('daemon-failover\n');
    await expect.poll(process.stdout).toContain('Scenario daemon-failover.\n');
    expect(await call(process.port, 'getinfo')).toMatchObject({ daemon: '127.0.0.2:8332/' });
    expect(await call(process.port, 'stop')).toBe('stopping');
    expect(await process.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('keeps running when the reader of its output ends', async () => {
    const process = await simulate();
    process.hangUp();
    for (let n = 0; n < 3; n++) process.type('flush-count-high\n');
    const flushes = async () => ((await call(process.port, 'getinfo')) as Record<string, number>)['db_flush_count'];
    await expect.poll(flushes).toBeGreaterThanOrEqual(62_000);
    process.type('daemon-failover\n');
    const daemon = async () => ((await call(process.port, 'getinfo')) as Record<string, string>)['daemon'];
    await expect.poll(daemon).toBe('127.0.0.2:8332/');
    process.kill('SIGTERM');
    expect((await process.ended).code).toBe(0);
  });

  it('writes errors to stderr, and ends with 2 if an option is wrong, with 1 if it cannot listen', async () => {
    const mistaken = await run(['simulate', '--era=9']);
    expect(mistaken).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--era=9: must be') as string,
    });
    const { port } = await simulator({ era: 'F' });
    const late = await run(['simulate', `--port=${port}`]);
    expect(late).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is in use') as string });
    // the port is still the first one's
    await connectTo(port);
  });
});
