// The addresses of Grafana and of the runbook: every operator has other ones.

export interface Addresses {
  /** without a slash at the end */
  readonly grafanaUrl: string;
  /** `#` and the name of an alert, in lower case, follow */
  readonly runbookUrl: string;
}

/** In an alert: the exporter that it is about serves the runbook. */
export const EXPORTERS_RUNBOOK = 'http://{{ $labels.instance }}/runbook';

/** Of the files in the repository: Grafana as it is installed, and the runbook of each exporter. */
export const DEFAULT_ADDRESSES: Addresses = { grafanaUrl: 'http://localhost:3000', runbookUrl: EXPORTERS_RUNBOOK };
