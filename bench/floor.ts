// The floor under every scrape: the four replies over loopback, joined and given to JSON.parse, and nothing else.
import { query } from './queries.ts';

/** How long it took in milliseconds, and how long the largest JSON.parse of it. */
export interface FloorRun {
  readonly wallMs: number;
  readonly parseMs: number;
}

async function run(port: number): Promise<FloorRun> {
  let parseMs = 0;
  const parse = (line: Buffer): unknown => {
    const text = line.toString();
    const started = performance.now();
    const reply: unknown = JSON.parse(text);
    parseMs = Math.max(parseMs, performance.now() - started);
    return reply;
  };
  const started = performance.now();
  await query(port, parse);
  return { wallMs: performance.now() - started, parseMs };
}

const port = Number(process.argv[2]);
process.on('message', (message) => {
  if (message === 'run') void run(port).then((result) => process.send?.(result));
});
process.send?.({ ready: true });
