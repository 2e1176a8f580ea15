#!/usr/bin/env node
// The process of electrumx-rpc: arguments, environment, terminal, signals and the exit code.
import { run } from './run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // the reader went away, as `| head` does: nobody is left to tell
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`electrumx-rpc: cannot write to the standard output: ${error.message}\n`);
  process.exit(1);
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

// Something may still be under way, such as a connection being made: it must not hold the prompt back. What was printed must get out,
// or be missed: a write that failed is told by the event above.
process.stdout.write('', (error) => {
  if (!error) process.exit(exitCode);
});
