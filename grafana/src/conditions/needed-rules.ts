// The rules that one alert needs, so that promtool need not evaluate all others for each of hundreds of cases.
import { ruleEntry, type AlertName } from '../rule.ts';
import { GROUPS } from '../rules.ts';

/** A rule file, in the order of the real one, with the alert and all recordings and alerts that it looks at. */
export function rulesFor(alert: AlertName): object {
  const rules = GROUPS.flatMap((group) => group.rules).map((rule) => {
    const name = 'record' in rule ? rule.record : rule.alert;
    return { rule, name, expr: rule.expr.text('') };
  });
  const needed = new Set<string>([alert]);
  for (const name of needed) {
    const expr = rules.find((rule) => rule.name === name)?.expr ?? '';
    for (const other of rules) if (expr.includes(other.name)) needed.add(other.name);
  }
  const entries = rules.filter(({ name }) => needed.has(name)).map(({ rule }) => ruleEntry(rule, {}));
  return { groups: [{ name: alert, rules: entries }] };
}
