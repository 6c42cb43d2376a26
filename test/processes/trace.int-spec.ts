import { justPast } from './just-past.js';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';
import { Processes, until, type ProductProcess, type ServiceName } from './processes.js';
import { secrets, Story } from './story.js';

const names: readonly ServiceName[] = ['collector', 'rules', 'notifier'];

describe('what three processes tell of a week', () => {
  const processes = new Processes();
  let receiver: OtlpReceiver;
  let story: Story;
  let services: readonly ProductProcess[];
  let trace: readonly ReceivedSpan[];

  beforeAll(async () => {
    const { at, schedule } = justPast();
    [receiver, story] = await Promise.all([OtlpReceiver.listen(), Story.begin({ at, schedule })]);
    await story.appliedEarlier(8);
    services = names.map((name) =>
      processes.service(name, {
        environment: {
          ...story.environment,
          ...receiver.environment,
          OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=spec',
        },
      }),
    );
    await Promise.all(services.map((service) => service.ready()));
    await until('everything is said', () => Object.keys(story.shown()).length >= 3);
    // Whoever ends tells what has not been told yet.
    await Promise.all(services.map((service) => service.stop()));
    const [occurrence] = receiver.spans.filter(({ name }) => name === 'occurrence');
    trace = receiver.spans.filter(({ traceId }) => traceId === occurrence?.traceId);
  });
  afterAll(async () => {
    await processes.endAll();
    await Promise.all([story?.end(), receiver?.close()]);
  });

  const withAncestors = (span: ReceivedSpan | undefined): readonly string[] =>
    span === undefined
      ? []
      : [
          ...withAncestors(trace.find(({ spanId }) => spanId === span.parentSpanId)),
          `${span.service} ${span.name}`,
        ];
  const chainsTo = (is: (span: ReceivedSpan) => boolean): readonly string[] =>
    trace.filter(is).map((span) => withAncestors(span).join(' → '));
  const calls = (path: RegExp) => (span: ReceivedSpan) =>
    span.scope.includes('undici') && path.test(span.attributes['url.full'] ?? '');
  const isSql = (span: ReceivedSpan): boolean => span.scope.includes('instrumentation-pg');

  it('is one trace, from the occurrence to the call at Slack', () => {
    expect(receiver.spans.filter(({ name }) => name === 'occurrence')).toHaveLength(1);
    expect(chainsTo(calls(/\/chat\.postMessage$/))).toContain(
      'carillon-rules occurrence → carillon-notifier deliver → carillon-notifier deliver.send → carillon-notifier POST',
    );
    expect(chainsTo(calls(/\/report\//))).toContain(
      'carillon-rules occurrence → carillon-collector collect → carillon-collector POST',
    );
    expect(trace.filter(({ name }) => name === 'evaluate').map(withAncestors)).toContainEqual([
      'carillon-rules occurrence',
      'carillon-rules evaluate',
    ]);
  });

  it('shows the SQL of every step in that trace', () => {
    const chains = new Set(chainsTo(isSql).map((chain) => chain.split(' → ').slice(0, 2).join(' → ')));

    expect([...chains].toSorted()).toEqual([
      'carillon-rules occurrence → carillon-collector collect',
      'carillon-rules occurrence → carillon-notifier deliver',
      'carillon-rules occurrence → carillon-rules evaluate',
    ]);
  });

  it('keeps the trace in the row of each delivery, for whoever asks why', async () => {
    const rows = await story.test.database.query<{ trace_id: string }>(
      `select trace_id from attempt join delivery on delivery.id = attempt.delivery_id where about = 'notification'`,
    );

    expect(rows.map((row) => row.trace_id)).toEqual([trace[0]?.traceId, trace[0]?.traceId]);
  });

  it('begins no trace for a look that finds nothing', () => {
    const roots = receiver.spans.filter(
      ({ parentSpanId, scope }) => parentSpanId === undefined && scope !== 'carillon',
    );

    expect(roots.map(({ service, scope, name }) => `${service} ${scope} ${name}`)).toEqual([]);
  });

  it('counts what was done, and nothing is unaccounted for', () => {
    const last = (metric: string) =>
      Object.fromEntries(
        receiver.points
          .filter((point) => point.metric === metric)
          .map(({ service, attributes, value }) => [
            [service, ...Object.values(attributes)].join(' '),
            value,
          ]),
      );

    expect(last('carillon.pulls')).toMatchObject({
      'carillon-collector clockify complete': expect.any(Number),
      'carillon-collector clockify timeout': 0,
      'carillon-collector slack complete': expect.any(Number),
    });
    expect(last('carillon.decisions')).toMatchObject({ 'carillon-rules low-hours fired': 3 });
    expect(last('carillon.deliveries')).toMatchObject({ 'carillon-notifier slack sent': expect.any(Number) });
    expect(Object.keys(last('carillon.remote.calls')).toSorted()).toEqual([
      'carillon-collector clockify ok',
      'carillon-collector slack ok',
      'carillon-notifier slack ok',
    ]);
    expect(last('carillon.books.unaccounted')).toEqual({
      'carillon-collector pull': 0,
      'carillon-rules evaluation': 0,
      'carillon-rules forward': 0,
    });
  });

  it('logs JSON with the trace that a line belongs to', () => {
    for (const service of services) {
      const lines = service.stderr.split('\n').filter((line) => line !== '');

      expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);
      expect(service.log()).toHaveLength(lines.length);
    }
    const [complete] = services[0]?.log().filter(({ msg }) => msg === 'pull complete') ?? [];
    expect(complete).toMatchObject({ trace_id: trace[0]?.traceId, span_id: expect.any(String) });
  });

  it('sends that log as records, too', () => {
    const [complete] = receiver.records.filter(({ body }) => body === 'pull complete');

    expect(complete).toMatchObject({
      service: 'carillon-collector',
      severity: 'info',
      traceId: trace[0]?.traceId,
      attributes: { 'carillon.logger': 'collector', 'carillon.source': 'clockify' },
    });
    const written = services.flatMap((service) => service.log());
    expect(receiver.records.length).toBeGreaterThan(20);
    // What is written while the SDK ends can be sent no more.
    expect(written.length - receiver.records.length).toBeLessThanOrEqual(services.length * 2);
    for (const { body } of receiver.records) expect(written.map(({ msg }) => msg)).toContain(body);
  });

  it('keeps the conventions of the field', () => {
    const of = (is: (span: ReceivedSpan) => boolean): readonly (readonly string[])[] =>
      receiver.spans.filter(is).map(({ attributes }) => Object.keys(attributes));
    const expected: readonly (readonly [string, (span: ReceivedSpan) => boolean, readonly string[]])[] = [
      [
        'calls',
        ({ scope }) => scope.includes('undici'),
        ['http.request.method', 'http.response.status_code', 'server.address', 'server.port', 'url.full'],
      ],
      [
        'SQL',
        (span) => isSql(span) && span.name.startsWith('pg.query'),
        ['db.system.name', 'db.namespace', 'db.query.text', 'server.address'],
      ],
      [
        'producing',
        ({ name }) => name.startsWith('add'),
        ['messaging.system', 'messaging.operation.type', 'messaging.destination.name'],
      ],
      [
        'consuming',
        ({ name }) => name.startsWith('process '),
        [
          'messaging.system',
          'messaging.operation.type',
          'messaging.destination.name',
          'messaging.message.id',
        ],
      ],
    ];

    for (const [what, is, keys] of expected) {
      expect([what, of(is).length > 0]).toEqual([what, true]);
      for (const given of of(is)) expect(given).toEqual(expect.arrayContaining([...keys]));
    }
    expect(
      receiver.spans.filter(({ name }) => name === 'process evaluate').map(({ attributes }) => attributes)[0],
    ).toMatchObject({
      'messaging.system': 'bullmq',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'evaluate',
    });
  });

  it('says with every signal which service of which version it is, which instance, and where', () => {
    expect([...new Set(receiver.resources.map(({ signal }) => signal))].toSorted()).toEqual([
      'logs',
      'metrics',
      'traces',
    ]);
    for (const { attributes } of receiver.resources)
      expect(attributes).toMatchObject({
        'service.name': expect.stringMatching(/^carillon-(?:collector|rules|notifier)$/),
        'service.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
        'service.instance.id': expect.stringMatching(/^[\da-f-]{36}$/),
        'deployment.environment.name': 'spec',
      });
    expect(new Set(receiver.resources.map(({ attributes }) => attributes['service.instance.id'])).size).toBe(
      3,
    );
  });

  it.each([
    ['the key of Clockify', secrets.clockify],
    ['the token of Slack', secrets.slack],
    ['addresses of people', /[\w.]+@acme\.example/],
    ['names of people', /Kovalenko|Petrenko|Muster/],
    ['what was said', /\d+ of 40 h|of 40/],
    ['what people wrote', /a description that nobody may see/],
    ['the password of the database', /carillon:[\w-]{8,}@/],
  ])('keeps %s to itself', (_, secret) => {
    const told = [...receiver.bodies, ...services.flatMap(({ stdout, stderr }) => [stdout, stderr])].join(
      '\n',
    );
    const found = typeof secret === 'string' ? told.indexOf(secret) : told.search(secret);

    expect(told.length).toBeGreaterThan(10_000);
    expect(found < 0 ? '' : told.slice(Math.max(0, found - 200), found + 100)).toBe('');
  });
});
