// The conditions under which every alert is judged: how often a server is scraped, which scrapes are lost, and which coin it serves.

/** What Prometheus does. A lost scrape ends all series of the target, and `up` is 0. */
export type Scrape = 'succeeds' | 'is lost' | 'is not due';

export interface Condition {
  readonly name: ConditionName;
  /** seconds: scrapes are at multiples of it, and never at a whole minute, when rules are evaluated */
  readonly tick: number;
  readonly scrape: (seconds: number) => Scrape;
  /** the files in grafana/tests whose names begin with it have the cases of this condition; all others are for the other conditions */
  readonly cases?: string;
  /** a calm server of another coin has the same job and instance */
  readonly neighbour?: true;
}

export type ConditionName =
  | '15 s'
  | '60 s'
  | '5 min'
  | 'every second scrape lost'
  | 'several coins on a host'
  | 'one-minute blocks'
  | 'test networks';

export const CONDITIONS: readonly Condition[] = [
  { name: '15 s', tick: 5, scrape: every(15, 5) },
  { name: '60 s', tick: 30, scrape: every(60, 30) },
  { name: '5 min', tick: 30, scrape: every(300, 30) },
  { name: 'every second scrape lost', tick: 30, scrape: losing(every(60, 30), 120) },
  { name: 'several coins on a host', tick: 30, scrape: every(60, 30), neighbour: true },
  { name: 'one-minute blocks', tick: 30, scrape: every(60, 30), cases: 'one-minute-blocks.' },
  { name: 'test networks', tick: 30, scrape: every(60, 30), cases: 'test-networks.' },
];

/** At the last tick of each interval: what begins with an interval is noticed as late as can be. */
function every(interval: number, tick: number): Condition['scrape'] {
  return (seconds) => ((seconds + tick) % interval === 0 ? 'succeeds' : 'is not due');
}

/** Of two scrapes within `interval`, the first is lost. */
function losing(scrape: Condition['scrape'], interval: number): Condition['scrape'] {
  return (seconds) =>
    scrape(seconds) === 'succeeds' && seconds % interval < interval / 2 ? 'is lost' : scrape(seconds);
}

/** The conditions for the cases of a file in grafana/tests. */
export function conditionsOf(file: string): readonly Condition[] {
  const special = CONDITIONS.filter(({ cases }) => cases !== undefined && file.startsWith(cases));
  return special.length > 0 ? special : CONDITIONS.filter(({ cases }) => cases === undefined);
}
