// The tables of electrumx-rpc: malformed rows, unsafe strings, --sort, --top and --filter, cost limits, and terminal widths.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/cli/output/escape.ts';
import { fit } from '../../src/cli/output/fit.ts';
import { parseLossless, type Json } from '../../src/cli/output/json.ts';
import { hostWidthOf, plainLines, readTable } from '../../src/cli/output/tables.ts';
import { electrumxRpc, replyLine, CLOCK } from './support/bin.ts';
import { recorded } from '../support/fixtures.ts';
import { SILENCE, startReplay } from './support/replay.ts';
import { fakeTerminal, plain, runHere } from './support/terminal.ts';

const busy = recorded('spesmilo-1.20.0', 'busy');

async function lines(args: readonly string[], replies: Record<string, string>, env = {}): Promise<string[]> {
  const replay = await startReplay(replies);
  const { stdout, stderr } = await electrumxRpc([...args, '-p', String(replay.port)], env);
  await replay.close();
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

const session = (client: string, cost = 1.5, id = 7n): Json => [
  id,
  'T10',
  '203.0.113.7:40098',
  client,
  '1.4.2',
  cost,
  0,
  0n,
  0n,
  0n,
  1n,
  2048n,
  1n,
  66n,
  61.4,
];
const group = (name: string, cost: number, retained: number): Json => [
  name,
  1n,
  cost,
  retained,
  0n,
  0n,
  0n,
  1n,
  100n,
  1n,
  66n,
];

describe('an unsafe string', () => {
  it('is escaped in a table, and counts as wide as it is shown', async () => {
    const replies = { sessions: replyLine([session('\x1b[2Jx\u202e'), session('electrum')]) };
    const [header = '', hostile = '', harmless = ''] = await lines(['sessions'], replies);
    expect(hostile).toContain(' \\x1b[2Jx\\u202e ');
    expect(hostile).toHaveLength(harmless.length);
    expect(hostile.indexOf(' 1.4.2')).toBe(header.indexOf(' Proto'));
  });

  it('is escaped in the lines of query and of the debug commands', async () => {
    const replies = {
      query: replyLine(['Address: \x1b]0;x\x07', 'UTXO']),
      debug_memusage_list_all_objects: replyLine('dict 1\n\x1b[31mlist 2'),
    };
    expect(await lines(['query', 'a'], replies)).toEqual(['Address: \\x1b]0;x\\x07', 'UTXO']);
    expect(await lines(['debug_memusage_list_all_objects'], replies)).toEqual(['dict 1', '\\x1b[31mlist 2']);
  });

  it('cannot break a table of peers', async () => {
    const peer = (host: string, features: Json): Json => ({
      host,
      features,
      source: 'x',
      ip_addr: null,
      last_good: 0n,
      last_try: 0.5,
      try_count: 1n,
      status: 'never',
    });
    const peers = [
      peer('__proto__', { hosts: {} }),
      peer('a\nb', null),
      peer('ok', { hosts: { ok: { tcp_port: 1n } } }),
      5n,
    ];
    const [, ...rows] = await lines(['peers'], { peers: replyLine(peers), groups: replyLine([]) });
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['__proto__', 'a\\nb', 'ok', '']);
  });
});

describe('NaN and Infinity, which Python writes', () => {
  it('are read in peers, and printed by --json', async () => {
    const peers =
      '{"result": [{"host": "a.example", "features": {"x": NaN, "y": -Infinity}, "status": "bad"}], "id": 0}';
    expect((await lines(['peers'], { peers }))[1]).toMatch(/^a\.example +bad /);
    expect(await lines(['peers', '--json'], { peers })).toEqual([
      peers.slice('{"result": '.length, -', "id": 0}'.length),
    ]);
  });
});

