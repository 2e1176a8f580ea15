// Panels that show what has been: lines over time, and states over time.
import {
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  type VizLegendOptions,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { built } from '../links.ts';
import { panel, type Line, type Look, type Panel, type States } from './panel.ts';

interface SeriesLook extends Look {
  /** on top of each other, as they are or as shares of all */
  readonly stacked?: 'values' | 'shares';
}

const STACKING = { values: StackingMode.Normal, shares: StackingMode.Percent } as const;

const LEGEND: VizLegendOptions = {
  displayMode: LegendDisplayMode.List,
  placement: LegendPlacement.Bottom,
  showLegend: true,
  calcs: [],
};

/** Lines over time; steps are drawn as dashed lines. */
export function timeSeries(title: string, lines: readonly Line[], look: SeriesLook): Panel {
  const { stacked, steps } = look;
  return panel(title, lines, look, 'over time', () =>
    new TimeSeriesBuilder()
      .colorScheme(built({ mode: FieldColorModeId.PaletteClassic }))
      .fillOpacity(stacked ? 40 : 5)
      .lineWidth(1)
      .showPoints(VisibilityMode.Never)
      .stacking(built({ mode: stacked ? STACKING[stacked] : StackingMode.None, group: 'A' }))
      .thresholdsStyle(built({ mode: steps ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off }))
      .legend(built(LEGEND))
      .tooltip(built({ mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending })),
  );
}

/** Coloured bands over time, one for each series. */
export function states(title: string, line: Line, look: Look & { readonly states: States }): Panel {
  return panel(title, [line], look, 'over time', () =>
    new StatesBuilder()
      .colorScheme(built({ mode: FieldColorModeId.Thresholds }))
      .fillOpacity(70)
      .mergeValues(true)
      .rowHeight(0.8)
      .showValue(VisibilityMode.Auto)
      .legend(built({ ...LEGEND, showLegend: false }))
      .tooltip(built({ mode: TooltipDisplayMode.Single, sort: SortOrder.None })),
  );
}
