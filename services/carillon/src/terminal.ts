import type { Writable } from 'node:stream';

/** Between two lines of progress where nothing can be overwritten. */
const PROGRESS_MS = 3000;

export type OutputFormat = 'text' | 'json';

/**
 * Where a command speaks. People read its progress on stderr and its result on stdout; with `--output json` the last line on stdout is one
 * JSON object and nothing else is written there.
 */
export class Terminal {
  readonly #width: number;
  #transient = false;
  #progressed = '';
  #progressedAt = performance.now();

  constructor(
    readonly format: OutputFormat,
    private readonly out: Writable,
    private readonly err: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  ) {
    // A terminal that does not tell its width says 0.
    this.#width = err.columns || 100;
  }

  /** What is being done, one line each. */
  step(text: string): void {
    this.#clear();
    this.err.write(`${text}\n`);
  }

  /** How far it is: overwritten by what follows on a terminal; elsewhere, as in a log of Jenkins, a line now and then. */
  progress(text: string): void {
    if (!this.err.isTTY) {
      if (this.#progressed === text || performance.now() - this.#progressedAt < PROGRESS_MS) return;
      this.#progressed = text;
      this.#progressedAt = performance.now();
      this.err.write(`  ${text}\n`);
      return;
    }
    this.#clear();
    this.err.write(text.slice(0, this.#width - 1));
    this.#transient = true;
  }

  /** The result for people; nothing with `--output json`. */
  say(text = ''): void {
    this.#clear();
    if (this.format === 'text') this.out.write(`${text}\n`);
  }

  /** The result for programs; nothing with `--output text`. */
  json(value: unknown): void {
    if (this.format === 'json') this.out.write(`${JSON.stringify(value)}\n`);
  }

  /** Resolves when all of the result has left the process, which ends soon. */
  written(): Promise<void> {
    return new Promise((resolve) => {
      if (this.out.destroyed) resolve();
      else this.out.write('', () => resolve());
    });
  }

  error(text: string): void {
    this.#clear();
    this.err.write(`${text}\n`);
  }

  /** Rows under headings, as wide as they need; the last column may run on. */
  table(headings: readonly string[], rows: readonly (readonly string[])[]): void {
    const all = [headings, ...rows];
    const widths = headings.map((_, column) =>
      Math.max(...all.map((row) => displayWidth(row[column] ?? ''))),
    );
    for (const row of all) {
      this.say(
        row
          .map((cell, column) =>
            column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)),
          )
          .join('  '),
      );
    }
  }

  #clear(): void {
    if (this.#transient) this.err.write('\r\u001b[K');
    this.#transient = false;
  }
}

/** Terminals give Han, Hangul and most emoji two columns. */
const displayWidth = (text: string): number =>
  [...text].reduce(
    (width, letter) =>
      width +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
        letter,
      )
        ? 2
        : 1),
    0,
  );
