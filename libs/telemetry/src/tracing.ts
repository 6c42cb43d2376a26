import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Link,
  type Span,
} from '@opentelemetry/api';
import { scopeName, type AttributeName } from './names.js';
import { redactText } from './redact.js';

export interface SpanOptions {
  readonly attributes?: Readonly<Partial<Record<AttributeName, string | number>>>;
  /** A W3C `traceparent` kept on a row: the span belongs to that trace, whatever is going on around it. */
  readonly parent?: string | undefined;
  /** Traces that this one goes back to without belonging to them, such as the pull that brought the facts. */
  readonly links?: readonly string[];
  readonly kind?: 'internal' | 'producer' | 'consumer';
}

const kinds = { internal: SpanKind.INTERNAL, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };

/**
 * Runs the function inside a span. An error ends it as failed, with the redacted message and no stack, and goes on its way.
 * Without an SDK it only calls the function.
 */
export async function withSpan<Result>(
  name: string,
  options: SpanOptions,
  run: (span: Span) => Promise<Result> | Result,
): Promise<Result> {
  const around = options.parent === undefined ? context.active() : contextOf(options.parent);
  return trace.getTracer(scopeName).startActiveSpan(
    name,
    {
      kind: kinds[options.kind ?? 'internal'],
      attributes: options.attributes ?? {},
      links: (options.links ?? []).flatMap(linkTo),
    },
    around,
    async (span) => {
      try {
        return await run(span);
      } catch (error) {
        recordFailure(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
  );
}

/** The running span as a `traceparent`, to keep on a row; undefined where nothing is traced. */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** The id of the running trace, for people to look it up; undefined where nothing is traced. */
export function currentTraceId(): string | undefined {
  const running = trace.getSpanContext(context.active());
  return running !== undefined && trace.isSpanContextValid(running) ? running.traceId : undefined;
}

/** Marks the span as failed. The message is redacted; stacks and causes stay out of traces, because they may quote requests. */
export function recordFailure(span: Pick<Span, 'setStatus' | 'addEvent'>, error: unknown): void {
  const message = redactText(error instanceof Error ? error.message : String(error));
  span.addEvent('exception', {
    'exception.type': error instanceof Error ? error.name : typeof error,
    'exception.message': message,
  });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Runs outside of every trace, for loops that outlive the moment that starts them. */
export const untraced = <Result>(run: () => Result): Result => context.with(ROOT_CONTEXT, run);

const contextOf = (traceparent: string): Context => propagation.extract(ROOT_CONTEXT, { traceparent });

function linkTo(traceparent: string): Link[] {
  const linked = trace.getSpanContext(contextOf(traceparent));
  return linked === undefined ? [] : [{ context: linked }];
}
