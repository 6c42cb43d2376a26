import { trace } from '@opentelemetry/api';
import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { redactText } from './redact.js';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Data of a line. An `error` is written with its name, message, code and stack; fields that are named like secrets are hidden. */
export type LogFields = Readonly<Record<string, unknown>>;

/** JSON lines with the trace they belong to. The message is fixed text, so that it can be searched and counted; whatever varies is a field. */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  fatal(message: string, fields?: LogFields): void;
}

const secretNames = [
  'apiKey',
  'authorization',
  'clientSecret',
  'cookie',
  'password',
  'privateKey',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'webhookUrl',
];

let onLine: ((line: string) => void) | undefined;

/** Every line that is written goes there as well, at once; the SDK says so where logs leave by OTLP. */
export function forwardLines(to: (line: string) => void): void {
  onLine = to;
}

/** stdout belongs to what commands print. Written at once, so that the last line before a crash is not lost. */
const stderr = destination({ dest: 2, sync: true });
let root = rootLogger(
  {
    write(line) {
      stderr.write(line);
      onLine?.(line);
    },
  },
  'info',
);

/** For every logger of the process, those made earlier included. Settings are read elsewhere. */
export function setLogLevel(level: LogLevel): void {
  root.level = level;
}

/** Where lines go instead of stderr; for specs. Returns the way back. */
export function logTo(stream: DestinationStream): () => void {
  const before = root;
  root = rootLogger(stream, 'trace');
  return () => {
    root = before;
  };
}

/** A logger whose lines carry the name of what writes them, such as `collector` or `queues`. */
export function createLogger(name: string): Logger {
  const write =
    (level: keyof Logger) =>
    (message: string, fields: LogFields = {}): void =>
      root[level]({ logger: name, ...fields }, message);
  return {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}

function rootLogger(stream: DestinationStream, level: LogLevel): PinoLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      redact: {
        paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '***',
      },
      mixin: traceFields,
    },
    stream,
  );
}

function traceFields(): object {
  const running = trace.getActiveSpan()?.spanContext();
  return running === undefined || !trace.isSpanContextValid(running)
    ? {}
    : { trace_id: running.traceId, span_id: running.spanId };
}

/** Causes are told by name and message only: those of HTTP clients hold whole requests. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? redactText(error) : error;
  const code = 'code' in error ? error.code : undefined;
  const { cause } = error;
  return {
    type: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(cause instanceof Error ? { cause: `${cause.name}: ${redactText(cause.message)}` } : {}),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
  };
}
