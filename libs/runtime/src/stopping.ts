import { createLogger } from '#telemetry';

type Drain = () => Promise<unknown>;

const log = createLogger('runtime');

/**
 * Knows that the process is to end, and what has to be finished before. Inject it where work is taken: take none once the signal is aborted, and name
 * in `drain` what is still at hand.
 */
export class Stopping {
  readonly #controller = new AbortController();
  readonly #drains = new Map<string, Drain>();

  /** Aborted when the process is asked to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get requested(): boolean {
    return this.#controller.signal.aborted;
  }

  /**
   * Waited for before connections close, together with all others. Returns the way to take it back, for workers that close while the process goes on.
   * Names are for the log and must differ.
   */
  drain(name: string, run: Drain): () => void {
    if (this.#drains.has(name)) throw new Error(`"${name}" is drained already`);
    this.#drains.set(name, run);
    return () => void this.#drains.delete(name);
  }

  /** Aborts the signal and waits for every drain, `withinMs` at the most. False where something did not end, or ended with an error. */
  async stop(withinMs: number): Promise<boolean> {
    this.#controller.abort(new Error('the process is stopping'));
    const open = new Set(this.#drains.keys());
    let clean = true;
    const all = Promise.all(
      [...this.#drains].map(async ([name, run]) => {
        try {
          await run();
        } catch (error) {
          clean = false;
          log.error('drain failed', { drain: name, error });
        }
        open.delete(name);
      }),
    );
    await Promise.race([all, patience(withinMs)]);
    if (open.size > 0) log.error('not drained in time', { drains: [...open], withinMs });
    return clean && open.size === 0;
  }
}

/** Does not keep the process alive. */
export const patience = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
