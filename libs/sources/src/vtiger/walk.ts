import { RemoteError } from '#http';
import type { Call, VtigerApi } from './api.js';
import { countOf, quoted, rowsAPage, rowsOf } from './query.js';
import type { Row } from './schema.js';

/** Where a walk stands: after the record of this id, and after so many more that the user may not see. */
export interface Place {
  readonly after: string | undefined;
  readonly skip: number;
}
export const beginning: Place = { after: undefined, skip: 0 };

/** What is walked through. Alternatives of conditions that all hold: the language has no brackets, and AND binds tighter than OR. */
export interface Selection {
  readonly columns: readonly string[];
  readonly module: string;
  readonly where: readonly (readonly string[])[];
}

export interface Stretch {
  readonly rows: readonly Row[];
  /** Where to go on; undefined at the end. */
  readonly next: Place | undefined;
}

/**
 * Every record of a selection that the user may see, in the order of ids. The server takes what the user may not see out of a page after it
 * has cut the page, so a short page, even an empty one, is not the end: only a count says so, which comes first and mostly is the only one.
 * Going on from the last id, and not from a number of rows, loses nothing where records are closed, opened or deleted meanwhile.
 *
 * @param counted is told first how many there are, those that the user may not see included; what it throws ends the walk
 */
export async function* walk(
  api: VtigerApi,
  selection: Selection,
  from: Place,
  call: Call,
  counted: (left: number) => void = () => undefined,
): AsyncGenerator<Stretch> {
  let left = await countAfter(api, selection, from.after, call);
  counted(left - from.skip);
  let place: Place | undefined = left > from.skip ? from : undefined;
  if (!place) yield { rows: [], next: undefined };
  while (place) {
    const rows = await rowsAt(api, selection, place, call);
    const last: string | undefined = rows.at(-1)?.id;
    const moved: Place =
      last === undefined ? { after: place.after, skip: place.skip + rowsAPage } : { after: last, skip: 0 };
    left -= rows.length;
    // Some of those that were counted cannot be seen, or are there no more: how many is asked where it matters whether any is left.
    const mayEnd = rows.length < rowsAPage && (rows.length === 0 || left < rowsAPage);
    if (mayEnd && left > moved.skip) left = await countAfter(api, selection, moved.after, call);
    place = left > moved.skip ? moved : undefined;
    yield { rows, next: place };
  }
}

async function rowsAt(
  api: VtigerApi,
  selection: Selection,
  { after, skip }: Place,
  call: Call,
): Promise<readonly Row[]> {
  const { columns, module } = selection;
  const rows = await rowsOf(
    api,
    `SELECT ${columns.join(', ')} FROM ${module}${whereOf(selection, after)} ORDER BY id LIMIT ${skip}, ${rowsAPage};`,
    call,
  );
  let last = after;
  for (const { id } of rows) {
    if (last !== undefined && numberOf(id) <= numberOf(last))
      throw new RemoteError(
        'vtiger',
        'unreadable',
        'refused',
        `${call.label}: rows are not in the order of their ids`,
      );
    last = id;
  }
  return rows;
}

const countAfter = (
  api: VtigerApi,
  selection: Selection,
  after: string | undefined,
  call: Call,
): Promise<number> =>
  countOf(api, `SELECT COUNT(*) FROM ${selection.module}${whereOf(selection, after)};`, call);

/** The condition of a query for what lies after an id. */
export function whereOf({ where }: Selection, after: string | undefined): string {
  const beyond = after === undefined ? [] : [`id > ${quoted(after)}`];
  const alternatives = (where.length > 0 ? where : [[]]).map((all) => [...all, ...beyond].join(' AND '));
  const text = alternatives.filter((one) => one !== '').join(' OR ');
  return text === '' ? '' : ` WHERE ${text}`;
}

/** The part behind the `x`. */
export const numberOf = (id: string): number => Number(id.slice(id.indexOf('x') + 1));
