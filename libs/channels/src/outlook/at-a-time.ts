import { unlessStopped } from '#http';

/** Lets so many calls be on their way at a time, by what they are about; the others wait in order. */
export class AtATime {
  readonly #busy = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(private readonly most: number) {}

  /** Does it when it is its turn. Throws `RemoteError` `refused` where stopped before. */
  async run<Value>(about: string, signal: AbortSignal, act: () => Promise<Value>): Promise<Value> {
    await this.#enter(about, signal);
    try {
      return await act();
    } finally {
      this.#leave(about);
    }
  }

  async #enter(about: string, signal: AbortSignal): Promise<void> {
    const busy = this.#busy.get(about) ?? 0;
    if (busy < this.most) {
      this.#busy.set(about, busy + 1);
      return;
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const enter = (): void => resolve(undefined);
    const queue = this.#waiting.get(about) ?? [];
    queue.push(enter);
    this.#waiting.set(about, queue);
    try {
      await unlessStopped(promise, { system: 'outlook', what: 'waiting for the mailbox' }, signal);
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
