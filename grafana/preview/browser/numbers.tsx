// Panels of numbers: stat and bargauge with Grafana's components, gauge with a dial of the preview's, whose component is not public.
import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  VizOrientation,
  type DisplayValue,
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type ReduceDataOptions,
} from '@grafana/data';
import { BarGauge, BigValue, VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui';
import type { JSX } from 'react';
import type { Drawn } from './drawn.ts';

type Repeated = VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>;

export function Stat(drawn: Drawn): JSX.Element {
  const { options, theme } = drawn;
  return repeat(drawn, { itemSpacing: 3, autoGrid: true }, ({ value, width, height, alignmentFactors, count }) => (
    <BigValue
      value={value.display}
      count={count}
      width={width}
      height={height}
      theme={theme}
      alignmentFactors={alignmentFactors}
      colorMode={options['colorMode'] as never}
      graphMode={options['graphMode'] as never}
      justifyMode={options['justifyMode'] as never}
      textMode={options['textMode'] as never}
      text={options['text'] as never}
      disableWideLayout={options['wideLayout'] === false}
    />
  ));
}

export function Bars(drawn: Drawn): JSX.Element {
  const { options, theme } = drawn;
  const maxVizHeight = Number(options['maxVizHeight'] ?? 300);
  const sizes = { itemSpacing: 10, minVizWidth: 8, minVizHeight: 16, maxVizHeight };
  return repeat(drawn, sizes, ({ value, width, height, alignmentFactors, orientation }) => (
    <BarGauge
      value={withTitle(value)}
      field={value.field}
      display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
      width={width}
      height={height}
      theme={theme}
      orientation={orientation}
      alignmentFactors={alignmentFactors}
      displayMode={options['displayMode'] as never}
      showUnfilled={options['showUnfilled'] as never}
      valueDisplayMode={options['valueMode'] as never}
      namePlacement={options['namePlacement'] as never}
      itemSpacing={10}
      text={options['text'] as never}
    />
  ));
}

/** Half a circle that fills up to its value, in the colour of the value. */
export function Dial(drawn: Drawn): JSX.Element {
  return repeat(drawn, { itemSpacing: 8, autoGrid: true }, ({ value, width, height }) => {
    const { field, display } = value;
    const [min, max] = [field.min ?? 0, field.max ?? 100];
    const share = Math.min(1, Math.max(0, (display.numeric - min) / (max - min)));
    const thickness = Math.min(width / 2, height) * 0.2;
    const radius = Math.min(width / 2, height - 8) - thickness / 2;
    const [x, y] = [width / 2, (height + radius) / 2 + thickness / 4];
    const arc = (to: number) => {
      const angle = Math.PI * (1 - to);
      return `M ${x - radius} ${y} A ${radius} ${radius} 0 0 1 ${x + radius * Math.cos(angle)} ${y - radius * Math.sin(angle)}`;
    };
    const text = textOf(display);
    const known = !Number.isNaN(display.numeric);
    const size = known ? radius * 0.4 : 14;
    const line = { fill: 'none', strokeWidth: thickness };
    return (
      <svg width={width} height={height}>
        <path d={arc(1)} {...line} stroke={drawn.theme.colors.background.secondary} />
        {known && share > 0 && <path d={arc(share)} {...line} stroke={display.color} />}
        <text
          x={x}
          y={y}
          textAnchor="middle"
          fontSize={size}
          fill={known ? display.color : drawn.theme.colors.text.primary}
        >
          {text}
        </text>
      </svg>
    );
  });
}

interface Sizes {
  readonly itemSpacing: number;
  readonly autoGrid?: boolean;
  readonly minVizWidth?: number;
  readonly minVizHeight?: number;
  readonly maxVizHeight?: number;
}

function repeat(drawn: Drawn, sizes: Sizes, renderValue: (props: Repeated) => JSX.Element): JSX.Element {
  const { frames, fieldConfig, options, theme, width, height, replaceVariables } = drawn;
  const reduceOptions = options['reduceOptions'] as ReduceDataOptions;
  const getValues = () =>
    getFieldDisplayValues({ data: frames, fieldConfig, reduceOptions, replaceVariables, theme, timeZone: 'utc' });
  const orientation = (options['orientation'] ?? VizOrientation.Auto) as VizOrientation;
  return (
    <VizRepeater
      {...sizes}
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={renderValue}
      source={frames}
      renderCounter={1}
      orientation={orientation}
      width={width}
      height={height}
    />
  );
}

function withTitle({ display, name }: FieldDisplay): DisplayValue {
  return { ...display, title: display.title ?? name };
}

function textOf({ prefix = '', text, suffix = '' }: DisplayValue): string {
  return `${prefix}${text}${suffix}`;
}
