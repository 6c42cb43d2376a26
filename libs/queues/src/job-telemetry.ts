import { context, ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api';
import { SpanKind, type Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';
import { redactText, scopeName } from '#telemetry';

type BullSpan = ReturnType<Telemetry<Context>['tracer']['startSpan']>;

/**
 * Lets the trace travel with the job, under the names of OpenTelemetry for messages beside BullMQ's own
 * (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/). Of BullMQ's own spans only those of producing and consuming are kept: the others are polls, and would
 * be a trace each. Errors go in by their redacted message.
 */
export function jobTelemetry(): Telemetry<Context> {
  const otel = new BullMQOtel({ tracerName: scopeName });
  const { contextManager } = otel;
  return {
    contextManager: {
      with: (around: Context, run) => contextManager.with(around, run),
      active: () => contextManager.active(),
      root: () => ROOT_CONTEXT,
      getMetadata: (around: Context) => contextManager.getMetadata(around),
      fromMetadata: (around: Context, metadata) => contextManager.fromMetadata(around, metadata),
    },
    tracer: {
      startSpan(name, options, around) {
        if (options?.kind === SpanKind.INTERNAL) return silent;
        const span = discreet(otel.tracer.startSpan(name, options, around ?? context.active()));
        const [operation = '', ...queue] = name.split(' ');
        span.setAttributes({
          'messaging.system': 'bullmq',
          'messaging.operation.name': operation,
          'messaging.operation.type': options?.kind === SpanKind.CONSUMER ? 'process' : 'send',
          'messaging.destination.name': queue.join(' '),
        });
        return span;
      },
    },
  };
}

/** What BullMQ calls otherwise than the conventions do. */
const messaging: Readonly<Record<string, string>> = {
  'bullmq.job.id': 'messaging.message.id',
  'bullmq.job.bulk.count': 'messaging.batch.message_count',
};

function discreet(span: BullSpan): BullSpan {
  return {
    setSpanOnContext: (around) => span.setSpanOnContext(around),
    setAttribute(key, value) {
      span.setAttribute(key, value);
      const also = messaging[key];
      if (also !== undefined) span.setAttribute(also, value);
    },
    setAttributes(attributes) {
      span.setAttributes(attributes);
      for (const [key, value] of Object.entries(attributes)) {
        const also = messaging[key];
        if (also !== undefined && value !== undefined) span.setAttribute(also, value);
      }
    },
    addEvent: () => undefined,
    recordException(exception) {
      const message = typeof exception === 'string' ? exception : exception.message;
      span.recordException({ name: 'Error', message: redactText(message ?? 'unknown') });
    },
    end: () => span.end(),
  };
}

const silent: BullSpan = {
  setSpanOnContext: (around: Context) => trace.deleteSpan(around),
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  addEvent: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
};
