// Which format a scraper gets, by the Accept headers that scrapers really send.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptedFormat } from './negotiate.ts';

const PROMETHEUS_2_42 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROMETHEUS_2_52 =
  'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const PROMETHEUS_2_52_PROTOBUF_FIRST =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const PROMETHEUS_2_TEXT_ONLY = 'text/plain;version=0.0.4;q=0.5,*/*;q=0.4';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const PROMETHEUS_3_UNDERSCORES =
  'application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,text/plain;version=1.0.0;escaping=underscores;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const PROMETHEUS_3_TEXT_FIRST =
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.2';
const PROMETHEUS_3_TEXT_ONLY = 'text/plain;version=0.0.4;escaping=allow-utf-8;q=0.5,*/*;q=0.4';
const FIREFOX = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const CHROMIUM =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';

describe('OpenMetrics is for those who prefer it by name', () => {
  test.each([
    ['Prometheus 2.42', PROMETHEUS_2_42],
    ['Prometheus 2.52', PROMETHEUS_2_52],
    ['Prometheus 2.52 that would like protobuf best', PROMETHEUS_2_52_PROTOBUF_FIRST],
    ['Prometheus 3', PROMETHEUS_3],
    ['Prometheus 3 that escapes names', PROMETHEUS_3_UNDERSCORES],
    ['curl that asks for it', 'application/openmetrics-text; version=1.0.0'],
    ['one that names no version', 'application/openmetrics-text'],
    ['one that adds a charset', 'application/openmetrics-text;version=1.0.0;q=0.9,text/plain;q=0.5'],
    ['one that quotes the escaping', 'application/openmetrics-text; version=1.0.0; escaping="allow-utf-8"'],
    [
      'one that takes both alike, and names it first',
      'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4',
    ],
    ['one that shouts', 'APPLICATION/OPENMETRICS-TEXT;VERSION=1.0.0'],
  ])('%s', (_, accept) => {
    expect(acceptedFormat(accept)).toBe('openmetrics');
  });
});

describe('text is for everyone else', () => {
  test.each([
    ['nobody says anything', undefined],
    ['an empty header', ''],
    ['curl', '*/*'],
    ['Firefox', FIREFOX],
    ['Chromium', CHROMIUM],
    ['Prometheus 2 that was told to read text', PROMETHEUS_2_TEXT_ONLY],
    ['Prometheus 3 that was told to read text', PROMETHEUS_3_TEXT_ONLY],
    ['text by name', 'text/plain'],
    ['any text', 'text/*'],
    ['both alike, text first', 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0'],
    ['text first', 'application/openmetrics-text;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.5'],
    ['an older OpenMetrics only', 'application/openmetrics-text;version=0.0.1'],
    ['no OpenMetrics', 'application/openmetrics-text;q=0,*/*;q=0.1'],
    ['JSON', 'application/json'],
    ['protobuf', 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'],
    ['nonsense', ';;q=,,/;=;'],
    ['a header of 16 KB', ';escaping='.repeat(1600)],
  ])('%s', (_, accept) => {
    expect(acceptedFormat(accept)).toBe('text');
  });
});

describe('Prometheus 3 that prefers its newer text format', () => {
  test('gets text, which is the nearest there is', () => {
    expect(acceptedFormat(PROMETHEUS_3_TEXT_FIRST)).toBe('text');
  });
});

test('any header gives one of the two, and never an exception', () => {
  const part = fc.constantFrom(
    ...[
      'application/openmetrics-text',
      'text/plain',
      '*/*',
      ';version=1.0.0',
      ';q=0.5',
      ';q=',
      ',',
      ';',
      '"',
      '\\',
      'escaping=',
      '=',
    ],
  );
  const header = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(header, (accept) => {
      expect(['text', 'openmetrics']).toContain(acceptedFormat(accept));
    }),
    { numRuns: 1000 },
  );
});
