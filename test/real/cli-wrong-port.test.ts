// electrumx-rpc at the other ports of a real ElectrumX, and at its daemon: the error names the kind of port.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { electrumxRpc } from '../cli/support/bin.ts';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { makeClosers } from './support/closers.ts';
import { dispose, startElectrumX, type ElectrumX } from './support/electrumx.ts';
import { freePort } from './support/process.ts';
import { describeWith, releases } from './support/tools.ts';

// e-x requires the handshake since 1.17, and sends notifications when it is missing
const SERVERS = releases('e-x-1.16.0', 'e-x-2.0.0', 'electrumx-1.20.2');
const certificate = (file: string) => fileURLToPath(new URL(`../fixtures/web-config/${file}`, import.meta.url));

describeWith({ releases: SERVERS }, 'electrumx-rpc at a wrong port', () => {
  describe.each(SERVERS)('of $name', (release) => {
    const closers = makeClosers();
    let bitcoind: Bitcoind;
    let electrumx: ElectrumX;
    let sslPort: number;
    let wsPort: number;

    /** ElectrumX on the ports of its first run, and on a TLS and a WebSocket port. */
    const restart = async () => {
      await electrumx.stop();
      const { tcpPort, rpcPort } = electrumx;
      const ports = { tcp: tcpPort, rpc: rpcPort, ssl: sslPort, ws: wsPort };
      const SERVICES = Object.entries(ports).map(([name, port]) => `${name}://127.0.0.1:${port}`);
      electrumx = await startElectrumX(release, bitcoind, {
        again: electrumx,
        env: {
          SERVICES: SERVICES.join(','),
          SSL_CERTFILE: certificate('server.pem'),
          SSL_KEYFILE: certificate('server.key'),
        },
      });
    };
    const errorAt = async (port: number) => {
      const { code, stdout, stderr } = await electrumxRpc(['getinfo', '-p', String(port), '--host', '127.0.0.1']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      return stderr;
    };

    beforeAll(async () => {
      bitcoind = closers.add(await startBitcoind(5), (it) => it.close());
      electrumx = await startElectrumX(release, bitcoind);
      closers.add(null, () => dispose(electrumx));
      sslPort = await freePort();
      wsPort = await freePort();
      await restart();
    });
    afterAll(() => closers.closeAll());

    test('names a client port', async () => {
      expect(await errorAt(electrumx.tcpPort)).toContain('this looks like a client port');
    });

    test('names a TLS port', async () => {
      expect(await errorAt(sslPort)).toContain('this looks like a TLS port');
    });

    test('names a WebSocket port', async () => {
      // Its refusal, which is HTTP, arrives before the connection is closed, or is lost with it.
      expect(await errorAt(wsPort)).toMatch(/this looks like .*or a WebSocket port/);
    });

    test('names the HTTP port of the daemon', async () => {
      expect(await errorAt(bitcoind.port)).toContain("this looks like an HTTP port, such as bitcoind's RPC port");
    });
  });
});
