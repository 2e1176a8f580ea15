// What answers at a port that is not LocalRPC's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASSIFIED_BYTES, classifyBytes, classifyError, wrongPortHint, type WrongPort } from './wrong-port.ts';

describe('classifyBytes', () => {
  it.each([
    { server: 'bitcoind, which echoes the HTTP version 0.0', bytes: 'HTTP/0.0 405 Method Not Allowed\r\n', is: 'http' },
    { server: 'a web server', bytes: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', is: 'http' },
    { server: 'a TLS server that sends an alert', bytes: '\x15\x03\x01\x00\x02\x02\x46', is: 'tls' },
    { server: 'a TLS server that sends an alert of TLS 1.2', bytes: '\x15\x03\x03\x00\x02\x02\x0a', is: 'tls' },
    { server: 'a server that closes without a byte', bytes: '', is: 'silent' },
    {
      server: 'a client port of e-x that sends a notification before it refuses',
      bytes: '{"jsonrpc": "2.0", "method": "blockchain.relayfee", "params": []}',
      is: 'client',
    },
    {
      server: 'a server that replies with an error',
      bytes: '{"jsonrpc": "2.0", "error": {"method": 1}}',
      is: undefined,
    },
    { server: 'an SSH server', bytes: 'SSH-2.0-OpenSSH_9.2p1\r\n', is: 'other' },
    { server: 'a mail server', bytes: '220 mail.example.org ESMTP\r\n', is: 'other' },
    { server: 'Redis', bytes: "-ERR unknown command '{'\r\n", is: 'other' },
    { server: "bitcoind's ZMQ port", bytes: '\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f', is: 'other' },
    { server: "a daemon's peer-to-peer port", bytes: '\xf9\xbe\xb4\xd9version\x00', is: 'other' },
    { server: 'a database that asks for a password', bytes: 'R\x00\x00\x00\x08\x00', is: 'other' },
    { server: 'a server that pings', bytes: '\n', is: undefined },
    { server: 'a server that sends a list', bytes: ' [{"id": 1}]', is: undefined },
    { server: 'a JSON-RPC server', bytes: '{"jsonrpc": "2.0", "result": 1, "id": 1}', is: undefined },
    { server: 'a server that sends the letters HTTP only', bytes: 'HTTP', is: 'other' },
    { server: 'a server that sends half an alert', bytes: '\x15\x03', is: 'other' },
  ])('returns $is for $server', ({ bytes, is }) => {
    expect(classifyBytes(Buffer.from(bytes, 'latin1'))).toBe(is);
  });

  it('reads the first CLASSIFIED_BYTES bytes only, whatever they are', () => {
    const start = fc.constantFrom('', 'HTTP/', '\x15\x03', '{"method"', '{"jsonrpc": "2.0",');
    fc.assert(
      fc.property(start, fc.string({ unit: 'binary-ascii', maxLength: 200 }), (first, rest) => {
        const bytes = Buffer.from(first + rest, 'latin1');
        expect(classifyBytes(bytes)).toBe(classifyBytes(bytes.subarray(0, CLASSIFIED_BYTES)));
      }),
    );
  });
});

describe('classifyError', () => {
  it.each([
    { title: 'an unknown getinfo', method: 'getinfo', code: -32601, message: 'unknown method "getinfo"', is: 'client' },
    { title: 'an unknown sessions', method: 'sessions', code: -32601, message: 'Method not found', is: 'client' },
    {
      title: 'a required handshake',
      method: 'stop',
      code: 1,
      message: 'use server.version to identify client',
      is: 'client',
    },
    { title: 'an unknown query', method: 'query', code: -32601, message: 'unknown method "query"', is: undefined },
    { title: 'a crash in getinfo', method: 'getinfo', code: -32603, message: 'internal server error', is: undefined },
    { title: 'an error without a code', method: 'getinfo', code: undefined, message: '', is: undefined },
  ])('returns $is for $title', ({ method, code, message, is }) => {
    expect(classifyError(method, code, message)).toBe(is);
  });
});

describe('wrongPortHint', () => {
  it.each<{ wrongPort: WrongPort; words: string }>([
    { wrongPort: 'client', words: 'a client port' },
    { wrongPort: 'tls', words: 'a TLS port' },
    { wrongPort: 'silent', words: 'a TLS port or a WebSocket port, unless ElectrumX is shutting down' },
    { wrongPort: 'http', words: 'bitcoind' },
    { wrongPort: 'http', words: 'a WebSocket port' },
    { wrongPort: 'other', words: 'another program' },
  ])('names $words for $wrongPort, and the port to use', ({ wrongPort, words }) => {
    expect(wrongPortHint(wrongPort)).toContain(words);
    expect(wrongPortHint(wrongPort)).toMatch(/rpc:\/\/ in SERVICES/);
  });
});
