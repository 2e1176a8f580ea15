// The command line of electrumx-rpc: the port, the requests, wrong usage and the exit codes.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/args/commands.ts';
import { OPTIONS } from '../../src/cli/args/options.ts';
import { parseCommandLine, UsageError } from '../../src/cli/args/parse.ts';
import { electrumxRpc } from './support/bin.ts';
import { result, startReplay, type Replay } from './support/replay.ts';

let replay: Replay;
const METHODS =
  'getinfo sessions groups peers add_peer daemon_url disconnect log reorg stop query inspect_session ' +
  'debug_memusage_list_all_objects debug_memusage_get_random_backref_chain';
beforeEach(async () => {
  replay = await startReplay(Object.fromEntries(METHODS.split(' ').map((method) => [method, result(['done'])])));
});
afterEach(() => replay.close());

/** Runs `args` with `PORT` in the place of the server's port. */
function withPort(args: readonly string[], env: Record<string, string> = {}) {
  const port = (text: string) => text.replace('PORT', String(replay.port));
  return electrumxRpc(
    args.map(port),
    Object.fromEntries(Object.entries(env).map(([name, value]) => [name, name === 'RPC_PORT' ? port(value) : value])),
  );
}

describe('the port', () => {
  it.each([
    { title: 'is -p PORT', args: ['-p', 'PORT', 'getinfo'] },
    { title: 'is -pPORT', args: ['-pPORT', 'getinfo'] },
    { title: 'is --port PORT', args: ['--port', 'PORT', 'getinfo'] },
    { title: 'is --port=PORT', args: ['--port=PORT', 'getinfo'] },
    { title: 'may follow the command', args: ['getinfo', '-p', 'PORT'] },
    { title: 'is RPC_PORT if there is no option', args: ['getinfo'], env: { RPC_PORT: 'PORT' } },
    { title: 'is RPC_PORT as Python reads it', args: ['getinfo'], env: { RPC_PORT: ' +0_PORT\r\n' } },
    { title: 'is that of the option if there are both', args: ['getinfo', '-p', 'PORT'], env: { RPC_PORT: '1' } },
    { title: 'is the last option of several', args: ['getinfo', '-p', '1', '-p', 'PORT'] },
  ])('$title', async ({ args, env }) => {
    expect(await withPort(args, env)).toMatchObject({ code: 0, stderr: '' });
    expect(replay.calls).toEqual([{ method: 'getinfo', params: [] }]);
  });

  it('is 8000 without an option and without RPC_PORT, on localhost', async () => {
    // a name that never resolves (RFC 2606), so that the test connects to nothing
    const { stderr } = await electrumxRpc(['getinfo', '--host', 'nowhere.invalid', '--timeout', '5'], { RPC_PORT: '' });
    expect(stderr).toContain('nowhere.invalid:8000:');
    expect((await electrumxRpc(['getinfo', '--host', 'nowhere.invalid'], { RPC_PORT: '\r' })).stderr).toContain(
      ':8000:',
    );
    expect((await electrumxRpc(['getinfo', '-p', '1'])).stderr).toContain('localhost:1:');
  });
});

describe('the request', () => {
  it.each([
    { args: ['sessions'], params: [] },
    { args: ['groups'], params: [] },
    { args: ['peers'], params: [] },
    { args: ['stop'], params: [] },
    { args: ['add_peer', 'ecdsa.net v1.0 s110 t'], params: { real_name: 'ecdsa.net v1.0 s110 t' } },
    { args: ['daemon_url'], params: { daemon_url: '' } },
    { args: ['daemon_url', 'http://u:p@host:8332/'], params: { daemon_url: 'http://u:p@host:8332/' } },
    { args: ['disconnect', '3', '127.0.0', 'all'], params: { session_ids: ['3', '127.0.0', 'all'] } },
    { args: ['log', 'new'], params: { session_ids: ['new'] } },
    { args: ['reorg'], params: { count: 3 } },
    { args: ['reorg', '10'], params: { count: 10 } },
    { args: ['query', 'addr1', 'addr2'], params: { items: ['addr1', 'addr2'], limit: 1000 } },
    { args: ['query', '--limit', '5', 'addr1'], params: { items: ['addr1'], limit: 5 } },
    { args: ['query', 'addr1', '-l5'], params: { items: ['addr1'], limit: 5 } },
    { args: ['inspect_session', '7'], params: { session_id: 7 } },
    { args: ['debug_memusage_list_all_objects'], params: { limit: 50 } },
    { args: ['debug_memusage_list_all_objects', '--limit=9'], params: { limit: 9 } },
    { args: ['debug_memusage_get_random_backref_chain', '_asyncio.Task'], params: { objtype: '_asyncio.Task' } },
    { args: ['add_peer', '--', '-x s t'], params: { real_name: '-x s t' } },
  ])('$args', async ({ args, params }) => {
    expect(await withPort(['-p', 'PORT', ...args])).toMatchObject({ code: 0, stderr: '' });
    expect(replay.calls[0]).toEqual({ method: args[0], params });
  });
});

