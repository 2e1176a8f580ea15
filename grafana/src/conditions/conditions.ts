// THE LIST of the conditions that every alert is judged under: how often a server is scraped, what is lost, and what is unlike Bitcoin.

/** Seconds. Scrapes fall between evaluations, which are at whole minutes, as they nearly always do. */
export const TICK = 5;

/** What Prometheus does at a tick. A lost scrape ends all series of the target, and `up` is 0. */
export type Scrape = 'succeeds' | 'is lost' | 'is not due';

export interface Condition {
  readonly name: ConditionName;
  readonly scrape: (tick: number) => Scrape;
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
  { name: '15 s', scrape: every(15) },
  { name: '60 s', scrape: every(60) },
  { name: '5 min', scrape: every(300) },
  { name: 'every second scrape lost', scrape: losing(every(60), 120) },
  { name: 'several coins on a host', scrape: every(60), neighbour: true },
  { name: 'one-minute blocks', scrape: every(60), cases: 'one-minute-blocks.' },
  { name: 'test networks', scrape: every(60), cases: 'test-networks.' },
];

/** The last tick of each interval: what begins at a multiple of it is noticed as late as can be. */
function every(seconds: number): Condition['scrape'] {
  return (tick) => (((tick + 1) * TICK) % seconds === 0 ? 'succeeds' : 'is not due');
}

/** Of two scrapes within `seconds`, the first is lost. */
function losing(scrape: Condition['scrape'], seconds: number): Condition['scrape'] {
  return (tick) => (scrape(tick) === 'succeeds' && (tick * TICK) % seconds < seconds / 2 ? 'is lost' : scrape(tick));
}

/** The conditions for the cases of a file in grafana/tests. */
export function conditionsOf(file: string): readonly Condition[] {
  const special = CONDITIONS.filter(({ cases }) => cases !== undefined && file.startsWith(cases));
  return special.length > 0 ? special : CONDITIONS.filter(({ cases }) => cases === undefined);
}
