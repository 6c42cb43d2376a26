import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { hostDetector } from '@opentelemetry/resources';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InstrumentType,
  PeriodicExportingMetricReader,
  type MetricReader,
} from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { exportLine } from './exported-logs.js';
import { forwardLines } from './logger.js';
import { beginObserving } from './observed.js';
import { redactPath, redactUrl } from './redact.js';
import { processResource } from './resource.js';
import { describeScraping, scrapeFrom } from './scraping.js';
import { onTelemetryShutdown } from './shutdown.js';
import type { SignalsWanted } from './signals-wanted.js';

/** Starts the SDK; imported by the boot file alone, and only where a collector is named. Exporters read their endpoints and headers themselves. */
export function startSdk(wanted: SignalsWanted, serviceName: string): void {
  const sdk = new NodeSDK({
    serviceName,
    resource: processResource(serviceName),
    resourceDetectors: [hostDetector],
    instrumentations: instrumentations(),
    ...(wanted.traces ? { traceExporter: new OTLPTraceExporter() } : { spanProcessors: [] }),
    metricReaders: wanted.metrics ? [metricReader()] : [],
    logRecordProcessors: wanted.logs
      ? [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })]
      : [],
  });
  sdk.start();
  beginObserving();
  if (wanted.logs) forwardLines(exportLine);
  onTelemetryShutdown(() => sdk.shutdown());
}

function metricReader(): MetricReader {
  const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() });
  const temporality = reader.selectAggregationTemporality(InstrumentType.COUNTER);
  // To whom deltas are sent (`OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`), a scrape in between would be missing; to Prometheus they are nonsense.
  if (temporality === AggregationTemporality.CUMULATIVE)
    scrapeFrom(async () => (await reader.collect()).resourceMetrics);
  else describeScraping(false, '');
  return reader;
}

function instrumentations(): (PgInstrumentation | IORedisInstrumentation | UndiciInstrumentation)[] {
  return [
    // Text of statements, never the values of parameters. A span needs a parent, or every poll of a queue would be a trace.
    new PgInstrumentation({ enhancedDatabaseReporting: false, requireParentSpan: true }),
    // The command alone: BullMQ's arguments hold whole scripts and payloads.
    new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
    new UndiciInstrumentation({
      requireParentforSpans: true,
      startSpanHook: (request) => ({
        'url.full': redactUrl(new URL(request.path, request.origin).href),
        'url.path': redactPath(request.path.split('?', 1)[0] ?? ''),
        'url.query': '',
      }),
    }),
  ];
}
