import { logs, SeverityNumber, type AnyValueMap } from '@opentelemetry/api-logs';
import { scopeName } from './names.js';

const severities: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly error?: { readonly type?: string; readonly message?: string; readonly stack?: string };
  readonly [field: string]: unknown;
}

/**
 * Sends a line of the log by OTLP, too, with the trace that is active. It is made from the line as it was written: what was redacted there is in no record.
 * https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/
 */
export function exportLine(text: string): void {
  const { level, time, msg, error, trace_id: _trace, span_id: _span, ...fields } = JSON.parse(text) as Line;
  logs.getLogger(scopeName).emit({
    timestamp: Date.parse(time),
    severityNumber: severities[level] ?? SeverityNumber.UNSPECIFIED,
    severityText: level,
    body: msg,
    attributes: { ...named(fields), ...exception(error) },
  });
}

const exception = (error: Line['error']): AnyValueMap =>
  typeof error !== 'object' || error === null
    ? error === undefined
      ? {}
      : { 'exception.message': String(error) }
    : {
        'exception.type': error.type ?? 'Error',
        'exception.message': error.message ?? '',
        ...(error.stack === undefined ? {} : { 'exception.stacktrace': error.stack }),
      };

/** Fields of ours, in a space of their own; what is no single value as JSON, which every backend takes. */
const named = (fields: Readonly<Record<string, unknown>>): AnyValueMap =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      `${scopeName}.${name}`,
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? value
        : JSON.stringify(value),
    ]),
  );
