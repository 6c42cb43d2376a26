import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readProcessSettings } from './process-settings.js';
import { readSettings, SettingsError, type Environment } from './read-settings.js';

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('settings from the environment', () => {
  const parts = {
    mail: z.object({
      sender: z.string().meta({ env: 'MAIL_SENDER', examples: ['bot@acme.example'] }),
      tries: z.coerce.number().int().default(3).meta({ env: 'MAIL_TRIES', description: 'a whole number' }),
    }),
    page: z.object({ open: z.stringbool().default(false).meta({ env: 'PAGE_OPEN' }) }),
  };

  it('are typed objects, one for each owner, that nobody can change', () => {
    const settings = readSettings(parts, { MAIL_SENDER: 'bot@acme.example', PAGE_OPEN: 'yes', OTHER: 'x' });

    expect(settings).toEqual({ mail: { sender: 'bot@acme.example', tries: 3 }, page: { open: true } });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.mail)).toBe(true);
  });

  it('take an empty variable for one that is not set', () => {
    expect(readSettings(parts, { MAIL_SENDER: ' a ', MAIL_TRIES: '' }).mail).toEqual({
      sender: 'a',
      tries: 3,
    });
  });

  it('report everything that is wrong at once, of all owners', () => {
    expect(problemsOf(() => readSettings(parts, { MAIL_TRIES: 'many', PAGE_OPEN: 'perhaps' }))).toEqual([
      'MAIL_SENDER: it is not set — such as bot@acme.example',
      'MAIL_TRIES: its value cannot be read — a whole number',
      'PAGE_OPEN: it has a value that is not known — one of true, 1, yes, on, y, enabled, false, 0, no, off, n, disabled',
    ]);
  });

  it('are refused where a field names no variable', () => {
    expect(() => readSettings({ a: z.object({ b: z.string() }) }, {})).toThrow(TypeError);
  });
});

