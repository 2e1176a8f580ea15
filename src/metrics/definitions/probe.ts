// What a wallet gets from each client port: which steps succeed, how fast, which chain and tip, and which certificate.
import type { Certificate } from '../../electrum/certificate.ts';
import type { ServiceResult } from '../../electrum/probe-service.ts';
import { protocolLabel } from '../labels.ts';
import { counter, gauge, sample, single, type ScrapeData } from '../metric.ts';

export const PROBE_METRICS = [
  gauge({
    name: 'electrumx_probe_success',
    help: '1 if all steps of the probe of the client port succeeded, else 0.',
    source: 'client port',
    labels: ['transport', 'port'],
    read: eachService(({ ok }) => Number(ok)),
  }),
  gauge({
    name: 'electrumx_probe_step_success',
    help: '1 if the step of the probe succeeded, else 0. Steps after the first one that fails are absent.',
    source: 'client port',
    labels: ['transport', 'port', 'step'],
    read: eachStep(({ ok }) => Number(ok)),
  }),
  gauge({
    name: 'electrumx_probe_step_duration_seconds',
    help: 'Time that the step took. The requests after version are sent together, and each is timed until its reply. From 1.18 on, replies over tcp and ssl can take a second each, because ElectrumX pads them.',
    source: 'client port',
    labels: ['transport', 'port', 'step'],
    read: eachStep(({ seconds }) => seconds),
  }),
  gauge({
    name: 'electrumx_probe_duration_seconds',
    help: 'Time that the probe of the client port took.',
    source: 'client port',
    labels: ['transport', 'port'],
    read: eachService(({ durationSeconds }) => durationSeconds),
  }),
  gauge({
    name: 'electrumx_probe_tip_height',
    help: 'Height of the latest block that a wallet gets from the client port.',
    source: 'client port: blockchain.headers.subscribe',
    labels: ['transport', 'port'],
    read: eachService(({ tip }) => tip?.height),
  }),
  gauge({
    name: 'electrumx_probe_tip_timestamp_seconds',
    help: 'Time in the header of the latest block that a wallet gets, since the epoch. The oldest one, if client ports differ.',
    source: 'client port: blockchain.headers.subscribe',
    read: ({ results: { probe } }) => single(probe?.tipTimestamp),
  }),
  gauge({
    name: 'electrumx_probe_genesis_match',
    help: '1 if the client ports serve the chain of the coin, 0 if they serve another one. Absent if no port reported a genesis block.',
    source: 'client port: server.features',
    read: ({ results: { probe } }) =>
      single(probe?.genesisMatch === undefined ? undefined : Number(probe.genesisMatch)),
  }),
  gauge({
    name: 'electrumx_probe_certificate_not_after_timestamp_seconds',
    help: 'Time at which the served certificate expires, since the epoch.',
    source: 'client port: TLS handshake',
    labels: ['port'],
    read: eachCertificate(({ notAfter }) => notAfter),
  }),
  gauge({
    name: 'electrumx_probe_certificate_current',
    help: '1 if the served certificate is the one in SSL_CERTFILE, else 0. Absent unless SSL_CERTFILE is configured and readable.',
    source: 'client port: TLS handshake; environment: SSL_CERTFILE',
    labels: ['port'],
    read: eachCertificate(({ current }) => (current === undefined ? undefined : Number(current))),
  }),
  gauge({
    name: 'electrumx_probe_certificate_self_signed',
    help: '1 if the served certificate is self-signed, else 0. Wallets pin such a certificate when they first see it.',
    source: 'client port: TLS handshake',
    labels: ['port'],
    read: eachCertificate(({ selfSigned }) => Number(selfSigned)),
  }),
  gauge({
    name: 'electrumx_probe_info',
    help: 'Always 1. Protocol version that the probe negotiated.',
    source: 'client port: server.version',
    labels: ['transport', 'port', 'protocol'],
    read: (data) =>
      worstByPort(data).flatMap(({ service, protocol }) =>
        protocol === undefined ? [] : [sample({ ...labelsOf(service), protocol: protocolLabel(protocol) }, 1)],
      ),
  }),
  counter({
    name: 'electrumx_probe_failures_total',
    help: 'Failed steps of probes since the exporter started, by kind of failure.',
    source: 'client port',
    labels: ['step', 'kind'],
    read: ({ results: { probe } }) =>
      (probe?.failures ?? []).map(({ step, kind, count }) => sample({ step, kind }, count)),
  }),
];

function labelsOf({ transport, port }: ServiceResult['service']) {
  return { transport, port: String(port) };
}

/** One result for each transport and port. Where several hosts have the same ones, it is the one that fails, or else the slowest. */
function worstByPort({ results: { probe } }: ScrapeData): readonly ServiceResult[] {
  const worst = new Map<string, ServiceResult>();
  for (const result of probe?.services ?? []) {
    const { transport, port } = result.service;
    const other = worst.get(`${transport} ${port}`);
    if (!other || isWorse(result, other)) worst.set(`${transport} ${port}`, result);
  }
  return [...worst.values()];
}

function isWorse(a: ServiceResult, b: ServiceResult): boolean {
  return a.ok === b.ok ? a.durationSeconds > b.durationSeconds : b.ok;
}

function eachService(value: (result: ServiceResult) => number | undefined) {
  return (data: ScrapeData) =>
    worstByPort(data).flatMap((result) => {
      const number = value(result);
      return number === undefined ? [] : [sample(labelsOf(result.service), number)];
    });
}

type StepResult = ServiceResult['steps'] extends ReadonlyMap<string, infer Result> ? Result : never;

function eachStep(value: (result: StepResult) => number) {
  return (data: ScrapeData) =>
    worstByPort(data).flatMap(({ service, steps }) =>
      [...steps].map(([step, result]) => sample({ ...labelsOf(service), step }, value(result))),
    );
}

function eachCertificate(value: (certificate: Certificate) => number | undefined) {
  return (data: ScrapeData) =>
    [...certificateByPort(data)].flatMap(([port, certificate]) => {
      const number = value(certificate);
      return number === undefined ? [] : [sample({ port: String(port) }, number)];
    });
}

/** One certificate for each port. Where ssl on one host and wss on another have the same port, it is the one that expires first. */
function certificateByPort(data: ScrapeData): ReadonlyMap<number, Certificate> {
  const first = new Map<number, Certificate>();
  for (const { service, certificate } of worstByPort(data)) {
    const other = first.get(service.port);
    if (certificate && (!other || certificate.notAfter < other.notAfter)) first.set(service.port, certificate);
  }
  return first;
}
