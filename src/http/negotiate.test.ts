// The exposition format for the Accept headers of real scrapers.
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

describe('OpenMetrics is chosen for', () => {
  test.each([
    ['Prometheus 2.42', PROMETHEUS_2_42],
    ['Prometheus 2.52', PROMETHEUS_2_52],
    ['Prometheus 2.52 that prefers protobuf', PROMETHEUS_2_52_PROTOBUF_FIRST],
    ['Prometheus 3', PROMETHEUS_3],
    ['Prometheus 3 that escapes names', PROMETHEUS_3_UNDERSCORES],
    ['curl with that header', 'application/openmetrics-text; version=1.0.0'],
    ['no version', 'application/openmetrics-text'],
    ['a charset', 'application/openmetrics-text;version=1.0.0;q=0.9,text/plain;q=0.5'],
    ['a quoted escaping', 'application/openmetrics-text; version=1.0.0; escaping="allow-utf-8"'],
    ['both formats alike, OpenMetrics first', 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4'],
    ['capitals', 'APPLICATION/OPENMETRICS-TEXT;VERSION=1.0.0'],
  ])('%s', (_, accept) => {
    expect(acceptedFormat(accept)).toBe('openmetrics');
  });
});

describe('text is chosen for', () => {
  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['curl', '*/*'],
    ['Firefox', FIREFOX],
    ['Chromium', CHROMIUM],
    ['Prometheus 2 configured for text', PROMETHEUS_2_TEXT_ONLY],
    ['Prometheus 3 configured for text', PROMETHEUS_3_TEXT_ONLY],
    ['text by name', 'text/plain'],
    ['any text', 'text/*'],
    ['both formats alike, text first', 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0'],
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

test('Prometheus 3 that prefers text 1.0.0 gets text 0.0.4, the nearest format', () => {
  expect(acceptedFormat(PROMETHEUS_3_TEXT_FIRST)).toBe('text');
});

test('acceptedFormat never throws', () => {
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
