import { context, ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api';
import { SpanKind, type Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';
import { redactText, scopeName } from '#telemetry';

type BullSpan = ReturnType<Telemetry<Context>['tracer']['startSpan']>;

/**
 * Lets the trace travel with the job. Of BullMQ's own spans only those of producing and consuming are kept: the others are polls, and would
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
        return discreet(otel.tracer.startSpan(name, options, around ?? context.active()));
      },
    },
  };
}

function discreet(span: BullSpan): BullSpan {
  return {
    setSpanOnContext: (around) => span.setSpanOnContext(around),
    setAttribute: (key, value) => span.setAttribute(key, value),
    setAttributes: (attributes) => span.setAttributes(attributes),
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
