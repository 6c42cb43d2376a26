import { metrics } from '@opentelemetry/api';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { beginObserving } from './observed.js';
import { processResource } from './resource.js';

/** Keeps sums until it is asked; sends nothing by itself. */
class OnDemand extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}

/** Metrics without the rest of the SDK, where nothing goes out by OTLP: 17 MB and 0.1 s less to load. Returns the way to read them. */
export function countInMemory(serviceName: string): () => Promise<ResourceMetrics> {
  const reader = new OnDemand();
  metrics.setGlobalMeterProvider(
    new MeterProvider({ resource: processResource(serviceName), readers: [reader] }),
  );
  beginObserving();
  return async () => (await reader.collect()).resourceMetrics;
}
