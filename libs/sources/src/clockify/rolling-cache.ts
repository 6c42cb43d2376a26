import { compareInstants, type Instant } from '#domain';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { SourceMemory } from '../contract.js';

/** Calls at a time. Few enough for any limit, enough that a first run of 1,000 people takes minutes and not a quarter of an hour. */
export const callsAtOnce = 4;

/** A first run that is cut off keeps what it has learnt in steps of this many calls. */
const saveEvery = 40;

export interface RollingCache<T> {
  readonly memory: SourceMemory;
  readonly key: string;
  readonly value: z.ZodType<T>;
  readonly now: Instant;
  /** How many known ones, the oldest first, are asked for again. */
  readonly refreshed: number;
  read(id: string): Promise<T>;
}

/**
 * What costs a call for each person, kept between runs: new people are asked for at once, of the others only the oldest few, so that a
 * run stays cheap and everything is asked for again some day. People who are gone are forgotten.
 */
export async function readThroughCache<T>(
  cache: RollingCache<T>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, T>> {
  const schema = z.record(z.string(), z.object({ at: z.string(), value: cache.value }));
  const stored = schema.safeParse(await cache.memory.get(cache.key));
  const wanted = new Set(ids);
  const known = new Map(Object.entries(stored.success ? stored.data : {}).filter(([id]) => wanted.has(id)));

  const oldest = [...known]
    .sort(([, one], [, other]) =>
      compareInstants(Temporal.Instant.from(one.at), Temporal.Instant.from(other.at)),
    )
    .slice(0, cache.refreshed)
    .map(([id]) => id);
  const due = [...ids.filter((id) => !known.has(id)), ...oldest];
  const at = cache.now.toString();
  const save = (): Promise<void> => cache.memory.set(cache.key, Object.fromEntries(known));
  let unsaved = 0;
  try {
    for (const batch of batches(due, callsAtOnce)) {
      await Promise.all(
        batch.map(async (id) => {
          known.set(id, { at, value: await cache.read(id) });
          unsaved += 1;
        }),
      );
      if (unsaved >= saveEvery) {
        await save();
        unsaved = 0;
      }
    }
  } finally {
    if (unsaved > 0) await save();
  }
  return new Map([...known].map(([id, { value }]) => [id, value]));
}

export function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
