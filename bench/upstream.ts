// An ElectrumX that costs nothing to ask: a process that serves four reply lines, written once by a simulated world.
import { once } from 'node:events';
import net from 'node:net';
import { startSimulator } from '../src/simulator/server.ts';
import { METHODS, readReplies } from './queries.ts';

const OLD_SECONDS = 20;

/** The four reply lines of a world with so many sessions that has lived for a while. */
async function replyLines(sessions: number, names: string | undefined): Promise<ReadonlyMap<string, Buffer>> {
  let now = Date.now();
  const simulator = await startSimulator({ era: 'F', sessions, seed: 7, now: () => now });
  now += OLD_SECONDS * 1000;
  const replies = await readReplies(simulator.port);
  await simulator.stop();
  return new Map(
    METHODS.map((method, i) => {
      const line = replies[i] ?? '';
      return [method, Buffer.from(method === 'sessions' && names === 'awkward' ? awkward(line) : line)];
    }),
  );
}

/** The reply to sessions with a quote and a non-ASCII letter in the name of each client, all different, escaped as Python does. */
function awkward(line: string): string {
  const reply = JSON.parse(line) as { result: unknown[][] };
  const result = reply.result.map((row, i) => row.with(3, `w"é${i}/1.2`));
  const text = JSON.stringify({ ...reply, result });
  return `${text.replaceAll('é', '\\u00e9')}\n`;
}

const lines = await replyLines(Number(process.argv[2]), process.argv[3]);
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
