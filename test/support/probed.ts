// A simulated server with client ports, an exporter that probes them, and what a scrape shows of that.
import type { Simulator, SimulatorOptions } from '../../src/simulator/server.ts';
import { electrumx } from './electrumx.ts';
import { exporterFor, type TestExporter } from './exporter.ts';
import { series, valueOf, type Exposition } from './exposition.ts';

export const TRANSPORTS = ['tcp', 'ssl', 'ws', 'wss'] as const;
export const STEPS = ['connect', 'tls', 'version', 'tip', 'balance', 'daemon', 'features'] as const;
/** Probes on every scrape. */
export const EVERY_SCRAPE = '--collector.probe.min-interval=0s';
/** Makes a scrape end after 0.7 seconds. */
export const BRIEFLY = { 'x-prometheus-scrape-timeout-seconds': '1.2' };

export interface Probed {
  readonly simulator: Simulator;
  readonly exporter: TestExporter;
}

/** A server with four client ports, and an exporter that knows them by SERVICES. */
export async function probed(
  options: Partial<SimulatorOptions> = {},
  { flags = [], env = {}, now }: { flags?: readonly string[]; env?: Record<string, string>; now?: () => number } = {},
): Promise<Probed> {
  const simulator = await electrumx({ services: TRANSPORTS.map((transport) => ({ transport })), ...options });
  const exporter = await exporterFor(simulator.port, {
    flags: [...flags],
    env: { SERVICES: servicesOf(simulator), ...env },
    ...(now && { now }),
  });
  return { simulator, exporter };
}

/** The client ports as SERVICES has them. */
export const servicesOf = ({ services }: Simulator): string =>
  services.map(({ transport, host, port }) => `${transport}://${host}:${port}`).join();

/** The values of a metric by transport, and by step if it has that label. */
export function byTransport(exposition: Exposition, name: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(series(exposition, `electrumx_probe_${name}`)).map(([labels, value]) => {
      const [, step = ''] = /step="(\w+)"/.exec(labels) ?? [];
      return [`${/transport="(\w+)"/.exec(labels)?.[1] ?? ''} ${step}`.trim(), value];
    }),
  );
}

/** The same value for each transport. */
export const allTransports = (value: number) => Object.fromEntries(TRANSPORTS.map((transport) => [transport, value]));

/** The first failing step of each transport, or `ok`. */
export function outcomes(exposition: Exposition): Record<string, string> {
  const steps = byTransport(exposition, 'step_success');
  return Object.fromEntries(
    TRANSPORTS.map((transport) => [transport, STEPS.find((step) => steps[`${transport} ${step}`] === 0) ?? 'ok']),
  );
}

/** The outcomes when each transport fails the step. */
export const allFail = (step: string) => Object.fromEntries(TRANSPORTS.map((transport) => [transport, step]));

/** What was counted, as `step kind`. */
export function failures(exposition: Exposition): Record<string, number> {
  const counted = Object.entries(series(exposition, 'electrumx_probe_failures_total')).filter(([, count]) => count > 0);
  return Object.fromEntries(
    counted.map(([labels, count]) => [
      `${/step="(\w+)"/.exec(labels)?.[1] ?? ''} ${/kind="(\w+)"/.exec(labels)?.[1] ?? ''}`,
      count,
    ]),
  );
}

/** A metric about one collector. */
export const collector = (exposition: Exposition, name: string, of = 'probe') =>
  valueOf(exposition, `electrumx_scrape_collector_${name}`, { collector: of });

/** The sample lines of what a wallet sees. */
export const probeLines = ({ lines }: Exposition) => lines.filter((line) => line.startsWith('electrumx_probe_'));

/** Whether each of the collectors that query LocalRPC succeeded. */
export const localRpcData = (exposition: Exposition) =>
  ['getinfo', 'groups', 'sessions', 'peers'].map((name) => collector(exposition, 'success', name));
