import { redisServerOnPath, startTestRedis, type TestEngine } from '../../libs/queues/src/testing.js';

/**
 * Declares the same specs with the queue on Postgres and, where a `redis-server` is on the PATH, on Redis. `queueUrl` says where it is, and is
 * asked once; the world's own Postgres where it says nothing.
 */
export function onEachQueue(
  title: string,
  specs: (queueUrl: () => Promise<{ readonly queueUrl?: string }>) => void,
): void {
  describe(`${title}, with the queue on Postgres`, () => specs(() => Promise.resolve({})));
  if (!redisServerOnPath()) {
    it.skip(`${title}: did not run with the queue on Redis, no redis-server on PATH`, () => undefined);
    return;
  }
  describe(`${title}, with the queue on Redis`, () => {
    let redis: TestEngine | undefined;
    specs(async () => {
      redis = await startTestRedis();
      return { queueUrl: redis.url };
    });
    afterAll(() => redis?.end());
  });
}
