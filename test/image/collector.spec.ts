import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

const deploy = join(import.meta.dirname, '../../deploy');
const read = async (path: string): Promise<unknown> =>
  parse(await readFile(join(deploy, path), 'utf8'), { merge: true });

type Components = Readonly<Record<string, unknown>>;
interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

const config = (await read('otel/collector.yaml')) as {
  readonly receivers: {
    readonly otlp: { readonly protocols: { readonly http: { readonly endpoint: string } } };
  };
  readonly processors: Components & {
    readonly redaction: { readonly blocked_values: readonly string[] };
    readonly 'attributes/drop': {
      readonly actions: readonly { readonly pattern?: string; readonly key?: string }[];
    };
  };
  readonly exporters: Readonly<
    Record<
      string,
      { readonly endpoint: string; readonly namespace?: string; readonly add_metric_suffixes?: boolean }
    >
  >;
  readonly extensions: Components;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Pipeline>>;
  };
};
const { pipelines } = config.service;
const portOf = (endpoint: string | undefined): string | undefined => /:(\d+)$/.exec(endpoint ?? '')?.[1];
const port = portOf(config.receivers.otlp.protocols.http.endpoint);

it.each(['receivers', 'processors', 'exporters'] as const)(
  'its pipelines use the %s that are there, and all of them',
  (kind) => {
    const used = Object.values(pipelines).flatMap((pipeline) => pipeline[kind]);

    expect([...new Set(used)].toSorted()).toEqual(Object.keys(config[kind]).toSorted());
    expect(config.service.extensions).toEqual(Object.keys(config.extensions));
  },
);

it('takes all three signals, refuses before memory ends, and sends in batches', () => {
  expect(Object.keys(pipelines).toSorted()).toEqual(['logs', 'metrics', 'traces']);
  for (const { receivers, processors } of Object.values(pipelines)) {
    expect(receivers).toEqual(['otlp']);
    expect([processors[0], processors.at(-1)]).toEqual(['memory_limiter', 'batch']);
  }
});

it('lets no trace and no log out that was not looked through', () => {
  for (const signal of ['traces', 'logs'])
    expect(pipelines[signal]?.processors).toEqual(expect.arrayContaining(['attributes/drop', 'redaction']));
});

/** Of Go's syntax, what stands at the beginning of an expression. */
const expressions = config.processors.redaction.blocked_values.map((value) =>
  value.startsWith('(?i)') ? new RegExp(value.slice('(?i)'.length), 'i') : new RegExp(value),
);

it.each([
  'olena@acme.example',
  'not known: Olena <olena.k+x@hr.acme.example>',
  'xoxb-1234567890-abcdef',
  'https://hooks.slack.com/services/T0/B1/s3cret',
  'authorization: Bearer s3cret.s3cret',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  'postgres://carillon:s3cret@db:5432/carillon',
])('hides “%s”', (value) => {
  expect(expressions.some((expression) => expression.test(value))).toBe(true);
});

it.each([
  'select id from delivery where is_open and due_at <= clock_timestamp() order by due_at limit $1',
  'http://127.0.0.1:33655/api/v1/workspaces/***/time-off/requests',
  '57add7d7-2a63-5f51-a434-5e141a2d3589',
  'a5581b86a22a0950ef2131ee99de11efde2d5b507180da97569f5004f730602e',
  'deliver.slack',
  'at Deliver.#walk (/app/dist/services/notifier/src/deliver.js:200:22)',
])('shows “%s”', (value) => {
  expect(expressions.filter((expression) => expression.test(value))).toEqual([]);
});

it('drops headers, queries and parameters, and nothing that traces are read by', () => {
  const dropped = (name: string): boolean =>
    config.processors['attributes/drop'].actions.some(({ key, pattern }) =>
      pattern === undefined ? key === name : new RegExp(pattern).test(name),
    );

  for (const name of ['http.request.header.authorization', 'db.query.parameter.0', 'url.query', 'user.email'])
    expect([name, dropped(name)]).toEqual([name, true]);
  for (const name of [
    'http.request.method',
    'db.query.text',
    'url.full',
    'messaging.message.id',
    'carillon.source',
  ])
    expect([name, dropped(name)]).toEqual([name, false]);
});

it('gives metrics the names that they have at a service itself', () => {
  expect(config.exporters['prometheus']).toMatchObject({ add_metric_suffixes: true });
  expect(config.exporters['prometheus']?.namespace).toBeUndefined();
});

it('names no backend and no credential of its own', () => {
  for (const [name, { endpoint }] of Object.entries(config.exporters))
    if (name !== 'prometheus') expect(endpoint).toMatch(/^\$\{env:[A-Z_]+\}$/);
});

it('listens where the chart’s environments send to', async () => {
  const environments = await readdir(join(deploy, 'environments'));
  const values = (await Promise.all(
    environments.map((environment) => read(`environments/${environment}/values.yaml`)),
  )) as readonly { readonly otlp?: { readonly endpoint: string } }[];
  const endpoints = values.flatMap(({ otlp }) => otlp?.endpoint ?? []);

  expect(endpoints.length).toBeGreaterThan(0);
  expect(endpoints.map(portOf)).toEqual(endpoints.map(() => port));
});

it('is a profile of compose, with this file, and every service can be pointed at it', async () => {
  const { services } = (await read('compose.yaml')) as {
    readonly services: Readonly<
      Record<
        string,
        {
          readonly build?: unknown;
          readonly profiles?: readonly string[];
          readonly volumes?: readonly string[];
          readonly command?: readonly string[];
          readonly environment?: Readonly<Record<string, string>>;
        }
      >
    >;
  };
  const { 'otel-collector': collector, ...others } = services;
  const needed = [...JSON.stringify(config.exporters).matchAll(/\$\{env:([A-Z_]+)\}/g)].map(
    ([, name]) => name,
  );

  expect(collector?.profiles).toEqual(['otel']);
  expect(collector?.volumes).toEqual(['./deploy/otel/collector.yaml:/etc/otelcol/carillon.yaml:ro']);
  expect(collector?.command).toEqual(['--config', '/etc/otelcol/carillon.yaml']);
  expect(Object.keys(collector?.environment ?? {})).toEqual(needed);
  const text = await readFile(join(deploy, 'compose.yaml'), 'utf8');
  expect(text).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-collector:${port ?? ''} `);
  for (const [name, { build, environment }] of Object.entries(others))
    if (build !== undefined)
      expect([name, environment]).toEqual([
        name,
        expect.objectContaining({ OTEL_EXPORTER_OTLP_ENDPOINT: '${OTEL_EXPORTER_OTLP_ENDPOINT:-}' }),
      ]);
});
