// The log: pino to standard error, as JSON lines or for human eyes.
import { pino, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';

const STDERR = 2;

/** What waits while writing fails, in bytes; later lines are lost. */
const MOST_UNWRITTEN = 64 * 1024;

/** Lines carry time, level and message, and nothing of the machine they come from. A full disk costs lines, and not the exporter. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error', format: 'json' | 'pretty', fd = STDERR): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const lines = pino.destination({ dest: fd, sync: true, maxLength: MOST_UNWRITTEN });
  lines.on('error', () => undefined);
  lines.on('drop', () => void lines.write('')); // it would not try again by itself
  if (format === 'json') return pino(options, lines);
  const pretty = prettyFactory({});
  return pino(options, { write: (line: string) => void lines.write(pretty(line)) });
}
