// Reads the web config file and the files that it names, before anything listens.
import { readFileSync } from 'node:fs';
import { checkCredentials } from './credentials.ts';
import { complainAbout, parseWebConfig, type ParsedWebConfig } from './web-config.ts';

/** What the file at `path` says, or every mistake in it and in its certificates. It never throws. */
export function readWebConfig(path: string): ParsedWebConfig {
  const mistakes: string[] = [];
  const complain = complainAbout(path, mistakes);
  const text = readText(path);
  if (typeof text !== 'string') {
    complain('', undefined, `cannot be read: ${text.code}; expected a file in exporter-toolkit's web config format`);
    return { ok: false, mistakes };
  }
  const parsed = parseWebConfig(text, path);
  if (!parsed.ok || parsed.web.tls === undefined) return parsed;
  checkCredentials(parsed.web.tls, complain);
  return mistakes.length === 0 ? parsed : { ok: false, mistakes };
}

function readText(path: string): string | { readonly code: string } {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'unknown reason' };
  }
}
