// Malformed HTTP/1 requests (RFC 9112), and well-formed ones of unusual shape.
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deadPort } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { basic, tcpTo, webConfigOf, webFixture } from '../support/web.ts';

/** Sends the lines of a request, and gives the reply; the exporter or the test closes the connection. */
async function replyTo(url: string, ...lines: string[]): Promise<{ status: string; allow: string; body: string }> {
  const socket = await tcpTo(url);
  let reply = '';
  socket.on('data', (chunk: Buffer) => (reply += chunk.toString('latin1')));
  socket.end(Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'));
  await once(socket, 'close');
  const [head = '', body = ''] = reply.split('\r\n\r\n');
  const [, status = ''] = /^HTTP\/1\.1 (\d{3}) /.exec(head) ?? [];
  const [, allow = ''] = /^allow: (.*)$/im.exec(head) ?? [];
  return { status, allow, body };
}

async function statusOf(...lines: string[]): Promise<string> {
  const { url } = await exporterFor(await deadPort());
  return (await replyTo(url, ...lines)).status;
}

describe('The exporter answers 400 to', () => {
  test.each<[what: string, ...lines: string[]]>([
    ['an asterisk with GET', 'GET * HTTP/1.1', 'Host: x'],
    ['an asterisk with POST', 'POST * HTTP/1.1', 'Host: x'],
    ['a target without a slash', 'GET metrics HTTP/1.1', 'Host: x'],
    ['an authority with GET', 'GET x:80 HTTP/1.1', 'Host: x'],
    ['a target with a fragment', 'GET /metrics#top HTTP/1.1', 'Host: x'],
    ['an absolute target with a fragment', 'GET http://x/#top HTTP/1.1', 'Host: x'],
    ['an absolute target without a host', 'GET http:///metrics HTTP/1.1', 'Host: x'],
    ['an absolute target with another scheme', 'GET ftp://x/metrics HTTP/1.1', 'Host: x'],
    ['an absolute target with a user', 'GET http://u@x/metrics HTTP/1.1', 'Host: x'],
    ['an absolute target with a password', 'GET http://u:p@x/metrics HTTP/1.1', 'Host: x'],
    ['an absolute target with a port only', 'GET http://:80/metrics HTTP/1.1', 'Host: x'],
    ['an absolute target with a port that is no number', 'GET http://x:http/metrics HTTP/1.1', 'Host: x'],
    ['a target with an invalid escape', 'GET /%zz HTTP/1.1', 'Host: x'],
    ['a target with a blank', 'GET /a b HTTP/1.1', 'Host: x'],
    ['a target with a control character', 'GET /a\x01 HTTP/1.1', 'Host: x'],
    ['a target with a byte that is not ASCII', 'GET /\xe4 HTTP/1.1', 'Host: x'],
    ['no target', 'GET HTTP/1.1', 'Host: x'],
    ['no Host', 'GET / HTTP/1.1'],
    ['two Hosts', 'GET / HTTP/1.1', 'Host: x', 'Host: y'],
    ['the same Host twice', 'GET / HTTP/1.1', 'Host: x', 'host: x'],
    ['two Hosts in HTTP/1.0', 'GET / HTTP/1.0', 'Host: x', 'Host: y'],
    ['a list of Hosts', 'GET / HTTP/1.1', 'Host: x, y'],
    ['a Host with a path', 'GET / HTTP/1.1', 'Host: x/y'],
    ['a Host with a user', 'GET / HTTP/1.1', 'Host: u@x'],
    ['a Host with a port that is not a number', 'GET / HTTP/1.1', 'Host: x:http'],
    ['a Host with an IPv6 address without brackets', 'GET / HTTP/1.1', 'Host: ::1'],
    ['HTTP/2.0 in text', 'GET / HTTP/2.0', 'Host: x'],
    ['HTTP/0.9', 'GET / HTTP/0.9', 'Host: x'],
    ['HTTP/1.2', 'GET / HTTP/1.2', 'Host: x'],
    ['HTTP/3.0', 'GET / HTTP/3.0', 'Host: x'],
    ['a lower-case protocol', 'GET / http/1.1', 'Host: x'],
    ['a blank before a colon', 'GET / HTTP/1.1', 'Host: x', 'A : b'],
    ['a folded header', 'GET / HTTP/1.1', 'Host: x', 'A: b', ' c'],
    ['a blank before the first header', 'GET / HTTP/1.1', ' Host: x'],
    ['a header without a colon', 'GET / HTTP/1.1', 'Host: x', 'A'],
    ['a header without a name', 'GET / HTTP/1.1', 'Host: x', ': a'],
    ['a control character in a header', 'GET / HTTP/1.1', 'Host: x', 'A: b\x00c'],
    ['a length that is not a number', 'GET / HTTP/1.1', 'Host: x', 'Content-Length: abc'],
    ['a negative length', 'GET / HTTP/1.1', 'Host: x', 'Content-Length: -1'],
    ['two different lengths', 'GET / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2'],
    ['a length and chunks', 'POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
    ['chunks in HTTP/1.0', 'POST / HTTP/1.0', 'Host: x', 'Transfer-Encoding: chunked'],
    ['chunks applied twice', 'POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked, chunked'],
    ['chunks before another coding', 'POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked, gzip'],
    ['an unknown transfer coding', 'POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: rot13'],
    ['an unknown method', 'FOO / HTTP/1.1', 'Host: x'],
    ['a lower-case method', 'get / HTTP/1.1', 'Host: x'],
  ])('%s', async (_, ...lines) => {
    expect(await statusOf(...lines)).toBe('400');
  });
});

describe('The exporter answers 200 to', () => {
  test.each<[what: string, ...lines: string[]]>([
    ['an absolute target', 'GET http://x/-/healthy HTTP/1.1', 'Host: x'],
    ['an absolute target with capitals and a port', 'GET HTTP://X:80/-/healthy HTTP/1.1', 'Host: x'],
    ['an absolute target with an IPv6 address', 'GET http://[::1]:10061/-/healthy HTTP/1.1', 'Host: [::1]:10061'],
    ['an absolute https target', 'GET https://x/-/healthy HTTP/1.1', 'Host: x'],
    ['an absolute target without a path', 'GET http://x HTTP/1.1', 'Host: x'],
    ['an absolute target with a query only', 'GET http://x?a=b HTTP/1.1', 'Host: x'],
    ['a query', 'GET /-/healthy?a=b&c HTTP/1.1', 'Host: x'],
    ['an escape in the path', 'GET /-/%68ealthy HTTP/1.1', 'Host: x'],
    ['no Host in HTTP/1.0', 'GET / HTTP/1.0'],
    ['an empty Host', 'GET / HTTP/1.1', 'Host:'],
    ['a Host with a port', 'GET / HTTP/1.1', 'Host: example.org:10061'],
    ['a Host with an empty port', 'GET / HTTP/1.1', 'Host: example.org:'],
    ['a Host with an IPv6 address', 'GET / HTTP/1.1', 'Host: [2001:db8::1]:10061'],
    ['a Host with a zone', 'GET / HTTP/1.1', 'Host: [fe80::1%25eth0]'],
    ['a Host with an underscore', 'GET / HTTP/1.1', 'Host: electrumx_exporter:10061'],
    ['a Host with an internationalized name', 'GET / HTTP/1.1', 'Host: xn--bcher-kva.example'],
    ['an unknown header', 'GET / HTTP/1.1', 'Host: x', "A!#$%&'*+-.^_`|~9: b"],
    ['a body of GET', 'GET / HTTP/1.1', 'Host: x', 'Content-Length: 0'],
  ])('%s', async (_, ...lines) => {
    expect(await statusOf(...lines)).toBe('200');
  });
});

test('CONNECT is answered with the allowed methods, in every form', async () => {
  const { url } = await exporterFor(await deadPort());
  for (const target of ['x:80', '/metrics', 'http://x/metrics']) {
    const reply = await replyTo(url, `CONNECT ${target} HTTP/1.1`, 'Host: x');
    expect(reply).toMatchObject({ status: '405', allow: 'GET, HEAD' });
  }
});

test('OPTIONS * is answered with the allowed methods', async () => {
  const { url } = await exporterFor(await deadPort());
  const reply = await replyTo(url, 'OPTIONS * HTTP/1.1', 'Host: x', 'Connection: close');
  expect(reply).toEqual({ status: '204', allow: 'GET, HEAD', body: '' });
});

test('a malformed request is refused without authentication, and costs no scrape', async () => {
  const { url } = await exporterFor(await deadPort(), { web: webConfigOf(webFixture('valid/basic-auth.yml')) });
  const { authorization } = basic('prometheus', 'correct horse');
  for (const headers of [[], [`Authorization: ${authorization}`]]) {
    expect(await replyTo(url, 'GET /metrics HTTP/1.1', 'Host: x', 'Host: y', ...headers)).toMatchObject({
      status: '400',
      body: 'Bad request: more than one Host header.\n',
    });
  }
  expect((await replyTo(url, 'OPTIONS * HTTP/1.1', 'Host: x')).status).toBe('401');
});

test('any request target and Host get a status from 200 to 499, or 503', async () => {
  const { url } = await exporterFor(await deadPort());
  const part = fc.constantFrom(
    '/',
    'metrics',
    '*',
    'http://',
    'x',
    ':',
    '@',
    '#',
    '?',
    '%',
    '%2f',
    '..',
    '[',
    ']',
    '\xff',
  );
  const anything = fc
    .array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'PROPFIND');
  await fc.assert(
    fc.asyncProperty(method, anything, anything, async (verb, target, host) => {
      const { status } = await replyTo(url, `${verb} ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close');
      expect(status).toMatch(/^(2|4)\d\d$/);
    }),
    { numRuns: 300 },
  );
});
