// Bytes to lines: LocalRPC frames each message by a newline.

/**
 * Makes a function that takes a stream chunk by chunk and gives back the lines that the chunk completes, without their
 * newline. `undefined` means that a line grew past `maxBytes`: the stream is of no use any more.
 * No byte is searched twice, however small the chunks. They are kept as texts of one character for each byte: buffers that wait for
 * the rest of a long line are not freed before they fill tens of megabytes.
 */
export function lineReader(maxBytes: number): (chunk: Buffer) => string[] | undefined {
  let parts: string[] = [];
  let size = 0;
  return (chunk) => {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (size + end - start > maxBytes) return undefined;
      parts.push(chunk.toString('latin1', start, end));
      lines.push(decoded(parts.join('')));
      parts = [];
      size = 0;
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.toString('latin1', start));
    size += chunk.length - start;
    return size > maxBytes ? undefined : lines;
  };
}

/** The text of these bytes: their UTF-8, which is what they are already where Python wrote ASCII, as it does in JSON. */
function decoded(bytes: string): string {
  return Buffer.byteLength(bytes) === bytes.length ? bytes : Buffer.from(bytes, 'latin1').toString();
}
