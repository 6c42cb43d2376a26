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
  readonly #worker: Worker<unknown, void, string, IQueueBackend>;
  readonly #stopping = new AbortController();
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
    this.#worker = new Worker(
      queue,
      (job, token, signal) => this.#process(job, token, signal),
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
    let idle = false;
    const finished = this.#worker.close().then(() => {
      idle = true;
      this.#closed();
    });
    await Promise.race([finished, pause(patienceMs)]);
    if (!idle) {
      this.#stopping.abort(new Error('the worker is closing'));
      await Promise.race([finished, pause(1000)]);
    }
    if (!idle) log.warn('handler still runs after its worker was closed', { queue: this.queue });
    return idle;
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

/** Does not keep the process alive. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
