import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { least, withDocuments } from './cases.js';
import { chart, HelmError, rendered, type Values } from './helm.js';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly description?: string;
  readonly additionalProperties?: boolean | Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(await readFile(join(chart, 'values.schema.json'), 'utf8')) as Schema;
const values = parse(await readFile(join(chart, 'values.yaml'), 'utf8')) as Values;

const resolved = (part: Schema): Schema => {
  const name = /^#\/definitions\/(\w+)$/.exec(part.$ref ?? part.allOf?.[0]?.$ref ?? '')?.[1];
  const found = name === undefined ? undefined : schema.definitions?.[name];
  return found ? { ...found, ...(part.description ? { description: part.description } : {}) } : part;
};

/** Every property of the schema with the keys that lead to it. */
function* properties(part: Schema, path: readonly string[] = []): Generator<readonly [string, Schema]> {
  for (const [name, inside] of Object.entries(part.properties ?? {})) {
    const found = resolved(inside);
    yield [[...path, name].join('.'), found];
    yield* properties(found, [...path, name]);
  }
}

/** As the versions of Helm say it. The dots of the paths below match their slashes, too. */
const unknownKey = (key: string): RegExp =>
  new RegExp(`additional propert(y|ies) '?${key}'? (is )?not allowed`, 'i');

const refusal = async (over: Values, base: Values = withDocuments): Promise<string> => {
  try {
    await rendered({ values: { ...base, ...over } });
    return 'nothing';
  } catch (error) {
    if (error instanceof HelmError) return error.message;
    throw error;
  }
};

