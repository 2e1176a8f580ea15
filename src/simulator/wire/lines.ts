// Bytes to request lines, with a limit on the length of a line.

/** The largest request, in bytes. */
const MAX_REQUEST = 1_000_000;

/** The lines that a chunk completes, and whether a line has become too long. */
export interface Read {
  readonly lines: readonly Buffer[];
  readonly tooLong: boolean;
}

/** Takes a stream chunk by chunk. A line that is too long is dropped, up to its newline. */
export function requestReader(limit = MAX_REQUEST): (chunk: Buffer) => Read {
  let open: Buffer[] = [];
  let size = 0;
  let dropping = false;
  return (chunk) => {
    const lines: Buffer[] = [];
    let tooLong = false;
    let rest = chunk;
    while (rest.length > 0) {
      const end = rest.indexOf('\n');
      const part = end < 0 ? rest : rest.subarray(0, end);
      rest = end < 0 ? rest.subarray(rest.length) : rest.subarray(end + 1);
      size += part.length;
      if (dropping || size > limit) {
        tooLong ||= !dropping;
        dropping = end < 0;
        open = [];
      } else {
        open.push(part);
        if (end >= 0) lines.push(Buffer.concat(open));
      }
      if (end >= 0) {
        open = [];
        size = 0;
      }
    }
    return { lines, tooLong };
  };
}
