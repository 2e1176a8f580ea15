// The reader that all suites judge expositions with is a strict one.
import { expect, test } from 'vitest';
import { parseExposition } from './exposition.ts';

const HEAD = '# HELP a_total Help.\n# TYPE a_total counter\n';

test('reads both formats', () => {
  const text = `${HEAD}a_total{x="1",b="\\"\\\\\\n,{}"} 5e-7\na_total -1.5\n# HELP b Help.\n# TYPE b gauge\nb 0\n`;
  const samples = new Map([['a_total{b="\\"\\\\\\n,{}",x="1"}', 5e-7], ['a_total', -1.5], ['b', 0]]); // prettier-ignore
  expect(parseExposition(text).samples).toEqual(samples);
  expect(parseExposition(`${text.replaceAll(' a_total ', ' a ')}# EOF\n`).samples).toEqual(samples);
  expect(parseExposition('# EOF\n').lines).toEqual([]);
});

test.each([
  ['no newline at its end', `${HEAD}a_total 1`],
  ['an empty line', `${HEAD}\na_total 1\n`],
  ['a carriage return', `${HEAD}a_total 1\r\n`],
  ['half of a pair', `${HEAD}a_total{x="\ud800"} 1\n`],
  ['something behind its end', `${HEAD}# EOF\na_total 1\n`],
  ['another comment', `${HEAD}# hello\n`],
  ['a sample before its family', 'a_total 1\n'],
  ['a sample of another family', `${HEAD}b 1\n`],
  ['a family twice', HEAD + HEAD],
  ['a TYPE without HELP', '# TYPE a gauge\na 1\n'],
  ['a HELP without TYPE', '# HELP a Help.\n'],
  ['another type', '# HELP a Help.\n# TYPE a histogram\n'],
  ['a series twice', `${HEAD}a_total{x="1",y="2"} 1\na_total{y="2",x="1"} 1\n`],
  ['a label twice', `${HEAD}a_total{x="1",x="2"} 1\n`],
  ['no labels in its braces', `${HEAD}a_total{} 1\n`],
  ['a comma too many', `${HEAD}a_total{x="1",} 1\n`],
  ['a label that does not end', `${HEAD}a_total{x="1} 1\n`],
  ['an unknown escape', `${HEAD}a_total{x="\\t"} 1\n`],
  ['a timestamp', `${HEAD}a_total 1 1700000000000\n`],
  ['no value', `${HEAD}a_total \n`],
  ...['NaN', 'Infinity', '+Inf', '0x10', '1_000', '.5', '1e', '"1"'].map((value) => [
    value,
    `${HEAD}a_total ${value}\n`,
  ]),
])('refuses %s', (_, body) => {
  expect(() => parseExposition(body)).toThrow();
});
