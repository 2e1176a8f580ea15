// Adds and removes sessions, and sums them up.
import { count, type Session, SLOT_SECONDS, slotOf, subnetOf, type World } from './world.ts';

/** Adds a new session. `about` overrides its defaults. */
export function addSession(
  world: World,
  about: Partial<Session> & Pick<Session, 'transport' | 'address' | 'port'>,
): Session {
  const session: Session = {
    id: world.nextSessionId++,
    connectedAt: world.now,
    invented: false,
    leavesAt: Infinity,
    goneAt: undefined,
    client: undefined,
    protocol: undefined,
    logged: world.logNew,
    cost: 0,
    waiting: 0,
    answering: 0,
    errors: 0,
    txsSent: 0,
    scripthashes: 0,
    outpoints: 0,
    received: { count: 0, bytes: 0 },
    sent: { count: 0, bytes: 0 },
    lastReceived: about.connectedAt ?? world.now,
    requestCounts: new Map(),
    ...about,
  };
  world.sessions.set(session.id, session);
  return session;
}

/** Removes a session. Its groups retain its cost. */
export function removeSession(world: World, session: Session): void {
  // After a restart another session may have its id.
  if (world.sessions.get(session.id) !== session) return;
  world.sessions.delete(session.id);
  count(world.retainedCosts, `t${slotOf(world, session, SLOT_SECONDS)}`, session.cost);
  count(world.retainedCosts, subnetOf(session.address), session.cost);
}

/** Starts to close a session. It is gone a second later. */
export function closeSession(world: World, session: Session): void {
  session.goneAt ??= world.now + 1;
}

/** What a session has subscribed to, of both kinds. */
export const subs = ({ scripthashes, outpoints }: Session): number => scripthashes + outpoints;

/** The sum of one number of each session. */
export const total = (sessions: readonly Session[], read: (session: Session) => number): number =>
  sessions.reduce((so, session) => so + read(session), 0);
