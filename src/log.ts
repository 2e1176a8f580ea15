// The log: pino to standard error, as JSON lines or in a format for people.
import { pino, type Logger } from 'pino';

const STDERR = 2;

/** Bytes that wait while writing fails. Later lines are lost. */
const MAX_UNWRITTEN = 64 * 1024;

/** Lines have a time, a level and a message, and nothing about the machine. A full disk loses lines and does not stop the exporter. */
export async function createLog(
  level: 'debug' | 'info' | 'warn' | 'error',
  format: 'json' | 'pretty',
  fd = STDERR,
): Promise<Logger> {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const lines = pino.destination({ dest: fd, sync: true, maxLength: MAX_UNWRITTEN });
  lines.on('error', () => undefined);
  lines.on('drop', () => void lines.write('')); // it would not try again by itself
  if (format === 'json') return pino(options, lines);
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({});
  return pino(options, { write: (line: string) => void lines.write(pretty(line)) });
}
