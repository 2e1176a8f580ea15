// How each era counts the requests of a session that have no answer yet.
import { type Era, RULES } from './eras.ts';
import type { Session } from './world.ts';

/** From B2 on with the request that is being answered; in C2 a bug makes it 0, whatever waits. */
export function unanswered({ waiting, answering }: Session, era: Era): number {
  return { waiting, unanswered: waiting + answering, zero: 0 }[RULES[era].reqs];
}
