// The probe of real servers: each transport that a release serves, its tip, its certificate, and what a probe costs the server.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { series, valueOf } from '../support/exposition.ts';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { exporterFlags, startClientPorts, TRANSPORTS, type ClientPorts } from './support/client-ports.ts';
import { makeClosers } from './support/closers.ts';
import { connectClient } from './support/electrum-client.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { runToEnd } from './support/process.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const RELEASES = releases('e-x-1.18.0', 'e-x-1.20.0', 'e-x-2.0.0', 'electrumx-1.20.2');
const STEPS = ['connect', 'tls', 'version', 'tip', 'balance', 'daemon', 'features'];

describeWith({ releases: RELEASES, commands: ['openssl'] }, 'the probe of a real ElectrumX', () => {
  describe.each(RELEASES)('$name', (release) => {
    const closers = makeClosers();
    let bitcoind: Bitcoind;
    let ports: ClientPorts;
    let exporter: Exporter;

    beforeAll(async () => {
      bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
      ports = closers.add(await startClientPorts(release, bitcoind), (it) => it.close());
      exporter = closers.add(await startExporter(ports.electrumx.rpcPort, exporterFlags(ports)), (it) => it.stop());
    });

    afterAll(() => closers.closeAll());

    const portOf = (transport: string) => ports.services.get(transport)?.split(':').at(-1) ?? '';

    test(`succeeds in all steps over ${TRANSPORTS.join(', ')}`, async () => {
      const expected = TRANSPORTS.flatMap((transport) =>
        STEPS.filter((step) => step !== 'tls' || /ss/.test(transport)).map((step) => [
          `{port="${portOf(transport)}",step="${step}",transport="${transport}"}`,
          1,
        ]),
      );
      const scraped = await exporter.scrape();
      expect(series(scraped, 'electrumx_probe_step_success')).toEqual(Object.fromEntries(expected));
      expect(valueOf(scraped, 'electrumx_probe_genesis_match')).toBe(1);
    });

    test('shows the tip of the chain, and a new block in the next probe', async () => {
      const tips = async () => Object.values(series(await exporter.scrape(), 'electrumx_probe_tip_height'));
      const before = bitcoind.chain.height();
      expect(await tips()).toEqual(TRANSPORTS.map(() => before));
      bitcoind.chain.grow(1);
      await waitFor('the block', async () => ((await tips()).every((tip) => tip === before + 1) ? true : undefined));
      const header = bitcoind.chain.at(before + 1)?.header;
      const timestamp = valueOf(await exporter.scrape(), 'electrumx_probe_tip_timestamp_seconds');
      expect(timestamp).toBe(header?.readUInt32LE(68));
    });

    test('shows the date of the certificate that openssl s_client gets', async () => {
      const scraped = await exporter.scrape();
      for (const transport of TRANSPORTS.filter((name) => /ss/.test(name))) {
        const port = portOf(transport);
        const fetch = `openssl s_client -connect 127.0.0.1:${port} </dev/null 2>/dev/null | openssl x509 -noout -enddate`;
        const { stdout } = await runToEnd('sh', ['-c', fetch]);
        const expiry = Date.parse(stdout.replace('notAfter=', '')) / 1000;
        expect(valueOf(scraped, 'electrumx_probe_certificate_not_after_timestamp_seconds', { port })).toBe(expiry);
        expect(valueOf(scraped, 'electrumx_probe_certificate_current', { port })).toBe(1);
        expect(valueOf(scraped, 'electrumx_probe_certificate_self_signed', { port })).toBe(1);
      }
    });

    test('costs the server 8 to 9 units', async () => {
      const client = await connectClient(ports.electrumx.tcpPort, { name: 'electrumx-exporte', protocol: '1.4.2' });
      closers.add(client, (it) => it.close());
      await Promise.all([
        client.call('blockchain.headers.subscribe'),
        client.call('blockchain.scripthash.get_balance', ['ab'.repeat(32)]),
        client.call('blockchain.transaction.get', [bitcoind.chain.at(1)?.transaction.id]),
        client.call('server.features'),
      ]);
      const rows = (await ports.electrumx.ask('sessions')) as unknown[][];
      const cost = Number(rows.find(([, flags]) => String(flags).startsWith('T'))?.[5]);
      client.close();
      expect(cost).toBeGreaterThan(8);
      expect(cost).toBeLessThan(9);
    });

    test('leaves no session and, on e-x, no cost in a group', async () => {
      await exporter.scrape();
      await waitFor('the sessions to be gone', async () => {
        const rows = (await ports.electrumx.ask('sessions')) as unknown[];
        return rows.length === 1 ? true : undefined;
      });
      const groups = (await ports.electrumx.ask('groups')) as unknown[][];
      if (release.name.startsWith('e-x-')) expect(groups).toEqual([]);
      else expect(groups.every(([name]) => /^t\d+$/.test(String(name)))).toBe(true);
    });

    test.each([
      ['one port', 1],
      ['four ports', TRANSPORTS.length],
    ])('is skipped with MAX_SESSIONS=3 on %s, and ElectrumX keeps them open', async (_, count) => {
      const options = { env: { MAX_SESSIONS: '3' } };
      const small = closers.add(await startClientPorts(release, bitcoind, options), (it) => it.close());
      const services = [...small.services.values()].slice(0, count);
      const flags = [...exporterFlags(small, services), '--electrumx.max-sessions=3'];
      const other = closers.add(await startExporter(small.electrumx.rpcPort, flags), (it) => it.stop());
      const logged = small.electrumx.process.output();
      const scraped = await other.scrape();
      expect(valueOf(scraped, 'electrumx_scrape_collector_skipped', { collector: 'probe' })).toBe(1);
      expect(series(scraped, 'electrumx_probe_success')).toEqual({});
      expect(small.electrumx.process.output().slice(logged.length)).not.toContain('maximum sessions');
    });
  });
});
