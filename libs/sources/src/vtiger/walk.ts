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
 * has cut the page, so a short page, even an empty one, is not the end: only a count of what is left says so. Going on from the last id,
 * and not from a number of rows, loses nothing where records are closed, opened or deleted meanwhile.
 */
export async function* walk(
  api: VtigerApi,
  selection: Selection,
  from: Place,
  call: Call,
): AsyncGenerator<Stretch> {
  let place: Place | undefined = from;
  while (place) {
    const stretch: Stretch = await stretchAt(api, selection, place, call);
    yield stretch;
    place = stretch.next;
  }
}

async function stretchAt(
  api: VtigerApi,
  selection: Selection,
  { after, skip }: Place,
  call: Call,
): Promise<Stretch> {
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
  const moved: Place = last === after ? { after, skip: skip + rowsAPage } : { after: last, skip: 0 };
  if (rows.length >= rowsAPage) return { rows, next: moved };
  const left = await countOf(api, `SELECT COUNT(*) FROM ${module}${whereOf(selection, last)};`, call);
  return { rows, next: left > moved.skip ? moved : undefined };
}

/** The condition of a query for what lies after an id. */
export function whereOf({ where }: Selection, after: string | undefined): string {
  const beyond = after === undefined ? [] : [`id > ${quoted(after)}`];
  const alternatives = (where.length > 0 ? where : [[]]).map((all) => [...all, ...beyond].join(' AND '));
  const text = alternatives.filter((one) => one !== '').join(' OR ');
  return text === '' ? '' : ` WHERE ${text}`;
}

/** The part behind the `x`. */
export const numberOf = (id: string): number => Number(id.slice(id.indexOf('x') + 1));
