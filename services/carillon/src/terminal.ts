import type { Writable } from 'node:stream';

/** Between two lines of progress where nothing can be overwritten. */
const PROGRESS_MS = 3000;

/** Columns of a table, where the terminal is not wider. */
const TABLE_WIDTH = 120;
/** No column is made narrower than this. */
const NARROWEST = 16;
const GAP = '  ';

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

  /** Rows under headings. What would be wider than a usual screen is folded at its spaces, the widest columns first; nothing is left out. */
  table(headings: readonly string[], rows: readonly (readonly string[])[]): void {
    const all = [headings, ...rows];
    const widths = headings.map((_, column) =>
      Math.max(...all.map((row) => displayWidth(row[column] ?? ''))),
    );
    const most = Math.max(TABLE_WIDTH, this.#width) - GAP.length * (headings.length - 1);
    while (widths.reduce((sum, width) => sum + width, 0) > most && Math.max(...widths) > NARROWEST)
      widths[widths.indexOf(Math.max(...widths))] = Math.max(...widths) - 1;
    for (const row of all) {
      const cells = row.map((cell, column) => folded(cell, widths[column] ?? 0));
      for (let line = 0; line < Math.max(...cells.map(({ length }) => length)); line += 1)
        this.say(
          cells
            .map((lines, column) => padded(lines[line] ?? '', widths[column] ?? 0))
            .join(GAP)
            .trimEnd(),
        );
    }
  }

  #clear(): void {
    if (this.#transient) this.err.write('\r\u001b[K');
    this.#transient = false;
  }
}

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));

/** Lines of no more than this width where there are spaces to fold at; a longer word stays whole, so that it can be copied. */
function folded(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
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
