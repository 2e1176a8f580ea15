// The commands of LocalRPC: what each takes, since when, and what it does to the world.
import { type Era, RULES, since } from '../eras.ts';
import { addPeer, peerFromRealName } from '../world/peers.ts';
import { ageOf, type World } from '../world/world.ts';
import { type Arguments, type Command, RpcFault } from './command.ts';
import { disconnect, log } from './disconnect-and-log.ts';
import { daemonName, duration } from './format.ts';
import { getinfo } from './getinfo.ts';
import { groupRows } from './groups.ts';
import { type Json, shown, truthy, typeName } from './json.ts';
import { peerList } from './peers.ts';
import { query } from './query.ts';
import { sessionRows } from './sessions.ts';

export const COMMANDS: Readonly<Record<string, Command>> = {
  getinfo: { since: 'B1', params: [], run: getinfo },
  groups: { since: 'B1', params: [], run: groupRows },
  sessions: { since: 'B1', params: [], run: sessionRows },
  peers: { since: 'B1', params: [], run: peerList },
  add_peer: {
    since: 'B1',
    params: ['real_name'],
    run: (world, _era, { real_name: name }) => {
      if (typeof name !== 'string') throw new RpcFault(-32603, 'internal server error');
      addPeer(world, peerFromRealName(name, 'RPC'));
      return `peer '${name}' added`;
    },
  },
  daemon_url: { since: 'B1', params: ['daemon_url'], required: 'C2', run: daemonUrl },
  disconnect: {
    since: 'B1',
    params: ['session_ids'],
    run: (world, era, args) => disconnect(world, era, args['session_ids']),
  },
  log: { since: 'B1', params: ['session_ids'], run: (world, era, args) => log(world, era, args['session_ids']) },
  query: { since: 'C2', params: ['items', 'limit'], run: query },
  reorg: { since: 'B1', params: ['count'], required: 'C2', run: reorg },
  stop: {
    since: 'B1',
    params: [],
    run: (world) => {
      world.stopping = true;
      return 'stopping';
    },
  },
  debug_memusage_list_all_objects: { since: 'F', params: ['limit'], run: objects },
  debug_memusage_get_random_backref_chain: {
    since: 'F',
    params: ['objtype'],
    run: (_world, _era, { objtype }) => `digraph ObjectGraph {\n  o1[label="${shown(objtype)}"];\n}\n`,
  },
  inspect_session: { since: 'G', params: ['session_id'], run: inspect },
};

const DAEMON_URL = /^.+@(\[[0-9a-fA-F:]+\]|[^:]+)(:[0-9]+)?/;

/** Takes a list of URLs, and goes to its first. Nothing, or what is as good as nothing in Python, brings back the process's own. */
function daemonUrl(world: World, era: Era, { daemon_url: given }: Arguments): Json {
  const { daemon } = world;
  const refuse = (reason: string) =>
    new RpcFault(RULES[era].refusal, `an error ${since(era, 'F') ? 'occurred' : 'occured'}: ${reason}`);
  if (truthy(given) && typeof given !== 'string') {
    throw refuse(`AttributeError("'${typeName(given)}' object has no attribute 'split'")`);
  }
  daemon.urls =
    typeof given === 'string' && given
      ? given.split(',').map((text) => {
          const url = text.trim().replace(/\/+$/, '');
          const match = DAEMON_URL.exec(url);
          if (!match) throw refuse(`CoinError('invalid daemon URL: "${url}"')`);
          return `${/^https?:\/\//.test(url) ? '' : 'http://'}${url}${match[2] === undefined ? ':8332' : ''}/`;
        })
      : daemon.configured;
  daemon.current = 0;
  return `now using daemon at ${daemonName(daemon.urls[0] ?? '')}`;
}

/** The index goes back at once; it recovers as time passes. */
function reorg({ db }: World, era: Era, { count = 3 }: Arguments): Json {
  const blocks = wholeNumber(count);
  if (blocks === undefined || blocks < 0) {
    throw new RpcFault(RULES[era].refusal, `${shown(count)} should be a non-negative integer`);
  }
  if (!db.caughtUp) throw new RpcFault(RULES[era].refusal, 'still catching up with daemon');
  db.height = Math.max(0, db.height - Number(blocks));
  return `scheduled a reorg of ${blocks.toLocaleString('en-US')} blocks`;
}

/** What Python's `int` makes of a value. */
function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'string')
    return /^\s*\+?\d+\s*$/.test(value) ? BigInt(value.trim().replace('+', '')) : undefined;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value !== 'number') return undefined;
  if (!Number.isFinite(value)) throw new RpcFault(-32603, 'internal server error');
  return BigInt(Math.trunc(value));
}

function objects(world: World, _era: Era, { limit }: Arguments): Json {
  if (typeof limit !== 'number') throw new RpcFault(-32603, 'internal server error');
  const types: readonly [string, number][] = [
    ['builtins.function', 31_287],
    ['builtins.dict', 14_920 + world.sessions.size * 12],
    ['builtins.tuple', 11_433 + world.sessions.size * 3],
    ['_asyncio.Task', 40 + world.sessions.size * 4],
    ['electrumx.server.session.ElectrumX', world.sessions.size],
    ['electrumx.lib.peer.Peer', world.peers.length],
  ];
  const listed = types.toSorted((a, b) => b[1] - a[1]).slice(0, limit);
  const width = Math.max(...listed.map(([name]) => name.length));
  return listed.map(([name, n]) => `${name.padEnd(width)} ${n}\n`).join('');
}

function inspect(world: World, era: Era, { session_id: id }: Arguments): Json {
  if (typeof id !== 'number') throw new RpcFault(-32603, 'internal server error');
  const session = world.sessions.get(id);
  if (!session) throw new RpcFault(RULES[era].refusal, `no session with id=${id}`);
  if (session.transport === 'rpc') {
    const type = "<class 'electrumx.server.session.LocalRPC'>";
    throw new RpcFault(RULES[era].refusal, `session with id=${id} is not a client session, but ${type}`);
  }
  return {
    client_name: (session.client ?? 'unknown').slice(0, 100),
    'request counts': Object.fromEntries(session.requestCounts),
    'request total': [...session.requestCounts.values()].reduce((so, n) => so + n, 0),
    subs_sh: session.scripthashes,
    subs_txo: session.outpoints,
    errors: session.errors,
    is_logged: session.logged,
    'pending requests': session.waiting,
    'txs sent': session.txsSent,
    conn_time: duration(ageOf(world, session.connectedAt)),
  };
}
