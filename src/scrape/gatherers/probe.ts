// The collector that connects to the client ports as a wallet does.
import type { Derived, Environment } from '../../config/electrumx-env.ts';
import { named, option, type Option } from '../../config/option.ts';
import * as types from '../../config/option-types.ts';
import type { Probe, ProbeResult } from '../../electrum/probe.ts';
import { bracketed } from '../../electrumx/address.ts';
import { genesisHash } from '../../electrumx/genesis.ts';
import { plainInteger } from '../../electrumx/python-integer.ts';
import { atServer, parseServices, type Service } from '../../electrumx/services.ts';
import { sessionsLimit } from '../../electrumx/sessions-limit.ts';
import { collector, type Gather, type GatherContext } from '../collector.ts';
import { serverProcess } from './process.ts';

const services: Option<readonly Service[]> = {
  ...named('collector.probe.services'),
  type: {
    placeholder: 'SERVICE,...',
    expects: 'client ports such as tcp://127.0.0.1:50001,ssl://127.0.0.1:50002, separated by commas',
    parse: parseServices,
  },
  help: "Client ports to probe. If not given: the tcp, ssl, ws and wss entries of ElectrumX's SERVICES, else its TCP_PORT and SSL_PORT.",
  derive: servicesFromElectrumX,
};

const certificateFile: Option<string> = {
  flag: 'electrumx.ssl-certfile',
  env: 'SSL_CERTFILE',
  type: types.path,
  help: "ElectrumX's SSL_CERTFILE, as this exporter sees it, to detect that another certificate is served.",
};

export const probe = collector({
  name: 'probe',
  help: 'Connect to the client ports as a wallet does.',
  runs: 'beside',
  minInterval: '60s',
  options: {
    services,
    timeoutMs: option('collector.probe.timeout', {
      type: types.duration(100, 60_000),
      default: '10s',
      help: 'Time limit for one probe of a client port, whatever the time limit of the scrape is.',
    }),
    certificateFile,
  },
  create: ({ collectors, maxSessions, rpcAddress }, version): Gather<ProbeResult> => {
    const { services: configured = [], timeoutMs, certificateFile: file } = collectors.probe;
    const targets = configured.map((service) => atServer(service, rpcAddress.host));
    if (targets.length === 0) {
      return () =>
        Promise.resolve({ skipped: 'no client ports: neither --collector.probe.services nor SERVICES has any' });
    }
    const clientName = `electrumx-exporter/${version}`;
    let wallet: Promise<Probe> | undefined;
    const load = async () => {
      const { createProbe } = await import('../../electrum/probe.ts');
      return createProbe({ services: targets, timeoutMs, clientName, certificateFile: file });
    };
    return async (context) => {
      const { getinfo } = context.results;
      if ((getinfo?.sessions ?? 0) + targets.length + 1 >= (await limitInForce(context, maxSessions))) {
        return {
          skipped: 'the sessions of the probe would reach the limit at which ElectrumX closes its client ports',
        };
      }
      wallet ??= load();
      return { result: await (await wallet).run({ genesisHash: genesisHash(getinfo?.coin) }) };
    };
  },
});

/** Infinity if it is not known. The process that shows the limit of open files is read here, because its collector gathers at the same time. */
async function limitInForce(context: GatherContext, maxSessions: number | undefined): Promise<number> {
  const gathered = await serverProcess(context);
  const maxFds = 'result' in gathered ? gathered.result.maxFds : undefined;
  const { sessions } = context.results.getinfo ?? {};
  return sessionsLimit({ maxSessions, maxFds, sessions })?.limit ?? Infinity;
}

/** The entries of SERVICES (1.12 and later), else HOST with TCP_PORT and SSL_PORT (before), else nothing. */
function servicesFromElectrumX({ SERVICES, HOST, TCP_PORT, SSL_PORT }: Environment): Derived | undefined {
  if (SERVICES?.trim()) {
    const invalid = SERVICES.split(',').find((entry) => parseServices(entry) === undefined);
    const expects = 'PROTOCOL://[HOST]:PORT with tcp, ssl, ws, wss or rpc, without quotes';
    return { origin: 'SERVICES', given: invalid?.trim() ?? SERVICES, text: SERVICES, expects };
  }
  const ports = Object.entries({ tcp: TCP_PORT, ssl: SSL_PORT })
    .map(([transport, port = '']) => ({ transport, port: plainInteger(port) }))
    .filter(({ port }) => port !== '');
  if (ports.length === 0) return undefined;
  // HOST can be a list: the server listens on each, so the first one is enough.
  const [first = ''] = (HOST ?? '').split(',').map((host) => host.trim().replace(/^\[|\]$/g, ''));
  const text = ports.map(({ transport, port }) => `${transport}://${bracketed(first)}:${port}`).join();
  const invalid = ports.find(({ port }) => parseServices(`tcp://:${port}`) === undefined);
  return invalid
    ? {
        origin: `${invalid.transport.toUpperCase()}_PORT`,
        given: invalid.port,
        text,
        expects: 'a port from 1 to 65535',
      }
    : { origin: 'HOST', given: first, text, expects: 'the name or the address of a host' };
}
