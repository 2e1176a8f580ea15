// Bytes to lines: LocalRPC frames each message by a newline.
import { isAscii } from 'node:buffer';

/**
 * Makes a function that takes a stream chunk by chunk and gives back the lines that the chunk completes, without their
 * newline. `undefined` means that a line grew past `maxBytes`: the stream is of no use any more.
 * No byte is copied or searched twice, however small the chunks.
 */
export function lineReader(maxBytes: number): (chunk: Buffer) => string[] | undefined {
  let parts: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (size + end - start > maxBytes) return undefined;
      parts.push(chunk.subarray(start, end));
      lines.push(toText(Buffer.concat(parts)));
      parts = [];
      size = 0;
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    size += chunk.length - start;
    return size > maxBytes ? undefined : lines;
  };
}

/** Python writes its JSON in ASCII, which needs no decoding. */
function toText(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}
