// Every electrumx-rpc command in the runbook works.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { fakeTerminal, runHere } from './support/terminal.ts';

const RUNBOOK = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const commands = new Set([...RUNBOOK.matchAll(/`electrumx-rpc ([^`]+)`/g)].map(([, command = '']) => command));

/** Words of a command line, those in double quotes as one. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

test('the runbook has the commands for every emergency', () => {
  expect([...commands]).toEqual(
    expect.arrayContaining(['daemon_url', 'daemon_url URL', 'disconnect NAME', 'log none', 'stop', 'getinfo']),
  );
});

test.each([...commands])('electrumx-rpc %s succeeds and prints something', async (command) => {
  const simulator = await startSimulator({ era: 'F', sessions: 20, seed: 3 });
  const run = async (args: readonly string[]) => {
    const terminal = fakeTerminal(80, 24, false);
    const { code, stderr } = runHere([...args, '-p', String(simulator.port)], terminal);
    return { code: await code, stdout: terminal.text(), stderr: stderr() };
  };
  try {
    const [, group = ''] = (await run(['groups', '--json'])).stdout.match(/"([0-9.]+\/24)"/) ?? [];
    const [, id = ''] = (await run(['sessions', '--json'])).stdout.match(/\[(\d+), ?"[TSW]/) ?? [];
    const values: Readonly<Record<string, string>> = {
      ID: id,
      'ID...': id,
      NAME: group,
      HOST: 'electrum.example.org',
      TEXT: 'electrum',
      URL: 'http://user:password@127.0.0.2:8332/',
    };
    const args = words(command).map((word) =>
      word.replaceAll(/\b(ID(\.{3})?|NAME|HOST|TEXT|URL)(?!\w)/g, (name) => values[name] ?? name),
    );
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(/^$|unknown: /);
    expect(code).toBe(0);
  } finally {
    await simulator.stop();
  }
});
