import { Redis } from 'ioredis';

/** The server of the queue, or who connects to it, is not as it must be; the message says what to do. */
export class UnusableQueueError extends Error {
  override readonly name: string = 'UnusableQueueError';
}

/** It does not answer now. A service can begin without it: rows know what is due, and a sweep looks at them. */
export class AbsentQueueError extends UnusableQueueError {
  override readonly name = 'AbsentQueueError';
}

/** What BullMQ recommends at least. https://docs.bullmq.io/guide/redis-tm-compatibility */
const OLDEST = [6, 2] as const;
const CONNECT_MS = 5000;

/**
 * Connects once to a queue on Redis or Valkey and asks whether it can be worked with; of a cluster, to the node that is named. Asks with `INFO`
 * alone: managed servers forbid `CONFIG`. Where even that is forbidden, nobody can tell and nothing is refused.
 * Throws {@link UnusableQueueError}, in one sentence without the password. A queue on Postgres is no matter of this.
 */
export async function examineRedis(url: string, setting: string): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  if (!protocol.startsWith('redis')) return;
  const place = `Redis at ${hostname}:${port || '6379'} (${setting})`;
  const client = new Redis(url.replace('+cluster', ''), {
    ...{ lazyConnect: true, connectTimeout: CONNECT_MS, commandTimeout: CONNECT_MS },
    ...{
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      enableReadyCheck: false,
      disconnectTimeout: 100,
    },
  });
  let lost: unknown;
  // What broke the connection is said here, and only that it is closed by the question.
  client.on('error', (error) => (lost ??= error));
  try {
    await client.connect();
    const trouble = troubleWithRedis(await client.info());
    if (trouble) throw new UnusableQueueError(`${place} ${trouble}`);
  } catch (error) {
    if (error instanceof UnusableQueueError) throw error;
    const cause = lost ?? error;
    const words = cause instanceof Error ? cause.message : String(cause);
    if (/^NOPERM/.test(words)) return;
    if (/^(NOAUTH|WRONGPASS|ERR AUTH|ERR invalid password)|without any password configured/.test(words))
      throw new UnusableQueueError(`${place} refuses the user or the password: correct them there.`, {
        cause,
      });
    const code = (cause as NodeJS.ErrnoException).code ?? 'no answer in 5 s';
    throw new AbsentQueueError(
      `${place} does not answer (${code}): start it, or correct host and port, or let the network through.`,
      { cause },
    );
  } finally {
    client.disconnect();
  }
}

/** Why such a server will not do, by what `INFO` says; undefined where it will. https://redis.io/docs/latest/commands/info/ */
export function troubleWithRedis(info: string): string | undefined {
  const told = (field: string): string | undefined => new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const policy = told('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction')
    return `drops keys when its memory is full (maxmemory-policy ${policy}), and with them jobs: set it to noeviction.`;
  const version = told('redis_version');
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version !== undefined && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])))
    return `is version ${version}, and the queue needs ${OLDEST.join('.')} or newer: upgrade it, or leave QUEUE_URL out to have the queue in Postgres.`;
  if (told('role') === 'slave') return 'takes no writes, as a replica does: name the primary.';
  return undefined;
}
