// What a panel is, and what all kinds of panels share.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { TARGET_LABELS } from '../catalogue.ts';
import { whyEmpty } from '../absent-metrics.ts';
import { built, toRunbook } from '../links.ts';
import type { Vector } from '../promql.ts';
import type { AlertName } from '../rule.ts';
import type { Duration } from '../time.ts';

export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** Grafana's range for rates: at least four scrapes, and longer if a long time is shown. */
export const RATE_INTERVAL = '$__rate_interval' as string as Duration;

/** One query of a panel, and what its series are called. `{{label}}` in a legend is the value of that label. */
export type Line = readonly [legend: string, expr: Vector];

/** Colours from a value on: the first holds from minus infinity. */
export type Steps = readonly [base: string, ...rest: readonly (readonly [from: number, colour: string])[]];

/** Text for a value, and its colour. */
export type States = Readonly<Record<string, readonly [text: string, colour: string]>>;

/** How values are shown, in a panel or in a column. */
export interface Format {
  /** one of the SDK's `units` */
  readonly unit: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly steps?: Steps;
  readonly states?: States;
}

export interface Look extends Format {
  /** the question that the panel answers */
  readonly asks: string;
  /** what a healthy server shows, and what else helps to read it */
  readonly normal: string;
  /** in 24ths of the width of the screen */
  readonly width: number;
  /** colours of series by name, where a name has a meaning */
  readonly colours?: Readonly<Record<string, string>>;
  /** the alerts that fire on what it shows: it links to their sections of the runbook */
  readonly alerts?: readonly AlertName[];
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly look: Look;
  readonly build: (context: PanelContext) => AnyPanelBuilder;
}

/** What a panel gets from its dashboard. */
export interface PanelContext {
  /** added to every selector */
  readonly scope: string;
  /** what links of panels to the runbook begin with; without it, panels have none */
  readonly runbookUrl: string | undefined;
  /** the same for links of a row of a table, which may be about any server */
  readonly rowRunbookUrl: string;
}

type Common = 'id' | 'title' | 'description' | 'datasource' | 'targets' | 'links' | 'span' | 'height';
type CommonFields = 'unit' | 'decimals' | 'min' | 'max' | 'thresholds' | 'colorScheme' | 'mappings' | 'noValue';

/** What the builders of all kinds of panels can do, whatever they return. */
export type AnyPanelBuilder = Builder<sdk.Panel> & {
  readonly [Name in Common | CommonFields | 'overrideByName' | 'overrideByRegexp']: (
    ...given: Parameters<PanelBuilder[Name]>
  ) => unknown;
};

/** What a panel queries: the value now, values over time, or rows. */
export type QueryKind = 'now' | 'over time' | 'rows';

/** Makes a panel. `make` creates the builder of its kind, with what only that kind has. */
export function panel(
  { title, lines, look, kind }: Pick<Panel, 'title' | 'lines' | 'look'> & { readonly kind: QueryKind },
  make: (context: PanelContext) => AnyPanelBuilder,
): Panel {
  const build = (context: PanelContext) => {
    const { scope, runbookUrl } = context;
    const builder = make(context);
    builder.title(title);
    builder.description(`${look.asks} ${look.normal}`);
    builder.datasource(DATASOURCE);
    builder.span(look.width);
    builder.targets(lines.map((line, index) => target(line, index, kind, scope)));
    if (runbookUrl !== undefined) {
      builder.links((look.alerts ?? []).map((alert) => built(toRunbook(alert, runbookUrl))));
    }
    if (lines[0]) builder.noValue(whyEmpty(lines[0][1]));
    format(builder, look);
    for (const [name, colour] of Object.entries(look.colours ?? {})) builder.overrideByName(name, [fixed(colour)]);
    return builder;
  };
  return { title, lines, look, build };
}

function format(builder: AnyPanelBuilder, { unit, decimals, min, max, steps, states }: Format): void {
  builder.unit(unit);
  if (decimals !== undefined) builder.decimals(decimals);
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  builder.thresholds(built(thresholds(steps ?? ['green'])));
  builder.mappings([...(states ? [mapping(states)] : []), NO_VALUE]);
}

/** Colours by value, as Grafana writes them. */
export function thresholds([base, ...rest]: Steps): sdk.ThresholdsConfig {
  const steps = [{ value: null, color: base }, ...rest.map(([value, color]) => ({ value, color }))];
  return { mode: sdk.ThresholdsMode.Absolute, steps };
}

/** Text and colour by value, as Grafana writes them. */
export function mapping(states: States): sdk.ValueMap {
  const options = Object.entries(states).map(([value, [text, color]], index) => [value, { text, color, index }]);
  return { type: sdk.MappingType.ValueToText, options: Object.fromEntries(options) as sdk.ValueMap['options'] };
}

/** The reason for no data must not have the colour of a threshold: unknown is neither good nor bad. */
const NO_VALUE: sdk.SpecialValueMap = {
  type: sdk.MappingType.SpecialValue,
  options: { match: sdk.SpecialValueMatch.NullAndNan, result: { color: '#6e7077', index: 100 } },
};

/** For an override: one colour, whatever the value. */
export function fixed(colour: string): sdk.DynamicConfigValue {
  return { id: 'color', value: { mode: sdk.FieldColorModeId.Fixed, fixedColor: colour } };
}

/** The name of a query in its panel: A, B, C. */
export function refId(index: number): string {
  return String.fromCharCode(65 + index);
}

/** Throws for a legend with a label that the series do not have. */
function target([legend, expr]: Line, index: number, kind: QueryKind, scope: string): DataqueryBuilder {
  const labels: readonly string[] = [...expr.labels, ...TARGET_LABELS];
  for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
    if (!labels.includes(label)) throw new Error(`${legend}: the series have no label ${label}`);
  }
  const query = new DataqueryBuilder()
    .datasource(DATASOURCE)
    .expr(expr.text(scope))
    .legendFormat(legend)
    .refId(refId(index));
  if (kind === 'over time') return query.range();
  return kind === 'rows' ? query.instant().format(PromQueryFormat.Table) : query.instant();
}
