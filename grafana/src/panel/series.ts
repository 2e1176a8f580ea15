// Panels that show the past: lines over time.
import {
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ScaleDistribution,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  type VizLegendOptions,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId, type DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { built } from '../links.ts';
import { fixed, panel, type Line, type Look, type Panel } from './panel.ts';

interface SeriesLook extends Look {
  /** on top of each other, as they are or as shares of all */
  readonly stacked?: 'values' | 'shares';
  /** the axis ends here at least, so that a line at 0 is not on an axis up to 100 */
  readonly softMax?: number;
  /** series that are limits, with their colours: dashed, without an area below */
  readonly limits?: Readonly<Record<string, string>>;
  /** for values of very different sizes: steps of the axis are factors of 10 */
  readonly scale?: 'logarithmic';
  /** below the graph if not given; `none` where there is one series for each of many servers */
  readonly legend?: 'right' | 'none';
}

const STACKING = { values: StackingMode.Normal, shares: StackingMode.Percent } as const;

/** Lines over time; steps are drawn as dashed lines. */
export function timeSeries(title: string, lines: readonly Line[], look: SeriesLook): Panel {
  const { stacked, steps, softMax, scale, limits = {} } = look;
  return panel({ title, lines, look, kind: 'over time' }, () => {
    const builder = new TimeSeriesBuilder()
      .colorScheme(built(palette(lines)))
      .fillOpacity(stacked ? 40 : 5)
      .lineWidth(1)
      .showPoints(VisibilityMode.Never)
      .stacking(built({ mode: stacked ? STACKING[stacked] : StackingMode.None, group: 'A' }))
      .thresholdsStyle(built({ mode: steps ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off }))
      .legend(built(legend(look.legend)))
      .tooltip(built({ mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending }));
    if (softMax !== undefined) builder.axisSoftMax(softMax);
    if (scale) builder.scaleDistribution(built({ type: ScaleDistribution.Log, log: 10 }));
    for (const [index, [name]] of lines.entries()) {
      if (lines.length > 1 && !name.includes('{{')) builder.overrideByName(name, [fixed(COLOURS[index] ?? 'blue')]);
    }
    for (const [name, colour] of Object.entries(limits)) builder.overrideByName(name, limitLine(colour));
    return builder;
  });
}

/** For the lines of a graph in their order: no green, orange or red, which mean good, look and act. */
const COLOURS = ['blue', 'purple', 'super-light-blue'] as const;

/** Blue for one series, and its shades for those whose names are not known. */
function palette(lines: readonly Line[]): { mode: FieldColorModeId; fixedColor: string } {
  const many = lines.length > 1 || lines.some(([name]) => name.includes('{{'));
  return { mode: many ? FieldColorModeId.Shades : FieldColorModeId.Fixed, fixedColor: 'blue' };
}

function legend(placement: SeriesLook['legend']): VizLegendOptions {
  return {
    displayMode: LegendDisplayMode.List,
    placement: placement === 'right' ? LegendPlacement.Right : LegendPlacement.Bottom,
    showLegend: placement !== 'none',
    calcs: [],
  };
}

function limitLine(colour: string): DynamicConfigValue[] {
  return [
    fixed(colour),
    { id: 'custom.fillOpacity', value: 0 },
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
    { id: 'custom.stacking', value: { mode: StackingMode.None, group: 'A' } },
  ];
}
