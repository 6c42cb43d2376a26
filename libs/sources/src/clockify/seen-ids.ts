import { randomInt } from 'node:crypto';

/**
 * The ids of a list of any length, in some sixteen bytes each. Of every id 53 bits are remembered, mixed with a seed of the list's own: two ids that
 * are taken for one (in one of 100,000 lists of 400,000) look like a list that changed, and the host reads again, with another seed.
 */
export class SeenIds {
  readonly #seed = randomInt(2 ** 32);
  /** Marks, each in the first free place from where it belongs; 0 is a free place. Twice as many places as marks at the least. */
  #places = new Float64Array(2048);
  #count = 0;

  /** False where it was there before. */
  add(id: string): boolean {
    if (!put(this.#places, markOf(id, this.#seed))) return false;
    this.#count += 1;
    if (this.#count * 2 > this.#places.length) this.#grow();
    return true;
  }

  #grow(): void {
    const places = new Float64Array(this.#places.length * 2);
    for (const mark of this.#places) if (mark !== 0) put(places, mark);
    this.#places = places;
  }
}

function put(places: Float64Array, mark: number): boolean {
  const last = places.length - 1;
  for (let at = mark & last; ; at = (at + 1) & last) {
    if (places[at] === mark) return false;
    if (places[at] === 0) {
      places[at] = mark;
      return true;
    }
  }
}

/** A whole number from 1 to 2^53 that nearly every id has for itself: two rounds of multiplying and mixing (after MurmurHash3), 53 bits of both. */
function markOf(id: string, seed: number): number {
  let [high, low] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (let at = 0; at < id.length; at += 1) {
    const unit = id.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return (low & 0x1fffff) * 2 ** 32 + (high >>> 0) + 1;
}
