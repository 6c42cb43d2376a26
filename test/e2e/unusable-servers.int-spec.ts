import { Redis } from 'ioredis';
import { redisServerOnPath, startTestRedis, type TestEngine } from '../../libs/queues/src/testing.js';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { carillon, onlyJson, type Ended } from './carillon-process.js';

/** Whatever is run, it is refused before anything of it has begun. */
const commands: readonly (readonly string[])[] = [
  ['migrate', '--output', 'json'],
  ['collect', '--due', '--output', 'json'],
  ['run', '--once', '--output', 'json'],
  ['doctor', '--output', 'json'],
  ['up', '--once', '--output', 'json'],
];

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const tableCounts = (): Promise<readonly unknown[]> =>
  test.database.query(
    `select (select count(*) from occurrence) as occurrences, (select count(*) from pull) as pulls`,
  );

it.each([
  ['no such database', { pathname: '/nowhere' }, / has no database nowhere: /],
  [
    'a wrong password',
    { password: 'wrong-password' },
    / refuses the password of carillon: correct it there\.$/,
  ],
  ['nobody there', { port: '1' }, / does not answer \(ECONNREFUSED\): start it, /],
])('a database is refused in a sentence by a service, with exit code 2: %s', async (_, change, sentence) => {
  const DATABASE_URL = Object.assign(new URL(test.url), change).href;

  const ended = await carillon(['notifier'], { DATABASE_URL, PORT: '0' });

  expect(ended.code).toBe(2);
  const last = JSON.parse(ended.stderr.trimEnd().split('\n').at(-1) ?? '') as {
    msg: string;
    error: { message: string };
  };
  expect(last.msg).toBe('start failed');
  expect(last.error.message).toMatch(sentence);
  expect(ended.stderr).not.toContain('wrong-password');
});

if (redisServerOnPath()) {
  describe('a Redis that drops keys', () => {
    let redis: TestEngine;
    let before: readonly unknown[];
    let ended: readonly Ended[];
    let service: Ended;
    beforeAll(async () => {
      redis = await startTestRedis();
      const admin = new Redis(redis.url);
      await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
      admin.disconnect();
      before = await tableCounts();
      const environment = { DATABASE_URL: test.url, QUEUE_URL: redis.url, PORT: '0' };
      [service, ...ended] = await Promise.all([
        carillon(['collector'], environment),
        ...commands.map((words) => carillon(words, environment)),
      ]);
    });
    afterAll(() => redis.end());

    it('is refused by every command, with exit code 2 and what to do', () => {
      for (const one of ended) {
        expect(onlyJson(one)['error']).toMatch(
          /\(maxmemory-policy allkeys-lru\), and with them jobs: set it to noeviction\.$/,
        );
        expect(one.code).toBe(2);
      }
    });

    it('is refused by services', () => {
      expect(service.code).toBe(2);
      expect(service.stderr).toContain('set it to noeviction');
    });

    it('before anything has begun', async () => {
      expect(await tableCounts()).toEqual(before);
    });
  });
} else {
  it.skip('no Redis that drops keys was tried: no redis-server on PATH', () => undefined);
}
