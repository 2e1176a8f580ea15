// The web config in force: read again when its file, or a file that it names, has changed, without a restart.
import { statSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { CLIENT_AUTH, type ClientAuth } from './tls-names.ts';
import { haveChanged, readWebConfig, type WebConfig, type WebConfigFile } from './read.ts';

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
    if (read.ok && letsMoreIn(web, read.web) && isBeingWritten(file)) return web;
    contents = read.contents;
    // Whoever writes a file empties it first: that moment must not let anyone in without a password.
    const emptied = contents.get(file)?.length === 0;
    if (!read.ok || emptied) {
      const mistakes = read.ok ? [`${file}: is empty`] : read.mistakes;
      log.error({ mistakes }, 'the web config is of no use now; serving with the one from before');
      return web;
    }
    const later = settledAtStart(first.web, read.web);
    if (later.length === 0) log.info({ file }, 'web config and certificates read again');
    else log.warn({ file, keys: later }, 'web config read again; what it says under these keys needs a restart');
    return (web = read.web);
  };
}

const FROM_LAX_TO_STRICT: readonly ClientAuth[] = Object.values(CLIENT_AUTH);

/** Whether people get in who did not before: without a password, or without a certificate. */
function letsMoreIn(before: WebConfig, after: WebConfig): boolean {
  const strictness = ({ tls }: WebConfig) => (tls ? FROM_LAX_TO_STRICT.indexOf(tls.clientAuth) : 0);
  const withoutUsers = before.users.size > 0 && after.users.size === 0;
  const withoutNames = before.tls?.allowedSans !== undefined && after.tls?.allowedSans === undefined;
  return withoutUsers || withoutNames || strictness(after) < strictness(before);
}

const TIME_TO_WRITE_MS = 1000;

/** Perhaps: of a file that is written in place there may be the first half only, and the users in the other one. */
function isBeingWritten(file: string): boolean {
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age >= 0 && age < TIME_TO_WRITE_MS;
}

/** The keys that ask for another kind of server than the one that listens, and are not looked at again. */
function settledAtStart(first: WebConfig, wanted: WebConfig): string[] {
  return [
    ...((first.tls === undefined) === (wanted.tls === undefined) ? [] : ['tls_server_config']),
    ...(first.http2 === wanted.http2 ? [] : ['http_server_config.http2']),
  ];
}
