// Recorded replies of real servers.
import { readdirSync, readFileSync } from 'node:fs';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const METHODS = ['getinfo', 'groups', 'sessions', 'peers'] as const;

export type RecordedReplies = Readonly<Record<(typeof METHODS)[number], string>>;

/** Every recording: `spesmilo-1.20.0`, `busy`, and the raw reply line of each method. */
export function recordings(): { release: string; state: string; replies: RecordedReplies }[] {
  const releases = readdirSync(FIXTURES).filter((name) => /^(kyuupichan|spesmilo)-/.test(name));
  return releases.flatMap((release) =>
    readdirSync(new URL(`${release}/`, FIXTURES))
      .filter((state) => state !== 'commands')
      .map((state) => ({ release, state, replies: recorded(release, state) })),
  );
}

/** The raw reply lines of one recording. */
export function recorded(release: string, state: string): RecordedReplies {
  const read = (method: string) => readFileSync(new URL(`${release}/${state}/${method}.json`, FIXTURES), 'utf8').trim();
  return Object.fromEntries(METHODS.map((method) => [method, read(method)])) as RecordedReplies;
}

/** Results of each era's own session code, by era. */
export function eraSamples(): Readonly<Record<string, Readonly<Record<(typeof METHODS)[number], unknown>>>> {
  return JSON.parse(readFileSync(new URL('eras.json', FIXTURES), 'utf8')) as ReturnType<typeof eraSamples>;
}
