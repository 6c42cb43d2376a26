import {
  type IQueueBackend,
  type Job,
  type Telemetry,
  UnrecoverableError,
  WaitingError,
  Worker,
} from 'bullmq';
import { createLogger, recordJob, untraced } from '#telemetry';
import type { Connecting } from './engine.js';
import { readJob, type JobOf } from './jobs.js';
import type { QueueName } from './names.js';

/** What a handler is told beside the job. */
export interface Work {
  /** Aborted when the worker closes and its patience is over, or when another worker took the job because this one seemed dead. */
  readonly signal: AbortSignal;
}

export type Handler<Payload> = (job: Payload, work: Work) => Promise<void>;

export interface WorkOptions {
  /** How many jobs at once. */
  readonly concurrency: number;
  /**
   * How long a job belongs to a worker that shows no sign of life; 30 s by default. After a kill another takes it up within about twice that.
   */
  readonly leaseMs?: number;
}

export interface QueueWorker {
  readonly queue: QueueName;
  /** Settles when the worker has stopped for good; never rejects. */
  readonly closed: Promise<void>;
  /**
   * Takes no more jobs and waits for those at hand. After `patienceMs` (10 s by default) their signals are aborted; a handler that then throws gives its job back
   * for another worker. Returns after one more second at the latest: false where a handler still runs.
   */
  close(patienceMs?: number): Promise<boolean>;
}

interface Opening extends WorkOptions {
  readonly connecting: Connecting;
  readonly telemetry: Telemetry;
}

const log = createLogger('queues');

/** A worker outlives whatever opened it, so it is opened outside of every trace. */
export const openWorker = <Name extends QueueName>(
  queue: Name,
  handler: Handler<JobOf<Name>>,
  options: Opening,
  onError: (error: Error) => void,
): QueueWorker => untraced(() => new OpenWorker(queue, handler, options, onError));

class OpenWorker<Name extends QueueName> implements QueueWorker {
  readonly closed: Promise<void>;
  readonly #worker: LeavingWorker;
  readonly #stopping = new AbortController();
  readonly #atHand = new Set<Promise<void>>();
  #closing: Promise<boolean> | undefined;
  #closed!: () => void;

  constructor(
    readonly queue: Name,
    private readonly handler: Handler<JobOf<Name>>,
    options: Opening,
    onError: (error: Error) => void,
  ) {
    this.closed = new Promise((resolve) => {
      this.#closed = resolve;
    });
    const lockDuration = options.leaseMs ?? 30_000;
    this.#worker = new LeavingWorker(
      queue,
      (job, token, signal) => this.#hold(this.#process(job, token, signal)),
      {
        connection: {},
        prefix: options.connecting.prefix(queue),
        telemetry: options.telemetry,
        concurrency: options.concurrency,
        lockDuration,
        stalledInterval: lockDuration / 2,
        // How long after a failed connection it asks again; BullMQ's 15 s would be all that a restart costs.
        runRetryDelay: 1000,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
      options.connecting.backend,
    );
    this.#worker.on('error', onError);
    this.#worker.on('stalled', (job) => log.warn('job taken from a worker that seems dead', { queue, job }));
  }

  close(patienceMs = 10_000): Promise<boolean> {
    this.#closing ??= this.#close(patienceMs);
    return this.#closing;
  }

  async #close(patienceMs: number): Promise<boolean> {
    await this.#worker.pause(true);
    if (!(await this.#idle(patienceMs))) {
      this.#stopping.abort(new Error('the worker is closing'));
      await this.#idle(1000);
    }
    const idle = this.#atHand.size === 0;
    if (!idle) log.warn('handler still runs after its worker was closed', { queue: this.queue });
    // By force its lease is renewed no longer, so that another worker takes the job.
    const closed = this.#worker.close(!idle).then(() => true);
    const gone = await Promise.race([closed, pause(1000).then(() => false)]);
    if (!gone) await this.#worker.leave();
    this.#closed();
    return idle;
  }

  async #idle(withinMs: number): Promise<boolean> {
    await Promise.race([Promise.allSettled(this.#atHand), pause(withinMs)]);
    return this.#atHand.size === 0;
  }

  #hold(work: Promise<void>): Promise<void> {
    const held = work.finally(() => this.#atHand.delete(held));
    this.#atHand.add(held);
    return held;
  }

  async #process(job: Job, token: string | undefined, lost: AbortSignal | undefined): Promise<void> {
    const began = performance.now();
    const signal =
      lost === undefined ? this.#stopping.signal : AbortSignal.any([this.#stopping.signal, lost]);
    const ended = (outcome: 'done' | 'failed' | 'returned'): void =>
      recordJob(this.queue, outcome, performance.now() - began);
    try {
      await this.handler(readJob(this.queue, job.data), { signal });
      ended('done');
    } catch (error) {
      if (this.#stopping.signal.aborted) {
        await job.moveToWait(token ?? '');
        ended('returned');
        throw new WaitingError();
      }
      ended('failed');
      log.error('job failed', { queue: this.queue, job: job.id, error });
      throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
    }
  }
}

/**
 * An engine that is away does not answer a farewell, and BullMQ waits for the answer: a client of ioredis that is between two connections ends
 * without saying so. What would keep the process alive is stopped here.
 */
class LeavingWorker extends Worker<unknown, void, string, IQueueBackend> {
  async leave(): Promise<void> {
    await this.lockManager.close();
    this.backend.disconnectBlocking(false).catch(() => undefined);
  }
}

/** Does not keep the process alive. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
