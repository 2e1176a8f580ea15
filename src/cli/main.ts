#!/usr/bin/env node
// The process of electrumx-rpc: arguments, environment, terminal, signals and the exit code.
import { run } from './run.ts';

// The reader went away, as `| head` does: nobody is left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => Date.now() / 1000,
  untilInterrupted: () => {
    const controller = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => controller.abort());
    return controller.signal;
  },
});

// Whatever is still under way, a connection being made for one, must not hold the prompt back; what was printed must get out.
process.stdout.write('', () => process.exit(exitCode));
