// From a message to the line of its reply: from a command, a recording, or an error.
import type { Era } from '../eras.ts';
import { RpcFault } from '../replies/command.ts';
import { commandOf, invoke } from '../replies/invoke.ts';
import { shown } from '../replies/json.ts';
import { count, type Session, type World } from '../world/world.ts';
import { type Dialogue, type Item, type Message, reply, replyBatch } from './dialogue.ts';
import { type Fault, withId } from './faults.ts';

/** Where replies come from. */
export interface Responder {
  readonly era: Era;
  readonly world: World;
  /** Recorded reply lines, by method. */
  readonly replies: Readonly<Record<string, string>>;
}

/** A line to send, if any, and how many errors it took. */
interface Outcome {
  readonly line: string | undefined;
  readonly errors: number;
}

/** The session that sent a request, and its dialogue. */
export interface Caller {
  readonly session: Session;
  readonly dialogue: Dialogue;
}

/** The last reply on a connection whose cost is over the limit. */
export function refuseExhausted(message: Message, dialogue: Dialogue): Outcome {
  const id = message.kind === 'single' ? message.item.id : null;
  return { line: reply(id ?? null, new RpcFault(-101, 'excessive resource usage'), dialogue), errors: 1 };
}

/** Executes the requests of a message. */
export function answer(responder: Responder, caller: Caller, message: Message, fault: Fault | undefined): Outcome {
  switch (message.kind) {
    case 'ignored':
      return { line: undefined, errors: 1 };
    case 'bad json':
      return { line: reply(null, message.fault, caller.dialogue), errors: 1 };
    case 'single':
      return answerItem(responder, caller, message.item, fault);
    case 'batch': {
      const outcomes = message.items.map((item) => answerItem(responder, caller, item, fault));
      const lines = outcomes.flatMap(({ line }) => (line === undefined ? [] : [line]));
      const errors = outcomes.reduce((so, outcome) => so + outcome.errors, 0);
      return { line: lines.length ? replyBatch(lines) : undefined, errors };
    }
  }
}

function answerItem(
  responder: Responder,
  { session, dialogue }: Caller,
  item: Item,
  fault: Fault | undefined,
): Outcome {
  const { world, era, replies } = responder;
  if ('fault' in item) return { line: reply(item.id, item.fault, dialogue), errors: 1 };
  const { id, method, params } = item;
  const known = id !== undefined && commandOf(method, era) !== undefined;
  const counted = known ? shown(method) : 'invalid method';
  for (const counts of [world.requestCounts, session.requestCounts]) count(counts, counted);
  if (id === undefined) return { line: undefined, errors: 1 };
  const recorded = typeof method === 'string' && Object.hasOwn(replies, method) ? replies[method] : undefined;
  if (fault !== 'error' && recorded !== undefined) {
    return { line: withId(recorded.trimEnd(), JSON.stringify(id)), errors: 0 };
  }
  try {
    if (fault === 'error') throw new RpcFault(-32603, 'internal server error');
    return { line: reply(id, invoke(world, era, method, params), dialogue), errors: 0 };
  } catch (error) {
    if (!(error instanceof RpcFault)) throw error;
    return { line: reply(id, error, dialogue), errors: 1 };
  }
}
