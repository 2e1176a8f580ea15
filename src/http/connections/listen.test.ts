// The addresses that the exporter listens at.
import { lookup } from 'node:dns/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from './listen.ts';

async function listening(host: string | undefined) {
  const servers: FastifyInstance[] = [];
  const create = () => {
    const server = fastify();
    onTestFinished(() => server.close());
    servers.push(server);
    return server;
  };
  const ports = await listen({ host, port: 0 }, create);
  const places = servers.map(({ server }) => server.address());
  return { ports, addresses: places.map((place) => (typeof place === 'object' ? place?.address : place)) };
}

test('listens at each address of a name', async () => {
  const expected = (await lookup('localhost', { all: true })).map(({ address }) => address);
  const { ports, addresses } = await listening('localhost');
  expect(addresses.filter((address) => address !== undefined)).toEqual(expected);
  expect(ports).toHaveLength(expected.length);
});

test('listens at a single address', async () => {
  expect((await listening('127.0.0.1')).addresses).toEqual(['127.0.0.1']);
});

test('listens once at every interface without a host', async () => {
  const { ports, addresses } = await listening(undefined);
  expect(ports).toHaveLength(1);
  expect(['::', '0.0.0.0']).toContain(addresses.at(-1));
});

test.each(['203.0.113.1', 'no-such-host.invalid'])('rejects for %s', async (host) => {
  await expect(listening(host)).rejects.toThrow(/EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN/);
});
