// The time in the header of a block.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockTime } from './header.ts';

/** Bitcoin's genesis block, made on 2009-01-03. */
const GENESIS_HEADER =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e' +
  '67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c';

function header(version: number, time: number): string {
  const bytes = Buffer.alloc(80);
  bytes.writeUInt32LE(version, 0);
  bytes.writeUInt32LE(time, 68);
  return bytes.toString('hex');
}

describe('the time of a block', () => {
  test('is in the header of a block of Bitcoin', () => {
    expect(blockTime(GENESIS_HEADER)).toBe(Date.parse('2009-01-03T18:15:05Z') / 1000);
  });

  test('is at the same place when a proof of a merge-mined coin follows', () => {
    expect(blockTime(header(0x0062_0102, 1_700_000_000) + 'ab'.repeat(700))).toBe(1_700_000_000);
  });

  test('is unknown in a longer header of another layout, such as that of Zcash', () => {
    expect(blockTime(header(4, 1_700_000_000) + 'ab'.repeat(1407))).toBeUndefined();
  });

  test('is unknown in what is no header', () => {
    for (const text of ['', 'ab', GENESIS_HEADER.slice(2), `${GENESIS_HEADER}f`, `${GENESIS_HEADER.slice(1)}x`]) {
      expect(blockTime(text)).toBeUndefined();
    }
  });

  test('is read from any header as it was written', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), (version, time) => {
        expect(blockTime(header(version, time))).toBe(time);
      }),
    );
  });

  test('is unknown or a number whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => ['number', 'undefined'].includes(typeof blockTime(text))),
    );
  });
});
