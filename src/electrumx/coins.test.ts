// The mean time between blocks: known for main networks by the names that ElectrumX gives them, unknown for everything else.
import { expect, test } from 'vitest';
import { blockSeconds } from './coins.ts';

test.each([
  ['Bitcoin', 600],
  ['BitcoinSegwit', 600],
  ['BitcoinMainnet', 600],
  ['BitcoinCash', 600],
  ['bitcoinsv', 600],
  ['Litecoin', 150],
  ['Dash', 157.5],
  ['Dogecoin', 60],
  [' DigiByte ', 15],
])('%s has a block every %d seconds', (coin, seconds) => {
  expect(blockSeconds(coin)).toBe(seconds);
});

test.each([
  ...[
    'BitcoinRegtest',
    'BitcoinSegwitRegtest',
    'BitcoinTestnet',
    'BitcoinTestnet3',
    'BitcoinTestnet4',
    'BitcoinSignet',
  ],
  ...['BitcoinMutinynet', 'BitcoinNolnet', 'BitcoinSVScalingTestnet', 'LitecoinTestnet', 'DogecoinTestnet'],
  ...['SomeCoin', '', '__proto__', 'constructor', undefined],
])('%s has no known time between blocks', (coin) => {
  expect(blockSeconds(coin)).toBeUndefined();
});
