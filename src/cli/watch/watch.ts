// --watch: shows one table and refreshes it, like top, until the user quits. Failed calls are shown and repeated.
import { setTimeout as sleep } from 'node:timers/promises';
import { RpcError } from '../../localrpc/errors.ts';
import type { RpcCall } from '../args/parse.ts';
import type { Client } from '../client.ts';
import { explain } from '../explain.ts';
import type { Io } from '../io.ts';
import { arrange, costLimitsFrom } from '../output/arrange.ts';
import { readTable } from '../output/tables.ts';
import { frame, type WatchState } from './frame.ts';
import { moveSort, readKeys, type KeyAction } from './keys.ts';
import { alternateScreen, type AlternateScreen } from './screen.ts';

/** Resolves when the user quits or a signal arrives. The terminal is then as it was before. */
export async function watch(call: RpcCall, intervalMs: number, client: Client, io: Io): Promise<void> {
  const view = new WatchView(call, io);
  const finished = new Promise<void>((resolve) => view.ended.addEventListener('abort', () => resolve()));
  const cycle = async () => {
    view.update(await refresh(call, client, io));
    await view.pause(intervalMs);
  };
  // also after an error that no `finally` sees, such as one in an event handler
  io.onExit(() => view.close());
  try {
    view.open();
    while (!view.ended.aborted) await Promise.race([finished, cycle()]);
  } finally {
    view.close();
  }
}

/** The screen and the keys. */
class WatchView {
  readonly #call: RpcCall;
  readonly #io: Io;
  readonly #screen: AlternateScreen;
  readonly #end = new AbortController();
  #state: WatchState;
  #stopReadingKeys: (() => void) | undefined;
  #endPause: (() => void) | undefined;

  constructor(call: RpcCall, io: Io) {
    this.#call = call;
    this.#io = io;
    this.#screen = alternateScreen(io.stdout);
    this.#state = { receivedAt: 0, selection: call.selection, showsHelp: false };
    io.catchSignals().addEventListener('abort', () => this.#end.abort());
  }

  /** Aborted when the user has quit, or a signal has arrived. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  open(): void {
    if (this.ended.aborted) return;
    this.#screen.enter();
    this.#io.stdout.on('resize', this.#draw);
    this.#stopReadingKeys = readKeys(this.#io.stdin, (action) => this.#onAction(action));
    this.#draw();
  }

  close(): void {
    this.#stopReadingKeys?.();
    this.#stopReadingKeys = undefined;
    this.#io.stdout.off('resize', this.#draw);
    this.#screen.leave();
  }

  update(change: Partial<WatchState>): void {
    this.#state = { ...this.#state, ...change };
    this.#draw();
  }

  /** Resolves after `ms`, or when the user refreshes or quits. */
  async pause(ms: number): Promise<void> {
    const controller = new AbortController();
    this.#endPause = () => controller.abort();
    this.ended.addEventListener('abort', this.#endPause, { once: true });
    await sleep(ms, undefined, { signal: controller.signal }).catch(() => undefined);
    this.ended.removeEventListener('abort', this.#endPause);
  }

  readonly #draw = () => this.#screen.draw(frame(this.#state, this.#call, this.#io));

  #onAction(action: KeyAction): void {
    if (action === 'quit') this.#end.abort();
    else if (action === 'refresh') this.#endPause?.();
    else if (action === 'suspend') this.#suspend();
    else this.update(afterKey(this.#state, action, this.#io));
  }

  #suspend(): void {
    this.close();
    void this.#io.suspend().then(() => this.open());
  }
}

type ViewAction = 'previous-column' | 'next-column' | 'reverse' | 'help';

function afterKey(state: WatchState, action: ViewAction, { env }: Io): Partial<WatchState> {
  if (action === 'help') return { showsHelp: !state.showsHelp };
  const { sort, ...others } = state.selection;
  const columns = state.table ? arrange(state.table, others, costLimitsFrom(env), 0).columns : [];
  const titles = columns.map(({ title }) => title);
  const next =
    action === 'reverse'
      ? sort && { ...sort, reverse: !sort.reverse }
      : moveSort(titles, sort, action === 'next-column' ? 1 : -1);
  return { selection: { ...others, ...(next && { sort: next }) } };
}

async function refresh(call: RpcCall, client: Client, { now }: Io): Promise<Partial<WatchState>> {
  const { command, params, timeoutMs } = call;
  try {
    const reply = await client.call(command.name, params, timeoutMs);
    const table = command.table && readTable(command.table, reply, 'wide');
    if (!table) return { error: `the reply to ${command.name} is not a table` };
    return { table, receivedAt: now(), error: undefined };
  } catch (error) {
    if (error instanceof RpcError) return { error: explain(error, call) };
    throw error;
  }
}
