// The kinds of panels that dashboards are made of, in Grafana's own terms.
import { TARGET_LABELS } from './catalogue.ts';
import type { Vector } from './promql.ts';

export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** Added to every selector of a dashboard. */
export const ON_INSTANCE = 'instance="$instance"';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

/** One line of a panel: what it shows, and how it is called. `{{label}}` in a legend is the value of that label. */
export type Line = readonly [legend: string, expr: Vector];

/** Colours from a value on: the first holds from minus infinity. */
export type Steps = readonly [base: string, ...rest: readonly (readonly [from: number, colour: string])[]];

export interface Panel {
  readonly title: string;
  /** in 24ths of the width of the screen */
  readonly width: number;
  readonly type: string;
  readonly body: JsonObject;
}

interface Look {
  readonly description: string;
  readonly width: number;
  readonly unit: string;
  readonly steps?: Steps;
  readonly min?: number;
  readonly max?: number;
  /** instead of "No data" */
  readonly noValue?: string;
  /** text for a value, and its colour */
  readonly mappings?: Readonly<Record<string, readonly [text: string, colour: string]>>;
}

/** A number, with the colour of its threshold as background. */
export function stat(title: string, expr: Vector, look: Look): Panel {
  const options = { colorMode: 'background', graphMode: 'none', reduceOptions: LAST, textMode: 'value' };
  return panel('stat', title, [['', expr]], look, {}, options, true);
}

/** A number between a minimum and a maximum. */
export function dial(title: string, expr: Vector, look: Look & { min: number; max: number }): Panel {
  return panel('gauge', title, [['', expr]], look, {}, { reduceOptions: LAST, showThresholdMarkers: true }, true);
}

/** Bars, one for each series. */
export function bars(title: string, line: Line, look: Look): Panel {
  const options = { displayMode: 'basic', orientation: 'horizontal', reduceOptions: LAST };
  return panel('bargauge', title, [line], look, {}, options, true);
}

/** Lines over time. `stacked` puts them on top of each other; steps are drawn as lines. */
export function timeSeries(title: string, lines: readonly Line[], look: Look & { stacked?: true }): Panel {
  const custom = {
    fillOpacity: look.stacked ? 40 : 5,
    lineWidth: 1,
    showPoints: 'never',
    stacking: { mode: look.stacked ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: look.steps ? 'line' : 'off' },
  };
  const options = { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } };
  return panel('timeseries', title, lines, look, custom, options, false);
}

/** Coloured bands over time, one for each state. */
export function states(title: string, line: Line, look: Look): Panel {
  const options = { mergeValues: true, rowHeight: 0.8, showValue: 'auto' };
  return panel('state-timeline', title, [line], look, { fillOpacity: 70 }, options, false);
}

/** The names of the series, one tile each. */
export function names(title: string, line: Line, look: Look): Panel {
  const options = { colorMode: 'background', graphMode: 'none', reduceOptions: LAST, textMode: 'name' };
  return panel('stat', title, [line], look, {}, options, true);
}

const LAST = { calcs: ['lastNotNull'], fields: '', values: false };

function panel(
  type: string,
  title: string,
  lines: readonly Line[],
  look: Look,
  custom: JsonObject,
  options: JsonObject,
  instant: boolean,
): Panel {
  const { unit, min, max, noValue } = look;
  const defaults = {
    color: { mode: type === 'timeseries' ? 'palette-classic' : 'thresholds' },
    custom,
    mappings: mappings(look.mappings ?? {}),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(noValue !== undefined && { noValue }),
    thresholds: { mode: 'absolute', steps: steps(look.steps ?? ['green']) },
    unit,
  };
  const body = {
    datasource: DATASOURCE,
    description: look.description,
    fieldConfig: { defaults, overrides: [] },
    options,
    targets: lines.map((line, index) => target(line, index, instant)),
  };
  return { title, width: look.width, type, body };
}

/** Throws for a legend with a label that the series do not have. */
function target([legend, expr]: Line, index: number, instant: boolean): JsonObject {
  const labels: readonly string[] = [...expr.labels, ...TARGET_LABELS];
  for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
    if (!labels.includes(label)) throw new Error(`${legend}: the series have no label ${label}`);
  }
  return {
    datasource: DATASOURCE,
    expr: expr.text(ON_INSTANCE),
    ...(instant ? { instant: true, range: false } : { instant: false, range: true }),
    legendFormat: legend,
    refId: String.fromCharCode(65 + index),
  };
}

function steps([base, ...rest]: Steps): Json {
  return [{ color: base, value: null }, ...rest.map(([value, color]) => ({ color, value }))];
}

function mappings(texts: NonNullable<Look['mappings']>): Json {
  const entries = Object.entries(texts).map(
    ([value, [text, color]], index) => [value, { color, index, text }] as const,
  );
  return entries.length === 0 ? [] : [{ type: 'value', options: Object.fromEntries(entries) }];
}
