// Every command of LocalRPC as data: what it takes, how that goes over the wire, and how its result is printed.
import type { Params } from '../../localrpc/messages.ts';

export interface Argument {
  /** Its name on the wire, which every server since 0.10.17 accepts. */
  readonly name: string;
  readonly kind: 'text' | 'integer';
  readonly help: string;
  /** Sent when it is not given: from 1.8 on servers refuse a call that leaves it out. Without one it must be given. */
  readonly fallback?: string | number;
  /** Takes one or more, and is sent as a list. */
  readonly many?: true;
  /** Given as `--limit` instead of by its place. */
  readonly option?: 'limit';
}

export type TableName = 'sessions' | 'groups' | 'peers';

export interface Command {
  readonly name: string;
  readonly help: string;
  /** The first release that has it. Older ones answer that they do not know it. */
  readonly since: string;
  readonly takes: readonly Argument[];
  /** `lines`: a list of texts, a line each. `text`: one text as it is. `json`: as Python prints it. */
  readonly prints: 'json' | 'lines' | 'text';
  /** The table that is printed instead, where the result is one: what `--watch`, `--sort`, `--top` and `--filter` work on. */
  readonly table?: TableName;
  /** Some releases obey, and hang up without an answer. */
  readonly mayHangUp?: true;
}

// Servers take numbers or texts up to 1.10.1 and texts only from 1.11 on: texts are right everywhere.
const SESSION_IDS: Argument = {
  name: 'session_ids',
  kind: 'text',
  many: true,
  help: 'ids of sessions; since 1.11 also names of groups, or "all"',
};

/** In the order in which `--help` shows them. */
export const COMMANDS: readonly Command[] = [
  { name: 'getinfo', since: '0.8.0', prints: 'json', takes: [], help: 'a summary of server state' },
  { name: 'sessions', since: '0.8.0', prints: 'json', table: 'sessions', takes: [], help: 'all client sessions' },
  { name: 'groups', since: '0.8.0', prints: 'json', table: 'groups', takes: [], help: 'all session groups' },
  {
    name: 'peers',
    since: '0.8.0',
    prints: 'json',
    table: 'peers',
    takes: [],
    help: 'all peer servers of the same coin',
  },
  {
    name: 'add_peer',
    since: '1.0.2',
    prints: 'json',
    takes: [{ name: 'real_name', kind: 'text', help: 'e.g. "ecdsa.net v1.4 s110 t"' }],
    help: 'add a peer by its real name and try to connect to it',
  },
  {
    name: 'daemon_url',
    since: '0.10.15',
    prints: 'json',
    takes: [
      { name: 'daemon_url', kind: 'text', fallback: '', help: "URLs as in DAEMON_URL; without: the server's own" },
    ],
    help: "replace the daemon's URLs and go over to the first of them",
  },
  { name: 'disconnect', since: '0.8.0', prints: 'json', takes: [SESSION_IDS], help: 'close sessions', mayHangUp: true },
  {
    name: 'log',
    since: '0.8.0',
    prints: 'json',
    takes: [{ ...SESSION_IDS, help: `${SESSION_IDS.help}, "none" or "new"` }],
    help: 'switch the logging of requests of sessions on or off',
  },
  {
    name: 'reorg',
    since: '0.10.3',
    prints: 'json',
    takes: [{ name: 'count', kind: 'integer', fallback: 3, help: 'how many blocks to back up' }],
    help: 'force a chain reorganisation',
  },
  { name: 'stop', since: '0.10.5', prints: 'json', takes: [], help: 'flush and shut down', mayHangUp: true },
  {
    name: 'query',
    since: '1.8',
    prints: 'lines',
    takes: [
      { name: 'items', kind: 'text', many: true, help: 'addresses, or scripts in hex' },
      { name: 'limit', kind: 'integer', fallback: 1000, option: 'limit', help: 'how much to show of each' },
    ],
    help: 'look up the unspent outputs and the history of addresses',
  },
  {
    name: 'inspect_session',
    since: '2.0',
    prints: 'json',
    takes: [{ name: 'session_id', kind: 'integer', help: 'the id of one session' }],
    help: 'what one session is and asks',
  },
  {
    name: 'debug_memusage_list_all_objects',
    since: '1.17 of e-x',
    prints: 'text',
    takes: [{ name: 'limit', kind: 'integer', fallback: 50, option: 'limit', help: 'how many types to list' }],
    help: 'the most frequent types of objects in memory',
  },
  {
    name: 'debug_memusage_get_random_backref_chain',
    since: '1.17 of e-x',
    prints: 'text',
    takes: [{ name: 'objtype', kind: 'text', help: 'e.g. "_asyncio.Task"' }],
    help: 'what keeps a random object of a type in memory, as a dot file',
  },
];

/**
 * What goes over the wire. Servers since 0.10.17 take arguments by name and by place, and neither has ever changed; by name is how the
 * official script has sent them since 1.8.
 */
export function toParams(values: Readonly<Record<string, unknown>>): Params {
  return Object.keys(values).length === 0 ? [] : values;
}
