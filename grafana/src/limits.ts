// The numbers behind the alerts and the colours of the dashboards, with the reason for each.

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/**
 * Blocks are found at random: of N gaps between them one is longer than ln(N) mean intervals. A daemon is stalled after a gap that comes
 * by chance once in this time: 12 intervals where a block comes every 10 minutes, 14 at 2.5 minutes, 15 at a minute. (6 intervals, which
 * sounds like enough, would page every three days.)
 */
export const DAEMON_STALLED_BY_CHANCE = 3 * 365 * DAY;

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

/** In this many subnets at once it is no longer a few who ask for too much. */
export const GROUPS_LOCKED_OUT = 10;

/**
 * New sessions a second, in 10 minutes. With half an hour a session, a server of 10,000 has 6. More than the first number are churn if they
 * are many times what was usual in the day before, more than the last whatever was usual, because who installs this during an attack has
 * no other past. Starting points: no source is known for them.
 */
export const CHURN_PER_SECOND = 10;
export const CHURN_TIMES_USUAL = 5;
export const CHURN_WHATEVER_IS_USUAL = 50;

/** Closing takes a session seconds. No source is known for the number. */
export const SESSIONS_CLOSING = 20;

/** Some odd names are always there. No source is known for the number. */
export const HOSTILE_TEXTS = 10;

/** With n good peers one of them is verified every 10,200/n seconds. */
export const GOOD_PEERS_FOR_DISCOVERY = 5;
export const NO_PEER_VERIFIED_SECONDS = 2 * HOUR;

/** The flush count is stored in 16 bits; the server dies when it would become 65,536. A flush a block: 1000 are a week of Bitcoin. */
export const FLUSH_COUNT_MAX = 65_535;
export const FLUSH_COUNT_HIGH = 58_000;
export const FLUSH_COUNT_CRITICAL = 65_000;
/** Time enough to plan the hours that compacting takes. */
export const FLUSH_COUNT_AHEAD_SECONDS = 30 * DAY;
