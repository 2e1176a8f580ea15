// The handshake of the wallets' protocol: which version client and server agree on.
import { type Era, RULES } from '../eras.ts';

/** The numbers of a version such as `1.4.2`; undefined if it is not a version. */
export function versionParts(version: unknown): number[] | undefined {
  return typeof version === 'string' && /^\d+(\.\d+)*$/.test(version) ? version.split('.').map(Number) : undefined;
}

/** Compares versions as Python compares tuples: a prefix of a version is less than the version. */
export function compareVersions(one: readonly number[], other: readonly number[]): number {
  const differs = one.findIndex((part, n) => part !== other[n]);
  return differs < 0 ? one.length - other.length : (one[differs] ?? 0) - (other[differs] ?? -1);
}

/** Whether a version is at least another, both as `1.4`. */
export const reaches = (version: string, least: string): boolean =>
  compareVersions(versionParts(version) ?? [], versionParts(least) ?? []) >= 0;

/**
 * The highest version in common. `requested` is one version or the lowest and the highest, and may be left out: the server's lowest then.
 * Undefined if there is none.
 */
export function negotiate(era: Era, requested: unknown): string | undefined {
  const { firstProtocol: lowest, lastProtocol: highest } = RULES[era];
  const [from, to] =
    Array.isArray(requested) && requested.length === 2 ? (requested as unknown[]) : [requested, requested];
  const clientLowest = versionParts(from ?? lowest);
  const clientHighest = versionParts(to ?? lowest);
  if (!clientLowest || !clientHighest) return undefined;
  const agreed = reaches(highest, clientHighest.join('.')) ? clientHighest.join('.') : highest;
  return reaches(agreed, clientLowest.join('.')) && reaches(agreed, lowest) ? agreed : undefined;
}
