import {
  metrics,
  type Counter,
  type Gauge,
  type Histogram,
  type Meter,
  type MeterProvider,
} from '@opentelemetry/api';
import { attributeNames as attribute, metricNames as metric, scopeName } from './names.js';

/** Made at first use, and anew once somebody counts: the metrics API has no proxy, so an instrument made before would stay silent for ever. */
function late<Instrument>(make: (meter: Meter) => Instrument): () => Instrument {
  let made: { readonly instrument: Instrument; readonly by: MeterProvider } | undefined;
  return () => {
    const by = metrics.getMeterProvider();
    if (made?.by !== by) made = { instrument: make(by.getMeter(scopeName)), by };
    return made.instrument;
  };
}

const counter = (name: string, description: string): (() => Counter) =>
  late((meter) => meter.createCounter(name, { description }));
const seconds = (name: string, description: string): (() => Histogram) =>
  late((meter) =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300] },
    }),
  );
const gauge = (name: string, description: string, unit?: string): (() => Gauge) =>
  late((meter) => meter.createGauge(name, { description, ...(unit === undefined ? {} : { unit }) }));

const pulls = counter(metric.pulls, 'Pulls that ended');
const facts = counter(metric.facts, 'Facts that pulls brought');
const decisions = counter(metric.decisions, 'Decisions of rules');
const deliveries = counter(metric.deliveries, 'Deliveries that entered a state');
const remoteCalls = seconds(metric.remoteCalls, 'Calls to other systems');
const unaccounted = gauge(metric.unaccounted, 'What no column of the books accounts for; always 0');
const oldestDue = gauge(metric.oldestDue, 'Age of the oldest row that is due and unattended', 's');
const rings = counter(metric.rings, 'Rings of the queue');
const jobs = seconds(metric.jobs, 'Jobs that ended');

/** A pull ended. */
export const countPull = (source: string, outcome: string): void =>
  pulls().add(1, { [attribute.source]: source, [attribute.outcome]: outcome });

/** A pull brought `count` facts of one kind of change. */
export const countFacts = (source: string, change: string, count: number): void =>
  facts().add(count, { [attribute.source]: source, [attribute.change]: change });

/** A rule concluded the same for `count` subjects. */
export const countDecisions = (rule: string, outcome: string, count: number): void =>
  decisions().add(count, { [attribute.rule]: rule, [attribute.outcome]: outcome });

/** `count` deliveries entered the state. */
export const countDeliveries = (channel: string, state: string, count = 1): void =>
  deliveries().add(count, { [attribute.channel]: channel, [attribute.state]: state });

/** A call to another system ended: `ok`, or the reason of its failure. */
export const recordRemoteCall = (system: string, result: string, durationMs: number): void =>
  remoteCalls().record(durationMs / 1000, { [attribute.system]: system, [attribute.result]: result });

/** What is left when a book (`pull`, `evaluation`, `delivery`) is balanced. */
export const reportUnaccounted = (book: string, count: number): void =>
  unaccounted().record(count, { [attribute.book]: book });

/** How long the oldest due row of a queue has waited; 0 where none does. */
export const reportOldestDue = (queue: string, ageMs: number): void =>
  oldestDue().record(ageMs / 1000, { [attribute.queue]: queue });

/** `count` jobs were put in a queue, or could not be. */
export const countRings = (queue: string, outcome: 'rung' | 'lost', count: number): void =>
  rings().add(count, { [attribute.queue]: queue, [attribute.outcome]: outcome });

/** A job's handler ended. */
export const recordJob = (queue: string, outcome: 'done' | 'failed' | 'returned', durationMs: number): void =>
  jobs().record(durationMs / 1000, { [attribute.queue]: queue, [attribute.outcome]: outcome });
