// Whether the daemon in use is the first of DAEMON_URL.
import { describe, expect, test } from 'vitest';
import { daemonInUrl, isPrimaryDaemon } from './daemons.ts';

describe('The daemon in use', () => {
  const daemons = (...urls: string[]) => urls.map((url) => daemonInUrl(url) ?? 'not a URL');

  test.each([
    ['127.0.0.1:8332/', true, daemons('http://u:p@127.0.0.1:8332', 'http://u:p@127.0.0.1:8333')],
    ['127.0.0.1:8333/', false, daemons('http://u:p@127.0.0.1:8332', 'http://u:p@127.0.0.1:8333')],
    ['node:8332/', true, daemons('http://u:p@node')],
    // The first URL leaves its port to the coin, the second one is another daemon on the same host.
    ['node:8332/', true, daemons('http://u:p@node', 'http://u:p@node:8335')],
    ['node:8335/', false, daemons('http://u:p@node', 'http://u:p@node:8335')],
    ['node2:8332/', false, daemons('http://u:p@node')],
    ['[::1]:8332/', true, daemons('http://u:p@[::1]:8332')],
    ['[::1]:8333/', false, daemons('http://u:p@[::1]', 'http://u:p@[::1]:8333')],
    [
      'b\u00fccher.example:8332/',
      true,
      daemons('http://u:p@b\u00fccher.example', 'http://u:p@b\u00fccher.example:8335'),
    ],
    ['node:8332/wallet/a/', true, daemons('http://u:p@node:8332/wallet/a')],
    ['node:8332/', true, daemons('HTTP://u:p@node:8332//')],
    ['node:8332/', true, daemons('u:p%40:/#@node:8332')],
    ['node:83321/', false, daemons('http://u:p@node:8332')],
    ['node.lan:8332/', false, daemons('http://u:p@node:8332', 'http://u:p@node.lan:8332')],
  ])('%s: is the primary one: %s', (daemon, expected, list) => {
    expect(isPrimaryDaemon(daemon, list)).toBe(expected);
  });
});
