// The options of fields, as Grafana registers them: what `fieldConfig` of a panel may hold, and how each value is applied.
import {
  createFieldConfigRegistry,
  displayNameOverrideProcessor,
  getValueFormats,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardFieldConfigEditorRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  type FieldOverrideContext,
} from '@grafana/data';
import type { FieldConfigJson } from '../input.ts';

type Process = (value: never, context: FieldOverrideContext, settings?: never) => unknown;

const STANDARD: Readonly<Record<string, Process>> = {
  displayName: displayNameOverrideProcessor,
  unit: unitOverrideProcessor,
  min: numberOverrideProcessor,
  max: numberOverrideProcessor,
  decimals: numberOverrideProcessor,
  noValue: stringOverrideProcessor,
  thresholds: thresholdsOverrideProcessor,
  mappings: valueMappingsOverrideProcessor,
  // Variables in links are resolved when the link is drawn.
  links: identityOverrideProcessor,
  color: identityOverrideProcessor,
};

/** The options under `custom` that the dashboards use, of all kinds of panels. */
const CUSTOM = [
  ...['align', 'axisLabel', 'axisPlacement', 'axisSoftMax', 'axisSoftMin', 'cellOptions', 'drawStyle', 'fillOpacity'],
  ...[
    'filterable',
    'hideFrom',
    'hideFrom.viz',
    'inspect',
    'lineInterpolation',
    'lineStyle',
    'lineWidth',
    'minWidth',
    'scaleDistribution',
  ],
  ...['showPoints', 'spanNulls', 'stacking', 'thresholdsStyle', 'width', 'wrapText'],
];

export function createRegistry(): FieldConfigOptionsRegistry {
  const registry = createFieldConfigRegistry({}, 'preview');
  for (const name of CUSTOM)
    registry.register({ ...item(name, identityOverrideProcessor), id: `custom.${name}`, isCustom: true });
  return registry;
}

/** Has to run once, before the first registry is made. */
export function registerStandardOptions(): void {
  standardFieldConfigEditorRegistry.setInit(() =>
    Object.entries(STANDARD).map(([name, process]) => item(name, process)),
  );
}

/** What Grafana would show as it is, after the value: units that it does not know. `suffix:blocks` and its like mean just that. */
export function unknownUnits(config: FieldConfigJson | undefined): string[] {
  const known = new Set(getValueFormats().flatMap(({ submenu = [] }) => submenu.map(({ value }) => value)));
  const overridden = (config?.overrides ?? []).flatMap(({ properties }) =>
    properties.filter(({ id }) => id === 'unit'),
  );
  const units = [config?.defaults['unit'] ?? '(no unit)', ...overridden.map(({ value }) => value)].map(String);
  return units.filter((unit) => !known.has(unit) && !/^(prefix|suffix|time|si|count|currency|bool):/.test(unit));
}

function item(name: string, process: Process): FieldConfigPropertyItem {
  const nothing = () => null;
  return {
    id: name,
    path: name,
    name,
    description: '',
    editor: nothing as never,
    override: nothing as never,
    process: process as never,
    shouldApply: () => true,
    settings: {},
  };
}
