// The reply to `sessions`, in any era.
import { type Era, RULES, since, unanswered } from '../eras.ts';
import { subs } from '../world/sessions.ts';
import { ageOf, type Session, type Transport, type World } from '../world/world.ts';
import { groupKeys, groupsOf, weightOf } from './groups.ts';
import { float, type Json, sum } from './json.ts';

/** Costs at which a client is throttled, and at which it is no longer served: the server's defaults. */
const SOFT_LIMIT = 1000;
const HARD_LIMIT = 10_000;

/** Oldest first; 13 columns until C2, 15 from D on. */
export function sessionRows(world: World, era: Era): Json {
  const extra = extraCosts(world, era);
  return [...world.sessions.values()].map((session) => {
    const { id, cost, txsSent, received, sent } = session;
    const rpc = session.transport === 'rpc';
    const costs = since(era, 'D') ? [sum(cost), rpc ? float(0) : sum(extra(session))] : [];
    return [
      id,
      flags(session, era, cost + (rpc ? 0 : extra(session))),
      session.address.includes(':') ? `[${session.address}]:${session.port}` : `${session.address}:${session.port}`,
      rpc
        ? 'RPC'
        : Array.from(session.client ?? 'unknown')
            .slice(0, 17)
            .join(''),
      rpc ? 'RPC' : protocol(session, era),
      ...costs,
      unanswered(session, era),
      txsSent,
      subs(session),
      received.count,
      received.bytes,
      sent.count,
      sent.bytes,
      float(ageOf(world, session.connectedAt)),
    ];
  });
}

/** The cost that a session is charged for the others in its groups. */
function extraCosts(world: World, era: Era): (session: Session) => number {
  if (!since(era, 'D')) return () => 0;
  const groups = groupsOf(world, era);
  return (session) =>
    groupKeys(world, session, era).reduce((so, key) => {
      const group = groups.get(key);
      return group ? so + (group.cost + group.retained - session.cost) * weightOf(key) : so;
    }, 0);
}

/** Transport, C while it is being closed, L while it is logged, and the number that depends on its load. */
function flags({ transport, goneAt, logged }: Session, era: Era, cost: number): string {
  const websocket = transport === 'ws' && since(era, 'E2');
  const letter = { tcp: 'T', ssl: 'S', ws: websocket ? 'W' : 'S', rpc: 'R' }[transport];
  return `${letter}${goneAt === undefined ? '' : 'C'}${logged ? 'L' : ''}${load(transport, era, cost)}`;
}

function load(transport: Transport, era: Era, cost: number): number {
  const [forRpc, idle, full] = RULES[era].flags;
  if (transport === 'rpc') return forRpc;
  const share = Math.min(1, Math.max(0, (cost - SOFT_LIMIT) / (HARD_LIMIT - SOFT_LIMIT)));
  return Math.ceil(idle + (full - idle) * share);
}

/** Not newer than the era's server supports. An invalid version is passed on unchanged. */
function protocol({ protocol: claimed }: Session, era: Era): string {
  const { firstProtocol, lastProtocol } = RULES[era];
  if (claimed === undefined) return firstProtocol;
  return /^\d(\.\d)+$/.test(claimed) && claimed > lastProtocol ? lastProtocol : claimed;
}
