// The web config in force: read again when its file, or a file that it names, has changed, without a restart.
import type { FastifyBaseLogger } from 'fastify';
import { haveChanged, readWebConfig, type WebConfig, type WebConfigFile } from './web-config-file.ts';

/** The settings at this moment: the same object until something has changed. */
export type LiveWebConfig = () => WebConfig;

/**
 * Looks at the files each time it is asked, as exporter-toolkit does: there is no timer and no watcher. The files are small, and
 * comparing what they say misses no change that comes in the same tick of a file system's clock. A change is worth one line in the log;
 * when it is a mistake, the line names the key, and what was in force before stays in force.
 */
export function keepReading(first: WebConfigFile, log: FastifyBaseLogger): LiveWebConfig {
  let { contents, web } = first;
  const file = first.path;
  return () => {
    if (!haveChanged(contents)) return web;
    const read = readWebConfig(file);
    contents = read.contents;
    if (!read.ok) {
      log.error({ mistakes: read.mistakes }, 'the web config is of no use now; serving with the one from before');
      return web;
    }
    const later = settledAtStart(web, read.web);
    if (later.length === 0) log.info({ file }, 'web config and certificates read again');
    else log.warn({ file, keys: later }, 'web config read again; what it says under these keys needs a restart');
    web = { ...read.web, http2: web.http2, tls: later.includes('tls_server_config') ? web.tls : read.web.tls };
    return web;
  };
}

/** The keys that ask for another kind of server than the one that listens. */
function settledAtStart(now: WebConfig, wanted: WebConfig): string[] {
  return [
    ...((now.tls === undefined) === (wanted.tls === undefined) ? [] : ['tls_server_config']),
    ...(now.http2 === wanted.http2 ? [] : ['http_server_config.http2']),
  ];
}
