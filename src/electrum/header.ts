// The header of a block: the time at which the block was made.

const HEADER_BYTES = 80;
const TIME_OFFSET = 68;
/** Set in the version of a header to which a merge-mined coin appends the proof of the other chain. */
const AUX_POW_FLAG = 0x100;

/**
 * Seconds since the epoch at which a block was made, from its header in hex.
 * `undefined` for a header that is longer than Bitcoin's 80 bytes and has no AuxPoW: coins with other headers have the time elsewhere.
 */
export function blockTime(hex: string): number | undefined {
  if (hex.length < HEADER_BYTES * 2 || hex.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(hex)) return undefined;
  const header = Buffer.from(hex.slice(0, HEADER_BYTES * 2), 'hex');
  const known = hex.length === HEADER_BYTES * 2 || (header.readUInt32LE(0) & AUX_POW_FLAG) !== 0;
  return known ? header.readUInt32LE(TIME_OFFSET) : undefined;
}