describe('wrong usage ends with exit code 2, sends nothing, and prints what is allowed', () => {
  it.each([
    { args: [], error: /no command given; the commands are getinfo, sessions/ },
    { args: ['getinfos'], error: /unknown command 'getinfos'; the commands are getinfo, sessions/ },
    { args: ['getinfo', 'now'], error: /too many arguments for getinfo: 'now'/ },
    { args: ['add_peer'], error: /add_peer needs real_name: for example/ },
    { args: ['add_peer', 'a', 's', 't'], error: /too many arguments for add_peer: 's t'/ },
    { args: ['disconnect'], error: /disconnect needs session_ids/ },
    { args: ['reorg', 'many'], error: /count must be a whole number of 0 or more, not 'many'/ },
    { args: ['reorg', '1.5'], error: /whole number/ },
    { args: ['reorg', '-3'], error: /negative numbers are not allowed: '-3' \(see electrumx-rpc --help/ },
    { args: ['inspect_session', 'all'], error: /session_id must be a whole number/ },
    { args: ['query', 'a', '--limit', 'x'], error: /--limit must be a whole number/ },
    { args: ['getinfo', '--limit', '5'], error: /getinfo has no option --limit/ },
    { args: ['getinfo', '--colour'], error: /'--colour'/ },
    { args: ['getinfo', '-p'], error: /-p/ },
    { args: ['getinfo', '-p', '0'], error: /--port must be a whole number from 1 to 65535, not '0'/ },
    { args: ['getinfo', '-p', '65536'], error: /65535/ },
    { args: ['getinfo', '-p', 'http'], error: /not 'http'/ },
    { args: ['getinfo', '--timeout', '0'], error: /--timeout must be a number/ },
    { args: ['getinfo', '--timeout', 'Infinity'], error: /--timeout must be a number/ },
    { args: ['getinfo', '--sort', 'cost'], error: /--sort is for sessions, groups and peers only/ },
    { args: ['getinfo', '--watch'], error: /--watch is for sessions, groups and peers only/ },
    { args: ['sessions', '--sort', '-cost'], error: /--sort=-/ },
    { args: ['sessions', '--sort', 'colour'], error: /no column 'colour'; the columns are ID, Flags, Client/ },
    { args: ['sessions', '--top', '0'], error: /--top must be a whole number of 1 or more/ },
    {
      args: ['sessions', '--json', '--top', '3'],
      error: /--json prints the whole result: it cannot be combined with --top/,
    },
    { args: ['sessions', '--watch'], error: /--watch needs a terminal/ },
    { args: ['sessions', '--watch', '0'], error: /--watch must be a number of seconds from 0\.1/ },
    { args: ['sessions', '--watch=soon'], error: /--watch must be a number/ },
    { args: ['sessions', '--watch', '5', 'more'], error: /too many arguments for sessions: 'more'/ },
    { args: ['getinfo\x1b[2J'], error: /unknown command 'getinfo\\x1b\[2J'/ },
  ])('$args', async ({ args, error }) => {
    const { code, stdout, stderr } = await withPort(args, { RPC_PORT: 'PORT' });
    expect(stderr).toMatch(error);
    expect({ code, stdout, calls: replay.calls }).toEqual({ code: 2, stdout: '', calls: [] });
  });

  it('names RPC_PORT if that is not a port', async () => {
    const { code, stderr } = await electrumxRpc(['getinfo'], { RPC_PORT: 'eight' });
    expect(stderr).toContain("RPC_PORT must be a whole number from 1 to 65535, not 'eight'");
    expect(code).toBe(2);
  });
});

describe('help and version', () => {
  it('--help names every command and every option', async () => {
    const { code, stdout } = await electrumxRpc(['--help']);
    expect(code).toBe(0);
    for (const method of METHODS.split(' ')) expect(stdout).toMatch(new RegExp(`^ {2}${method}\\b`, 'm'));
    const options = '--port --host --timeout --json --limit --watch --sort --top --filter --help --version';
    for (const option of options.split(' ')) expect(stdout).toContain(option);
  });

  it('--help with a command prints its arguments, and only the options that it takes', async () => {
    const { stdout } = await electrumxRpc(['query', '--help']);
    expect(stdout).toContain('usage: electrumx-rpc [OPTIONS] query ITEMS... [--limit N]');
    expect(stdout).toContain('--timeout');
    expect(stdout).not.toContain('--watch');
    expect((await electrumxRpc(['sessions', '--help'])).stdout).toContain('--watch');
  });

  it('--version prints the version of the package', async () => {
    expect((await electrumxRpc(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });
});

describe('any command line', () => {
  const names = Object.keys(OPTIONS).map((name) => `--${name}`);
  const word = fc.oneof(
    fc.constantFrom(...COMMANDS.map(({ name }) => name), ...names, '-p', '-l', '-h', '--', '-', '1', '8000', '-1'),
    fc.tuple(fc.constantFrom(...names), fc.string()).map(([name, value]) => `${name}=${value}`),
    fc.string({ unit: 'binary' }),
  );

  it('is parsed, or refused with a UsageError', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), fc.option(fc.string(), { nil: undefined }), (argv, RPC_PORT) => {
        try {
          const parsed = parseCommandLine(argv, { RPC_PORT });
          if (!('call' in parsed)) return;
          const { command, address, timeoutMs, watchMs = 100 } = parsed.call;
          expect(argv).toContain(command.name);
          expect(address.port).toSatisfy((port: number) => Number.isInteger(port) && port >= 1 && port <= 65_535);
          for (const ms of [timeoutMs, watchMs]) expect(ms >= 100 && ms <= 86_400_000).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
