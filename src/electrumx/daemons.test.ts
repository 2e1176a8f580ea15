// Whether the daemon in use is the first of DAEMON_URL.
import { describe, expect, test } from 'vitest';
import { daemonInUrl, isPrimaryDaemon } from './daemons.ts';

describe('The daemon in use', () => {
  const daemons = (...urls: string[]) => urls.map((url) => daemonInUrl(url) ?? '');

  test.each([
    ['127.0.0.1:8332/', true, daemons('http://u:p@127.0.0.1:8332', 'http://u:p@127.0.0.1:8333')],
    ['127.0.0.1:8333/', false, daemons('http://u:p@127.0.0.1:8332', 'http://u:p@127.0.0.1:8333')],
    ['node:8332/', true, daemons('http://u:p@node')],
    // The first URL leaves its port to the coin, the second one is another daemon on the same host.
    ['node:8332/', true, daemons('http://u:p@node', 'http://u:p@node:8335')],
    ['node:8335/', false, daemons('http://u:p@node', 'http://u:p@node:8335')],
    ['node2:8332/', false, daemons('http://u:p@node')],
    ['[::1]:8332/', true, daemons('http://u:p@[::1]:8332')],
  ])('%s: is the primary one: %s', (daemon, expected, list) => {
    expect(isPrimaryDaemon(daemon, list)).toBe(expected);
  });
});
