// Panels over time: lines with Grafana's component, states with bands of the preview's, whose component is not public.
import { dateTime, getDisplayProcessor, getFieldDisplayName, type DataFrame, type TimeRange } from '@grafana/data';
import { TimeSeries, type UPlotConfigBuilder } from '@grafana/ui';
import type { JSX } from 'react';
import type { Mark } from '../input.ts';
import type { Drawn } from './drawn.ts';

const LABEL_WIDTH = 110;
const AXIS_HEIGHT = 22;

export function Lines(drawn: Drawn): JSX.Element {
  const { frames, options, theme, marks, from, to, width, height } = drawn;
  return (
    <TimeSeries
      frames={frames}
      structureRev={1}
      width={width}
      height={height}
      timeRange={timeRange(from, to)}
      timeZone="utc"
      legend={options['legend'] as never}
    >
      {(builder) => {
        addMarks(builder, marks, (colour) => theme.visualization.getColorByName(colour));
        return null;
      }}
    </TimeSeries>
  );
}

/** Grafana draws an annotation as a dashed line with a triangle at its foot. */
function addMarks(builder: UPlotConfigBuilder, marks: readonly Mark[], colourOf: (name: string) => string): void {
  builder.addHook('draw', (plot) => {
    const { ctx, bbox } = plot;
    for (const mark of marks) {
      const x = plot.valToPos(mark.time, 'x', true);
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = colourOf(mark.colour);
      ctx.lineWidth = 2;
      ctx.setLineDash([5, 5]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x - 5, bbox.top + bbox.height + 5);
      ctx.lineTo(x + 5, bbox.top + bbox.height + 5);
      ctx.lineTo(x, bbox.top + bbox.height - 2);
      ctx.fill();
      ctx.restore();
    }
  });
}

/** A row for each series, and a band for each time in which its value means the same. */
export function States({ frames, theme, from, to, width, height }: Drawn): JSX.Element {
  const plot = { left: LABEL_WIDTH, width: width - LABEL_WIDTH - 8, height: height - AXIS_HEIGHT };
  const rowHeight = plot.height / Math.max(1, frames.length);
  const x = (time: number) => plot.left + ((time - from) / (to - from)) * plot.width;
  const small = { fontSize: 12, fill: theme.colors.text.primary };
  return (
    <svg width={width} height={height}>
      {frames.map((frame, row) => (
        <g key={row} transform={`translate(0 ${row * rowHeight})`}>
          <text x={LABEL_WIDTH - 8} y={rowHeight / 2 + 4} textAnchor="end" {...small} data-limit={LABEL_WIDTH - 8}>
            {nameOf(frame, frames)}
          </text>
          {bands(frame, theme).map(({ start, end, text, colour }) => (
            <g key={start}>
              <rect
                x={x(start)}
                y={rowHeight * 0.1}
                width={Math.max(1, x(end) - x(start))}
                height={rowHeight * 0.8}
                fill={colour}
                fillOpacity={0.7}
              />
              {x(end) - x(start) > 8 * text.length && (
                <text x={x(start) + 5} y={rowHeight / 2 + 4} {...small}>
                  {text}
                </text>
              )}
            </g>
          ))}
        </g>
      ))}
      {ticks(from, to, plot.width).map((time) => (
        <text key={time} x={x(time)} y={height - 5} textAnchor="middle" {...small}>
          {dateTime(time).utc().format('HH:mm')}
        </text>
      ))}
    </svg>
  );
}

interface Band {
  readonly start: number;
  end: number;
  readonly text: string;
  readonly colour: string;
}

function bands(frame: DataFrame, theme: Drawn['theme']): Band[] {
  const [times, field] = [frame.fields[0], frame.fields[1]];
  if (times === undefined || field === undefined) return [];
  const display = field.display ?? getDisplayProcessor({ field, theme });
  const found: Band[] = [];
  let open: Band | undefined;
  (times.values as number[]).forEach((time, index) => {
    if (open) open.end = time;
    const value: unknown = field.values[index];
    if (value === null) return void (open = undefined);
    const { text, color = 'grey' } = display(value);
    if (open?.text === text && open.colour === color) return;
    open = { start: time, end: time, text, colour: color };
    found.push(open);
  });
  return found;
}

function nameOf(frame: DataFrame, frames: DataFrame[]): string {
  const field = frame.fields[1];
  return field ? getFieldDisplayName(field, frame, frames) : '';
}

/** Full hours, or as many minutes apart that there is room for their labels. */
function ticks(from: number, to: number, width: number): number[] {
  const room = Math.max(1, Math.floor(width / 60));
  const minutes = [5, 10, 15, 30, 60, 120, 180, 360, 720].find((one) => (to - from) / (one * 60_000) <= room) ?? 1440;
  const every = minutes * 60_000;
  const first = Math.ceil((from + 1) / every) * every;
  // A label at the very end would be cut.
  const last = to - ((to - from) / width) * 20;
  return Array.from({ length: Math.max(0, Math.ceil((last - first) / every)) }, (_, index) => first + index * every);
}

function timeRange(from: number, to: number): TimeRange {
  const [start, end] = [dateTime(from), dateTime(to)];
  return { from: start, to: end, raw: { from: start, to: end } };
}
