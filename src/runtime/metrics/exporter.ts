import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metricDefinitions } from './definitions.ts';

/** Label values of one sample. */
export type Labels = Readonly<Record<string, string>>;

/** Keeps samples and gives them in the text format of Prometheus. What is no finite number is left out and counted. */
export interface Exporter {
  /** Sets a gauge; null takes its sample away, since nobody knows it. */
  set(name: string, labels: Labels, value: number | null): void;
  /** Adds to a counter, or to a gauge that adds up; 0 makes it exist. */
  add(name: string, labels: Labels, by: number): void;
  /** Adds to a histogram; null makes it exist without an observation. */
  observe(name: string, labels: Labels, value: number | null): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const OMITTED = 'ballast_samples_omitted_total';

/** An exporter of {@link metricDefinitions}. Every metric without labels exists from the start. */
export function createExporter(): Exporter {
  const registry = new Registry();
  const gauges = new Map<string, Gauge>();
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  for (const definition of metricDefinitions) {
    const { name, type, help } = definition;
    const options = { name, help, labelNames: [...definition.labels], registers: [registry] };
    if (type === 'gauge') gauges.set(name, new Gauge(options));
    else if (type === 'counter') counters.set(name, new Counter(options));
    else histograms.set(name, new Histogram({ ...options, buckets: [...(definition.buckets ?? [])] }));
  }
  const omitted = counters.get(OMITTED) as Counter;
  for (const { name } of metricDefinitions) omitted.inc({ metric: name }, 0);
  const isNumber = (name: string, value: number) => {
    if (Number.isFinite(value)) return true;
    omitted.inc({ metric: name });
    return false;
  };
  return {
    set(name, labels, value) {
      const gauge = gauges.get(name);
      if (value !== null && isNumber(name, value)) gauge?.set({ ...labels }, value);
      else gauge?.remove({ ...labels });
    },
    add(name, labels, by) {
      if (!isNumber(name, by)) return;
      counters.get(name)?.inc({ ...labels }, by);
      gauges.get(name)?.inc({ ...labels }, by);
    },
    observe(name, labels, value) {
      const histogram = histograms.get(name);
      if (value === null) histogram?.zero({ ...labels });
      else if (isNumber(name, value)) histogram?.observe({ ...labels }, value);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
