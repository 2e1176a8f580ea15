// The process of electrumx-rpc: arguments, environment, terminal, signals and exit code.
import { run } from './run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // the reader closed the pipe, as `| head` does
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`electrumx-rpc: cannot write to the standard output: ${error.message}\n`);
  process.exit(1);
});

const exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  // a getter: opening stdin costs time, and only --watch reads it
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => Date.now() / 1000,
  catchSignals: () => {
    const controller = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
      process.on(signal, () => controller.abort());
    }
    return controller.signal;
  },
  suspend: () =>
    new Promise((resolve) => {
      process.once('SIGCONT', () => resolve());
      // 0: the whole process group, as the terminal does
      process.kill(0, 'SIGTSTP');
    }),
  onExit: (callback) => process.on('exit', callback),
});

// Exit although something may be in progress, such as a connection attempt, but only after the output is written. If that fails, the
// event above ends the process.
process.stdout.write('', (error) => {
  if (!error) process.exit(exitCode);
});
