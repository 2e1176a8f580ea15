// The numbers behind the alerts and the colours of the dashboards, with the reason for each.

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/**
 * A daemon is stalled after 12 mean intervals between blocks. Blocks are found at random: on average a gap of that length happens by
 * itself once in three years, one of six intervals every three days. The interval is Bitcoin's, because no metric tells the coin's; for
 * coins with faster blocks 14 or 15 intervals are right (35 minutes for Litecoin, 15 for Dogecoin), and test networks need none of this.
 */
export const DAEMON_STALLED_SECONDS = 12 * 600;

/** Other servers call one bad that is more than 5 blocks away from them; at 3 there is still time. */
export const BLOCKS_BEHIND = 2;
/** Further behind than a daemon outage of a day could explain on Bitcoin: the server is syncing, unless it was at the tip a day ago. */
export const BLOCKS_OF_A_SYNC = 100;

/** ElectrumX stops listening at MAX_SESSIONS, and listens again from 95% of it: a full server is always between the two. */
export const SESSIONS_FULL = 0.95;
export const SESSIONS_NEARLY_FULL = 0.85;

/** ElectrumX's documentation: 250 waiting requests or fewer are normal, with over 1000 the server is overloaded. */
export const PENDING_MANY = 250;
export const PENDING_TOO_MANY = 1000;
export const PENDING_STEPS = [
  [PENDING_MANY, 'orange'],
  [PENDING_TOO_MANY, 'red'],
] as const;

/** getinfo itself takes milliseconds: a second is a second of standing still for every wallet. */
export const EVENT_LOOP_SLOW_SECONDS = 1;

/** With fewer clients a share of them says nothing. */
export const THROTTLED_SHARE = 0.1;
export const CLIENTS_FOR_THROTTLED = 50;
export const SUBNET_SHARE = 0.25;
export const SESSIONS_FOR_SUBNET = 100;

/** The defaults of COST_SOFT_LIMIT and COST_HARD_LIMIT. */
export const COST_SOFT = 1000;
export const COST_HARD = 10_000;

/** With n good peers one of them is verified every 10,200/n seconds. */
export const GOOD_PEERS_FOR_DISCOVERY = 5;
export const NO_PEER_VERIFIED_SECONDS = 2 * HOUR;

/** The flush count is stored in 16 bits; the server dies when it would become 65,536. A flush a block: 1000 are a week of Bitcoin. */
export const FLUSH_COUNT_MAX = 65_535;
export const FLUSH_COUNT_HIGH = 58_000;
export const FLUSH_COUNT_CRITICAL = 65_000;
