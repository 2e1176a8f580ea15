// One wallet's connection: its session in the world, its requests, what they cost, and how it ends.
import type net from 'node:net';
import { since, RULES } from '../eras.ts';
import { RpcFault } from '../replies/command.ts';
import { fitArguments } from '../replies/invoke.ts';
import { encode, type Json, shown } from '../replies/json.ts';
import { type Dialogue, type Item, type Message, openDialogue, read, reply, replyBatch } from '../wire/dialogue.ts';
import { deliver, type Fault, type Outlet } from '../wire/faults.ts';
import { addSession, removeSession } from '../world/sessions.ts';
import { count, type Session } from '../world/world.ts';
import { methodOf, Refusal, tip, type Wallet, type WalletServer } from './methods.ts';
import { reaches } from './negotiate.ts';
import type { ServiceTransport } from './services.ts';

/** What a connection needs from the simulator. */
export interface WalletHost extends WalletServer {
  /** Advances the world to the present, and closes what it has closed. */
  readonly advance: () => void;
  readonly settle: () => void;
  /** Called with the method of every request. */
  readonly onRequest: (method: string) => void;
  readonly faultOf: (method: string) => WalletFault | undefined;
  /** Calls back when the faults end. */
  readonly hold: (resume: () => void) => void;
  readonly replyDelayMs: number;
}

/** `notification`: a notification of the tip comes first, then the reply. */
export type WalletFault = Exclude<Fault, 'late' | 'gone'> | 'notification';

export interface WalletConnection {
  readonly session: Session;
  readonly socket: net.Socket;
  /** Notifies the wallet if the tip has changed and it has subscribed. */
  readonly notify: () => void;
  readonly close: () => void;
}

interface Client extends Wallet {
  /** Whether the connection is closed after the next reply. */
  refused: boolean;
  readonly outlet: Outlet;
  readonly dialogue: Dialogue;
}

/** What ElectrumX charges by default: for a connection, an error, and a byte in either direction. */
const CONNECTION_COST = 5;
const ERROR_COST = 100;
const BYTE_COST = 1 / 5000;

/** Opens the session. Returns the connection, and the function that takes its lines. */
export function openWallet(
  host: WalletHost,
  outlet: Outlet,
  transport: ServiceTransport,
  socket: net.Socket,
): { connection: WalletConnection; take: (line: Buffer) => void } {
  const session = addSession(host.world, {
    transport: transport === 'wss' ? 'ws' : transport,
    address: (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    port: socket.remotePort ?? 0,
    cost: CONNECTION_COST,
  });
  socket.on('close', () => removeSession(host.world, session));
  const client: Client = { outlet, session, dialogue: openDialogue(host.era), subscribedTo: undefined, refused: false };
  const notify = () => {
    if (client.subscribedTo === undefined || client.subscribedTo === host.world.walletTip) return;
    client.subscribedTo = host.world.walletTip;
    send(client, notification(host, session), undefined);
  };
  const close = () => void outlet.end();
  return { connection: { session, socket, notify, close }, take: (line) => void receive(host, client, line) };
}

/** Takes in one line, and answers it now, later or never. */
async function receive(host: WalletHost, client: Client, line: Buffer): Promise<void> {
  const { session, outlet, dialogue } = client;
  host.advance();
  if (!outlet.writable || dialogue.stuck) return;
  session.received.count++;
  session.received.bytes += line.length + 1;
  session.cost += (line.length + 1) * BYTE_COST;
  session.lastReceived = host.world.now;
  const message = read(line, dialogue);
  if (message.kind === 'ignored') return;
  const items = message.kind === 'batch' ? message.items : [itemOf(message)];
  const fault = host.faultOf(items.map(methodOfItem).find(Boolean) ?? '');
  session.answering++;
  const lines = (await Promise.all(items.map((item) => answer(host, client, item, fault)))).filter(Boolean);
  if (fault === 'hang') await new Promise<void>((resolve) => host.hold(resolve));
  await delay(host, items);
  session.answering--;
  const text = message.kind === 'batch' && lines.length > 0 ? replyBatch(lines) : (lines[0] ?? '');
  finish(host, client, text, fault);
}

const itemOf = (message: Exclude<Message, { kind: 'ignored' | 'batch' }>): Item =>
  message.kind === 'single' ? message.item : { id: null, fault: message.fault };

const methodOfItem = (item: Item): string => ('method' in item ? shown(item.method) : '');

/** Sends a reply, if there is one, with the fault applied. */
function finish(host: WalletHost, client: Client, line: string, fault: WalletFault | undefined): void {
  const { outlet, dialogue, session } = client;
  if (!outlet.writable || dialogue.stuck) return;
  if (fault === 'stall') dialogue.stuck = true;
  if (fault === 'notification') send(client, notification(host, session), undefined);
  if (line !== '') send(client, line, fault === 'notification' ? undefined : fault);
  if (client.refused) outlet.end();
  host.settle();
}

/** Waits as long as the server takes for a reply. Sets no timer if that is no time. */
async function delay({ world: { conditions }, replyDelayMs }: WalletHost, items: readonly Item[]): Promise<void> {
  const isHandshake = items.some((item) => methodOfItem(item) === 'server.version');
  const seconds = conditions.replyDelay + (isHandshake ? 0 : conditions.walletDelay);
  const ms = seconds * 1000 + replyDelayMs;
  if (ms > 0) await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}

/** The line that answers a request; empty for a notification. */
async function answer(host: WalletHost, client: Client, item: Item, fault: WalletFault | undefined): Promise<string> {
  const { session, dialogue } = client;
  try {
    if ('fault' in item) throw item.fault;
    if (typeof item.method === 'string') host.onRequest(item.method);
    const result = await call(host, client, item);
    if (fault === 'error') throw new RpcFault(-32603, 'internal server error');
    return item.id === undefined ? '' : reply(item.id, result, dialogue);
  } catch (error) {
    if (!(error instanceof RpcFault)) throw error;
    session.errors++;
    session.cost += ERROR_COST;
    client.refused ||= error instanceof Refusal;
    return item.id === undefined ? '' : reply(item.id, error, dialogue);
  }
}

/** Asynchronous even when it fails, so that replies leave in the order of their requests. */
async function call(
  host: WalletHost,
  client: Client,
  { method: name, params }: Extract<Item, { method: unknown }>,
): Promise<Json> {
  const { era, world } = host;
  const { session } = client;
  const method = methodOf(name, session.protocol ?? RULES[era].firstProtocol);
  for (const counts of [world.requestCounts, session.requestCounts]) {
    count(counts, method ? shown(name) : 'invalid method');
  }
  if (session.protocol === undefined && name !== 'server.version' && since(era, 'F')) {
    throw new Refusal(1, 'use server.version to identify client');
  }
  if (!method) throw new RpcFault(-32601, `unknown method "${shown(name)}"`);
  session.cost += method.cost;
  return method.run(host, client, fitArguments(shown(name), params, method.params, method.required));
}

function send(
  { outlet, session }: Client,
  line: string,
  fault: Exclude<WalletFault, 'notification'> | undefined,
): void {
  deliver(outlet, line, fault);
  session.sent.count++;
  session.sent.bytes += line.length + 1;
  session.cost += (line.length + 1) * BYTE_COST;
}

function notification(host: WalletHost, { protocol }: Session): string {
  const form = reaches(protocol ?? '1.4', '1.3') ? 'hex' : 'fields';
  const message: Json = { jsonrpc: '2.0', method: 'blockchain.headers.subscribe', params: [tip(host, form)] };
  return encode(message, RULES[host.era]);
}
