// Which format a scraper wants, by its Accept header.
import Negotiator from 'negotiator';

const TEXT = 'text/plain;version=0.0.4';
const OPENMETRICS = 'application/openmetrics-text;version=1.0.0';

/** `openmetrics` only for those who prefer it by name; everyone else, and everyone who says nothing, reads text. */
export function acceptedFormat(accept: string | undefined): 'text' | 'openmetrics' {
  // Prometheus 3 adds how it wants names escaped, and ours need none; charset is always utf-8.
  const plain = accept?.replace(/;\s*(?:escaping|charset)=[^;,]*/gi, '');
  const preferred = new Negotiator({ headers: { accept: plain } }).mediaType([TEXT, OPENMETRICS]);
  return preferred === OPENMETRICS ? 'openmetrics' : 'text';
}
