import { metrics, type Attributes, type ObservableGauge } from '@opentelemetry/api';
import { metricNames, scopeName } from './names.js';

/** Gauges that are read when somebody asks for them, and cost nothing else. */
const gauges = {
  oldestDue: { description: 'Age of the oldest row that is due and unattended', unit: 's' },
  sourceAge: { description: 'How long ago the newest complete pull of a source began', unit: 's' },
  unaccounted: { description: 'What no column of the books accounts for; always 0', unit: '' },
  configuration: { description: 'The configuration that the process works by', unit: '' },
  configurationLoaded: { description: 'When a configuration was last taken up', unit: 's' },
} as const satisfies Partial<Record<keyof typeof metricNames, { description: string; unit: string }>>;

export interface Observation {
  readonly metric: keyof typeof gauges;
  readonly value: number;
  readonly attributes: Attributes;
}

/** Reads what there is to tell at the moment. What it does not name any more is told no more. Must not throw. */
export type Observe = () => Promise<readonly Observation[]>;

const observers = new Set<Observe>();

/** Tells with every scrape and every export from now on. Returns the way to end it. */
export function observe(read: Observe): () => void {
  observers.add(read);
  return () => void observers.delete(read);
}

/** Once somebody counts: the metrics API has no proxy, and what was registered before would stay silent. */
export function beginObserving(): void {
  const meter = metrics.getMeter(scopeName);
  const made = Object.fromEntries(
    Object.entries(gauges).map(([name, { description, unit }]) => [
      name,
      meter.createObservableGauge(metricNames[name as keyof typeof gauges], { description, unit }),
    ]),
  ) as Record<keyof typeof gauges, ObservableGauge>;
  meter.addBatchObservableCallback(async (result) => {
    const read = await Promise.all([...observers].map((one) => one()));
    for (const { metric, value, attributes } of read.flat()) result.observe(made[metric], value, attributes);
  }, Object.values(made));
}
