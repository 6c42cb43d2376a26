import type { ConcurrencyLimit } from './client.js';
import { unlessStopped } from './stopped.js';

/** Lets so many calls be on their way at a time, by the name of what limits them; the others wait in order. */
export class AtATime {
  readonly #busy = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(private readonly system: string) {}

  /** Waits for a place among them; returns how it is given back. Throws `RemoteError` `refused` where stopped before. */
  async enter({ name, atATime }: ConcurrencyLimit, signal?: AbortSignal): Promise<() => void> {
    const busy = this.#busy.get(name) ?? 0;
    if (busy < atATime) this.#busy.set(name, busy + 1);
    else await this.#wait(name, signal);
    return () => this.#leave(name);
  }

  async #wait(about: string, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const enter = (): void => resolve(undefined);
    const queue = this.#waiting.get(about) ?? [];
    queue.push(enter);
    this.#waiting.set(about, queue);
    try {
      await (signal
        ? unlessStopped(promise, { system: this.system, what: `waiting for a place in ${about}` }, signal)
        : promise);
    } catch (error) {
      const at = queue.indexOf(enter);
      if (at >= 0) queue.splice(at, 1);
      // It was its turn just as it was stopped: the next one has it.
      else this.#leave(about);
      throw error;
    }
  }

  #leave(about: string): void {
    const next = this.#waiting.get(about)?.shift();
    if (next) return next();
    const busy = (this.#busy.get(about) ?? 1) - 1;
    if (busy > 0) this.#busy.set(about, busy);
    else this.#busy.delete(about);
  }
}
