// Samples to the text that Prometheus reads. The only file that knows prom-client.
import { Registry, type RegistryContentType } from 'prom-client';
import type { Metric, Sample, ScrapeData } from './metric.ts';

/** The two formats, by the content type that names them. */
export const FORMATS = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;
export type Format = keyof typeof FORMATS;

/** A metric with what it reads in one scrape. */
export interface Family {
  readonly metric: Metric;
  readonly samples: readonly Sample[];
}

/** Reads every metric from one scrape. Metrics without samples are left out. */
export function families(metrics: readonly Metric[], data: ScrapeData): Family[] {
  return metrics
    .map((metric) => ({ metric, samples: metric.read(data).filter(canBe(metric.type)).map(withoutNoise) }))
    .filter(({ samples }) => samples.length > 0);
}

// A counter starts at 0 and only goes up. A number that is not finite is an error.
function canBe(type: Metric['type']): (sample: Sample) => boolean {
  return ({ value }) => Number.isFinite(value) && (type === 'gauge' || value >= 0);
}

/** Rounds to the ninth decimal: what a sum of ElectrumX's floats has after that is noise. */
function withoutNoise({ labels, value }: Sample): Sample {
  return { labels, value: Number.isInteger(value) ? value : Number(value.toFixed(9)) };
}

/**
 * Renders in a registry made for this one text: nothing of an earlier scrape can be in it, two at a time cannot mix, and prom-client
 * renames counters for good in a registry that has once spoken OpenMetrics.
 */
export async function render(all: readonly Family[], format: Format): Promise<string> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(FORMATS[format]);
  for (const family of all) registry.registerMetric(asPromMetric(family));
  const text = await registry.metrics();
  // prom-client parts families by empty lines, which line tools would count as series
  return text.replaceAll('\n\n', '\n');
}

/**
 * A metric that only has `get`. A registry needs no more: prom-client itself makes such metrics from those of a cluster. A `Gauge` would look
 * up each sample by its labels to set it, which takes as long as all the rest. No two samples may have the same labels.
 */
function asPromMetric({ metric, samples }: Family): PromMetric {
  const { name, type } = metric;
  const values = samples.map(({ labels, value }) => ({ labels: wellFormed(labels), value, sharedLabels: NO_LABELS }));
  // For OpenMetrics the registry changes the name of a counter in this object.
  const made = { name, type, help: helpLine(metric), values, get: () => made };
  return made as unknown as PromMetric;
}

type PromMetric = Parameters<Registry['registerMetric']>[0];

/** One object for all samples: prom-client keeps the text of each such object. */
const NO_LABELS = {};

/** HELP with the field that the metric comes from, so that an operator can look it up. */
export function helpLine({ help, source }: Metric): string {
  return source === 'exporter' ? help : `${help} (${source})`;
}

// Prometheus refuses a whole scrape over one lone surrogate, and prom-client escapes strings only.
function wellFormed(labels: Sample['labels']): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const name in labels) safe[name] = String(labels[name]).toWellFormed();
  return safe;
}
