import type { Terminal } from '../terminal.js';

/** The command was asked to end before it was done. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  constructor(
    signal: string,
    /** 128 and the signal's number, as shells have it. */
    readonly exitCode: number,
  ) {
    super(`stopped by ${signal} before it was done; the next run goes on from here`);
  }
}

const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** npm passes on the Ctrl-C that the terminal has given to both already. */
const ECHO_MS = 500;

/** How often it is looked whether npm is still there. */
const PARENT_MS = 500;

/** Ctrl-C, SIGTERM and a closed terminal: the first asks the command to end, a second ends it at once. */
export class Interruption {
  readonly #controller = new AbortController();
  #askedAt: number | undefined;

  constructor(
    private readonly terminal: Terminal,
    { startedByNpm }: { readonly startedByNpm: boolean },
  ) {
    for (const [name, number] of Object.entries(numbers)) process.on(name, () => this.#ask(name, number));
    if (startedByNpm) this.#followParent();
  }

  /** Its reason is an {@link InterruptedError}. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  #ask(name: string, number: number): void {
    const now = performance.now();
    if (this.#askedAt !== undefined) {
      if (now - this.#askedAt > ECHO_MS) process.exit(128 + number);
      return;
    }
    this.#askedAt = now;
    this.terminal.step('Stopping: what is at hand is finished. Ctrl-C again ends at once.');
    this.#controller.abort(new InterruptedError(name, 128 + number));
  }

  /** npm passes a signal on to the shell between us, which dies of it and leaves us behind. */
  #followParent(): void {
    const parent = process.ppid;
    const look = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(look);
      this.#ask('the end of npm', numbers.SIGHUP);
    }, PARENT_MS);
    look.unref();
  }
}

/** Resolves when it is aborted. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