describe('a table', () => {
  it('reads rows that are too long as the newest layout, and shows rows that are not lists as empty', () => {
    const longer = [...(session('a') as Json[]), 'new'];
    const table = readTable('sessions', [longer, null], 'wide');
    const [, first, second] = plainLines(table ?? { columns: [], rows: [] }, CLOCK);
    expect(first).toContain('203.0.113.7:40098');
    expect(second?.trim()).toBe('');
  });

  it('of peers is printed as JSON if the reply is not a list, as up to 0.10.19', async () => {
    const peers = replyLine({ nick: ['1.2.3.4', 'host', ['s']] });
    expect(await lines(['peers'], { peers })).toContain('    "nick": [');
  });

  it('of peers has wide hosts for e-x since 1.16, which has no groups by time', () => {
    expect(hostWidthOf(parseLossless('[["203.0.113.0/24", 1]]'))).toBe('wide');
    expect(hostWidthOf([])).toBe('wide');
    expect(hostWidthOf(parseLossless('[["t0", 1], ["203.0.113", 1]]'))).toBe('narrow');
    expect(hostWidthOf(parseLossless('[[0, 1]]'))).toBe('narrow');
  });

  it('of peers is printed within a few seconds if groups does not answer', async () => {
    const replies = { peers: busy.peers, groups: SILENCE };
    const [header = ''] = await lines(['peers', '--timeout', '600'], replies);
    expect(header).toMatch(/^Host {59}Status/);
  });

  it('of peers is printed if groups answers with an error', async () => {
    const [header = ''] = await lines(['peers'], { peers: busy.peers });
    expect(header).toMatch(/^Host {59}Status/);
  });
});

describe('--sort, --top and --filter', () => {
  const column = (rows: readonly string[], title: string) => {
    const [header = '', ...body] = rows;
    const end = header.indexOf(title) + title.length;
    return body.map((row) => row.slice(0, end).split(' ').at(-1) ?? '');
  };

  it('--sort puts the biggest number first', async () => {
    const costs = column(await lines(['sessions', '--sort', 'cost'], busy), 'Cost').map(Number);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    expect(costs[0]).toBeGreaterThan(100);
  });

  it('--sort=-COLUMN puts the smallest number first', async () => {
    const subs = column(await lines(['sessions', '--sort=-subs'], busy), 'Subs').map(Number);
    expect(subs).toEqual([...subs].sort((a, b) => a - b));
  });

  it('--sort puts empty cells last in both directions', async () => {
    const peer = (host: string, ssl: Json): Json => ({ host, features: { hosts: { [host]: { ssl_port: ssl } } } });
    const peers = replyLine([peer('none', null), peer('low', 1n), peer('high', 9n)]);
    const hosts = async (sort: string) =>
      (await lines(['peers', `--sort=${sort}`], { peers, groups: replyLine([]) }))
        .slice(1)
        .map((row) => row.split(' ')[0]);
    expect(await hosts('ssl')).toEqual(['high', 'low', 'none']);
    expect(await hosts('-ssl')).toEqual(['low', 'high', 'none']);
  });

  it('--sort puts strings from A to Z, and accepts recv_kb for Recv KB', async () => {
    const clients = column(await lines(['sessions', '--sort', 'client', '--filter', 'sparrow'], busy), 'Client');
    expect(clients).toEqual([...clients].sort());
    expect(column(await lines(['sessions', '--sort', 'recv_kb', '--top', '1'], busy), 'Flags')).toHaveLength(1);
  });

  it('--filter keeps rows that contain the text in any column and in any case, and --top the first of them', async () => {
    const all = await lines(['sessions', '--filter', 'BLUEWALLET'], busy);
    expect(all.length).toBeGreaterThan(2);
    for (const row of all.slice(1)) expect(row).toContain('BlueWallet');
    expect(await lines(['sessions', '--filter', 'BLUEWALLET', '--top', '1'], busy)).toEqual(all.slice(0, 2));
  });

  it('--sort by a column that this server does not have sorts nothing, and names the column', async () => {
    const replay = await startReplay(recorded('kyuupichan-1.8.12', 'busy'));
    const sorted = await electrumxRpc(['sessions', '--sort', 'cost', '-p', String(replay.port)]);
    const official = await electrumxRpc(['sessions', '-p', String(replay.port)]);
    await replay.close();
    expect(sorted.stdout).toBe(official.stdout);
    expect(sorted.stderr).toBe('not sorted: sessions of this server have no column Cost\n');
  });
});

describe('--json', () => {
  it('prints the result on one line, with numbers as the server sent them', async () => {
    const result = '{"b": 1.0, "a": [12345678901234567890, 1e-05, "\\u001b"]}';
    const replay = await startReplay({ getinfo: `{"jsonrpc": "2.0", "result": ${result}, "id": 0}` });
    const { stdout } = await electrumxRpc(['getinfo', '--json', '-p', String(replay.port)]);
    await replay.close();
    expect(stdout).toBe(`${result}\n`);
  });
});

