// The dashboards and the rules as a mixin, for those who keep their monitoring in Jsonnet: `import 'electrumx-exporter/grafana/mixin.libsonnet'`.
local groups = std.parseYaml(importstr 'rules/electrumx.rules.yml').groups;

// A group's rules of one kind. Recording rules get another group name: some people put both kinds in one file, where names must be unique.
local only(kind, suffix) = [
  group { name: group.name + suffix, rules: rules }
  for group in groups
  for rules in [[rule for rule in group.rules if std.objectHas(rule, kind)]]
  if rules != []
];

{
  grafanaDashboards+:: {
    'electrumx-clients.json': import 'dashboards/electrumx-clients.json',
    'electrumx-exporter.json': import 'dashboards/electrumx-exporter.json',
    'electrumx-fleet.json': import 'dashboards/electrumx-fleet.json',
    'electrumx-index.json': import 'dashboards/electrumx-index.json',
    'electrumx-on-call.json': import 'dashboards/electrumx-on-call.json',
    'electrumx-peers.json': import 'dashboards/electrumx-peers.json',
  },
  prometheusAlerts+:: { groups+: only('alert', '') },
  prometheusRules+:: { groups+: only('record', '.rules') },
}
