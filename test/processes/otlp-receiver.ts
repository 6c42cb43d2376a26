import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

// The JSON mapping of OTLP, as far as a test looks at it. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
const value = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
});
const attributes = z.array(z.object({ key: z.string(), value })).default([]);
const resource = z.object({ attributes });
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes,
});
const traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource,
      scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(span) })),
    }),
  ),
});
const points = z.object({
  dataPoints: z.array(
    z.looseObject({
      attributes,
      asInt: z.union([z.number(), z.string()]).optional(),
      asDouble: z.number().optional(),
    }),
  ),
});
const metrics = z.object({
  resourceMetrics: z.array(
    z.object({
      resource,
      scopeMetrics: z.array(
        z.object({
          metrics: z.array(
            z.looseObject({
              name: z.string(),
              sum: points.optional(),
              gauge: points.optional(),
              histogram: points.optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

const logs = z.object({
  resourceLogs: z.array(
    z.object({
      resource,
      scopeLogs: z.array(
        z.object({
          logRecords: z.array(
            z.looseObject({
              severityText: z.string(),
              body: value,
              attributes,
              traceId: z.string().optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

type Attributes = Readonly<Record<string, string>>;

export interface ReceivedSpan {
  /** `service.name` of the process. */
  readonly service: string;
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly attributes: Attributes;
}

export interface ReceivedPoint {
  readonly service: string;
  readonly metric: string;
  readonly attributes: Attributes;
  readonly value: number | undefined;
}

export interface ReceivedRecord {
  readonly service: string;
  readonly severity: string;
  readonly body: string;
  readonly traceId: string | undefined;
  readonly attributes: Attributes;
}

/** An OpenTelemetry collector of one's own: takes OTLP over HTTP as JSON, and keeps it. */
export class OtlpReceiver {
  /** Every body as it came. */
  readonly bodies: string[] = [];
  readonly spans: ReceivedSpan[] = [];
  readonly points: ReceivedPoint[] = [];
  readonly records: ReceivedRecord[] = [];
  /** What processes say of themselves, with each signal. */
  readonly resources: { readonly signal: 'traces' | 'metrics' | 'logs'; readonly attributes: Attributes }[] =
    [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      read(request)
        .then((body) => this.#take(request.url ?? '', body))
        .then(
          () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
          (error: unknown) => response.writeHead(400).end(String(error)),
        );
    });
  }

  static async listen(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** What a process is told in order to export here. */
  get environment(): Readonly<Record<string, string>> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(path: string, body: string): void {
    this.bodies.push(body);
    if (path === '/v1/traces') this.#takeTraces(traces.parse(JSON.parse(body)));
    else if (path === '/v1/metrics') this.#takeMetrics(metrics.parse(JSON.parse(body)));
    else if (path === '/v1/logs') this.#takeLogs(logs.parse(JSON.parse(body)));
    else throw new Error(`nobody asked for ${path}`);
  }

  #takeTraces({ resourceSpans }: z.infer<typeof traces>): void {
    for (const { resource: from, scopeSpans } of resourceSpans) {
      const service = this.#sender('traces', from);
      for (const { scope, spans } of scopeSpans)
        for (const { traceId, spanId, parentSpanId, name, attributes: given } of spans)
          this.spans.push({
            ...{ service, scope: scope.name, traceId, spanId, name },
            parentSpanId: parentSpanId || undefined,
            attributes: record(given),
          });
    }
  }

  #takeLogs({ resourceLogs }: z.infer<typeof logs>): void {
    for (const { resource: from, scopeLogs } of resourceLogs) {
      const service = this.#sender('logs', from);
      for (const one of scopeLogs.flatMap(({ logRecords }) => logRecords))
        this.records.push({
          ...{ service, severity: one.severityText, body: one.body.stringValue ?? '' },
          traceId: one.traceId || undefined,
          attributes: record(one.attributes),
        });
    }
  }

  #sender(
    signal: (typeof this.resources)[number]['signal'],
    { attributes: given }: z.infer<typeof resource>,
  ): string {
    const own = record(given);
    this.resources.push({ signal, attributes: own });
    return own['service.name'] ?? '';
  }

  #takeMetrics({ resourceMetrics }: z.infer<typeof metrics>): void {
    for (const { resource: from, scopeMetrics } of resourceMetrics) {
      const service = this.#sender('metrics', from);
      for (const metric of scopeMetrics.flatMap((scope) => scope.metrics))
        for (const point of (metric.sum ?? metric.gauge ?? metric.histogram)?.dataPoints ?? [])
          this.points.push({
            service,
            metric: metric.name,
            attributes: record(point.attributes),
            value: point.asDouble ?? (point.asInt === undefined ? undefined : Number(point.asInt)),
          });
    }
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}

const record = (given: z.infer<typeof attributes>): Attributes =>
  Object.fromEntries(
    given.map(({ key, value: { stringValue, intValue } }) => [key, stringValue ?? String(intValue ?? '')]),
  );
