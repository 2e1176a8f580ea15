// The options of electrumx-rpc as data.

export interface CommandOption {
  readonly short?: string;
  /** The placeholder for its value in the help. Options without one are switches. */
  readonly value?: string;
  readonly help: string;
}

/** In the order in which `--help` shows them. */
export const OPTIONS = {
  port: { short: 'p', value: 'PORT', help: 'port of LocalRPC [RPC_PORT, else 8000]' },
  host: { value: 'HOST', help: 'host of LocalRPC [localhost]' },
  timeout: { value: 'SECONDS', help: 'how long to wait for the reply [30]' },
  json: { help: 'print the raw result as JSON on one line' },
  limit: { short: 'l', value: 'N', help: 'for query and debug_memusage_list_all_objects' },
  watch: {
    value: '[SECONDS]',
    help: 'sessions, groups, peers: refresh the table every SECONDS [2]; q quits, ? lists the keys',
  },
  sort: {
    value: 'COLUMN',
    help: 'sessions, groups, peers: largest first, or A to Z; --sort=-COLUMN reverses the order',
  },
  top: { value: 'N', help: 'sessions, groups, peers: only the first N rows' },
  filter: { value: 'TEXT', help: 'sessions, groups, peers: only rows that contain TEXT in any column' },
  help: { short: 'h', help: 'show this help, or the help of a command' },
  version: { help: 'show the version' },
} as const satisfies Record<string, CommandOption>;

export type OptionName = keyof typeof OPTIONS;

/** The options that apply to the tables only. */
export const TABLE_OPTIONS = ['watch', 'sort', 'top', 'filter'] as const satisfies readonly OptionName[];
