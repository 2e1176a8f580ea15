// Data frames from query results, in the formats of Grafana's data source for Prometheus.
import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';
import type { SeriesResult, TargetResult } from '../input.ts';

/** A query over time or of now: a frame for each series. A query as a table: one frame for all of them. */
export function framesOf(results: readonly TargetResult[]): DataFrame[] {
  const many = results.length > 1;
  return results.flatMap((result) => {
    if (result.target.format === 'table') return result.series.length > 0 ? [tableOf(result, many)] : [];
    return result.series.map((series) => frameOf(series, result));
  });
}

function frameOf(series: SeriesResult, { target, stepMs }: TargetResult): DataFrame {
  const name = legendOf(target.legendFormat, series.labels);
  const { times, values } = target.range === true ? withGaps(series, stepMs) : series;
  return toDataFrame({
    refId: target.refId,
    name,
    fields: [
      { name: 'Time', type: FieldType.time, values: [...times], config: { interval: stepMs } },
      {
        name: 'Value',
        type: FieldType.number,
        values: [...values],
        labels: { ...series.labels },
        config: { displayNameFromDS: name },
      },
    ],
  });
}

/** Nulls where points are missing, so that no line is drawn across. */
function withGaps({ times, values }: SeriesResult, stepMs: number): { times: number[]; values: (number | null)[] } {
  const all: { times: number[]; values: (number | null)[] } = { times: [], values: [] };
  times.forEach((time, index) => {
    const before = times[index - 1];
    if (before !== undefined && time - before > stepMs) {
      all.times.push(before + stepMs);
      all.values.push(null);
    }
    all.times.push(time);
    all.values.push(values[index] ?? null);
  });
  return all;
}

function tableOf({ target, series }: TargetResult, many: boolean): DataFrame {
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].sort();
  return toDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: series.map(({ times }) => times[0]) },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        values: series.map((one) => one.labels[label] ?? ''),
      })),
      {
        name: many ? `Value #${target.refId}` : 'Value',
        type: FieldType.number,
        values: series.map(({ values }) => values[0]),
      },
    ],
  });
}

/** `{{label}}` is the value of that label; without a legend, Grafana shows the series as PromQL. */
function legendOf(format: string | undefined, labels: Readonly<Record<string, string>>): string {
  if (format !== undefined && format !== '' && format !== '__auto') {
    return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
  }
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name || 'Value' : `${name}{${pairs.join(', ')}}`;
}
