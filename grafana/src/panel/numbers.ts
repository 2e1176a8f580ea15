// Panels that show the present: tiles and bars.
import { PanelBuilder as BarsBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeSizing,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  VizOrientation,
  type ReduceDataOptions,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { built } from '../links.ts';
import type { Vector } from '../promql.ts';
import { panel, type Line, type Look, type Panel } from './panel.ts';

const LAST: ReduceDataOptions = { calcs: ['lastNotNull'], fields: '', values: false };

/** Bars are not higher than a line of text needs. */
const BAR_HEIGHT = 30;

/** A number, with the colour of its threshold as background. */
export function stat(title: string, expr: Vector, look: Look): Panel {
  return panel({ title, lines: [['', expr]], look, kind: 'now' }, () => tile(BigValueTextMode.Value));
}

/** A tile for each series, with its name and its value. */
export function tiles(title: string, line: Line, look: Look): Panel {
  return panel({ title, lines: [line], look, kind: 'now' }, () => tile(BigValueTextMode.ValueAndName));
}

/** The value of a label. */
export function labelValue<Label extends string>(
  title: string,
  expr: Vector<Label>,
  look: Look & { label: Label },
): Panel {
  const { label } = look;
  return panel({ title, lines: [['', expr]], look, kind: 'rows' }, () =>
    tile(BigValueTextMode.Value).reduceOptions(built({ ...LAST, fields: `/^${label}$/` })),
  );
}

/** Bars, one for each series. */
export function bars(title: string, line: Line, look: Look): Panel {
  return panel({ title, lines: [line], look, kind: 'now' }, () =>
    new BarsBuilder()
      .colorScheme(BY_THRESHOLD)
      .displayMode(BarGaugeDisplayMode.Basic)
      .orientation(VizOrientation.Horizontal)
      .sizing(BarGaugeSizing.Manual)
      .maxVizHeight(BAR_HEIGHT)
      .reduceOptions(built(LAST)),
  );
}

const BY_THRESHOLD = built({ mode: FieldColorModeId.Thresholds });

function tile(text: BigValueTextMode): StatBuilder {
  return new StatBuilder()
    .colorScheme(BY_THRESHOLD)
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(text)
    .reduceOptions(built(LAST));
}
