// The scenarios, as a table of what each changes in a calm world.

/** Conditions that hold while a scenario lasts. */
export interface Conditions {
  /** Mean seconds between blocks. */
  readonly blockEvery: number;
  /** Share of the gap to the daemon that is indexed each second, one block at least; 0 indexes nothing. */
  readonly indexing: number;
  /** Clients that are connected: `size` times this, plus `extraClients`, and at most `maxClients`. */
  readonly population: number;
  readonly extraClients: number;
  readonly maxClients: number;
  /** The first three octets of the addresses of the extra clients, if they do not come from everywhere. */
  readonly subnet: string | null;
  /** Mean seconds that a client stays. */
  readonly stay: number;
  /** Whether the sessions of clients that leave are closed in the end. */
  readonly closes: boolean;
  /** Probability that a client sends a request in a second. */
  readonly activity: number;
  /** How many times the usual cost a client's request has. */
  readonly costFactor: number;
  /** Mean requests of a client that wait for their reply. */
  readonly pending: number;
  /** Which peers can be reached: `others` are all but the server itself. With `untried` the server tries none. */
  readonly peers: 'all' | 'others' | 'none' | 'untried';
  /** Whether names, protocols and peers are hostile. */
  readonly hostile: boolean;
  /** Seconds after which the process is replaced by a new one. */
  readonly crashEvery: number;
  /** Seconds on the clock that each reply takes, because the event loop is busy. */
  readonly replyDelay: number;
  /** Seconds on the clock that each reply to a wallet takes in addition, except that to the handshake. */
  readonly walletDelay: number;
  /** Whether wallets are notified of new blocks. If not, their tip does not change. */
  readonly notifies: boolean;
  /** Whether the daemon replies to requests. */
  readonly daemonAnswers: boolean;
  /** Whether balances and histories are answered. */
  readonly balances: boolean;
  /** Which client ports accept connections: `others` are all but the first. */
  readonly ports: 'all' | 'others';
  /** Days until the certificate of the client ports expires. */
  readonly certificateDays: number;
  readonly chain: 'mainnet' | 'testnet';
}

/** What a scenario does once, when it begins. */
export interface Beginning {
  /** Blocks that the daemon is ahead. */
  readonly ahead?: number;
  /** Blocks that the daemon finds and the server indexes. */
  readonly mined?: number;
  /** The share of the chain that is indexed. */
  readonly indexed?: number;
  /** Which of the daemon's URLs is in use. */
  readonly daemonUrl?: number;
  /** How often the history was flushed, a little more with some seeds. */
  readonly flushCount?: number;
  /** Whether requests are logged. */
  readonly logged?: boolean;
  /** Clients that leave at once. */
  readonly leaving?: number;
  /** Cost of each client. The groups then retain no cost of closed sessions. */
  readonly cost?: number;
}

const CALM: Conditions = {
  blockEvery: 600,
  indexing: 0.2,
  population: 1,
  extraClients: 0,
  maxClients: Infinity,
  subnet: null,
  stay: 1800,
  closes: true,
  activity: 0.05,
  costFactor: 1,
  pending: 0.02,
  peers: 'all',
  hostile: false,
  crashEvery: Infinity,
  replyDelay: 0,
  walletDelay: 0,
  notifies: true,
  daemonAnswers: true,
  balances: true,
  ports: 'all',
  certificateDays: 365,
  chain: 'mainnet',
};

export const FEW_FLUSHES = 1000;

/** The default of MAX_SESSIONS, at which the server closes its client ports. */
export const MAX_SESSIONS = 1000;

interface Change extends Partial<Conditions> {
  readonly begins?: Beginning;
}

const CHANGES = {
  calm: { begins: { cost: 0, daemonUrl: 0, flushCount: FEW_FLUSHES, logged: false } },
  'daemon-stalled': { blockEvery: Infinity },
  'index-behind': { indexing: 0, blockEvery: 60, begins: { ahead: 6 } },
  'initial-sync': { indexing: 0.0005, population: 0, peers: 'none', begins: { indexed: 0.4 } },
  'sync-stalled': { indexing: 0, population: 0, peers: 'none', begins: { indexed: 0.4 } },
  'daemon-failover': { begins: { daemonUrl: 1 } },
  flood: { extraClients: 400, subnet: '198.51.100', stay: 120, activity: 0.5, costFactor: 5 },
  churn: { stay: 4 },
  overloaded: { pending: 3, activity: 0.5, costFactor: 20, begins: { cost: 4000 } },
  throttled: { activity: 0.5, costFactor: 3, begins: { cost: 4000 } },
  'locked-out': { activity: 0.5, costFactor: 100, begins: { cost: 25_000 } },
  slow: { replyDelay: 1.2 },
  'sessions-many': { extraClients: MAX_SESSIONS, maxClients: 0.9 * MAX_SESSIONS },
  'sessions-full': { extraClients: MAX_SESSIONS, maxClients: MAX_SESSIONS },
  'stuck-closing': { closes: false, stay: 300, begins: { leaving: 30 } },
  logging: { begins: { logged: true } },
  'peers-lost': { peers: 'none' },
  'discovery-stalled': { peers: 'untried' },
  'not-advertised': { peers: 'others' },
  'flush-count-high': { begins: { flushCount: 62_000 } },
  'flush-count-critical': { begins: { flushCount: 65_001 } },
  'crash-loop': { crashEvery: 20 },
  'wallet-tip-frozen': { notifies: false, begins: { mined: 3 } },
  'balance-hang': { balances: false },
  'daemon-dead': { daemonAnswers: false, blockEvery: Infinity },
  'wallet-slow': { walletDelay: 6, blockEvery: Infinity }, // a block meanwhile would be another problem
  'port-closed': { ports: 'others' },
  'certificate-expiring': { certificateDays: 10 },
  'wrong-chain': { chain: 'testnet' },
  'hostile-names': { hostile: true },
} satisfies Readonly<Record<string, Change>>;

export type Scenario = keyof typeof CHANGES;

export const SCENARIOS = Object.keys(CHANGES) as Scenario[];

/** The scenario of that name, if there is one. */
export const scenarioOf = (name: string): Scenario | undefined => SCENARIOS.find((one) => one === name);

/** What holds while a scenario lasts, and what it does once when it begins. */
export function readScenario(scenario: Scenario): { conditions: Conditions; begins: Beginning } {
  const { begins = {}, ...changes }: Change = CHANGES[scenario];
  return { conditions: { ...CALM, ...changes }, begins };
}
