// What the replies to a probe mean, and that only numbers, a version and hashes are taken from them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProbeFailure } from './failure.ts';
import { decode, requests } from './protocol.ts';

const HASH = 'AB'.repeat(32);
const protocol = (version: string) => decode.version(['', version]);

describe('a negotiated version', () => {
  test('is the second part of the reply', () => {
    expect(decode.version(['ElectrumX 1.20.0', '1.4.2']).version).toBe('1.4.2');
  });

  test('is 1.0 when the reply is only a name, as before 1.1', () => {
    expect(decode.version('ElectrumX 1.0').version).toBe('1.0');
  });

  test.for(['1', '1.4.2.1', '1.4 ', 'v1.4', '1.four', '1.4\n', '', '1.444'])('is not %j', (version) => {
    expect(() => protocol(version)).toThrow(new ProbeFailure('protocol'));
  });

  test('compares by number', () => {
    expect(protocol('1.10').has('daemon')).toBe(true);
    expect(protocol('1.3').has('daemon')).toBe(false);
    expect(protocol('2.0').has('scriptPubKey')).toBe(true);
    expect(protocol('0.9').has('balance')).toBe(false);
  });
});

test('the balance is requested of a script that no output can have', () => {
  expect(requests.balance(protocol('1.4.2')).params[0]).toMatch(/^[0-9a-f]{64}$/);
  // OP_FALSE OP_RETURN, and 18 bytes of text
  expect(requests.balance(protocol('1.7')).params[0]).toBe(
    `006a12${Buffer.from('electrumx-exporter').toString('hex')}`,
  );
});

describe('a reply', () => {
  test('with a tip has its height, and a time where the header is known', () => {
    expect(decode.tip({ height: 5, hex: '' })).toEqual({ height: 5 });
    expect(decode.tip({ block_height: 5, timestamp: 7 })).toEqual({ height: 5, timestamp: 7 });
  });

  test.for([{ height: -1 }, { height: 1.5 }, { height: '5' }, { height: 2 ** 32 }, {}, null, 'tip', [5]])(
    'without a height is no tip: %j',
    (result) => {
      expect(() => decode.tip(result)).toThrow(new ProbeFailure('protocol'));
    },
  );

  test('with hashes has them in lower case', () => {
    expect(decode.transactionId(HASH)).toBe(HASH.toLowerCase());
    expect(decode.features({ genesis_hash: HASH })).toBe(HASH.toLowerCase());
  });

  test('with features may lack the genesis block', () => {
    expect(decode.features({})).toBeUndefined();
    expect(() => decode.features({ genesis_hash: 'latest' })).toThrow(new ProbeFailure('protocol'));
  });

  test('with anything else is refused, and nothing of its text is kept', () => {
    const plain = /^(?:\d+(?:\.\d+)*|[0-9a-f]{64})$/;
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(decode)), fc.jsonValue(), (decodeReply, result) => {
        try {
          const decoded = decodeReply(result);
          const values = typeof decoded === 'object' ? Object.values(decoded) : [decoded];
          for (const value of values) if (typeof value === 'string') expect(value).toMatch(plain);
        } catch (error) {
          expect(error).toEqual(new ProbeFailure('protocol'));
        }
      }),
    );
  });
});
