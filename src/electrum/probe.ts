// The probe: what a wallet gets from each client port of a server, tried on all ports in parallel.
import { setMaxListeners } from 'node:events';
import type { Service } from '../electrumx/services.ts';
import { certificateFingerprint } from './certificate.ts';
import { STEP_FAILURE_KINDS, STEPS, type FailureKind, type Step } from './failure.ts';
import { probeService, type ServiceMemory, type ServiceResult } from './probe-service.ts';
import { OFFERS } from './protocol.ts';

export interface ProbeOptions {
  readonly services: readonly Service[];
  /** for each service, from the connection to the last reply */
  readonly timeoutMs: number;
  /** for `server.version`; ElectrumX keeps 17 characters of it */
  readonly clientName: string;
  /** ElectrumX's SSL_CERTFILE, read again by each probe */
  readonly certificateFile?: string | undefined;
}

export interface RunOptions {
  /** genesis hash of the coin; without it, the first that a service reports is expected */
  readonly genesisHash?: string | undefined;
  /** Ends the probe: steps that are not done fail with `timeout`. */
  readonly signal?: AbortSignal | undefined;
}

/** How often a step has failed in one way since the start. */
export interface FailureCount {
  readonly step: Step;
  readonly kind: FailureKind;
  readonly count: number;
}

export interface ProbeResult {
  /** in the order of the options */
  readonly services: readonly ServiceResult[];
  /** seconds since the epoch at which the lowest of the tips was made; absent when it is not known */
  readonly tipTimestamp?: number;
  /** whether all services that report a genesis block report the right one; absent when none does */
  readonly genesisMatch?: boolean;
  /** every pair of a step and a kind, those that never occurred with 0 */
  readonly failures: readonly FailureCount[];
}

export interface Probe {
  /** Probes all services once, in `timeoutMs` at most. A failing service is a result, not a rejection. */
  run(options?: RunOptions): Promise<ProbeResult>;
}

/** Makes a probe of fixed services. It keeps what does not change between probes, and counts failures. */
export function createProbe(options: ProbeOptions): Probe {
  const memories = options.services.map((): ServiceMemory => ({ offer: OFFERS[0] }));
  const failures = failureCounter();
  let firstGenesisHash: string | undefined;
  return {
    run: async ({ genesisHash, signal } = {}) => {
      const { certificateFile } = options;
      const fingerprint = certificateFile === undefined ? undefined : await certificateFingerprint(certificateFile);
      const services = await withDeadline(options.timeoutMs, signal, (deadline) =>
        Promise.all(
          options.services.map((service, index) =>
            probeService(service, {
              clientName: options.clientName,
              fingerprint,
              memory: memories[index] as ServiceMemory,
              signal: deadline,
            }),
          ),
        ),
      );
      for (const { steps } of services) failures.count(steps);
      firstGenesisHash ??= services.find((service) => service.genesisHash)?.genesisHash;
      return { services, ...summary(services, genesisHash ?? firstGenesisHash), failures: failures.all() };
    },
  };
}

/** Gives `work` a signal that aborts after `timeoutMs`, with `outer`, and when the work is done. */
async function withDeadline<T>(
  timeoutMs: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // a few for each service
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted === true) abort();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
    abort();
  }
}

function summary(
  services: readonly ServiceResult[],
  expectedGenesis: string | undefined,
): Pick<ProbeResult, 'tipTimestamp' | 'genesisMatch'> {
  const tips = services.flatMap(({ tip }) => tip ?? []).sort((a, b) => a.height - b.height);
  const timestamp = tips[0]?.timestamp;
  const hashes = services.flatMap(({ genesisHash }) => genesisHash ?? []);
  return {
    ...(timestamp !== undefined && { tipTimestamp: timestamp }),
    ...(hashes.length > 0 && { genesisMatch: hashes.every((hash) => hash === expectedGenesis) }),
  };
}

function failureCounter() {
  const counts = STEPS.flatMap((step) => STEP_FAILURE_KINDS[step].map((kind) => ({ step, kind, count: 0 })));
  return {
    count: (steps: ServiceResult['steps']) => {
      for (const entry of counts) if (steps.get(entry.step)?.kind === entry.kind) entry.count++;
    },
    all: (): FailureCount[] => counts.map((entry) => ({ ...entry })),
  };
}
