// Bytes to lines: LocalRPC frames each message by a newline.

/**
 * Makes a function that takes a stream chunk by chunk and gives back the lines that the chunk completes, without their
 * newline. `undefined` means that a line grew past `maxBytes`: the stream is of no use any more.
 * No byte is searched twice, however small the chunks.
 */
export function lineReader(maxBytes: number): (chunk: Buffer) => Buffer[] | undefined {
  let parts: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (size + end - start > maxBytes) return undefined;
      parts.push(chunk.subarray(start, end));
      lines.push(Buffer.concat(parts));
      parts = [];
      size = 0;
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    size += chunk.length - start;
    return size > maxBytes ? undefined : lines;
  };
}
