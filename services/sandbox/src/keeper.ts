import type { VendorSimulator } from '#http/simulation';
import type { StateFiles } from './state-files.js';

/** A burst of changes is told and saved once. */
const afterMs = 200;
/** Saving takes at most this share of the time, however large the state has grown. */
const savingShare = 0.1;

/** Saves simulators soon after they changed, and tells whoever wants to know. */
export class Keeper {
  readonly #listeners = new Set<() => void>();
  #toTell = false;
  #saving: NodeJS.Timeout | undefined;
  #lastSaveMs = 0;
  /** Saves follow each other. */
  #saved: Promise<void> = Promise.resolve();

  constructor(
    private readonly files: StateFiles,
    private readonly simulators: readonly VendorSimulator[],
  ) {}

  /** Something may have changed. */
  touch(): void {
    if (!this.#toTell) {
      this.#toTell = true;
      setTimeout(() => {
        this.#toTell = false;
        for (const listener of this.#listeners) listener();
      }, afterMs).unref();
    }
    this.#saving ??= setTimeout(
      () => {
        this.save().catch((error: unknown) => {
          process.emitWarning(`the sandbox could not save its state: ${String(error)}`);
        });
      },
      Math.max(afterMs, this.#lastSaveMs / savingShare),
    );
  }

  /** Calls the listener after changes; the function returned ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async save(): Promise<void> {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    const save = async (): Promise<void> => {
      const began = performance.now();
      for (const simulator of this.simulators) await this.files.write(simulator.id, simulator.save());
      this.#lastSaveMs = performance.now() - began;
    };
    // One that failed does not keep the next from trying.
    this.#saved = this.#saved.then(save, save);
    await this.#saved;
  }
}
