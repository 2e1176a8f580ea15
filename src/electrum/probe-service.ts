// Probes one client port as a wallet uses it: connects, negotiates, and sends all other requests at once.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Service } from '../electrumx/services.ts';
import { servedCertificate, type Certificate } from './certificate.ts';
import { connectTcp, startTls } from './connection.ts';
import { ProbeFailure, type Step } from './failure.ts';
import { decode, OFFERS, requests, type Protocol, type Tip } from './protocol.ts';
import { openSession, type ProbeReply, type Session } from './session.ts';
import { recordSteps, type StepRecorder, type StepResult } from './steps.ts';

/** What one probe found out about one service. What comes after the first failing step is absent. */
export interface ServiceResult {
  readonly service: Service;
  /** whether all steps succeeded */
  readonly ok: boolean;
  readonly durationSeconds: number;
  readonly steps: ReadonlyMap<Step, StepResult>;
  /** the negotiated version, digits and dots only */
  readonly protocol?: string;
  readonly tip?: Tip;
  /** hash in hex as explorers show it */
  readonly genesisHash?: string;
  /** on ssl and wss only */
  readonly certificate?: Certificate;
}

/** What is kept about a service from one probe to the next. */
export interface ServiceMemory {
  offer: (typeof OFFERS)[number];
  /** id of the first transaction of block 1 */
  transactionId?: string | undefined;
}

export interface ProbeContext {
  readonly clientName: string;
  /** of the certificate that the server should present, if it is known */
  readonly fingerprint: string | undefined;
  readonly memory: ServiceMemory;
  /** Aborts at the deadline: the sockets are destroyed, and the current step fails with `timeout`. */
  readonly signal: AbortSignal;
}

type Findings = { -readonly [Key in 'protocol' | 'tip' | 'genesisHash' | 'certificate']?: ServiceResult[Key] };

/** Probes a service. A failure is part of the result; rejects only for an error in this code. */
export async function probeService(service: Service, context: ProbeContext): Promise<ServiceResult> {
  const { memory } = context;
  const result = await attempt(service, context);
  if (result.steps.get('version')?.kind !== 'remote') return result;
  // The server may have dropped the versions that were offered.
  const offer = OFFERS.find((other) => other !== memory.offer) ?? memory.offer;
  const second = await attempt(service, { ...context, memory: { offer } });
  if (second.steps.get('version')?.ok !== true) return result;
  memory.offer = offer;
  return second;
}

async function attempt(service: Service, context: ProbeContext): Promise<ServiceResult> {
  const startedAt = performance.now();
  const steps = recordSteps();
  const found: Findings = {};
  let socket: Socket | undefined;
  let ok = true;
  try {
    socket = await openSocket(service, { context, steps, found });
    const { session, protocol } = await negotiate(service, socket, { context, steps });
    found.protocol = protocol.version;
    await query(session, protocol, { context, steps, found });
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    ok = false;
  } finally {
    socket?.destroy();
  }
  const durationSeconds = (performance.now() - startedAt) / 1000;
  return { service, ok, durationSeconds, steps: steps.results, ...found };
}

interface Attempt {
  readonly context: ProbeContext;
  readonly steps: StepRecorder;
  readonly found: Findings;
}

async function openSocket(service: Service, { context, steps, found }: Attempt): Promise<Socket> {
  const { signal, fingerprint } = context;
  const tcp = await steps.take('connect', () => connectTcp(service, signal));
  if (service.transport === 'tcp' || service.transport === 'ws') return tcp;
  try {
    const tls: TLSSocket = await steps.take('tls', () => startTls(tcp, service.host, signal));
    const certificate = servedCertificate(tls, fingerprint);
    if (certificate) found.certificate = certificate;
    return tls;
  } catch (error) {
    tcp.destroy();
    throw error;
  }
}

function negotiate(
  service: Service,
  socket: Socket,
  { context, steps }: Omit<Attempt, 'found'>,
): Promise<{ session: Session; protocol: Protocol }> {
  return steps.take('version', async () => {
    const session = await openSession(socket, service, context.signal);
    const [reply] = session.call([requests.version(context.clientName, context.memory.offer)]);
    const protocol = decode.version((await reply)?.result);
    return { session, protocol };
  });
}

/** Sends everything else in one write, then waits in the order of the steps. */
async function query(session: Session, protocol: Protocol, { context, steps, found }: Attempt): Promise<void> {
  const sentAt = performance.now();
  const { tip, balance, daemon, features } = send(session, protocol, context.memory);
  found.tip = await steps.receive('tip', tip, { sentAt, decode: decode.tip });
  if (balance) await steps.receive('balance', balance, { sentAt, decode: decode.balance });
  if (daemon) await steps.receive('daemon', daemon, { sentAt, decode: decode.transaction });
  if (!features) return;
  const genesisHash = await steps.receive('features', features, { sentAt, decode: decode.features });
  if (genesisHash !== undefined) found.genesisHash = genesisHash;
}

interface Replies {
  readonly tip: Promise<ProbeReply>;
  readonly balance?: Promise<ProbeReply>;
  readonly daemon?: Promise<ProbeReply>;
  readonly features?: Promise<ProbeReply>;
}

/** `features` is the longest reply and comes last: the others then fit into the bytes that ElectrumX does not delay. */
function send(session: Session, protocol: Protocol, memory: ServiceMemory): Replies {
  const id = memory.transactionId;
  const batch = {
    tip: requests.tip(),
    ...(protocol.has('balance') && { balance: requests.balance(protocol) }),
    ...(protocol.has('daemon') && { daemon: id === undefined ? requests.transactionId() : requests.transaction(id) }),
    ...(protocol.has('features') && { features: requests.features() }),
  };
  const names = Object.keys(batch);
  const replies = session.call(Object.values(batch));
  const byName = Object.fromEntries(names.map((name, index) => [name, replies[index]])) as unknown as Replies;
  if (!byName.daemon) return byName;
  const daemon = transaction(byName.daemon, session, memory);
  daemon.catch(() => undefined); // it may fail before it is awaited, or never be
  return { ...byName, daemon };
}

/** The transaction. Its ID is the first reply if it is not known yet. After the server refuses an ID, the next probe requests it again. */
async function transaction(first: Promise<ProbeReply>, session: Session, memory: ServiceMemory): Promise<ProbeReply> {
  try {
    if (memory.transactionId !== undefined) return await first;
    memory.transactionId = decode.transactionId((await first).result);
    const [reply] = session.call([requests.transaction(memory.transactionId)]);
    return await (reply as Promise<ProbeReply>);
  } catch (error) {
    if (error instanceof ProbeFailure && error.kind === 'remote') memory.transactionId = undefined;
    throw error;
  }
}
