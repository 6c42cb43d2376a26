import type { Delivery } from '#storage';
import type { Conclusion } from './evaluator.js';
import type { Saying } from './say.js';

/** People of whom something cannot be said yet: what was said of them stays as it is, for a part of its ground was not looked at. */
export const heldIn = (conclusions: readonly Conclusion[]): ReadonlySet<string> =>
  new Set(
    conclusions.flatMap(({ decisions }) =>
      decisions.filter(({ outcome }) => outcome === 'held').map(({ subject }) => subject),
    ),
  );

/**
 * What was said and has lost its ground. Of each person by themselves: whoever was looked at, with nothing held, and of whom this is no
 * longer said. That the facts of others are missing is no reason to leave a wrong number standing.
 */
export function groundless(
  said: Iterable<Delivery>,
  sayings: readonly Saying[],
  conclusions: readonly Conclusion[],
): readonly Delivery[] {
  const still = new Set(sayings.map(({ id }) => id));
  const held = heldIn(conclusions);
  const looked = new Set(conclusions.flatMap(({ decisions }) => decisions.map(({ subject }) => subject)));
  return [...said].filter(
    ({ id, about, subject }) =>
      about === 'notification' &&
      !still.has(id) &&
      subject !== null &&
      looked.has(subject) &&
      !held.has(subject),
  );
}
