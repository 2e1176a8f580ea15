// `disconnect` and `log`: commands that name sessions, by id and in later eras by group or by a keyword.
import { type Era, RULES, since } from '../eras.ts';
import { closeSession } from '../world/sessions.ts';
import type { Session, World } from '../world/world.ts';
import { RpcFault } from './command.ts';
import { groupName, groupsOf } from './groups.ts';
import { shown } from './json.ts';

/** Closes what is named. One line of result for each. */
export function disconnect(world: World, era: Era, ids: unknown): string[] {
  if (!since(era, 'E2')) {
    return eachSession(world, era, ids, (session) => {
      closeSession(world, session);
      return `disconnected ${session.id}`;
    });
  }
  const { sessions, groups, words, unknown } = resolve(world, era, ids, ['all']);
  const lines = unknown.map((item) => `unknown: ${item}`);
  if (words.has('all')) {
    for (const session of world.sessions.values()) closeSession(world, session);
    return ['disconnecting all sessions', ...lines];
  }
  for (const session of [...sessions, ...groups.flatMap((group) => group.sessions)]) closeSession(world, session);
  return [
    ...sessions.map(({ id }) => `disconnecting session ${id}`),
    ...groups.map(({ name }) => `disconnecting group ${name}`),
    ...lines,
  ];
}

/** Toggles the logging of what is named. One line of result for each. */
export function log(world: World, era: Era, ids: unknown): string[] {
  const toggle = (session: Session) => (session.logged = !session.logged);
  if (!since(era, 'E2')) {
    return eachSession(world, era, ids, (session) => `log ${session.id}: ${toggle(session) ? 'True' : 'False'}`);
  }
  const { sessions, groups, words, unknown } = resolve(world, era, ids, ['all', 'none', 'new']);
  const lines = [];
  for (const [word, logged] of [
    ['all', true],
    ['none', false],
  ] as const) {
    if (!words.has(word)) continue;
    for (const session of world.sessions.values()) session.logged = logged;
    world.logNew = logged;
    lines.push(`logging ${logged ? 'all' : 'no'} sessions`);
  }
  const line = (logged: boolean, what: string) => `${logged ? 'logging' : 'not logging'} ${what}`;
  if (words.has('new')) lines.push(line((world.logNew = !world.logNew), 'new sessions'));
  const named = new Set([...sessions, ...groups.flatMap((group) => group.sessions)]);
  for (const session of named) lines.push(line(toggle(session), `session ${session.id}`));
  return [...lines, ...unknown.map((item) => `unknown: ${item}`)];
}

/** Until D an id may be a number or a text that reads as one. */
function eachSession(world: World, era: Era, ids: unknown, apply: (session: Session) => string): string[] {
  if (!Array.isArray(ids)) throw expected(era);
  return ids.map((id: unknown) => {
    const session = world.sessions.get(typeof id === 'number' || typeof id === 'string' ? Number(id) : NaN);
    return session ? apply(session) : `unknown session: ${shown(id)}`;
  });
}

interface Named {
  readonly sessions: readonly Session[];
  readonly groups: readonly { name: string; sessions: readonly Session[] }[];
  readonly words: ReadonlySet<string>;
  readonly unknown: readonly string[];
}

/** Later ids are texts: digits are an id, the rest a word or the name of a group. */
function resolve(world: World, era: Era, ids: unknown, words: readonly string[]): Named {
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) throw expected(era);
  const groups = new Map([...groupsOf(world, era).values()].map((group) => [groupName(group.key, era), group]));
  const named = {
    sessions: new Set<Session>(),
    groups: new Set<string>(),
    words: new Set<string>(),
    unknown: new Set<string>(),
  };
  for (const id of ids) {
    const session = /^\d+$/.test(id) ? world.sessions.get(Number(id)) : undefined;
    const word = id.toLowerCase();
    if (session) named.sessions.add(session);
    else if (words.includes(word)) named.words.add(word);
    else if (groups.has(word)) named.groups.add(word);
    else named.unknown.add(id);
  }
  return {
    sessions: [...named.sessions],
    groups: [...named.groups].map((name) => ({ name, sessions: groups.get(name)?.sessions ?? [] })),
    words: named.words,
    unknown: [...named.unknown],
  };
}

const expected = (era: Era) => new RpcFault(RULES[era].refusal, 'expected a list of session IDs');
