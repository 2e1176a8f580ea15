// Reads the web config file and the files that it names.
import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { loadCredentials } from './certificates.ts';
import type { Pem, TlsSettings } from './tls-section.ts';
import { complainAbout, parseWebConfig, type WebSettings } from './parse.ts';
import type { Complain } from './yaml.ts';

/** How TLS is spoken: certificates, key, versions and ciphers as Node takes them, and which clients are let in. */
export type ServedTls = Pick<TlsSettings, 'clientAuth' | 'allowedSans'> & { readonly context: SecureContextOptions };

/** What a web config file without mistakes asks for, with all that is needed to do it. */
export type WebConfig = WebSettings<ServedTls>;

/** What stood in each file that was looked at, by path; for one that cannot be read, the code of the error. */
export type Contents = ReadonlyMap<string, Buffer | string>;

/** One look at a file without mistakes. */
export interface WebConfigFile {
  readonly ok: true;
  readonly path: string;
  readonly contents: Contents;
  readonly web: WebConfig;
}

/** With `unreadable`, the only mistakes are files that cannot be read. */
interface BadWebConfigFile {
  readonly ok: false;
  readonly contents: Contents;
  readonly unreadable: boolean;
  readonly mistakes: readonly string[];
}

/** What the file at `path` says, or every mistake in it and in its certificates. It never throws. */
export function readWebConfig(path: string): WebConfigFile | BadWebConfigFile {
  const contents = new Map<string, Buffer | string>();
  const mistakes: string[] = [];
  const complain = complainAbout(path, mistakes);
  const failed = (unreadable: boolean) => ({ ok: false, contents, unreadable, mistakes }) as const;
  const text = look(path, contents);
  if (typeof text === 'string') {
    complain('', undefined, `cannot be read: ${text}; expected a file in exporter-toolkit's web config format`);
    return failed(true);
  }
  const parsed = parseWebConfig(text.toString('utf8'), path);
  if (!parsed.ok) return { ...failed(false), mistakes: parsed.mistakes };
  const { tls } = parsed.settings;
  if (tls === undefined) return { ok: true, path, contents, web: { ...parsed.settings, tls } };
  const reader = pemReader(contents, complain);
  const context = loadCredentials(tls, reader.read, complain);
  if (context === undefined) return failed(mistakes.length === reader.unreadable());
  const { clientAuth, allowedSans } = tls;
  return { ok: true, path, contents, web: { ...parsed.settings, tls: { clientAuth, allowedSans, context } } };
}

/** Whether any of the files says something else now. */
export function haveChanged(contents: Contents): boolean {
  return [...contents].some(([path, before]) => {
    const now = contentOf(path);
    return typeof now === 'string' || typeof before === 'string' ? now !== before : !now.equals(before);
  });
}

function pemReader(contents: Map<string, Buffer | string>, complain: Complain) {
  let unreadable = 0;
  const read = (pem: Pem): Buffer | undefined => {
    if ('text' in pem) return Buffer.from(pem.text);
    const found = look(pem.file, contents);
    if (typeof found !== 'string') return found;
    unreadable += 1;
    complain(pem.at, pem.file, `cannot be read: ${found}`);
    return undefined;
  };
  return { read, unreadable: () => unreadable };
}

function look(path: string, contents: Map<string, Buffer | string>): Buffer | string {
  const found = contentOf(path);
  contents.set(path, found);
  return found;
}

function contentOf(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  }
}
