import { z } from 'zod';
import type { Cursor } from '../contract.js';

/** Where a pull stands: this month's members are read up to and with this one. */
export interface Place {
  /** `2026-03` */
  readonly month: string;
  /** A folded id. */
  readonly after: string;
  /** Whether anybody had a record so far. */
  readonly isSomebodyThere: boolean;
}

const stored = z.object({ month: z.string(), after: z.string(), isSomebodyThere: z.boolean() });

export const writeCursor = (place: Place): Cursor => JSON.stringify(place);

/** The beginning where there is none, or one that was written by a version that spoke otherwise. */
export function readCursor(cursor: Cursor | undefined): Place | undefined {
  try {
    return stored.parse(JSON.parse(cursor ?? ''));
  } catch {
    return undefined;
  }
}