describe('values that cannot work are refused', () => {
  it.each<[what: string, over: Values, says: string | RegExp]>([
    ['a misspelt key', { imgae: {} }, unknownKey('imgae')],
    ['a misspelt key within', { notifier: { replicas: 3 } }, unknownKey('replicas')],
    ['a misspelt key deep down', { secrets: { aws: { enabled: true, rolearn: '' } } }, unknownKey('rolearn')],
    ['a misspelt resource', { rules: { resources: { requests: { memroy: '1Gi' } } } }, unknownKey('memroy')],
    ['a number as text', { notifier: { replicaCount: 'three' } }, /notifier.replicaCount/],
    [
      'a version that floats',
      { image: { tag: 'latest' } },
      'image.tag is latest: nobody could say later what ran',
    ],
    ['no database', { database: { existingSecret: '' } }, 'Carillon needs a Postgres'],
    ['a database that is none', { database: { url: 'mysql://db/carillon' } }, /database.url/],
    [
      'a password in values',
      { database: { url: 'postgres://u:hunter2@db/carillon' } },
      'database.url holds a password',
    ],
    [
      'two databases',
      { database: { url: 'postgres://db/c', existingSecret: 'db' } },
      'both say where the database is',
    ],
    ['a queue that is none', { queue: { url: 'amqp://mq' } }, /queue.url/],
    ['secrets that nobody has', { secrets: {} }, 'the source clockify needs the secret clockify-api-key'],
    [
      'a secret that the store is not asked for',
      {
        secrets: {
          externalSecret: {
            enabled: true,
            secretStoreRef: { name: 's' },
            data: { 'slack-bot-token': { key: 'k' } },
          },
        },
      },
      'say where it is with secrets.externalSecret.data.clockify-api-key',
    ],
    [
      'a gateway without a token in the store',
      {
        gateway: { enabled: true },
        secrets: {
          externalSecret: {
            enabled: true,
            secretStoreRef: { name: 's' },
            data: { 'clockify-api-key': { key: 'k' }, 'slack-bot-token': { key: 'k' } },
          },
        },
      },
      'secrets.externalSecret.data.gateway-token',
    ],
    [
      'a gateway that autoscaling has no queue for',
      { gateway: { autoscaling: {} } },
      unknownKey('autoscaling'),
    ],
    [
      'two places for secrets',
      { secrets: { existingSecret: 's', externalSecret: { enabled: true } } },
      'keep one of them',
    ],
    [
      'a store without a name',
      {
        secrets: {
          externalSecret: {
            enabled: true,
            data: { 'clockify-api-key': { key: 'k' }, 'slack-bot-token': { key: 'k' } },
          },
        },
      },
      'name the store',
    ],
    [
      'AWS without a region',
      { secrets: { aws: { enabled: true } } },
      'name the region with secrets.aws.region',
    ],
    [
      'a role that nobody would have',
      { secrets: { existingSecret: 's', aws: { roleArn: 'arn:aws:iam::123456789012:role/x' } } },
      'secrets.aws.enabled is not',
    ],
    ['root', { podSecurityContext: { runAsUser: 0 } }, /podSecurityContext.runAsUser/],
    ['a weaker container', { securityContext: { privileged: true } }, unknownKey('securityContext')],
    [
      'a volume of the node',
      { extraVolumes: [{ name: 'host', hostPath: { path: '/' } }] },
      unknownKey('hostPath'),
    ],
    [
      'a grace that is too short',
      { notifier: { terminationGracePeriodSeconds: 10 } },
      /notifier.terminationGracePeriodSeconds/,
    ],
    [
      'a budget that lets no node be drained',
      { rules: { podDisruptionBudget: { maxUnavailable: 0 } } },
      /rules.podDisruptionBudget.maxUnavailable/,
    ],
    [
      'fewer at most than at least',
      { rules: { autoscaling: { enabled: true, kind: 'hpa', minReplicas: 5, maxReplicas: 2 } } },
      'the least is more than the most',
    ],
    ['KEDA that asks nobody', { rules: { autoscaling: { enabled: true } } }, 'keda.prometheusAddress'],
    [
      'alerts without a runbook',
      { metrics: { prometheusRule: { enabled: true } } },
      'metrics.prometheusRule.runbookUrl',
    ],
    [
      'a variable that the chart sets',
      { extraEnv: [{ name: 'DATABASE_URL', value: 'x' }] },
      'extraEnv names DATABASE_URL',
    ],
    [
      'the same for one role',
      { rules: { extraEnv: [{ name: 'PORT', value: '1' }] } },
      'rules.extraEnv names PORT',
    ],
    ['a variable that is no text', { extraEnv: [{ name: 'ON', value: true }] }, /extraEnv.0.value/],
    [
      'a CronJob of no source',
      { cronJobs: { sources: { clokify: { suspend: true } } } },
      'there is no source of that name; there are: clockify',
    ],
    [
      'a start that is later than a pull is asked for',
      { cronJobs: { startingDeadlineSeconds: 3600 } },
      /cronJobs.startingDeadlineSeconds/,
    ],
    ['a source without a type', { sources: { clockify: { settings: {} } } }, /type/],
    [
      'a source with two names',
      { sources: { clockify: { type: 'clockify', name: 'other' } } },
      /sources.clockify/,
    ],
    [
      'a source in two places',
      { documents: { 'a.yaml': 'kind: Source\nname: clockify\n' } },
      'two documents of the source clockify',
    ],
    [
      'a document that is no YAML',
      { documents: { 'a.yaml': 'kind: Source\nname: [' } },
      'the file a.yaml cannot be read',
    ],
    ['a file that nobody would read', { documents: { 'a.txt': '' } }, 'documents'],
    [
      'a file in the place of a source',
      { documents: { 'source-clockify.yaml': '' } },
      'Give the file another name',
    ],
    [
      'a schedule that only we know',
      { sources: { clockify: { type: 'clockify', schedule: { cron: '0 0 L * *', timezone: 'UTC' } } } },
      'know neither L, W nor #',
    ],
    [
      'a schedule with seconds',
      { sources: { clockify: { type: 'clockify', schedule: { cron: '0 0 0 * * *', timezone: 'UTC' } } } },
      'has not five fields',
    ],
    [
      'more than a ConfigMap holds',
      { documents: { 'a.yaml': `# ${'x'.repeat(1_000_000)}` } },
      'a ConfigMap holds a million',
    ],
  ])('%s', async (_, over, says) => {
    const said = await refusal(over);

    expect(said).toMatch(says);
    expect(said).not.toContain('hunter2');
  });

  it('all at once, where there are several', async () => {
    const said = await refusal({ database: {}, metrics: { prometheusRule: { enabled: true } } }, {});

    expect(said).toContain('Carillon needs a Postgres');
    expect(said).toContain('runbookUrl');
    expect(said).toContain('Nothing was installed or changed.');
  });

  it('but not what works', async () => {
    expect(await refusal({})).toBe('nothing');
    expect(await refusal({ global: { registry: 'x' } }, least)).toBe('nothing');
    // Of other kinds nothing has to be known here: `carillon check` judges them.
    expect(await refusal({ documents: { 'a.yaml': 'kind: Rule\nname: [' } })).toBe('nothing');
    expect(await refusal({ podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null } })).toBe(
      'nothing',
    );
    expect(
      await refusal({
        secrets: {},
        extraEnvFrom: [{ secretRef: { name: 'with-CARILLON_SECRET-variables' } }],
      }),
    ).toBe('nothing');
  });
});

describe('the schema of the values', () => {
  const all = [...properties(schema)];

  it('explains every value', () => {
    expect(all.length).toBeGreaterThan(150);
    expect(all.filter(([, { description }]) => !description).map(([path]) => path)).toEqual([]);
  });

  it('refuses unknown keys wherever it lists those that it knows', () => {
    const open = [['', schema] as const, ...all, ...Object.entries(schema.definitions ?? {})].filter(
      ([, part]) => part.properties && part.additionalProperties !== false,
    );

    expect(open.map(([path]) => path)).toEqual([]);
  });

  it('knows what values.yaml has, and values.yaml has what it knows', () => {
    const inValues = (part: unknown, path: readonly string[]): unknown =>
      path.reduce<unknown>((inside, key) => (inside as Values | undefined)?.[key], part);
    // What a chart above this one gives, and single optional fields.
    const optional = /^global$|\.(ephemeral-storage|limits\.cpu)$/;

    const absent = all
      .map(([path]) => path)
      .filter((path) => !optional.test(path) && inValues(values, path.split('.')) === undefined);

    expect(absent).toEqual([]);
  });
});
