/**
 * Lets many callers share statements: whoever comes while one is under way waits for the next, which does all that has come by then. Alone, a
 * caller waits for nobody.
 */
export class Together<Item, Result> {
  #waiting: Waiting<Item, Result>[] = [];
  #isAtWork = false;

  /**
   * @param work does all of these or none; a result for each, in their order
   * @param most how many share one statement
   */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly most: number,
  ) {}

  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isAtWork) void this.#go();
    });
  }

  async #go(): Promise<void> {
    this.#isAtWork = true;
    // Those whose answers have come in the same turn of the event loop go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#all(this.#waiting.splice(0, this.most));
    this.#isAtWork = false;
  }

  async #all(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (batch.length > 1 && isAboutOne(error)) for (const one of batch) await this.#all([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Postgres refused something in the statement, and nothing was done: the one whose data it could not take must not be in the others' way.
 * Data exceptions, constraints and deadlocks: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const isAboutOne = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(22|23)...$|^40P01$/.test(String(error.code));
