// The commands of LocalRPC as data: their arguments, and how their results are printed.

export interface Argument {
  /** Its name on the wire. */
  readonly name: string;
  readonly kind: 'string' | 'integer';
  readonly help: string;
  /** The value to send when it is not given: servers since 1.8 refuse calls that omit an argument. Without one it is required. */
  readonly fallback?: string | number;
  /** Takes one or more words, which are sent as a list. */
  readonly repeated?: true;
  /** Given as `--limit` instead of by position. */
  readonly option?: 'limit';
}

export type TableName = 'sessions' | 'groups' | 'peers';

export interface Command {
  readonly name: string;
  readonly help: string;
  /** The first release that has it. Older ones answer with an unknown-method error. */
  readonly since: string;
  readonly args: readonly Argument[];
  /** `lines`: a list of strings, one a line. `text`: one string. `json`: indented, as Python prints it. */
  readonly prints: 'json' | 'lines' | 'text';
  /** Its result is this table. `--watch`, `--sort`, `--top` and `--filter` are for these commands. */
  readonly table?: TableName;
  /** Some releases execute it and close the connection without a reply. */
  readonly mayClose?: true;
}

// Servers accept numbers or strings up to 1.10.1, and only strings since 1.11.
const SESSION_IDS: Argument = {
  name: 'session_ids',
  kind: 'string',
  repeated: true,
  help: 'session IDs; since 1.11 also group names, or "all"',
};

/** In the order in which `--help` shows them. */
export const COMMANDS: readonly Command[] = [
  { name: 'getinfo', since: '0.8.0', prints: 'json', args: [], help: 'show a summary of the server state' },
  { name: 'sessions', since: '0.8.0', prints: 'json', table: 'sessions', args: [], help: 'list all client sessions' },
  { name: 'groups', since: '0.8.0', prints: 'json', table: 'groups', args: [], help: 'list all session groups' },
  {
    name: 'peers',
    since: '0.8.0',
    prints: 'json',
    table: 'peers',
    args: [],
    help: 'list all peer servers of the coin',
  },
  {
    name: 'add_peer',
    since: '1.0.2',
    prints: 'json',
    args: [{ name: 'real_name', kind: 'string', help: 'for example "ecdsa.net v1.4 s110 t"' }],
    help: 'add a peer by its real name and try to connect to it',
  },
  {
    name: 'daemon_url',
    since: '0.10.15',
    prints: 'json',
    args: [
      {
        name: 'daemon_url',
        kind: 'string',
        fallback: '',
        help: "URLs in the format of DAEMON_URL; if omitted, the server's DAEMON_URL",
      },
    ],
    help: "replace the daemon's URLs and switch to the first of them",
  },
  { name: 'disconnect', since: '0.8.0', prints: 'json', args: [SESSION_IDS], help: 'close sessions', mayClose: true },
  {
    name: 'log',
    since: '0.8.0',
    prints: 'json',
    args: [{ ...SESSION_IDS, help: `${SESSION_IDS.help}, "none" or "new"` }],
    help: 'turn request logging of sessions on or off',
  },
  {
    name: 'reorg',
    since: '0.10.3',
    prints: 'json',
    args: [{ name: 'count', kind: 'integer', fallback: 3, help: 'the number of blocks to back up' }],
    help: 'force a chain reorganisation',
  },
  { name: 'stop', since: '0.10.5', prints: 'json', args: [], help: 'flush and shut down the server', mayClose: true },
  {
    name: 'query',
    since: '1.8',
    prints: 'lines',
    args: [
      { name: 'items', kind: 'string', repeated: true, help: 'addresses, or scripts in hex' },
      {
        name: 'limit',
        kind: 'integer',
        fallback: 1000,
        option: 'limit',
        help: 'the maximum number of entries for each',
      },
    ],
    help: 'show the unspent outputs and the history of addresses',
  },
  {
    name: 'inspect_session',
    since: '2.0',
    prints: 'json',
    args: [{ name: 'session_id', kind: 'integer', help: 'a session ID' }],
    help: 'show the details and request counts of one session',
  },
  {
    name: 'debug_memusage_list_all_objects',
    since: '1.17 of e-x',
    prints: 'text',
    args: [{ name: 'limit', kind: 'integer', fallback: 50, option: 'limit', help: 'the maximum number of types' }],
    help: 'list the most frequent types of objects in memory',
  },
  {
    name: 'debug_memusage_get_random_backref_chain',
    since: '1.17 of e-x',
    prints: 'text',
    args: [{ name: 'objtype', kind: 'string', help: 'for example "_asyncio.Task"' }],
    help: 'show what keeps a random object of a type in memory, as a dot file',
  },
];
