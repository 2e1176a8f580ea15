// The Dockerfile agrees with the rest of the repository. test/real/image.test.ts builds and runs it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const dockerfile = read('Dockerfile');
const all = (pattern: RegExp) => [...dockerfile.matchAll(pattern)].map(([, found = '']) => found);

test('pins its base images, with the version of Node that CI tests', () => {
  const node = /NODE_24=(\S+)/.exec(read('.ci/run'))?.[1];
  expect(all(/^FROM (\S+)/gm)).toEqual([`node:${node}-bookworm-slim`, expect.stringMatching(/^debian:\d+\.\d+-slim$/)]);
});

test('labels the image with the version of the package', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(all(/^ARG VERSION=(.*)$/gm)).toEqual([version]);
});

test('exposes the port that the exporter listens on', () => {
  const [port, ...more] = all(/^EXPOSE (.*)$/gm);
  expect(more).toEqual([]);
  expect(parseConfig([], {})).toMatchObject({ config: { listenAddresses: [{ port: Number(port) }] } });
});

test('copies exactly the files that .dockerignore allows', () => {
  const copied = all(/^COPY (?!--from)(.*) \S+$/gm).flatMap((words) => words.split(' '));
  const [everything, ...allowed] = read('.dockerignore').trim().split('\n');
  expect(everything).toBe('*');
  expect(allowed.map((line) => line.replace(/^!/, '')).sort()).toEqual(copied.sort());
});
