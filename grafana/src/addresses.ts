// Where people find Grafana and the runbook: every operator has other addresses.

export interface Addresses {
  /** without a slash at the end */
  readonly grafanaUrl: string;
  /** `#` and the name of an alert, in lower case, follow */
  readonly runbookUrl: string;
}

/** Of the files in the repository: Grafana as it is installed, and the runbook beside the rules. */
export const DEFAULT_ADDRESSES: Addresses = { grafanaUrl: 'http://localhost:3000', runbookUrl: 'docs/runbook.md' };
