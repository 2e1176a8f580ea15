// The four collectors that query LocalRPC: getinfo, groups, sessions and peers.
import { option } from '../../config/option.ts';
import * as types from '../../config/option-types.ts';
import { decodeGetInfo, type GetInfo } from '../../electrumx/getinfo.ts';
import { decodeGroups, sessionPairs, type Groups } from '../../electrumx/groups.ts';
import { decodePeers, type Peers } from '../../electrumx/peers.ts';
import { decodeSessions, type Sessions } from '../../electrumx/sessions.ts';
import { RpcError } from '../../localrpc/errors.ts';
import { collector, type Gather, type GatherContext, type Gathered, type LocalRpcMethod } from '../collector.ts';
import type { Results } from '../collectors.ts';

export const getinfo = collector({
  name: 'getinfo',
  help: 'Query getinfo.',
  runs: 'in-turn',
  minInterval: '0s',
  options: {},
  create: (): Gather<GetInfo> => (context) => query('getinfo', decodeGetInfo, context),
});

export const groups = collector({
  name: 'groups',
  help: 'Query groups.',
  runs: 'in-turn',
  minInterval: '0s',
  options: {
    top: option('collector.groups.top', {
      type: types.integer(0, 100),
      default: '10',
      help: 'Number of groups to export, by rank.',
    }),
    names: option('collector.groups.names', {
      type: types.toggle,
      default: 'false',
      help: 'Also export the names of groups. This stores subnets of clients, and with some settings their addresses, in Prometheus.',
    }),
  },
  create: (): Gather<Groups & { readonly serverSessions: number | undefined }> => async (context) => {
    const serverSessions = context.results.getinfo?.sessions;
    const decode = (reply: unknown) => {
      const decoded = decodeGroups(reply);
      return decoded && { ...decoded, serverSessions };
    };
    return query('groups', decode, context);
  },
});

export const sessions = collector({
  name: 'sessions',
  help: 'Query sessions.',
  runs: 'in-turn',
  minInterval: '0s',
  options: {
    maxPairs: option('collector.sessions.max-pairs', {
      type: types.integer(0, 1e12),
      default: '500000',
      help: 'Skip sessions when the squared sizes of all groups add up to more. The query would block ElectrumX for too long.',
    }),
  },
  create:
    ({
      collectors: {
        sessions: { maxPairs },
      },
    }): Gather<Sessions> =>
    async (context) =>
      exceedsPairBudget(context.results, maxPairs)
        ? { skipped: 'groups are so large that the query would block ElectrumX' }
        : query('sessions', decodeSessions, context),
});

export const peers = collector({
  name: 'peers',
  help: 'Query peers.',
  runs: 'in-turn',
  minInterval: '0s',
  options: {},
  create: (): Gather<Peers> => (context) => query('peers', decodePeers, context),
});

/** Sends the one request of a collector and decodes the reply. Rejects with an RpcError. */
async function query<Result extends object>(
  method: LocalRpcMethod,
  decode: (reply: unknown) => Result | undefined,
  { call }: GatherContext,
): Promise<Gathered<Result>> {
  const { result: reply, line } = await call(method);
  const result = decode(reply);
  if (!result) throw new RpcError('protocol', 'the reply has no format that a known release sends');
  const badRows = 'badRows' in result ? Number(result.badRows) : 0;
  return { result, bytes: line.length, badRows };
}

/**
 * Whether `sessions` would make the server walk too many pairs of sessions: it sums up the whole group for each row. Without usable
 * groups all sessions are taken to be in one. If nothing is known, the server does not reply, and `sessions` is skipped.
 */
function exceedsPairBudget({ groups, getinfo }: Results, maxPairs: number): boolean {
  const now = getinfo?.sessions;
  if (groups && (groups.rows.length > 0 || groups.badRows === 0)) {
    const newcomers = Math.max(0, (now ?? 0) - (groups.serverSessions ?? now ?? 0));
    return sessionPairs(groups, newcomers) > maxPairs;
  }
  if (getinfo && !getinfo.chargesCost) return false;
  return now === undefined || now ** 2 > maxPairs;
}
