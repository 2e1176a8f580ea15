// What the web configuration file adds to the server: TLS and access control. Loaded only if there is such a file.
import type { FastifyBaseLogger, FastifyInstance, FastifyServerFactory } from 'fastify';
import { tlsServerFactory } from './connections/tls-server.ts';
import { accessControl } from './web-config/access-control.ts';
import type { WebConfigFile } from './web-config/read.ts';
import { createLiveWebConfig } from './web-config/reload.ts';

export interface Protection {
  /** A factory for Fastify's server; `undefined` without TLS. Connections without any transfer for `stallMs` are cut. */
  readonly serverFactory: (stallMs: number) => FastifyServerFactory | undefined;
  /** Adds access control to a server that has no routes yet. */
  readonly register: (app: FastifyInstance) => void;
  /** Reads the file again and logs the outcome. */
  readonly reload: () => void;
}

/** Protects servers as the file says at each moment. */
export function createProtection(web: WebConfigFile, log: FastifyBaseLogger): Protection {
  const live = createLiveWebConfig(web, log);
  return {
    serverFactory: (stallMs) => tlsServerFactory(live, stallMs),
    register: (app) => void app.register(accessControl, { live }),
    reload: () => live.reload(),
  };
}
