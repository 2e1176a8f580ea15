// The first block of each well-known chain, by which a probe finds a server of another chain.

/**
 * Hash of the genesis block and the coins that begin with it, by the class that getinfo reports as `coin`, in lower case.
 * Source: GENESIS_HASH in lib/coins.py of e-x 1.16.0, 1.20.0 and 2.0.0, and of electrumX 1.16.0 and 1.20.2.
 */
const COINS_BY_GENESIS_HASH: readonly (readonly [hash: string, coins: string])[] = [
  [
    '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
    'bitcoin bitcoincash bitcoingold bitcoinmainnet bitcoinsegwit bitcoinsv',
  ],
  [
    '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206',
    'bitcoincashregtest bitcoingoldregtest bitcoinregtest bitcoinsvregtest namecoinregtest',
  ],
  [
    '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943',
    'bitcoincashtestnet bitcoinsvscalingtestnet bitcoinsvtestnet bitcointestnet bitcointestnet3',
  ],
  ['00000000e0781ebe24b91eedc293adfea2f557b53ec379e78959de3853e6f9f6', 'bitcoingoldtestnet'],
  ['00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6', 'bitcoinsignet'],
  ['00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043', 'bitcointestnet4'],
  ['00000ffd590b1485b3caadc19b22e6379c733355108f107a430458cdf3407ab6', 'dash'],
  ['000008ca1832a4baf228eb1553c03d3a2c8e02399550dd6ea8d65cec3ef23d2e', 'dashregtest'],
  ['00000bafbc94add76cb75e2ec92894837288a481e5c005f6563d91623bf8bc2c', 'dashtestnet'],
  ['7497ea1b465eb39f1c8f507bc877078fe016d6fcb6dfad3a64c98dcc6e1e8496', 'digibyte'],
  ['b5dca8039e300198e5fe7cd23bdd1728e2a444af34c447dbd0916fa3430a68c2', 'digibytetestnet'],
  ['1a91e3dace36e2be3bf030a65679fe821aa1d6ef92e7c9902eb318182c355691', 'dogecoin'],
  ['bb0a78264637406b6360aad926284d544d7049f45189db5664f3c4d07350559e', 'dogecointestnet'],
  ['00000ac5927c594d49cc0bdb81759d0da8297eb614683d3acb62f0703b639023', 'groestlcoin'],
  ['000000ffbb50fc9898cdd36ec163e6ba23230164c0052a28876255b7dcf2cd36', 'groestlcoinregtest groestlcointestnet'],
  ['0000007fcaa2a27993c6cde9e7818c254357af517b876ceba2f23592bb14ab31', 'groestlcoinsignet'],
  ['027e3758c3a65b12aa1046462b486d0a63bfa1beae327897f56c5cfb7daaae71', 'komodo'],
  ['12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2', 'litecoin'],
  ['530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9', 'litecoinregtest'],
  ['4966625a4b2851d9fdee139e56211a0d88575f59ed816ff5e6a63deb4e3e29a0', 'litecointestnet'],
  ['ff9f1c0116d19de7c9963845e129f9ed1bfc0b376eb54fd7afa42e0d418c8bb6', 'monacoin'],
  ['7543a69d7c2fcdb29a5ebec2fc064c074a35253b6f3072c8a749473aa590a29c', 'monacoinregtest'],
  ['a2b106ceba3be0c6d097b2a6a6aacf9d638ba8258ae478158f449c321061e0b2', 'monacointestnet'],
  ['000000000062b72c5e2ceb45fbc8587e807c155b0da735e6483dfba2f0a9c770', 'namecoin'],
  [
    '00000007199508e34a9ff81e6ec0c477a4cccff2a4767a8eee39c11db367b008',
    'namecointestnet viacointestnet viacointestnetsegwit',
  ],
  ['0000000032fe677166d54963b62a4677d8957e87c508eaa4fd7eb1c880cd27e3', 'peercoin'],
  ['00000001f757bb737f6596503e17cd17b0658ce630cc727c0cca81aec47c9f06', 'peercointestnet'],
  ['0000006b444bc2f2ffe627be9d9e7e7a0730000870ef6eb6da46c8eae389df90', 'ravencoin'],
  ['000000ecfc5e6324a079542221d00e10362bdc894d56500c414060eea8a3ad5a', 'ravencointestnet'],
  ['4d96a915f49d40b1e5c2844d1ee2dccb90013a990ccea12c492d22110489f0c4', 'vertcoin'],
  ['cee8f24feb7a64c8f07916976aa4855decac79b6741a8ec2e32e2747497ad2c9', 'vertcointestnet'],
  ['4e9b54001f9976049830128ec0331515eaabe35a70970d79971da1539a400ba1', 'viacoin'],
  ['00040fe8ec8471911baa1db1266ea15dd06b4a8a5c453883c000b031973dce08', 'zcash'],
  ['05a60a92d99d85997cce3b87616c089f6124d7342af37106edc76126334a2c38', 'zcashtestnet'],
];

const GENESIS_HASH: ReadonlyMap<string, string> = new Map(
  COINS_BY_GENESIS_HASH.flatMap(([hash, coins]) => coins.split(' ').map((coin) => [coin, hash] as const)),
);

/** Hash of the genesis block of a coin, in hex as explorers show it. `undefined` for a coin that is not known. */
export function genesisHash(coin: string | undefined): string | undefined {
  return coin === undefined ? undefined : GENESIS_HASH.get(coin.trim().toLowerCase());
}
