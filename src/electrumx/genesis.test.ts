// The genesis blocks that are known by the name of the coin.
import { expect, test } from 'vitest';
import { genesisHash } from './genesis.ts';

const BITCOIN = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f';

test('a coin has the genesis block of its chain, under the names that each release gives it', () => {
  for (const coin of ['Bitcoin', 'BitcoinMainnet', 'BitcoinSegwit', 'BitcoinCash', 'BitcoinSV']) {
    expect(genesisHash(coin)).toBe(BITCOIN);
  }
  expect(genesisHash('Litecoin')).toBe('12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2');
});

test('a test network has another genesis block than the main network', () => {
  expect(genesisHash('BitcoinRegtest')).toBe('0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206');
  expect(genesisHash('BitcoinTestnet')).toBe(genesisHash('BitcoinTestnet3'));
  expect(genesisHash('LitecoinTestnet')).not.toBe(genesisHash('Litecoin'));
});

test('a coin that is not known has no genesis block', () => {
  expect(genesisHash('Nocoin')).toBeUndefined();
  expect(genesisHash(undefined)).toBeUndefined();
});
