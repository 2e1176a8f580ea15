// An ElectrumX that costs nothing to ask: a process that serves four reply lines, written once by a simulated world.
import { once } from 'node:events';
import net from 'node:net';
import { startSimulator } from '../src/simulator/server.ts';
import { METHODS, readReplies } from './questions.ts';

const OLD_SECONDS = 20;

/** The four reply lines of a world with so many sessions that has lived for a while. */
async function replyLines(sessions: number): Promise<ReadonlyMap<string, Buffer>> {
  let now = Date.now();
  const simulator = await startSimulator({ era: 'F', sessions, seed: 7, now: () => now });
  now += OLD_SECONDS * 1000;
  const replies = await readReplies(simulator.port);
  await simulator.stop();
  return new Map(METHODS.map((method, i) => [method, Buffer.from(replies[i] ?? '')]));
}

const lines = await replyLines(Number(process.argv[2]));
let requests = 0;
const server = net.createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    // everyone here waits for the answer before the next question, so a chunk is one request
    const { method } = JSON.parse(chunk.toString()) as { method: string };
    requests += 1;
    socket.write(lines.get(method) ?? '\n');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const bytes = [...lines.values()].reduce((sum, { length }) => sum + length, 0);
process.send?.({ port: (server.address() as net.AddressInfo).port, bytes });
process.on('message', () => process.send?.({ requests }));
process.on('disconnect', () => process.exit());
