import { z } from 'zod';
import { readSettings, type Environment } from './read-settings.js';
import { Secret } from './secret.js';

const hasScheme = (text: string, ...schemes: readonly string[]): boolean => {
  const url = URL.parse(text);
  return url !== null && schemes.includes(url.protocol.slice(0, -1));
};

/** As the queue takes them: with `+cluster` for a Redis or Valkey cluster. */
const queueSchemes = ['postgres', 'postgresql', 'redis', 'rediss', 'redis+cluster', 'rediss+cluster'];

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const storage = z.object({
  /** Absent: an embedded Postgres in `home`. */
  databaseUrl: z
    .string()
    .refine((text) => hasScheme(text, 'postgres', 'postgresql'), { error: 'it is no address of a Postgres' })
    .transform((text) => new Secret(text))
    .exactOptional()
    .meta({ env: 'DATABASE_URL', file: true, examples: ['postgres://carillon@db:5432/carillon'] }),
  /** Absent: the queue is in the database. */
  queueUrl: z
    .string()
    .refine((text) => hasScheme(text, ...queueSchemes), { error: 'it is no address of a queue' })
    .transform((text) => new Secret(text))
    .exactOptional()
    .meta({
      env: 'QUEUE_URL',
      file: true,
      examples: ['redis://redis:6379', 'postgres://carillon@db:5432/carillon'],
    }),
  /** Where the embedded Postgres and other things of one machine are kept; relative to the working directory. */
  home: z.string().default('.carillon').meta({ env: 'CARILLON_HOME' }),
});

const logs = z.object({
  level: z.enum(logLevels).default('info').meta({ env: 'LOG_LEVEL' }),
});

const health = z.object({
  /** Where health is answered; 0 takes a free port. */
  port: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .meta({ env: 'PORT', description: 'a port from 0 to 65535', examples: ['8080'] }),
});

const secrets = z.object({
  /** A folder with one file for each secret, as Kubernetes mounts them. */
  directory: z.string().exactOptional().meta({ env: 'CARILLON_SECRETS_DIR' }),
  aws: z
    .string()
    .transform((text, context) => {
      const [, region, prefix] = /^([a-z]{2}(?:-[a-z]+)+-\d+)\/([\w/+=.@-]*)$/.exec(text) ?? [];
      if (region !== undefined && prefix !== undefined) return { region, prefix };
      context.addIssue({ code: 'custom', message: 'it is no region with a prefix', input: text });
      return z.NEVER;
    })
    .exactOptional()
    .meta({
      env: 'CARILLON_SECRETS_AWS',
      description: 'the region of AWS Secrets Manager, a slash, and what the names begin with',
      examples: ['eu-central-1/carillon/'],
    }),
});

const collect = z.object({
  /** How long a collector leaves sources' own schedules to CronJobs before it takes what none of them began. */
  graceSeconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(0)
    .meta({
      env: 'CARILLON_CRONJOB_GRACE',
      description: 'seconds from 0 to 3600',
      examples: ['120'],
    }),
});

const secretVariable = 'CARILLON_SECRET_';

/** What every process is started with. Telemetry reads its own `OTEL_…` variables, as its SDK does everywhere. */
export const readProcessSettings = (environment: Environment) => {
  const settings = readSettings({ storage, logs, health, secrets, collect }, environment);
  const given = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith(secretVariable) && value ? [[name, new Secret(value)] as const] : [],
  );
  return Object.freeze({
    ...settings,
    secrets: Object.freeze({ ...settings.secrets, variables: new Map(given) as ReadonlyMap<string, Secret> }),
  });
};

export type ProcessSettings = ReturnType<typeof readProcessSettings>;
export type SecretsSettings = ProcessSettings['secrets'];

/** The variable that a secret is looked for in: `clockify-api-key` in `CARILLON_SECRET_CLOCKIFY_API_KEY`. */
export const variableOfSecret = (name: string): string =>
  `${secretVariable}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
