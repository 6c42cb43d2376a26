import type { BackendFactory } from 'bullmq';
import { openPostgresEngine } from './postgres-engine.js';
import { openRedisEngine } from './redis-engine.js';

/** How BullMQ's own classes are made for one engine. What differs between Postgres and Redis ends here. */
export interface Engine {
  readonly system: 'postgres' | 'redis';
  /** For producers: fails at once where the engine is away, because a caller's transaction must not wait for a bell. */
  readonly ringing: Connecting;
  /** For workers: waits for an engine that is away, for as long as it takes. */
  readonly working: Connecting;
  /** Answers, or throws, within `withinMs`. For the readiness check. */
  ping(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Constructor arguments of BullMQ's classes. */
export interface Connecting {
  readonly backend: BackendFactory;
  /** Redis' key prefix of a queue; Postgres has its schema instead. */
  prefix(queue: string): string;
}

export interface EngineOptions {
  readonly url: string;
  /** Connections for queries that all queues share; each engine adds what its workers wait on. */
  readonly poolSize: number;
  /** Connections of this process are shown under this name. */
  readonly name: string;
  /** Told of every connection error; the engine goes on by itself. */
  readonly onError: (error: Error) => void;
}

/** The engine that the URL's scheme names. Connects in the background; throws only on a URL that names none. */
export function openEngine(options: EngineOptions): Engine {
  const scheme = URL.parse(options.url)?.protocol ?? '';
  if (postgresSchemes.includes(scheme)) return openPostgresEngine(options);
  if (redisSchemes.includes(scheme)) return openRedisEngine(options);
  throw new TypeError(
    `the queue's URL must begin with ${[...postgresSchemes, ...redisSchemes].map((known) => `${known}//`).join(', ')}`,
  );
}

const postgresSchemes = ['postgres:', 'postgresql:'];
const redisSchemes = ['redis:', 'rediss:', 'redis+cluster:', 'rediss+cluster:'];
