// Panels that show what is now: tiles, dials, bars, and the alerts that fire.
import { PanelBuilder as BarsBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  VizOrientation,
  type ReduceDataOptions,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as DialBuilder } from '@grafana/grafana-foundation-sdk/gauge';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { quiet } from '../absent-metrics.ts';
import { built, toRunbook } from '../links.ts';
import { firing, type Vector } from '../promql.ts';
import type { Severity } from '../rule.ts';
import { alerts } from '../rules.ts';
import { fixed, panel, type Line, type Look, type Panel } from './panel.ts';

const LAST: ReduceDataOptions = { calcs: ['lastNotNull'], fields: '', values: false };

/** The colour of each severity, on all dashboards. */
export const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = {
  critical: 'red',
  warning: 'orange',
  info: 'blue',
};

/** A number, with the colour of its threshold as background. */
export function stat(title: string, expr: Vector, look: Look): Panel {
  return panel(title, [['', expr]], look, 'now', () => tile(BigValueTextMode.Value));
}

/** The names of the series, one tile each. */
export function names(title: string, line: Line, look: Look): Panel {
  return panel(title, [line], look, 'now', () => tile(BigValueTextMode.Name));
}

/** The alerts that fire, in the colours of their severities; each leads to what the runbook says about it. */
export function firingAlerts(title: string, legend: string, look: Look): Panel {
  const line: Line = [legend, quiet(firing(), 'no alert fires')];
  return panel(title, [line], look, 'now', ({ seriesRunbookUrl }) => {
    const builder = tile(BigValueTextMode.Name);
    for (const { alert, severity } of alerts()) {
      const { title, url, targetBlank } = toRunbook(alert, seriesRunbookUrl);
      const links = { id: 'links', value: [{ title, url, targetBlank }] };
      builder.overrideByRegexp(`/\\b${alert}\\b/`, [fixed(SEVERITY_COLOURS[severity]), links]);
    }
    return builder;
  });
}

/** A number between a minimum and a maximum. */
export function dial(title: string, expr: Vector, look: Look & { min: number; max: number }): Panel {
  return panel(title, [['', expr]], look, 'now', () =>
    new DialBuilder().colorScheme(BY_THRESHOLD).reduceOptions(built(LAST)),
  );
}

/** Bars, one for each series. */
export function bars(title: string, line: Line, look: Look): Panel {
  return panel(title, [line], look, 'now', () =>
    new BarsBuilder()
      .colorScheme(BY_THRESHOLD)
      .displayMode(BarGaugeDisplayMode.Basic)
      .orientation(VizOrientation.Horizontal)
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
