// The mean time between blocks of coins, used to detect a stalled daemon.

/** Mean seconds between blocks, by the coin's name in lower case: COIN of the environment, or the class in getinfo. */
const BLOCK_SECONDS: ReadonlyMap<string, number> = new Map([
  ...each(
    600,
    'bitcoin bitcoinmainnet bitcoinsegwit bitcoincash bitcoincashabc bitcoinsv bitcoingold namecoin peercoin',
  ),
  ...each(157.5, 'dash'),
  ...each(150, 'litecoin vertcoin'),
  ...each(90, 'monacoin'),
  ...each(75, 'zcash'),
  ...each(60, 'dogecoin groestlcoin komodo ravencoin'),
  ...each(24, 'viacoin'),
  ...each(15, 'digibyte'),
]);

function each(seconds: number, coins: string): (readonly [string, number])[] {
  return coins.split(' ').map((coin) => [coin, seconds] as const);
}

/**
 * Mean seconds between blocks of a main network. `undefined` for unknown coins, and for test networks, whose blocks come at
 * any time. Those have other classes, such as `BitcoinRegtest` and `LitecoinTestnet`.
 */
export function blockSeconds(coin: string | undefined): number | undefined {
  return coin === undefined ? undefined : BLOCK_SECONDS.get(coin.trim().toLowerCase());
}
