// The web configuration in force: read again on request, and when its file or a file that it names has changed.
import { statSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { haveChanged, readWebConfig, type WebConfig, type WebConfigFile } from './read.ts';
import { CLIENT_AUTH_TYPES, type ClientAuthType } from './tls-names.ts';

export interface LiveWebConfig {
  /** The settings in force: the same object until they change. Reads the files, and reloads them if they have changed. */
  readonly current: () => WebConfig;
  /** Reads the files now and logs one line with the outcome: reloaded, unchanged or invalid. For SIGHUP. */
  readonly reload: () => void;
}

/**
 * Compares the contents of the files on every use, as exporter-toolkit reads them: no timer and no watcher, and no change is missed because
 * it fell into the same tick of a file system's clock. Each change is one log line. Invalid files are logged by key, and the previous
 * settings stay in force.
 */
export function createLiveWebConfig(first: WebConfigFile, log: FastifyBaseLogger): LiveWebConfig {
  let { contents, web } = first;
  let isValid = true;
  const file = first.path;
  const apply = (read: ReturnType<typeof readWebConfig>) => {
    contents = read.contents;
    // An editor empties a file before it writes it: that moment must not admit anyone without a password.
    const emptied = contents.get(file)?.length === 0;
    isValid = read.ok && !emptied;
    if (!read.ok || emptied) {
      const errors = read.ok ? [`${file}: is empty`] : read.errors;
      log.error({ errors }, 'web configuration is invalid; the previous one stays in force');
      return;
    }
    const keys = needRestart(first.web, read.web);
    if (keys.length === 0) log.info({ file }, 'web configuration and certificates reloaded');
    else log.warn({ file, keys }, 'web configuration reloaded; changes to these keys need a restart');
    web = read.web;
  };
  return {
    current: () => {
      if (!haveChanged(contents)) return web;
      const read = readWebConfig(file);
      if (!read.ok || !admitsMore(web, read.web) || !isBeingWritten(file)) apply(read);
      return web;
    },
    reload: () => {
      if (haveChanged(contents) || !isValid) apply(readWebConfig(file));
      else log.info({ file }, 'web configuration and certificates are unchanged');
    },
  };
}

const FROM_LAX_TO_STRICT: readonly ClientAuthType[] = Object.values(CLIENT_AUTH_TYPES);

/** Whether `after` admits clients that `before` refused: without a password, or without a certificate. */
function admitsMore(before: WebConfig, after: WebConfig): boolean {
  const strictness = ({ tls }: WebConfig) => (tls ? FROM_LAX_TO_STRICT.indexOf(tls.clientAuth) : 0);
  const dropsUsers = before.users.size > 0 && after.users.size === 0;
  const dropsNames = before.tls?.allowedSans !== undefined && after.tls?.allowedSans === undefined;
  return dropsUsers || dropsNames || strictness(after) < strictness(before);
}

const WRITE_GRACE_MS = 1000;

/** Whether the file changed a moment ago: if it is written in place, its users may not have been written yet. */
function isBeingWritten(file: string): boolean {
  // Of a file written in this millisecond, the age can be a little below 0.
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.abs(age) < WRITE_GRACE_MS;
}

/** The keys whose change needs another kind of server than the one that listens. */
function needRestart(first: WebConfig, wanted: WebConfig): string[] {
  return [
    ...((first.tls === undefined) === (wanted.tls === undefined) ? [] : ['tls_server_config']),
    ...(first.http2 === wanted.http2 ? [] : ['http_server_config.http2']),
  ];
}
