// getinfo and sessions as the scraper decodes them, for tests of the state.
import { decodeGetInfo, type GetInfo } from '../../src/electrumx/getinfo.ts';
import { decodeSessions, type Sessions } from '../../src/electrumx/sessions.ts';

const DAY = 86_400;

/** An uptime as ElectrumX writes it: without seconds from a day on. */
function uptimeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const [d, h, m, s] = [whole / DAY, (whole % DAY) / 3600, (whole % 3600) / 60, whole % 60].map(Math.floor);
  return d ? `${d}d ${h ?? 0}h ${m ?? 0}m` : `${h ?? 0}h ${m ?? 0}m ${s ?? 0}s`;
}

/** A decoded getinfo of a server that has been up for so long. */
export function info(uptimeSeconds: number, rest: Readonly<Record<string, unknown>> = {}): GetInfo {
  const decoded = decodeGetInfo({ pid: 1, uptime: uptimeText(uptimeSeconds), ...rest });
  if (!decoded) throw new Error('not decoded');
  return decoded;
}

/** A session: its ID, and the bytes that it received and sent. */
export interface SessionRow {
  id: number;
  in?: number;
  out?: number;
  flags?: string;
}

/** A decoded list of sessions. */
export function table(rows: readonly SessionRow[]): Sessions {
  const cells = rows.map(({ id, in: received = 0, out = 0, flags = 'T10' }) => [
    ...[id, flags, '203.0.113.7:5', 'a', '1.4', 0, 0, 0, 0, 0, 1, received, 1, out, 1],
  ]);
  const decoded = decodeSessions(cells);
  if (!decoded || decoded.badRows > 0) throw new Error('not decoded');
  return decoded;
}
