/** What a process has taken and not ended yet: so much of it on its way at a time, the rest waiting its turn. */
export class AtHand<Item> {
  #waiting: Item[] = [];
  #onTheWay = 0;
  #failed: { readonly error: unknown } | undefined;
  #patient: { readonly most: number; readonly resolve: () => void }[] = [];

  /** How much of it is on its way at a time. */
  width = 1;

  /** @param work ends one; where it throws nothing else is begun that waits */
  constructor(private readonly work: (item: Item) => Promise<void>) {}

  get size(): number {
    return this.#waiting.length + this.#onTheWay;
  }

  get hasFailed(): boolean {
    return this.#failed !== undefined;
  }

  add(items: readonly Item[]): void {
    this.#waiting.push(...items);
    this.#go();
  }

  /** Takes back whatever is not on its way yet. */
  giveUpWaiting(): readonly Item[] {
    const left = this.#waiting;
    this.#waiting = [];
    return left;
  }

  /** Resolves when no more than `most` is at hand, when something has failed, or after `withinMs`. */
  async atMost(most: number, withinMs?: number): Promise<void> {
    if (this.#has(most)) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#patient.push({ most, resolve });
      if (withinMs !== undefined) timer = setTimeout(resolve, withinMs);
    });
    clearTimeout(timer);
  }

  /** Throws what the first piece of work that failed has thrown, if any has. */
  check(): void {
    if (this.#failed) throw this.#failed.error;
  }

  #has(most: number): boolean {
    return this.size <= most || (this.#failed !== undefined && this.#onTheWay === 0);
  }

  #go(): void {
    while (this.#onTheWay < this.width && this.#failed === undefined) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      this.#onTheWay += 1;
      void this.#do(item);
    }
  }

  async #do(item: Item): Promise<void> {
    try {
      await this.work(item);
    } catch (error) {
      this.#failed ??= { error };
    }
    this.#onTheWay -= 1;
    this.#go();
    if (this.#patient.length === 0) return;
    const over = this.#patient.filter(({ most }) => this.#has(most));
    if (over.length === 0) return;
    this.#patient = this.#patient.filter((one) => !over.includes(one));
    for (const { resolve } of over) resolve();
  }
}
