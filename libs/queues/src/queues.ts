import { randomUUID } from 'node:crypto';
import { Queue, type Telemetry } from 'bullmq';
import { countRings, createLogger } from '#telemetry';
import { openEngine, type Connecting, type Engine } from './engine.js';
import { jobTelemetry } from './job-telemetry.js';
import { readJob, type JobOf } from './jobs.js';
import type { QueueName } from './names.js';
import { openWorker, type Handler, type QueueWorker, type WorkOptions } from './queue-worker.js';
import { within } from './within.js';

export interface QueuesOptions {
  /** `postgres://` or `postgresql://`, `redis://` or `rediss://`, or with `+cluster` for a Redis or Valkey cluster. */
  readonly url: string;
  /** Connections to Postgres for queries of all queues together; 5 by default. */
  readonly poolSize?: number;
  /** What BullMQ tells of its work; by default the trace travels with each job. */
  readonly telemetry?: Telemetry;
  /** How connections are named on the server; `carillon` by default. */
  readonly name?: string;
  /** How long a ring may take before it is given up; 2 s by default. */
  readonly ringWithinMs?: number;
}

export interface RingOptions {
  /** Rings then instead of now. */
  readonly delayMs?: number;
  /**
   * What is rung about, derived from the row. While such a job waits, another ring adds none; while one is worked on, another ring makes it
   * run once more afterwards, so that no change goes unseen. Delayed rings are counted by their second beside that.
   */
  readonly jobId?: string;
}

/** One of many rings. */
export interface Ring<Name extends QueueName> extends RingOptions {
  readonly job: JobOf<Name>;
}

/** Whether the bell was heard. Where not, nothing is lost: a sweep rings for every row that is due and unattended. */
export interface Rung {
  readonly rung: boolean;
}

const log = createLogger('queues');

/**
 * The doorbell: every queue of the process, on Postgres or Redis by the scheme of one URL. A job names a row and no more; state lives in Postgres.
 * Nothing here promises order, nor that a job comes only once.
 */
export class Queues {
  readonly #engine: Engine;
  readonly #telemetry: Telemetry;
  readonly #ringWithinMs: number;
  readonly #queues = new Map<QueueName, OpenQueue>();
  readonly #workers = new Set<QueueWorker>();
  readonly #complaints = new Complaints();
  #closing: Promise<void> | undefined;

  /** Connects in the background; throws only on a URL whose scheme names no engine. */
  constructor(options: QueuesOptions) {
    this.#engine = openEngine({
      url: options.url,
      poolSize: options.poolSize ?? 5,
      name: options.name ?? 'carillon',
      onError: (error) => this.#complaints.about(error),
    });
    this.#telemetry = options.telemetry ?? jobTelemetry();
    this.#ringWithinMs = options.ringWithinMs ?? 2000;
  }

  /** Puts one job in the queue. Never throws where the engine is away, and takes 2 s at the most; throws `UnreadableJob` on a job of another shape. */
  ring<Name extends QueueName>(queue: Name, job: JobOf<Name>, options: RingOptions = {}): Promise<Rung> {
    return this.ringMany(queue, [{ job, ...options }]);
  }

  /** Puts many jobs in one queue in one go; all or none of them are rung. As `ring` otherwise. */
  async ringMany<Name extends QueueName>(queue: Name, rings: readonly Ring<Name>[]): Promise<Rung> {
    const now = Date.now();
    const jobs = rings.map((ring) => ({
      name: queue,
      data: readJob(queue, ring.job),
      opts: {
        jobId: randomUUID(),
        ...(ring.delayMs === undefined || ring.delayMs <= 0 ? {} : { delay: Math.ceil(ring.delayMs) }),
        ...(ring.jobId === undefined ? {} : { deduplication: oncePer(ring.jobId, ring.delayMs ?? 0, now) }),
      },
    }));
    if (jobs.length === 0) return { rung: true };
    try {
      await within(this.#ringWithinMs, () => this.#queue(queue).addBulk(jobs));
      countRings(queue, 'rung', jobs.length);
      return { rung: true };
    } catch (error) {
      countRings(queue, 'lost', jobs.length);
      log.warn('queue not rung, the sweep will', { queue, jobs: jobs.length, error });
      return { rung: false };
    }
  }

  /**
   * Opens a worker that hands each job to the handler, until it is closed. It waits for an engine that is away and goes on after a restart.
   * A handler must be safe to run twice; what it throws is logged and counted, and the job is gone: rows know what is still due.
   */
  work<Name extends QueueName>(
    queue: Name,
    handler: Handler<JobOf<Name>>,
    options: WorkOptions,
  ): QueueWorker {
    if (this.#closing !== undefined) throw new Error('the queues are closing');
    const worker = openWorker(
      queue,
      handler,
      { ...options, connecting: this.#engine.working, telemetry: this.#telemetry },
      (error) => this.#complaints.about(error),
    );
    this.#workers.add(worker);
    void worker.closed.then(() => this.#workers.delete(worker));
    return worker;
  }

  /** Whether the engine answers within 2 s; throws its error where it does not. For the readiness check. */
  async check(): Promise<void> {
    await this.#engine.ping(2000);
  }

  /** Closes what workers are still open, without patience, then every connection. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Nest's hook: queues close after everything that uses them. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.close(0)));
    await Promise.allSettled([...this.#queues.values()].map((queue) => within(1000, () => queue.close())));
    await this.#engine.close();
  }

  #queue(name: QueueName): OpenQueue {
    const open = this.#queues.get(name);
    if (open !== undefined) return open;
    const queue = openQueue(name, this.#engine.ringing, this.#telemetry);
    queue.on('error', (error) => this.#complaints.about(error));
    this.#queues.set(name, queue);
    return queue;
  }
}

type OpenQueue = ReturnType<typeof openQueue>;

const openQueue = (name: QueueName, { backend, prefix }: Connecting, telemetry: Telemetry) =>
  new Queue(
    name,
    {
      connection: {},
      prefix: prefix(name),
      telemetry,
      // Asking for the version could fail once and would then be remembered as failed.
      skipVersionCheck: true,
      // A retained job would be found again by nobody: the row and the log tell what became of it.
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
      streams: { events: { maxLen: 100 } },
    },
    backend,
  );

/** A later ring must not postpone a sooner one, nor be swallowed by it, hence the second in the key. */
function oncePer(jobId: string, delayMs: number, now: number): { id: string; keepLastIfActive: true } {
  const id = delayMs <= 0 ? jobId : `${jobId}@${Math.ceil((now + delayMs) / 1000)}`;
  return { id, keepLastIfActive: true };
}

/** An engine that is away makes every connection complain several times a second; once in ten seconds is enough for each complaint. */
class Complaints {
  readonly #told = new Map<string, number>();

  about(error: Error): void {
    const now = Date.now();
    const key = `${error.name} ${error.message}`.slice(0, 200);
    if (now - (this.#told.get(key) ?? -Infinity) < 10_000) return;
    if (this.#told.size > 100) this.#told.clear();
    this.#told.set(key, now);
    log.warn('queue engine in trouble', { error });
  }
}
