import type { Field, StoredRecord } from './model.js';
import type { Comparison } from './query-grammar.js';
import { badId, Refusal } from './refusal.js';
import { isMoment } from './server-clock.js';

/** What the database compares: null is an empty column. */
export type Comparable = string | number | null;

const idTypes = new Set(['reference', 'owner']);
const numberTypes = new Set(['integer', 'double', 'currency', 'boolean']);

const isId = ({ name, type }: Field): boolean => name === 'id' || idTypes.has(type.name);
const isNumber = ({ type }: Field): boolean => numberTypes.has(type.name);

/**
 * The number of an id in its full form: the parser takes the prefix off and compares what is left (vtiger 7.x). The prefix itself is not
 * looked at.
 */
function recordNumber(id: string): number {
  const [, number] = /^\d+x(\d+)$/.exec(id) ?? [];
  if (number === undefined) throw badId(id);
  return Number(number);
}

/** How a field's value is compared and ordered. */
export function comparable(field: Field): (record: StoredRecord) => Comparable {
  const { name } = field;
  const value = (record: StoredRecord): string => record.values[name] ?? '';
  if (name === 'id') return (record) => record.number;
  if (isId(field)) return (record) => numberIn(value(record).split('x')[1]);
  if (isNumber(field)) return (record) => numberIn(value(record));
  if (isTime(field)) return (record) => value(record) || null;
  return value;
}

const numberIn = (text: string | undefined): number | null =>
  text === undefined || text === '' || Number.isNaN(Number(text)) ? null : Number(text);

const isTime = ({ type }: Field): boolean =>
  type.name === 'date' || type.name === 'datetime' || type.name === 'time';

/** Whether a record answers a comparison. An empty number, moment or reference answers none, as SQL has it. Throws where the value is none of the column's type. */
export function condition(field: Field, { operator, values }: Comparison): (record: StoredRecord) => boolean {
  const of = comparable(field);
  if (operator === 'LIKE' && !isId(field)) {
    const pattern = likePattern(values[0] ?? '');
    return (record) => pattern.test(record.values[field.name] ?? '');
  }
  const wanted = values.map((value) => literal(field, value));
  if (operator === 'IN') {
    const set = new Set(wanted);
    return (record) => {
      const is = of(record);
      return is !== null && set.has(is);
    };
  }
  const value = wanted[0] ?? '';
  const holds = {
    '=': (is: string | number) => is === value,
    '!=': (is: string | number) => is !== value,
    '<': (is: string | number) => is < value,
    '<=': (is: string | number) => is <= value,
    '>': (is: string | number) => is > value,
    '>=': (is: string | number) => is >= value,
    LIKE: (is: string | number) => is === value,
  }[operator];
  return (record) => {
    const is = of(record);
    return is !== null && holds(is);
  };
}

function literal(field: Field, text: string): string | number {
  if (isId(field)) return recordNumber(text);
  if (isNumber(field)) {
    if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw wrongValue(field, text);
    return Number(text);
  }
  const { name } = field.type;
  if (name !== 'date' && name !== 'datetime' && name !== 'time') return text;
  if (!isMoment(text, name)) throw wrongValue(field, text);
  return name === 'datetime' && text.length === 10 ? `${text} 00:00:00` : text;
}

/** A database may well take such a value and find nothing, or too much: a mistake either way, and a simulator should show it. */
const wrongValue = ({ name, type }: Field, text: string): Refusal =>
  new Refusal('DATABASE_QUERY_ERROR', `Incorrect ${type.name} value: '${text}' for column '${name}'`);

/** `%` is any text, `_` any one character. */
function likePattern(like: string): RegExp {
  const source = like
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'su');
}
