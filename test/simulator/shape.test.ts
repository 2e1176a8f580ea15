// The simulator's replies have, key for key and type for type, the shape of what servers of their era were recorded to say.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERAS, type Era } from '../../src/simulator/eras.ts';
import { eraSamples, recordings } from '../support/fixtures.ts';
import { clocked, connectTo, simulator } from './support/client.ts';
import { addShape, type Shape } from './support/shape.ts';

const METHODS = ['getinfo', 'groups', 'sessions', 'peers'] as const;

/** The release that was recorded for an era; of B1 there is only the sample of its session code. */
const RELEASES: Partial<Record<Era, string>> = {
  B2: 'kyuupichan-1.4.3',
  C1: 'kyuupichan-1.5.2',
  C2: 'kyuupichan-1.8.12',
  D: 'kyuupichan-1.10.1',
  E2: 'kyuupichan-1.13.0',
  E3: 'spesmilo-1.16.0',
  F: 'spesmilo-1.20.0',
  G: 'spesmilo-2.0b1',
};

/** All replies that are known of an era, as text. The sessions of 1.10.1 were recorded as an error, and are left out. */
function recorded(era: Era, method: (typeof METHODS)[number]): string[] {
  const lines = recordings()
    .filter(({ release }) => release === RELEASES[era])
    .map(({ replies }) => /"result": ?(.*), ?"id": ?0\}$/.exec(replies[method])?.[1] ?? '')
    .filter(Boolean);
  return [...lines, sampleText(era, method)];
}

/** A reply of eras.json, unparsed: parsing would lose the difference between 0 and 0.0. */
function sampleText(era: Era, method: string): string {
  const text = readFileSync(new URL('../fixtures/eras.json', import.meta.url), 'utf8');
  const from = text.indexOf(`\n  "${method}": `, text.indexOf(`\n "${era}": `)) + `\n  "${method}": `.length;
  const result = text.slice(from, text.slice(from).search(/\n {2}"|\n {1}\}/) + from).replace(/,$/, '');
  expect(JSON.parse(result)).toEqual(eraSamples()[era]?.[method as 'getinfo']);
  return result;
}

function known(eras: readonly Era[]): Shape {
  const shape: Shape = new Map();
  for (const era of eras)
    for (const method of METHODS) for (const text of recorded(era, method)) addShape(shape, text, method);
  return shape;
}

/** What the simulator says after an hour with some peers added and some sessions gone. */
async function simulated(era: Era): Promise<Shape> {
  const server = await clocked({ era, sessions: 60 });
  const client = await connectTo(server.port);
  await client.call('add_peer', ['new.example.org v1.4 s t']);
  const shape: Shape = new Map();
  for (const seconds of [0, 400]) {
    server.pass(seconds);
    for (const method of METHODS) {
      const line = (await client.raw(method)) ?? '';
      addShape(shape, /"result": ?(.*), ?"id": ?\d+\}$/.exec(line)?.[1] ?? '', method);
    }
  }
  return shape;
}

/** Below `features` everything but this is what a peer chose to send. */
const FROM_STRANGERS =
  /^peers\[\]\.features\.(?!(hosts|pruning|server_version|protocol_min|protocol_max|ssl_port|tcp_port)$)/;

/** The cost of a group without sessions: Python sums nothing to an int. No such group was recorded. */
const EMPTY_GROUP = 'groups[][11][2]: int';

const paths = (shape: Shape) => [...shape.keys()].filter((path) => !FROM_STRANGERS.test(path)).sort();

describe.each(ERAS)('era %s', (era) => {
  it('has the keys and columns that were recorded, and no others', async () => {
    expect(paths(await simulated(era))).toEqual(paths(known([era])));
  });

  it('has no type that was not recorded', async () => {
    const types = known(ERAS);
    const unheard = [...(await simulated(era))].flatMap(([path, seen]) =>
      [...seen].filter((type) => !types.get(path)?.has(type)).map((type) => `${path}: ${type}`),
    );
    expect(unheard.filter((path) => !FROM_STRANGERS.test(path) && path !== EMPTY_GROUP)).toEqual([]);
  });

  it('writes the keys of getinfo in the recorded order, with the recorded spaces', async () => {
    const server = await simulator({ era, sessions: 0 });
    const client = await connectTo(server.port);
    const line = (await client.raw('getinfo')) ?? '';
    const skeleton = (text: string) => text.replace(/: ?"[^"]*"/g, '').replace(/\d+/g, '0');
    const idle = recordings().find(({ release, state }) => release === RELEASES[era] && state === 'idle');
    if (idle) expect(skeleton(line)).toBe(skeleton(idle.replies.getinfo));
    else
      expect(Object.keys((JSON.parse(line) as { result: object }).result)).toEqual(
        Object.keys(eraSamples()[era]?.getinfo as object),
      );
  });
});

/** What was asked of the server when the answers in commands/*.jsonl were recorded. */
const ASKED: Readonly<Record<string, readonly unknown[][]>> = {
  add_peer: [['ecdsa.net v1.4 s110 t'], ['bch.example.org v1.4 s50002 t50001'], ['shsmithgoggryfbx.onion v1.2 t60001']],
  daemon_url: [['http://user:secret@127.0.0.1:18400/']],
  disconnect: [[['5', '9999']]],
  log: [[['2', '3']]],
  reorg: [[2]],
  nosuchmethod: [[]],
  stop: [[]],
};

const FILES: Readonly<Record<string, string>> = { nosuchmethod: 'unknown_method' };

const commands = Object.entries(RELEASES).flatMap(([era, release]) =>
  Object.entries(ASKED).map(([method, calls]) => ({ era: era as Era, release, method, calls })),
);

describe('the other commands', () => {
  it.each(commands)('$method replies as $release did', async ({ era, release, method, calls }) => {
    const url = new URL(`../fixtures/${release}/commands/${FILES[method] ?? method}.jsonl`, import.meta.url);
    const answers = readFileSync(url, 'utf8').split('\n').filter(Boolean);
    const catchingUp = answers.some((line) => line.includes('still catching up'));
    const server = await simulator({ era, sessions: 0, scenario: catchingUp ? 'initial-sync' : 'calm' });
    for (const [n, answer] of answers.entries()) {
      const client = await connectTo(server.port);
      // the order of unknown ids is that of a Python set
      const sorted = (line = '') =>
        line.replace(/\[(.*)\]/, (_, items: string) => `[${items.split(/, ?/).sort().join()}]`);
      expect(sorted(await client.raw(method, calls[n]))).toBe(sorted(answer));
    }
  });
});
