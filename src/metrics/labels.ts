// Untrusted strings to label values: what is on a list or matches a strict pattern passes, everything else becomes `other`.

const PRINTABLE = /^[\x20-\x7e]{1,64}$/;
const ADDRESS = /\d\.\d+\.\d+\.\d|:.*:/;
const FOUR_PART_VERSION = /(?<=ElectrumX )\d{1,2}(\.\d{1,2}){3}$/;

/** A string that the server's operator chose (version, coin): printable ASCII, at most 64 characters, and no address. */
export function operatorLabel(value: string | undefined): string {
  if (value === undefined) return 'unknown';
  return PRINTABLE.test(value) && !ADDRESS.test(value.replace(FOUR_PART_VERSION, '')) ? value : 'other';
}

/** An Electrum protocol version, `1.4` or `1.4.2`. The server passes on strings of any length. */
export function protocolLabel(protocol: string | undefined): string {
  return protocol === undefined ? 'unknown' : /^[01]\.\d{1,2}(\.\d)?$/.test(protocol) ? protocol : 'other';
}

/** A server implementation by `features.server_version`, without its version. */
export function softwareLabel(serverVersion: string | undefined): string {
  if (serverVersion === undefined) return 'unknown';
  const name = /^[A-Za-z]{1,30}/.exec(serverVersion)?.[0].toLowerCase();
  return name !== undefined && SERVER_SOFTWARE.has(name) ? name : 'other';
}

const SERVER_SOFTWARE: ReadonlySet<string> = new Set(
  'electrumx electrs esplora fulcrum electrumpersonalserver eps jelectrum blockstream floresta bwt'.split(' '),
);

/** A subnet as ElectrumX names groups: `203.0.113.0/24`, `203.0.113`, `2001:0db8:0000`. Exported only with `--collector.groups.names`. */
export function groupLabel(name: string): string {
  return /^[0-9a-f.:]{1,45}(\/\d{1,3})?$/.test(name) || /^unknown_(ip|addr)$/.test(name) ? name : 'other';
}

/** The method if ElectrumX has it. Some forks count unknown methods under the name that the client sent. */
export function methodLabel(method: string): string {
  return KNOWN_METHODS.has(method) ? method : 'other';
}

/** Every method that some release of ElectrumX since 1.11, when it began to count them, handles for clients or over LocalRPC. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'invalid method',
  ...'add_peer daemon_url disconnect getinfo groups log peers query reorg sessions stop inspect_session'.split(' '),
  ...'debug_memusage_list_all_objects debug_memusage_get_random_backref_chain'.split(' '),
  ...under('server', 'version banner donation_address features ping add_peer peers.subscribe'),
  ...under('blockchain', 'estimatefee relayfee name.get_value_proof block.header block.headers headers.subscribe'),
  ...under('blockchain.scripthash', 'get_balance get_history get_mempool listunspent subscribe unsubscribe'),
  ...under('blockchain.scriptpubkey', 'get_balance get_history get_mempool listunspent subscribe unsubscribe'),
  ...under('blockchain.outpoint', 'get_status subscribe unsubscribe'),
  ...under(
    'blockchain.transaction',
    'broadcast broadcast_package get get_merkle get_tsc_merkle id_from_pos testmempoolaccept',
  ),
  ...under('mempool', 'get_fee_histogram get_info recent'),
  ...under('masternode', 'announce.broadcast subscribe list'),
  ...under('protx', 'diff info'),
  ...under('smartrewards', 'current check'),
]);

function under(prefix: string, methods: string): string[] {
  return methods.split(' ').map((method) => `${prefix}.${method}`);
}
