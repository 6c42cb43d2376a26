import type { VendorSimulator } from '#http/simulation';
import type { StateFiles } from './state-files.js';

/** A burst of changes is saved once. */
const saveAfterMs = 200;

/** Saves simulators soon after they changed, and tells whoever wants to know. */
export class Keeper {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  /** Saves follow each other. */
  #saved: Promise<void> = Promise.resolve();

  constructor(
    private readonly files: StateFiles,
    private readonly simulators: readonly VendorSimulator[],
  ) {}

  /** Something may have changed. */
  touch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener();
      void this.save();
    }, saveAfterMs);
  }

  /** Calls the listener after changes; the function returned ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#saved = this.#saved.then(async () => {
      for (const simulator of this.simulators) await this.files.write(simulator.id, simulator.save());
    });
    await this.#saved;
  }
}
