// Every file of grafana/ that is made from the code.
import { alertmanagerFile } from './alertmanager.ts';
import { dashboardFile } from './dashboard.ts';
import { DASHBOARDS } from './dashboards.ts';
import { ruleFile } from './rules.ts';

/** Path from the top of the repository -> content. `npm run generate` writes them; a test fails when one is stale. */
export function generateGrafana(): ReadonlyMap<string, string> {
  return new Map([
    ['grafana/rules/electrumx.rules.yml', ruleFile()],
    ['grafana/alertmanager.yml', alertmanagerFile()],
    ...DASHBOARDS.map((dashboard) => [`grafana/dashboards/${dashboard.uid}.json`, dashboardFile(dashboard)] as const),
  ]);
}
