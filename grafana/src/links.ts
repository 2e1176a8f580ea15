// Links of panels and dashboards: to the runbook, and to each other.
import { DashboardLinkType, type DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import type { AlertName, DashboardUid } from './rule.ts';

/** Every dashboard has this tag, and links to all that have it. */
export const TAG = 'electrumx';

const LINK: DashboardLink = {
  title: '',
  type: DashboardLinkType.Link,
  icon: '',
  tooltip: '',
  tags: [],
  asDropdown: false,
  targetBlank: false,
  includeVars: false,
  keepTime: false,
};

/** The SDK expects builders for links; its own builder would hide them in a menu. */
export function built<Built>(value: Built): { build: () => Built } {
  return { build: () => value };
}

/** To all dashboards, which open with the same server and the same time. */
export const EACH_OTHER: DashboardLink = {
  ...LINK,
  title: 'ElectrumX',
  type: DashboardLinkType.Dashboards,
  icon: 'external link',
  tags: [TAG],
  includeVars: true,
  keepTime: true,
};

/** To the section of an alert in the runbook. */
export function toRunbook(alert: AlertName, runbookUrl: string): DashboardLink {
  const url = `${runbookUrl}#${alert.toLowerCase()}`;
  return { ...LINK, title: `Runbook: ${alert}`, url, targetBlank: true };
}

/** From a row of a table, with the columns `job` and `instance`, to the dashboard about that server. */
export function toServer(uid: DashboardUid, title: string): Pick<DashboardLink, 'title' | 'url'> {
  const column = (name: string) => `var-${name}=\${__data.fields.${name}:percentencode}`;
  const url = `/d/${uid}?\${datasource:queryparam}&${column('job')}&${column('instance')}&\${__url_time_range}`;
  return { title, url };
}
