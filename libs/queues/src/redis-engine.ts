import { once } from 'node:events';
import { createRedisBackend, type BackendFactory } from 'bullmq';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Engine, EngineOptions } from './engine.js';
import { within } from './within.js';

/**
 * Redis or Valkey, alone or as a cluster (`redis+cluster://`, any one node of it). Two clients: one that fails at once for ringing, one that waits for workers, each
 * of which adds a connection that blocks. The server must not evict keys (`maxmemory-policy noeviction`); losing them costs only time.
 * https://docs.bullmq.io/guide/going-to-production
 */
export function openRedisEngine(options: EngineOptions): Engine {
  const ringing = connect(options, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 2000,
    connectTimeout: 2000,
  });
  const working = connect(options, { maxRetriesPerRequest: null });
  for (const client of [ringing, working]) client.on('error', options.onError);
  return {
    system: 'redis',
    ringing: { backend: withClient(ringing), prefix },
    working: { backend: withClient(working), prefix },
    ping: (withinMs) =>
      within(withinMs, async () => {
        if (ringing.status !== 'ready')
          await once(ringing, 'ready', { signal: AbortSignal.timeout(withinMs) });
        await ringing.ping();
      }),
    async close() {
      for (const client of [ringing, working]) client.disconnect();
      await Promise.all([ringing, working].map(ended));
    },
  };
}

/** The keys of one queue share a hash tag, so that a cluster keeps them together and BullMQ's scripts may touch them at once. */
const prefix = (queue: string): string => `{carillon-${queue}}`;

const withClient =
  (client: Redis | Cluster): BackendFactory =>
  (queue, queueOptions, factoryOptions) =>
    createRedisBackend(queue, { ...queueOptions, connection: client }, factoryOptions);

function connect(options: EngineOptions, behaviour: RedisOptions): Redis | Cluster {
  const url = new URL(options.url);
  const again = (attempt: number): number => Math.min(100 * 2 ** attempt, 2000);
  const common: RedisOptions = { ...behaviour, connectionName: options.name, keepAlive: 10_000 };
  if (!url.protocol.includes('+cluster')) return new Redis(options.url, { ...common, retryStrategy: again });
  return new Cluster([{ host: url.hostname, port: Number(url.port || 6379) }], {
    clusterRetryStrategy: again,
    // By default a second: on a busy machine every node would seem to be away.
    slotsRefreshTimeout: 5000,
    enableOfflineQueue: behaviour.enableOfflineQueue ?? true,
    redisOptions: {
      ...common,
      ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
      ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
      ...(url.protocol.startsWith('rediss') ? { tls: {} } : {}),
    },
  });
}

/** A client that is between two connections ends without saying so. */
const ended = (client: Redis | Cluster): Promise<void> | undefined =>
  client.status === 'end'
    ? undefined
    : new Promise((resolve) => {
        const timer = setTimeout(resolve, 500);
        client.once('end', () => {
          clearTimeout(timer);
          resolve();
        });
      });
