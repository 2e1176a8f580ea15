// Every file of grafana/ that is made from the code.
import { DEFAULT_ADDRESSES, type Addresses } from './addresses.ts';
import { alertmanagerFile } from './alertmanager.ts';
import { dashboardFile } from './dashboard.ts';
import { DASHBOARDS } from './dashboards.ts';
import { receiverFiles } from './receivers.ts';
import { ruleFile } from './rules.ts';

/** Path from the top of the repository -> content. `npm run generate` writes them; a test fails when one is stale. */
export function generateGrafana(addresses: Addresses = DEFAULT_ADDRESSES): ReadonlyMap<string, string> {
  return new Map([
    ['grafana/rules/electrumx.rules.yml', ruleFile({ addresses })],
    ['grafana/alertmanager.yml', alertmanagerFile()],
    ...receiverFiles(),
    ...DASHBOARDS.map(
      (dashboard) => [`grafana/dashboards/${dashboard.uid}.json`, dashboardFile(dashboard, addresses)] as const,
    ),
  ]);
}
