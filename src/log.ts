// The log: pino to standard error, as JSON lines or for human eyes.
import { pino, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';

/** Lines carry time, level and message, and nothing of the machine they come from. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error', format: 'json' | 'pretty'): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const stderr = 2;
  return format === 'pretty'
    ? pino(options, PinoPretty({ destination: stderr, sync: true }))
    : pino(options, pino.destination({ dest: stderr, sync: true }));
}
