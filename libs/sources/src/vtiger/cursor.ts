import { z } from 'zod';
import type { Cursor } from '../contract.js';
import { beginning, type Place } from './walk.js';

const stored = z.object({ after: z.string().optional(), skip: z.number().int().nonnegative() });

/** At the end of the walk nothing is left to go on with. */
const END = 'end';

export const writeCursor = (next: Place | undefined): Cursor => (next ? JSON.stringify(next) : END);

/** The beginning where there is none, or one that was written by a version that spoke otherwise. */
export function readCursor(cursor: Cursor | undefined): Place | undefined {
  if (cursor === END) return undefined;
  try {
    const { after, skip } = stored.parse(JSON.parse(cursor ?? ''));
    return { after, skip };
  } catch {
    return beginning;
  }
}
