import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but what it is drawn for: the sandbox tells the same story on every machine. */
export function draw(...what: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const letter of what.join('\u0000')) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A number between the two, `from` included. */
export const drawBetween = (from: number, to: number, ...what: readonly (string | number)[]): number =>
  from + draw(...what) * (to - from);

/** One of the items. */
export function drawOne<T>(items: readonly T[], ...what: readonly (string | number)[]): T {
  const item = items[Math.floor(draw(...what) * items.length)];
  if (item === undefined) throw new RangeError('nothing to draw from');
  return item;
}

/** An id as Clockify makes them, 24 hexadecimal digits, always the same for the same thing. */
export const clockifyId = (...what: readonly string[]): string =>
  createHash('sha256').update(what.join('\u0000')).digest('hex').slice(0, 24);