describe('groups over a cost limit', () => {
  const groups = replyLine([
    group('203.0.113.0/24', 900, 50),
    group('198.51.100.0/24', 900, 101),
    group('192.0.2.0/24', 10_001, 0),
    group('t9', 99_999, 0),
  ]);
  const marks = (rows: readonly string[]) => rows.slice(1).map((row) => /(soft|hard)?$/.exec(row.trimEnd())?.[0]);

  it('are marked with the name of the limit', async () => {
    expect(marks(await lines(['groups', '--top', '9'], { groups }))).toEqual(['', 'soft', 'hard', '']);
  });

  it('are found by COST_SOFT_LIMIT and COST_HARD_LIMIT, if these are in the environment', async () => {
    const env = { COST_SOFT_LIMIT: '100', COST_HARD_LIMIT: '1000' };
    expect(marks(await lines(['groups', '--top', '9'], { groups }, env))).toEqual(['soft', 'hard', 'hard', '']);
    const asInEnvFiles = { COST_SOFT_LIMIT: ' 1_00\r', COST_HARD_LIMIT: '+1000\n' };
    expect(marks(await lines(['groups', '--top', '9'], { groups }, asInEnvFiles))).toEqual([
      'soft',
      'hard',
      'hard',
      '',
    ]);
    for (const COST_HARD_LIMIT of ['0', '-1', '999']) {
      expect(marks(await lines(['groups', '--top', '9'], { groups }, { COST_HARD_LIMIT }))).toEqual(['', '', '', '']);
    }
  });

  it('are not marked in the output of the official script', async () => {
    expect(marks(await lines(['groups'], { groups }))).toEqual(['', '', '', '']);
  });

  it.each([
    { title: 'are coloured on a terminal', env: {}, colours: 3 },
    { title: 'keep the mark without colour', env: { NO_COLOR: '1' }, colours: 0 },
  ])('$title', async ({ env, colours }) => {
    const replay = await startReplay({ groups });
    const terminal = fakeTerminal(120);
    expect(await runHere(['groups', '-p', String(replay.port)], terminal, env).code).toBe(0);
    await replay.close();
    expect(marks(plain(terminal.text()).trimEnd().split('\n'))).toEqual(['', 'soft', 'hard', '']);
    expect(terminal.text().split('\x1b[0m').length - 1).toBe(colours);
  });
});

describe('a terminal', () => {
  it.each([40, 80, 120, 200])('of %i columns shows no line that wraps', async (columns) => {
    const replay = await startReplay(busy);
    for (const command of ['sessions', 'groups', 'peers']) {
      const terminal = fakeTerminal(columns);
      const { code, stderr } = runHere([command, '-p', String(replay.port)], terminal);
      expect(await code).toBe(0);
      const shown = plain(terminal.text()).trimEnd().split('\n');
      for (const line of shown) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      if (columns === 200) expect(stderr()).toBe('');
      if (columns === 40) expect(stderr()).toContain('no room for');
    }
    await replay.close();
  });

  it('of 40 columns shows the column that --sort names', () => {
    const table = readTable('sessions', [session('electrum')], 'wide') ?? { columns: [], rows: [] };
    const options = { width: 40, now: CLOCK, colour: false };
    expect(fit(table, options).hidden).toContain('Recv KB');
    expect(fit(table, { ...options, sortedBy: 'Recv KB' }).header).toContain('Recv KB');
  });

  it('of 80 columns shows client, cost and address', () => {
    const reply = (parseLossless(busy.sessions) as { result: Json }).result;
    const table = readTable('sessions', reply, 'wide');
    const { header } = fit(table ?? { columns: [], rows: [] }, { width: 80, now: CLOCK, colour: false });
    for (const title of ['ID', 'Flags', 'Client', 'Cost', 'Time', 'Peer']) expect(header).toContain(title);
  });

  it('of any width shows no line that wraps, whatever the clients send as name', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 100 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 250 }), (names, width) => {
        const table = readTable(
          'sessions',
          names.map((client) => session(client)),
          'wide',
        );
        const { header, lines: rows } = fit(table ?? { columns: [], rows: [] }, { width, now: CLOCK, colour: false });
        for (const line of [header, ...rows]) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
