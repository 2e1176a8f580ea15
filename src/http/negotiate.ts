// Chooses the exposition format by the Accept header.
import Negotiator from 'negotiator';

const TEXT = 'text/plain;version=0.0.4';
const OPENMETRICS = 'application/openmetrics-text;version=1.0.0';

/** `openmetrics` for clients that prefer it by name, `text` for all others. */
export function acceptedFormat(accept: string | undefined): 'text' | 'openmetrics' {
  // Prometheus 3 adds how names are to be escaped, which ours do not need; the charset is always utf-8.
  const plain = accept?.replace(/;\s*(?:escaping|charset)=[^;,]*/gi, '');
  const preferred = new Negotiator({ headers: { accept: plain } }).mediaType([TEXT, OPENMETRICS]);
  return preferred === OPENMETRICS ? 'openmetrics' : 'text';
}
