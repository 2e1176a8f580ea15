// The numbers behind the alerts and the colours of the dashboards, with the reason for each.

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** Of the scrapes of some minutes: with fewer answers a server is down. */
export const MOSTLY_ANSWERS = 0.5;
/**
 * Of the scrapes of half an hour: more failures than a restart of 4 minutes and one scrape make, and more than one in five. Not 0.8: for
 * Prometheus 2, the average of 24 successes in 30 scrapes is a little less than that, and for 3 it is not.
 */
export const OFTEN_ANSWERS = 0.79;

/** Within two hours. An upgrade that is reverted is two restarts; a loop of 30 minutes is three. */
export const RESTARTS = 3;

/** Beyond this it is not the age of a reused result or a slow scrape, and ages on dashboards are wrong by as much. */
export const CLOCK_OFFSET_SECONDS = 120;

/**
 * Blocks are found at random: of N gaps between them one is longer than ln(N) mean intervals. A daemon is stalled after a gap that comes
 * by chance once in this time: 12 intervals where a block comes every 10 minutes, 14 at 2.5 minutes, 15 at a minute. (6 intervals, which
 * sounds like enough, would fire every three days.)
 */
export const DAEMON_STALLED_BY_CHANCE = 3 * 365 * DAY;

/** Other servers mark one as bad that is more than 5 blocks away from them; at 3 there is still time. */
export const BLOCKS_BEHIND = 2;
/** More than half a day of Bitcoin: the server may be syncing. */
export const BLOCKS_OF_A_SYNC = 100;
/** More than half the chain is missing: no running server falls behind so far. */
export const SHARE_OF_A_NEW_INDEX = 0.5;
/** In two hours. More than chance makes of a constant distance, and much less than one flush of a sync indexes. */
export const BLOCKS_GAINED = 20;

/** ElectrumX closes its client ports at its limit, and opens them again at 95% of it: a full server is always between the two. */
export const SESSIONS_FULL = 0.95;
export const SESSIONS_NEARLY_FULL = 0.85;
/** Connections that are accepted at the moment of closing exceed the limit by a few, never by a tenth of the default. */
export const SESSIONS_DISPROVE_DEFAULT = 1.1;

/** ElectrumX's documentation: 250 pending requests or fewer are normal, with over 1000 the server is overloaded. */
export const PENDING_MANY = 250;
export const PENDING_TOO_MANY = 1000;

/** getinfo itself takes milliseconds: a second is a second in which no wallet is served. */
export const EVENT_LOOP_SLOW_SECONDS = 1;
/** Of the scrapes of half an hour. A block every 10 minutes slows down one in ten at most. */
export const SHARE_OF_SLOW_SCRAPES = 0.25;

/** With fewer clients a share of them says nothing. */
export const THROTTLED_SHARE = 0.1;
export const CLIENTS_FOR_THROTTLED = 50;
export const SUBNET_SHARE = 0.25;
export const SESSIONS_FOR_SUBNET = 100;

/** The defaults of COST_SOFT_LIMIT and COST_HARD_LIMIT. */
export const COST_SOFT = 1000;
export const COST_HARD = 10_000;

/** With this many subnets at once it is no longer a few expensive clients. */
export const GROUPS_LOCKED_OUT = 10;

/**
 * New sessions a second, in 20 minutes. With half an hour a session, a server of 10,000 has 6. More than the first number are churn if they
 * are many times what was usual in the day before, more than the last whatever was usual, because an exporter that is installed during an
 * attack has no other past. Starting points: no source is known for them.
 */
export const CHURN_PER_SECOND = 10;
export const CHURN_TIMES_USUAL = 5;
export const CHURN_WHATEVER_IS_USUAL = 50;

/** Closing takes a session seconds. No source is known for the number. */
export const SESSIONS_CLOSING = 20;

/** Some odd names are always there. No source is known for the number. */
export const SUSPICIOUS_STRINGS = 10;

/** With n good peers one of them is verified every 10,200/n seconds. */
export const GOOD_PEERS_FOR_DISCOVERY = 5;
export const NO_PEER_VERIFIED_SECONDS = 2 * HOUR;

/** The flush count is stored in 16 bits; the server crashes when it would become 65,536. A flush a block: 1000 are a week of Bitcoin. */
export const FLUSH_COUNT_MAX = 65_535;
export const FLUSH_COUNT_HIGH = 58_000;
export const FLUSH_COUNT_CRITICAL = 65_000;
/** Time enough to plan the hours that compacting takes. */
export const FLUSH_COUNT_AHEAD_SECONDS = 30 * DAY;

/** The lowest memory of a day against the lowest of a day a week before. No source is known for the number. */
export const MEMORY_GROWTH = 1.5;
/** So many more sessions in that week explain more memory. */
export const SESSIONS_GROWTH = 1.25;
/** Caches are full a day after a start, and a week is compared. */
export const MEMORY_GROWTH_AGE_SECONDS = 9 * DAY;
/** Of the cgroup's limit. The kernel kills the process at 100%. */
export const MEMORY_NEARLY_FULL = 0.9;

/** Of the limit of open files. ElectrumX keeps 350 for its database and daemon: sessions alone do not get here. */
export const FILES_NEARLY_FULL = 0.9;

/** Time enough to add a disk. */
export const DISK_FILLING_AHEAD_SECONDS = 3 * DAY;
/** Both: a share alone is 200 GB of a disk of 4 TB, a size alone is all of a small one. */
export const DISK_FULL_SHARE = 0.05;
export const DISK_FULL_BYTES = 10 * 2 ** 30;
/** Inodes. LevelDB's files have 2 MB: these are used up when the database has grown by 2 GB. */
export const DISK_FILES_FEW = 1000;

/** At two missing blocks Electrum calls a server lagging and leaves it. */
export const WALLET_BLOCKS_BEHIND = 2;
/** Half of the 10 seconds after which Electrum gives up. Padded replies, since 1.18, take up to 2 s. */
export const WALLET_SLOW_SECONDS = 5;

/** Certificates of 90 days are renewed when 30 are left: at 21 the renewal has failed for a week. */
export const CERTIFICATE_EXPIRING_SECONDS = 21 * DAY;
export const CERTIFICATE_EXPIRES_SOON_SECONDS = 2 * DAY;

/** The objective: 99.5% of the probes succeed. Failures of 3.6 hours in 30 days are within it. */
export const PROBES_THAT_MAY_FAIL = 0.005;
