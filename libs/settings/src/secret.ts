import { inspect } from 'node:util';
import { hide } from './veil.js';

const shown = '[secret]';

/** A text that shows itself to nobody who does not ask for it by name: not in logs, JSON, templates or errors. What others make of it, `veil` hides. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    hide(value);
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
