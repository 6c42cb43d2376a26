import { Redis } from 'ioredis';
import { AbsentQueueError, examineRedis, troubleWithRedis, UnusableQueueError } from './examine-redis.js';
import { redisServerOnPath, startTestRedis, type TestEngine } from './testing.js';

const info = (fields: Readonly<Record<string, string>>): string =>
  `# Server\r\n${Object.entries({
    redis_version: '7.2.4',
    role: 'master',
    maxmemory_policy: 'noeviction',
    ...fields,
  })
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('')}`;

describe('what a Redis says of itself', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['as it should be', {}, undefined],
    ['the oldest that will do', { redis_version: '6.2.0' }, undefined],
    ['too old', { redis_version: '6.0.16' }, 'is version 6.0.16, and the queue needs 6.2 or newer'],
    [
      'evicting',
      { maxmemory_policy: 'volatile-lru' },
      '(maxmemory-policy volatile-lru), and with them jobs: set it to noeviction.',
    ],
    ['a replica', { role: 'slave' }, 'takes no writes, as a replica does: name the primary.'],
  ])('%s', (_, fields, trouble) => {
    const said = troubleWithRedis(info(fields));

    if (trouble === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(trouble);
  });

  it('nothing, where it keeps that to itself', () => {
    expect(troubleWithRedis('# Server\r\n')).toBeUndefined();
  });
});

it('a queue on Postgres is no matter of this', async () => {
  await expect(examineRedis('postgres://127.0.0.1:1/x', 'QUEUE_URL')).resolves.toBeUndefined();
});

it('nobody who answers is said in a sentence, as something that may pass', async () => {
  const asked = examineRedis('redis://:hunter2@127.0.0.1:1', 'QUEUE_URL');

  await expect(asked).rejects.toThrow(AbsentQueueError);
  await expect(asked).rejects.toThrow(
    'Redis at 127.0.0.1:1 (QUEUE_URL) does not answer (ECONNREFUSED): start it, or correct host and port, or let the network through.',
  );
});

if (redisServerOnPath()) {
  describe('a real Redis', () => {
    let redis: TestEngine;
    beforeEach(async () => {
      redis = await startTestRedis();
    });
    afterEach(() => redis.end());

    const configured = async (...commands: readonly (readonly [string, ...string[]])[]): Promise<void> => {
      const admin = new Redis(redis.url);
      for (const [command, ...words] of commands) await admin.call(command, ...words);
      admin.disconnect();
    };
    const withUser = (user: string): string => redis.url.replace('redis://', `redis://${user}@`);

    it('is taken as it comes', async () => {
      await expect(examineRedis(redis.url, 'QUEUE_URL')).resolves.toBeUndefined();
    });

    it('is refused where it drops keys, also where CONFIG is forbidden', async () => {
      await configured(
        ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
        ['ACL', 'SETUSER', 'managed', 'on', '>right-password', '~*', '+@all', '-config'],
      );

      const asked = examineRedis(withUser('managed:right-password'), 'QUEUE_URL');

      await expect(asked).rejects.toThrow(UnusableQueueError);
      await expect(asked).rejects.toThrow(
        /^Redis at 127\.0\.0\.1:\d+ \(QUEUE_URL\) drops keys when its memory is full \(maxmemory-policy allkeys-lru\), and with them jobs: set it to noeviction\.$/,
      );
    });

    it('is refused where it refuses, without the password', async () => {
      await configured(['CONFIG', 'SET', 'requirepass', 'right-password']);

      for (const url of [redis.url, withUser(':wrong-password'), withUser('nobody:wrong-password')])
        await expect(examineRedis(url, 'QUEUE_URL')).rejects.toThrow(
          /^Redis at 127\.0\.0\.1:\d+ \(QUEUE_URL\) refuses the user or the password: correct them there\.$/,
        );
    });

    it('is taken where it may not be asked', async () => {
      await configured(['ACL', 'SETUSER', 'shy', 'on', '>right-password', '~*', '+@all', '-info']);

      await expect(examineRedis(withUser('shy:right-password'), 'QUEUE_URL')).resolves.toBeUndefined();
    });
  });
} else {
  it.skip('a real Redis was not examined: no redis-server on PATH', () => undefined);
}
