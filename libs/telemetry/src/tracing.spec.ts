import { context, propagation, trace } from '@opentelemetry/api';
import { tracing, contextBase, core, node } from '@opentelemetry/sdk-node';
import { currentTraceparent, withSpan } from './tracing.js';

const exporter = new tracing.InMemorySpanExporter();

beforeAll(() => {
  const provider = new node.NodeTracerProvider({
    spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  });
  provider.register({ propagator: new core.W3CTraceContextPropagator() });
});
afterEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('continues the trace that a row carries and hands its own on', async () => {
  const inside = await withSpan('evaluate', { parent }, () => currentTraceparent());

  expect(inside).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  expect(inside).not.toBe(parent);
});

it('links to traces that it goes back to without joining them', async () => {
  await withSpan('evaluate', { links: [parent, 'nonsense'] }, () => undefined);

  const [span] = exporter.getFinishedSpans();
  expect(span?.links.map((link) => link.context.spanId)).toEqual(['b7ad6b7169203331']);
  expect(span?.spanContext().traceId).not.toBe('0af7651916cd43dd8448eb211c80319c');
});

it('records failures without credentials, and lets them go on', async () => {
  const failing = withSpan('send', {}, () => {
    throw new Error('POST https://hooks.slack.com/services/T1/B2/s3cret');
  });

  await expect(failing).rejects.toThrow('s3cret');
  const [span] = exporter.getFinishedSpans();
  expect(span?.status).toMatchObject({ code: contextBase.SpanStatusCode.ERROR });
  expect(JSON.stringify([span?.events, span?.status])).not.toContain('s3cret');
});

it('has no traceparent where nothing is traced', () => {
  expect(currentTraceparent()).toBeUndefined();
});
