// Web configuration files checked by promtool, and a real Prometheus that scrapes with TLS, passwords and client certificates.
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { remarks, webFixture } from '../support/web.ts';
import { makeClosers } from './support/closers.ts';
import { freePort, run, runToEnd } from './support/process.ts';
import { startPrometheus, type Prometheus } from './support/prometheus.ts';
import { describeWith } from './support/tools.ts';
import { Hopeless, waitFor } from './support/wait.ts';

const MAIN = resolve(import.meta.dirname, '../../dist/main.js');

describeWith({ commands: ['promtool'] }, 'promtool check web-config', () => {
  const check = async (path: string) => (await runToEnd('promtool', ['check', 'web-config', path])).output;

  describe('of a file that the exporter accepts', () => {
    test.each(readdirSync(webFixture('valid')))('%s', async (name) => {
      const path = webFixture(`valid/${name}`);
      const output = await check(path);
      const versions = [...remarks(path, 'older promtool'), ...remarks(path, 'newer promtool')];
      if (remarks(path, 'promtool').length > 0) expect(output).toContain('FAILED');
      else if (!versions.some((reason) => output.includes(reason))) expect(output).toBe(`${path} SUCCESS\n`);
    });
  });

  describe('of a file that the exporter refuses', () => {
    test.each(readdirSync(webFixture('invalid')))('%s', async (name) => {
      const path = webFixture(`invalid/${name}`);
      const output = await check(path);
      if (remarks(path, 'promtool').length > 0) expect(output).toBe(`${path} SUCCESS\n`);
      else if (remarks(path, 'newer promtool').length === 0) expect(output).toContain('FAILED');
    });
  });
});

describeWith({ commands: ['prometheus'] }, 'a real Prometheus', () => {
  const closers = makeClosers();
  let prometheus: Prometheus;
  let folder: string;
  let behindPassword: number;

  const LOGIN = { username: 'prometheus', password: 'correct horse' };
  const USERS = readFileSync(webFixture('valid/basic-auth.yml'), 'utf8');
  /** Writes a file with these users; the certificates are copies in the same folder. */
  const configure = (users: string) =>
    writeFileSync(
      join(folder, 'web-config.yml'),
      `tls_server_config: { cert_file: server.pem, key_file: server.key }\n${users}`,
    );

  /** `up` of a scrape that began after this moment: the second from now on. */
  const upNow = async (job: string) => {
    const since = Date.now() / 1000;
    return waitFor(`a new scrape of ${job}`, async () => {
      const [scraped] = await prometheus.query(`timestamp(up{job="${job}"})`);
      if ((scraped?.values[0] ?? 0) < since + 1) return undefined;
      return (await prometheus.query(`up{job="${job}"}`))[0]?.values[0];
    });
  };

  /** The port of an exporter with this web config file. */
  const exporterWith = async (file: string, rpcPort: number): Promise<number> => {
    const port = await freePort();
    const flags = [`--web.config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`];
    const exporter = closers.add(
      run(process.execPath, [MAIN, ...flags, `--electrumx.rpc-address=127.0.0.1:${rpcPort}`]),
      (it) => it.stop(),
    );
    await waitFor('the exporter to start', () => {
      if (exporter.exited) throw new Hopeless(`the exporter has ended:\n${exporter.output()}`);
      return exporter.output().includes('"msg":"started"') ? true : undefined;
    });
    return port;
  };

  beforeAll(async () => {
    folder = closers.add(mkdtempSync(join(tmpdir(), 'web-config-')), (it) => rmSync(it, { recursive: true }));
    for (const name of ['server.pem', 'server.key']) copyFileSync(webFixture(name), join(folder, name));
    configure(USERS);
    const simulator = closers.add(await startSimulator({ era: 'F', sessions: 40, seed: 1 }), (it) => it.stop());
    behindPassword = await exporterWith(join(folder, 'web-config.yml'), simulator.port);
    const behindCertificate = await exporterWith(webFixture('valid/client-allowed-sans.yml'), simulator.port);
    const ca_file = webFixture('ca.pem');
    const by = (who: string) => ({ ca_file, cert_file: webFixture(`${who}.pem`), key_file: webFixture(`${who}.key`) });
    const scrapes = {
      'right-password': { scheme: 'https', tls_config: { ca_file }, basic_auth: LOGIN },
      'wrong-password': { scheme: 'https', tls_config: { ca_file }, basic_auth: { ...LOGIN, password: 'wrong' } },
      'no-tls': { basic_auth: LOGIN },
      'right-certificate': { scheme: 'https', tls_config: by('client-named') },
      'certificate-with-another-name': { scheme: 'https', tls_config: by('client') },
      'untrusted-certificate': { scheme: 'https', tls_config: by('untrusted') },
      'no-certificate': { scheme: 'https', tls_config: { ca_file } },
    };
    const jobs = Object.fromEntries(
      Object.keys(scrapes).map((job) => [job, [job.includes('certificate') ? behindCertificate : behindPassword]]),
    );
    prometheus = closers.add(await startPrometheus({ jobs, scrapes }), (it) => it.stop());
  });

  afterAll(() => closers.closeAll());

  test.each([
    ['right-password', 1],
    ['wrong-password', 0],
    ['no-tls', 0],
    ['right-certificate', 1],
    ['certificate-with-another-name', 0],
    ['untrusted-certificate', 0],
    ['no-certificate', 0],
  ])('with %s has electrumx_up: %d', async (job, served) => {
    expect(await upNow(job)).toBe(served);
    const found = await prometheus.query(`electrumx_up{job="${job}"}`);
    expect(found.map(({ values }) => values)).toEqual(served === 1 ? [[1]] : []);
  });

  test('keeps scraping while the certificate is replaced, which new connections get', async () => {
    for (const kind of ['pem', 'key']) copyFileSync(webFixture(`server-2.${kind}`), join(folder, `server.${kind}`));
    const expected = new X509Certificate(readFileSync(webFixture('server-2.pem'))).fingerprint256;
    expect(await fingerprint(behindPassword)).toBe(expected);
    expect(await upNow('right-password')).toBe(1);
    const [lowest] = await prometheus.query('min_over_time(up{job="right-password"}[1m])');
    expect(lowest?.values).toEqual([1]);
  });

  test('is refused from the next scrape on when its user is removed, and admitted when it is back', async () => {
    configure(USERS.replace('prometheus:', 'somebody:'));
    expect(await upNow('right-password')).toBe(0);
    configure(USERS);
    expect(await upNow('right-password')).toBe(1);
  });
});

function fingerprint(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: readFileSync(webFixture('ca.pem')) }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
