// Runs a dashboard's queries on a real Prometheus, with the variables and intervals that Grafana would use.
import type { AnnotationJson, DashboardJson, Mark, PanelInput, PanelJson, SeriesResult, TargetJson } from './input.ts';

/** Where the data are, and what part of them is shown. */
export interface Source {
  /** of Prometheus */
  readonly url: string;
  /** how often it scrapes, as its data source in Grafana is configured */
  readonly scrapeIntervalMs: number;
  /** the end of the time range, in milliseconds */
  readonly to: number;
  /** the values of the dashboard's variables; a choice of all is the regular expression `.*` */
  readonly variables: Readonly<Record<string, string>>;
  /** of the page, in pixels: a panel queries as many points as it has pixels */
  readonly width: number;
}

const HOUR = 3_600_000;
const UNITS_MS = { m: 60_000, h: HOUR, d: 24 * HOUR } as const;

/** The start of the time range with which the dashboard opens. Throws unless it has the form `now-6h`. */
export function startOf({ time, uid }: DashboardJson, to: number): number {
  const [, count, unit] = /^now-(\d+)([mhd])$/.exec(time.from) ?? [];
  if (count === undefined) throw new Error(`${uid} begins at ${time.from}`);
  return to - Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

/** The panels with their results; a row stays as it is. */
export function answerPanels(panels: readonly PanelJson[], source: Source, from: number): Promise<PanelInput[]> {
  return Promise.all(
    panels.map(async (panel) => {
      const points = Math.floor((source.width * panel.gridPos.w) / 24);
      const intervalMs = intervalOf(source, from, points);
      const answer = async (target: TargetJson) => ({
        target,
        stepMs: intervalMs,
        series: await query(target, { ...source, from, intervalMs }),
      });
      return { panel, results: await Promise.all((panel.targets ?? []).map(answer)) };
    }),
  );
}

/** Where the dashboard's annotations have a value, each time once. */
export async function findMarks(annotations: readonly AnnotationJson[], source: Source, from: number): Promise<Mark[]> {
  const found = annotations.map(async ({ name, iconColor: colour = 'blue', target }) => {
    if (target === undefined) return [];
    const range = { refId: name, expr: target.expr, range: true };
    const intervalMs = 60_000;
    const series = await query(range, { ...source, from, intervalMs });
    // Neighbouring points are one event: Grafana draws them as a region.
    const starts = ({ times }: SeriesResult) =>
      times.filter((time, index) => time - (times[index - 1] ?? 0) > intervalMs);
    return series.flatMap(starts).map((time) => ({ name, colour, time }));
  });
  return (await Promise.all(found)).flat();
}

interface Range extends Source {
  readonly from: number;
  readonly intervalMs: number;
}

async function query({ expr, range }: TargetJson, source: Range): Promise<SeriesResult[]> {
  const { url, to, from, intervalMs } = source;
  const resolved = resolveVariables(expr, source);
  const align = (time: number) => (Math.floor(time / intervalMs) * intervalMs) / 1000;
  const form: Record<string, string> =
    range === true
      ? { query: resolved, start: String(align(from)), end: String(align(to)), step: String(intervalMs / 1000) }
      : { query: resolved, time: String(to / 1000) };
  const path = range === true ? 'query_range' : 'query';
  const reply = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const json = (await reply.json()) as Reply;
  if (json.status !== 'success') throw new Error(`${resolved}: ${json.error ?? 'failed'}`);
  return json.data.result.map(({ metric, value, values = value === undefined ? [] : [value] }) => ({
    labels: metric,
    times: values.map(([time]) => time * 1000),
    values: values.map(([, text]) => Number(text)),
  }));
}

/** Throws for a variable without a value. */
function resolveVariables(expr: string, { variables, intervalMs, scrapeIntervalMs, from, to }: Range): string {
  const rateMs = Math.max(intervalMs + scrapeIntervalMs, 4 * scrapeIntervalMs);
  const known: Readonly<Record<string, string>> = {
    ...variables,
    __rate_interval: `${rateMs}ms`,
    __interval: `${intervalMs}ms`,
    __range: `${to - from}ms`,
  };
  return expr.replace(/\$\{?(\w+)\}?/g, (_, name: string) => {
    const value = known[name];
    if (value === undefined) throw new Error(`$${name} has no value: ${expr}`);
    return value;
  });
}

const SECONDS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

/** As Grafana's: the time range by the points, rounded to a usual length of time, and not below the scrape interval. */
function intervalOf({ scrapeIntervalMs, to }: Source, from: number, points: number): number {
  const exact = (to - from) / points / 1000;
  const round = SECONDS.find((seconds, index) => exact < (seconds + (SECONDS[index + 1] ?? seconds)) / 2) ?? 86_400;
  return Math.max(round * 1000, scrapeIntervalMs);
}

interface Reply {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}
