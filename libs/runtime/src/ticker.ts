import { Inject, Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { createLogger } from '#telemetry';
import { Stopping } from './stopping.js';

export interface TickOptions {
  readonly everyMs: number;
  /** A tick that takes longer is logged; by default one that takes longer than `everyMs`. */
  readonly slowMs?: number;
  /** By how much of `everyMs` a tick may be late, at random, so that replicas do not all come at once; 0.1 by default. */
  readonly jitter?: number;
  readonly random?: () => number;
}

export type Tick = (signal: AbortSignal) => Promise<unknown>;

export interface Ticking {
  /** Ticks at once; where a tick runs, once more right after it. Resolves when that tick has ended, and never rejects. */
  now(): Promise<void>;
  /** No more ticks; resolves when the running one has ended. */
  stop(): Promise<void>;
}

const log = createLogger('ticker');

/** Regular work. Ticks of one name never overlap: one that is due while the last still runs is left out. What a tick throws is logged; the next one comes. */
@Injectable()
export class Ticker {
  constructor(
    @Inject(SchedulerRegistry) private readonly registry: SchedulerRegistry,
    @Inject(Stopping) private readonly stopping: Stopping,
  ) {}

  /** Begins after the first interval; call `now` for one at once. Stops by itself when the process does. Throws where the name ticks already. */
  every(name: string, options: TickOptions, tick: Tick): Ticking {
    const ticking = new RunningTicker(name, options, tick, this.stopping.signal);
    const interval = setInterval(() => ticking.due(), options.everyMs);
    try {
      this.registry.addInterval(name, interval);
    } catch (error) {
      clearInterval(interval);
      throw error;
    }
    const stop = async (): Promise<void> => {
      if (this.registry.doesExist('interval', name)) this.registry.deleteInterval(name);
      await ticking.stop();
    };
    const forget = this.stopping.drain(`ticker ${name}`, stop);
    return {
      now: () => ticking.now(),
      stop: async () => {
        forget();
        await stop();
      },
    };
  }
}

class RunningTicker {
  #running: Promise<void> | undefined;
  #late: NodeJS.Timeout | undefined;
  #again: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly name: string,
    private readonly options: TickOptions,
    private readonly tick: Tick,
    private readonly signal: AbortSignal,
  ) {}

  due(): void {
    if (this.#running !== undefined || this.#late !== undefined || this.#over) return;
    const { everyMs, jitter = 0.1, random = Math.random } = this.options;
    this.#late = setTimeout(
      () => {
        this.#late = undefined;
        void this.#begin();
      },
      everyMs * jitter * random(),
    );
  }

  now(): Promise<void> {
    if (this.#running === undefined) return this.#begin();
    this.#again ??= this.#running.then(() => {
      this.#again = undefined;
      return this.#begin();
    });
    return this.#again;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#late);
    await this.#running;
  }

  get #over(): boolean {
    return this.#stopped || this.signal.aborted;
  }

  #begin(): Promise<void> {
    if (this.#over) return Promise.resolve();
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const began = performance.now();
    try {
      await this.tick(this.signal);
    } catch (error) {
      log.error('tick failed', { tick: this.name, error });
    }
    const tookMs = Math.round(performance.now() - began);
    if (tookMs > (this.options.slowMs ?? this.options.everyMs))
      log.warn('slow tick', { tick: this.name, tookMs });
  }
}
