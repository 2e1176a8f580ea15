// One series for each port, whatever is probed.
import { expect, test } from 'vitest';
import type { Certificate } from '../../electrum/certificate.ts';
import type { ServiceResult } from '../../electrum/probe-service.ts';
import type { ScrapeData } from '../metric.ts';
import { PROBE_METRICS } from './probe.ts';

const served = (transport: 'ssl' | 'wss', host: string, certificate: Certificate): ServiceResult => {
  return { service: { transport, host, port: 443 }, ok: true, durationSeconds: 1, steps: new Map(), certificate };
};

const LONG = { notAfter: 2000, selfSigned: false };
const SHORT = { notAfter: 1000, selfSigned: true };

test.each([
  [LONG, SHORT],
  [SHORT, LONG],
])(
  'two certificates on one port, of ssl and wss on different hosts, are the one that expires first: %j, %j',
  (a, b) => {
    const services = [served('ssl', 'a.example', a), served('wss', 'b.example', b)];
    const data = { results: { probe: { services } } } as unknown as ScrapeData;
    const read = (name: string) => PROBE_METRICS.find((metric) => metric.name === name)?.read(data);
    expect(read('electrumx_probe_certificate_not_after_timestamp_seconds')).toEqual([
      { labels: { port: '443' }, value: 1000 },
    ]);
    expect(read('electrumx_probe_certificate_self_signed')).toEqual([{ labels: { port: '443' }, value: 1 }]);
  },
);
