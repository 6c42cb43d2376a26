import type { Row } from './model.js';

/** The rows of one form, in the order of their ids, so that pages are cut and not searched for. */
export class Rows implements Iterable<Row> {
  readonly #rows: Row[] = [];
  readonly #byId = new Map<string, Row>();

  constructor(rows: Iterable<Row> = []) {
    for (const row of rows) this.put(row);
  }

  get size(): number {
    return this.#rows.length;
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.#rows.values();
  }

  get(id: string): Row | undefined {
    return this.#byId.get(id);
  }

  put(row: Row): void {
    this.#byId.set(row._id, row);
    this.#rows.splice(this.#above(row._id), 0, row);
  }

  delete(id: string): boolean {
    if (!this.#byId.delete(id)) return false;
    this.#rows.splice(this.#above(id) - 1, 1);
    return true;
  }

  /** The first rows above an id that need not be there any more, and that hold. */
  page(above: string | undefined, limit: number, holds: (row: Row) => boolean): Row[] {
    const page: Row[] = [];
    for (let index = above === undefined ? 0 : this.#above(above); index < this.#rows.length; index += 1) {
      const row = this.#rows[index];
      if (row && holds(row)) page.push(row);
      if (page.length === limit) break;
    }
    return page;
  }

  /** The index of the first row with a greater id. */
  #above(id: string): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle]?._id ?? '') <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
