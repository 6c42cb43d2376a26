interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Passages reach the same stage within a few turns of the event loop and a few answers of Postgres. */
const LINGER_MS = 30;

/** Lets whoever comes within a moment share a call, up to so many; each gets its own result, or the error of all. */
export class Gather<Item, Result> {
  #waiting: Waiting<Item, Result>[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param work a result for each, in their order; a result that is an `Error` is thrown at its own caller alone */
  constructor(
    private readonly most: number,
    private readonly work: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  ) {}

  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#waiting.length >= this.most) this.#go();
      else this.#timer ??= setTimeout(() => this.#go(), LINGER_MS);
    });
  }

  #go(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const some = this.#waiting.splice(0, this.most);
    this.work(some.map(({ item }) => item)).then(
      (results) => {
        for (const [index, { resolve, reject }] of some.entries()) {
          const result = results[index];
          if (result instanceof Error) reject(result);
          else resolve(result as Result);
        }
      },
      (error: unknown) => {
        for (const { reject } of some) reject(error);
      },
    );
  }
}
