import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { redisServerOnPath, startTestRedis, type TestEngine } from '../../libs/queues/src/testing.js';
import { channels } from '#channels';
import { pullId } from '#domain';
import { sources } from '#sources';
import { Pulls } from '#storage';
import { found, needlesOf, plantCanaries } from './canaries.js';
import { documentsAt, webhookName } from './echoing-documents.js';
import { echoes, EchoingVendor } from './echoing-vendor.js';
import { justPast } from './just-past.js';
import { OtlpReceiver } from './otlp-receiver.js';
import { Processes, until, type ProductProcess } from './processes.js';
import { processList, seeFiles, seeTables, watchRedis, type Seen } from './seen.js';
import { secrets as good, Story } from './story.js';

const canaries = plantCanaries();
const needles = needlesOf({ ...canaries, 'key of Clockify': good.clockify, 'token of Slack': good.slack });

/** At SIGUSR2: as a library might throw that keeps what it was about, in words, in a cause and in properties. */
const crashing = (secret: string): string =>
  `--import data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => {
    throw Object.assign(new Error('refused: ${secret}', { cause: new Error('sent ${secret}') }), {
      config: { headers: { 'x-api-key': '${secret}' } },
    });
  })`)}`;

/** Documents in which a secret stands where its name should, and one whose secret cannot be read. */
const careless = `
kind: Source
name: clockify
type: clockify
settings: { workspaceId: 64a687e29ae1f428e7ebe303, apiKey: ${canaries['canary-clockify-key']} }
---
kind: Channel
name: slack
type: slack
settings: { token: { secret: unreadable }, tokn: ${canaries['canary-slack-token']} }
`;

function withPassword(url: string, user: string, password: string): string {
  const signedIn = new URL(url);
  signedIn.username = user;
  signedIn.password = password;
  return signedIn.href;
}

/** What `carillon up` says then. */
const upAndRunning = 'Up, with its schedules';

const hasSecrets = (settings: z.ZodType): boolean =>
  JSON.stringify(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })).includes('"secret":true');

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'carillon-canaries-'));

const variableOf = (name: string): string => `CARILLON_SECRET_${name.toUpperCase().replaceAll('-', '_')}`;

/** Half of the secrets in files, half in the environment. */
async function plant(vendor: EchoingVendor, folder: string): Promise<Record<string, string>> {
  const hook = canaries['key and token of a webhook'];
  const all = [
    ...Object.entries(canaries).filter(([name]) => name.startsWith('canary-')),
    ...echoes.map(
      (echo) =>
        [
          webhookName(echo),
          `${vendor.at(echo, 'chat')}/v1/spaces/AAAAcanary/messages?key=${hook}&token=${hook}`,
        ] as const,
    ),
  ];
  await mkdir(join(folder, 'unreadable'));
  for (const [name, value] of all.slice(0, 6)) await writeFile(join(folder, name), value);
  return Object.fromEntries(all.slice(6).map(([name, value]) => [variableOf(name), value]));
}

describe('secrets, on a good day and on bad ones', () => {
  const processes = new Processes();
  const seen: Seen = new Map();
  const role = `canary_${process.pid}`;
  let redis: TestEngine | undefined;
  let receiver: OtlpReceiver;
  let vendor: EchoingVendor;
  let story: Story;
  let folder: string;
  let reports: string;
  let up: ProductProcess;
  let environment: Record<string, string>;

  /** Lives a process to its end, and sees what it says. */
  const see = async (what: string, words: readonly string[], more: Record<string, string>): Promise<void> => {
    const child = processes.carillon(words, { environment: { ...environment, ...more } });
    await child.exited;
    seen.set(what, `${child.stdout}\n${child.stderr}`);
  };

  /** Every source is asked, and everybody is told of the week by every channel. */
  const live = async (): Promise<void> => {
    const { database } = story.test;
    const now = await database.now();
    const pulls = echoes.flatMap((echo) => ['clockify', 'vtiger', 'wecom'].map((type) => `${type}-${echo}`));
    await new Pulls(database).want(
      pulls.map((system) => ({
        ...{ id: pullId({ system, what: 'facts', askedBy: 'test' }), system, askedBy: 'test', dueAt: now },
        ...{ what: 'facts', window: { from: now.subtract({ hours: 100 }), to: now } },
      })),
    );
    await until('everything was tried', async () => {
      const [left] = await database.query<{ pulls: number; deliveries: number; subscriptions: number }>(
        `select (select count(*) from pull where asked_by = 'test' and attempts = 0 and state in ('due', 'running')) as pulls,
          count(*) filter (where state = 'pending') as deliveries, count(distinct subscription) as subscriptions
         from delivery where channel <> 'slack'`,
      );
      return left?.pulls === 0 && left.deliveries === 0 && left.subscriptions === 6 * echoes.length;
    });
  };

  /** What is typed by somebody who has the wrong password, the wrong address, or a secret at the wrong place. */
  const mistakes = async (): Promise<void> => {
    const wrong = canaries['a wrong password'];
    const file = join(folder, 'careless.yaml');
    await writeFile(file, careless);
    const json = ['--output', 'json'];
    await see('doctor', ['doctor', ...json], {});
    await see('check', ['check', '--documents', file, ...json], {});
    await see('send-test', ['send-test', 'jira-broken', ...json], {});
    await see('wrong password of the database', ['doctor', ...json], {
      DATABASE_URL: withPassword(story.test.url, role, wrong),
    });
    await see('wrong password of the queue', ['migrate'], {
      QUEUE_URL: withPassword(story.queueUrl, redis ? '' : role, wrong),
    });
    await see('no address', ['doctor', ...json], {
      DATABASE_URL: `postgrs://x:${wrong}@db`,
      QUEUE_URL: wrong,
    });
    await see('nobody there', ['doctor', ...json], { DATABASE_URL: `postgres://x:${wrong}@127.0.0.1:1/x` });
  };

  const crash = async (): Promise<void> => {
    const NODE_OPTIONS = `--report-uncaught-exception --report-directory=${reports} ${crashing(canaries['canary-jira-token'])}`;
    const service = processes.service('notifier', { environment: { ...environment, NODE_OPTIONS } });
    const other = processes.carillon(['up'], { environment: { ...environment, NODE_OPTIONS } });
    await service.ready();
    await until('it is up as well', () => other.stderr.includes(upAndRunning));
    for (const one of [service, other]) {
      process.kill(one.pid, 'SIGUSR2');
      await one.exited;
    }
    seen.set('crash of a service', `${service.stdout}\n${service.stderr}`);
    seen.set('crash of a command', `${other.stdout}\n${other.stderr}`);
  };

  beforeAll(async () => {
    redis = redisServerOnPath() ? await startTestRedis() : undefined;
    [receiver, vendor, folder, reports] = await Promise.all([
      OtlpReceiver.listen(),
      EchoingVendor.listen(canaries['access token']),
      temporary(),
      temporary(),
    ]);
    const { at, schedule } = justPast();
    story = await Story.begin({ at, schedule, ...(redis ? { queueUrl: redis.url } : {}) });
    await story.test.database.query(
      `create role ${role} superuser login password '${canaries['password of the database']}'`,
    );
    const databaseUrl = withPassword(story.test.url, role, canaries['password of the database']);
    const queueUrl = redis ? withPassword(redis.url, '', canaries['password of the queue']) : databaseUrl;
    if (redis) {
      const admin = new Redis(redis.url);
      await admin.config('SET', 'requirepass', canaries['password of the queue']);
      admin.disconnect();
    }
    const unwatch = redis ? await watchRedis(queueUrl, seen) : undefined;
    environment = {
      ...story.environment,
      ...(await plant(vendor, folder)),
      ...receiver.environment,
      CARILLON_SECRETS_DIR: folder,
      CARILLON_HOME: join(folder, 'home'),
      DATABASE_URL: databaseUrl,
      QUEUE_URL: queueUrl,
      LOG_LEVEL: 'trace',
      PORT: '0',
      NODE_OPTIONS: `--report-exclude-env --report-on-signal --report-uncaught-exception --report-on-fatalerror --report-directory=${reports}`,
    };
    const echoing = echoes.map((echo) => documentsAt(vendor, echo, schedule));
    await story.apply(story.documents('kind: Team\nname: ferrari', ...echoing));
    await story.appliedEarlier(8);

    up = processes.carillon(['up'], { environment });
    await until('it is up', () => up.stderr.includes(upAndRunning));
    await Promise.all([live(), mistakes()]);
    // They share the work, and would take some of it along.
    await crash();
    seen.set('ps', processList());
    process.kill(up.pid, 'SIGUSR2');
    await until('a report is written', async () => (await readdir(reports)).length > 0);
    await up.stop();

    seen.set('log', `${up.stdout}\n${up.stderr}`);
    seen.set('telemetry', receiver.bodies.join('\n'));
    seen.set('Slack', JSON.stringify(story.shown()));
    unwatch?.();
    await seeFiles(reports, seen);
    await seeTables(story.test.database, seen);
  }, 240_000);
  afterAll(async () => {
    await processes.endAll();
    await story?.test.database.query(`drop role if exists ${role}`);
    await Promise.all([story?.end(), receiver?.close(), vendor?.close(), redis?.end()]);
    for (const one of [folder, reports]) if (one) await rm(one, { recursive: true, force: true });
  });

  it('are those of every plugin that has any, and were sent to vendors that said them back', async () => {
    const documents = echoes.map((echo) => documentsAt(vendor, echo, '')).join('\n');
    const heard = vendor.heard.join('\n');
    const sent = new Set(needles.filter(({ text }) => heard.includes(text)).map(({ of }) => of));

    for (const load of [...sources.values(), ...channels.values()]) {
      const { id, settings } = await load();
      if (hasSecrets(settings)) expect(documents).toContain(`\ntype: ${id}\n`);
    }
    expect(Object.keys(canaries).filter((name) => !sent.has(name))).toEqual([
      // These are for signing.
      'canary-google-account',
      'canary-signing-secret',
      // These go to servers of our own.
      'password of the database',
      'password of the queue',
      'a wrong password',
    ]);
  });

  it.each([
    ['log', 50_000],
    ['telemetry', 50_000],
    ['doctor', 5_000],
    ['check', 200],
    ['send-test', 100],
    ['wrong password of the database', 50],
    ['no address', 50],
    ['nobody there', 50],
    ['crash of a command', 1_000],
    ['crash of a service', 1_000],
    ['table carillon.attempt', 5_000],
    ['table carillon.trouble', 5_000],
    ['ps', 500],
  ])('were looked for where there is something: %s', (place, least) => {
    expect(seen.get(place)?.length).toBeGreaterThan(least);
  });

  it('are nowhere to be read', () => {
    expect([...seen].flatMap(([place, text]) => found(needles, place, text))).toEqual([]);
  });

  it('leave a crash its words', () => {
    expect(seen.get('crash of a command')).toMatch(/✗ crash: Error: refused: \[secret\]/);
    expect(seen.get('crash of a service')).toMatch(/"msg":"crash"/);
  });
});
