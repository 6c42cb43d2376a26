import { metrics, type Counter, type Histogram, type Meter, type MeterProvider } from '@opentelemetry/api';
import { attributeNames as attribute, metricNames as metric, scopeName } from './names.js';
import { observe, type Observation } from './observed.js';

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
const pulls = counter(metric.pulls, 'Pulls that ended');
const facts = counter(metric.facts, 'Facts that pulls brought');
const decisions = counter(metric.decisions, 'Decisions of rules');
const deliveries = counter(metric.deliveries, 'Deliveries that entered a state');
const notifications = counter(metric.notifications, 'Attempts to say something that ended');
const notificationsFailed = counter(metric.notificationsFailed, 'Attempts to say something that failed');
const suppressed = counter(metric.suppressed, 'What was not said, and why');
const remoteCalls = seconds(metric.remoteCalls, 'Calls to other systems');
const rings = counter(metric.rings, 'Rings of the queue');
const jobs = seconds(metric.jobs, 'Jobs that ended');
const configurationLoads = counter(metric.configurationLoads, 'Configurations that were read');

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

/** Attempts to say something ended: well, or for this reason. */
export function countNotification(channel: string, failure?: string): void {
  notifications().add(1, { [attribute.channel]: channel });
  if (failure !== undefined)
    notificationsFailed().add(1, { [attribute.channel]: channel, [attribute.reason]: failure });
}

/** `count` subjects hear nothing, for this reason. */
export const countSuppressed = (reason: string, count: number): void =>
  suppressed().add(count, { [attribute.reason]: reason });

/** `count` jobs were put in a queue, or could not be. */
export const countRings = (queue: string, outcome: 'rung' | 'lost', count: number): void =>
  rings().add(count, { [attribute.queue]: queue, [attribute.outcome]: outcome });

/** A job's handler ended. */
export const recordJob = (queue: string, outcome: 'done' | 'failed' | 'returned', durationMs: number): void =>
  jobs().record(durationMs / 1000, { [attribute.queue]: queue, [attribute.outcome]: outcome });

/** What there can be of a channel, at 0: a rate of what was never there before cannot be seen. */
export function beginChannel(channel: string, states: readonly string[], reasons: readonly string[]): void {
  notifications().add(0, { [attribute.channel]: channel });
  for (const reason of reasons)
    notificationsFailed().add(0, { [attribute.channel]: channel, [attribute.reason]: reason });
  for (const state of states) countDeliveries(channel, state, 0);
}

/** What there can be of a source, at 0. */
export function beginSource(source: string, outcomes: readonly string[]): void {
  for (const outcome of outcomes)
    pulls().add(0, { [attribute.source]: source, [attribute.outcome]: outcome });
}

/** What there can be of suppressed notifications, at 0. */
export function beginSuppressed(reasons: readonly string[]): void {
  for (const reason of reasons) countSuppressed(reason, 0);
}

/** Where a book is kept, and by how much it was out since the process began. */
const books = new Map<string, number>();

/** What is left when a book (`pull`, `evaluation`, `forward`) is balanced; it stays, whatever comes after. */
export const reportUnaccounted = (book: string, count: number): void =>
  void books.set(book, (books.get(book) ?? 0) + Math.abs(count));

interface Loaded {
  readonly hash: string;
  readonly at: number;
}
let loaded: Loaded | undefined;

/** A configuration was read and taken up. */
export function configurationLoaded(hash: string): void {
  loaded = { hash, at: Date.now() };
  configurationLoads().add(1, { [attribute.outcome]: 'done' });
}

/** A configuration could not be read: the one before, if there was one, is still worked by. */
export const configurationNotLoaded = (): void =>
  configurationLoads().add(1, { [attribute.outcome]: 'failed' });

/** Configurations at 0. */
export function beginConfiguration(): void {
  for (const outcome of ['done', 'failed']) configurationLoads().add(0, { [attribute.outcome]: outcome });
}

observe(() =>
  Promise.resolve([
    ...[...books].map(([book, value]): Observation => ({
      metric: 'unaccounted',
      value,
      attributes: { [attribute.book]: book },
    })),
    ...(loaded === undefined
      ? []
      : ([
          { metric: 'configuration', value: 1, attributes: { [attribute.hash]: loaded.hash } },
          { metric: 'configurationLoaded', value: loaded.at / 1000, attributes: {} },
        ] satisfies Observation[])),
  ]),
);