describe('what a process is started with', () => {
  it('needs nothing at all', () => {
    const settings = readProcessSettings({});

    expect(settings.storage).toEqual({ home: '.carillon' });
    expect(settings.logs).toEqual({ level: 'info' });
    expect(settings.health).toEqual({ port: 8080 });
    expect(settings.secrets).toEqual({ variables: new Map() });
  });

  it('is read from its variables', () => {
    const settings = readProcessSettings({
      DATABASE_URL: 'postgresql://carillon:hunter2@db/carillon',
      QUEUE_URL: 'rediss://:hunter2@redis:6379',
      CARILLON_HOME: '/var/lib/carillon',
      LOG_LEVEL: 'debug',
      PORT: '0',
      CARILLON_SECRETS_DIR: '/run/secrets',
      CARILLON_SECRETS_AWS: 'eu-central-1/acme/carillon/',
    });

    expect(settings.storage.databaseUrl?.reveal()).toBe('postgresql://carillon:hunter2@db/carillon');
    expect(settings.storage.queueUrl?.reveal()).toBe('rediss://:hunter2@redis:6379');
    expect(settings.storage.home).toBe('/var/lib/carillon');
    expect(settings.logs.level).toBe('debug');
    expect(settings.health.port).toBe(0);
    expect(settings.secrets.directory).toBe('/run/secrets');
    expect(settings.secrets.aws).toEqual({ region: 'eu-central-1', prefix: 'acme/carillon/' });
  });

  it.each(['redis', 'rediss', 'redis+cluster', 'rediss+cluster', 'postgres', 'postgresql'])(
    'takes a queue at %s://',
    (scheme) => {
      const url = `${scheme}://queue.acme.example:6379`;

      expect(readProcessSettings({ QUEUE_URL: url }).storage.queueUrl?.reveal()).toBe(url);
    },
  );

  it('shows no password when it is logged', () => {
    const settings = readProcessSettings({
      DATABASE_URL: 'postgres://carillon:hunter2@db/carillon',
      CARILLON_SECRET_SLACK_BOT_TOKEN: 'hunter2',
    });

    expect(JSON.stringify({ ...settings, secrets: [...settings.secrets.variables] })).not.toContain(
      'hunter2',
    );
  });

  describe('takes an address from a file, so that it need not be in the environment', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'settings-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('of the database and of the queue', async () => {
      const [database, queue] = ['postgres://carillon:hunter2@db/carillon', 'redis://:hunter2@queue:6379'];
      await writeFile(join(folder, 'database-url'), `${database}\n`);
      await writeFile(join(folder, 'queue-url'), queue);

      const { storage } = readProcessSettings({
        DATABASE_URL_FILE: join(folder, 'database-url'),
        QUEUE_URL_FILE: join(folder, 'queue-url'),
      });

      expect([storage.databaseUrl?.reveal(), storage.queueUrl?.reveal()]).toEqual([database, queue]);
    });

    it('unless the variable itself is set', async () => {
      await writeFile(join(folder, 'url'), 'postgres://of-the-file/x');
      const environment = {
        DATABASE_URL: 'postgres://of-the-variable/x',
        DATABASE_URL_FILE: join(folder, 'url'),
      };

      expect(readProcessSettings(environment).storage.databaseUrl?.reveal()).toBe(
        'postgres://of-the-variable/x',
      );
    });

    it('and says what is wrong with the file, never what is in it', async () => {
      await writeFile(join(folder, 'empty'), '\n');
      await writeFile(join(folder, 'wrong'), 'hunter2');
      const of = (name: string): readonly string[] =>
        problemsOf(() => readProcessSettings({ DATABASE_URL_FILE: join(folder, name) }));

      expect(of('absent')).toEqual([
        'DATABASE_URL_FILE: its file cannot be read (ENOENT) — the path of a file that holds what DATABASE_URL would, readable for this user',
      ]);
      expect(of('empty')).toEqual([
        'DATABASE_URL_FILE: its file is empty — put into it what DATABASE_URL would hold',
      ]);
      expect(of('wrong')).toEqual([
        'DATABASE_URL: it is no address of a Postgres — such as postgres://carillon@db:5432/carillon',
      ]);
    });
  });

  it.each<[Environment, string]>([
    [
      { DATABASE_URL: 'mysql://root:hunter2@db/x' },
      'DATABASE_URL: it is no address of a Postgres — such as postgres://carillon@db:5432/carillon',
    ],
    [
      { DATABASE_URL: 'hunter2' },
      'DATABASE_URL: it is no address of a Postgres — such as postgres://carillon@db:5432/carillon',
    ],
    [
      { QUEUE_URL: 'amqp://x:hunter2@y' },
      'QUEUE_URL: it is no address of a queue — such as redis://redis:6379 or postgres://carillon@db:5432/carillon',
    ],
    [
      { LOG_LEVEL: 'hunter2' },
      'LOG_LEVEL: it has a value that is not known — one of trace, debug, info, warn, error, fatal, silent',
    ],
    [{ PORT: '70000' }, 'PORT: its value cannot be read — a port from 0 to 65535, such as 8080'],
    [{ PORT: 'hunter2' }, 'PORT: its value cannot be read — a port from 0 to 65535, such as 8080'],
    [
      { CARILLON_SECRETS_AWS: 'hunter2' },
      'CARILLON_SECRETS_AWS: it is no region with a prefix — the region of AWS Secrets Manager, a slash, and what the names begin with, such as eu-central-1/carillon/',
    ],
  ])('refuses %j without repeating it', (environment, problem) => {
    const problems = problemsOf(() => readProcessSettings(environment));

    expect(problems).toEqual([problem]);
  });

  it('reports the problems of all owners together', () => {
    const problems = problemsOf(() => readProcessSettings({ DATABASE_URL: 'x', LOG_LEVEL: 'x', PORT: 'x' }));

    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['DATABASE_URL', 'LOG_LEVEL', 'PORT']);
  });
});
