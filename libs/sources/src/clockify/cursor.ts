import type { TimeWindow } from '#domain';
import { z } from 'zod';
import type { Cursor } from '../contract.js';

/**
 * Where a pull stands. The stages follow one another; leave and holidays are few calls and begin anew.
 *
 * `report`: the next page of the detailed report, what its count was and how many records the earlier pages had. `asked` is the
 * fingerprint of the people whose entries are left to the `entries` stage because the report does not say their type; null while it says.
 * `entries`: person by person in the order of ids, after the one named; `asked` as before, or everybody.
 */
const position = z.discriminatedUnion('stage', [
  z.object({
    stage: z.literal('report'),
    piece: z.number().int(),
    page: z.number().int(),
    count: z.number().int().nullable(),
    got: z.number().int(),
    asked: z.string().nullable(),
  }),
  z.object({ stage: z.literal('entries'), asked: z.string(), after: z.string() }),
  z.object({ stage: z.literal('leave') }),
  z.object({ stage: z.literal('holidays') }),
  z.object({ stage: z.literal('done') }),
]);
export type Position = z.infer<typeof position>;
export type ReportPosition = Extract<Position, { stage: 'report' }>;
export type EntriesPosition = Extract<Position, { stage: 'entries' }>;

/** The `asked` of an `entries` stage that goes through everybody. */
export const everybody = 'everybody';

export const reportBegin: ReportPosition = {
  stage: 'report',
  piece: 0,
  page: 1,
  count: null,
  got: 0,
  asked: null,
};
export const everybodyBegin: EntriesPosition = { stage: 'entries', asked: everybody, after: '' };

const stored = z.object({ window: z.string(), position });

const nameOf = ({ from, to }: TimeWindow): string => `${from}/${to}`;

export const writeCursor = (window: TimeWindow, at: Position): Cursor =>
  JSON.stringify({ window: nameOf(window), position: at });

/** Undefined where there is none, where it is of another window, or where it was written by a version that spoke otherwise. */
export const readCursor = (window: TimeWindow, cursor: Cursor | undefined): Position | undefined => {
  if (cursor === undefined) return undefined;
  try {
    const { window: name, position: at } = stored.parse(JSON.parse(cursor));
    return name === nameOf(window) ? at : undefined;
  } catch {
    return undefined;
  }
};
