// The daemons of DAEMON_URL, and which of them getinfo says is in use.

/**
 * What `daemon` in getinfo looks like for a URL of DAEMON_URL: `host:port/`, or `host:` where the coin chooses the port. The user name and the
 * password are dropped. `undefined` for a URL without a host.
 */
export function daemonInUrl(url: string): string | undefined {
  const match = /^(?:https?:\/\/)?(?:.*@)?(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]]+)(:\d{1,5})?(?:\/.*)?$/.exec(url);
  return match ? (match[1] ?? '') + (match[2] ? `${match[2]}/` : ':') : undefined;
}

/** Whether the daemon in use is the first of the list: none after it describes it better, as one on another port of the same host would. */
export function isPrimaryDaemon(daemon: string, [primary = '', ...others]: readonly string[]): boolean {
  if (!daemon.startsWith(primary)) return false;
  return !others.some((other) => other.length > primary.length && daemon.startsWith(other));
}
