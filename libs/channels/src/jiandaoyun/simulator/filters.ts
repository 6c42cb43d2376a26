import { z } from 'zod';
import type { Entry } from './company.js';
import { keyOf, type Phone, type Row, type Value, type Widget } from './model.js';
import { readMoment } from './dates.js';
import { refuse } from './refusal.js';

/** What a filter needs to know besides the form. */
export interface Filtering {
  readonly members: { has(username: string): boolean };
  readonly offsetHours: number;
  /** How many values `in`, `nin` and `all` take. */
  readonly mostValues: number;
}

type Holds = (row: Row) => boolean;

interface Kind {
  readonly methods: readonly string[];
  /** A value as it is compared; undefined where it is none of this kind. */
  readonly read: (value: unknown, filtering: Filtering) => string | number | undefined;
}

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const moment = (value: unknown, { offsetHours }: Filtering): string | undefined =>
  readMoment(value, offsetHours);

const emptiness = ['empty', 'not_empty'];
const equality = ['eq', 'ne', 'in', 'nin', ...emptiness];
const texts: Kind = { methods: equality, read: string };
const dates: Kind = { methods: ['eq', 'ne', 'range', ...emptiness], read: moment };
const lists: Kind = { methods: ['in', 'all', ...emptiness], read: string };
const others: Kind = { methods: emptiness, read: () => undefined };

/** By the type of a widget, or a system field under its name. https://hc.jiandaoyun.com/open/14220 */
const kinds: Readonly<Record<string, Kind>> = {
  text: texts,
  radiogroup: texts,
  combo: texts,
  number: { methods: ['eq', 'ne', 'range', 'gt', 'lt', ...emptiness], read: number },
  datetime: dates,
  createTime: dates,
  updateTime: dates,
  checkboxgroup: lists,
  combocheck: lists,
  usergroup: lists,
  deptgroup: { ...lists, read: number },
  user: texts,
  creator: texts,
  lookup: texts,
  dept: { methods: equality, read: number },
  sn: { methods: ['eq', 'ne', 'in', 'nin', 'like', ...emptiness], read: string },
  phone: { methods: ['like', 'verified', 'unverified', ...emptiness], read: string },
  flowState: { methods: equality, read: number },
  _id: { methods: ['eq', 'in', ...emptiness], read: string },
};

/** What a condition on a system field may say its type is; `_id` may say anything. */
const systemTypes: Readonly<Record<string, string>> = {
  creator: 'user',
  createTime: 'datetime',
  updateTime: 'datetime',
  flowState: 'flowstate',
};

const filterShape = z.strictObject({
  rel: z.enum(['and', 'or']),
  cond: z
    .array(
      z.strictObject({
        field: z.string(),
        type: z.string().optional(),
        method: z.string(),
        value: z.array(z.unknown()).optional(),
      }),
    )
    .min(1),
});
type Condition = z.infer<typeof filterShape>['cond'][number];

/** The filter as a question about rows; 4815 where there is anything wrong with it, a field of another name included. */
export function readFilter(filter: unknown, entry: Entry, filtering: Filtering): Holds {
  const parsed = filterShape.safeParse(filter);
  if (!parsed.success) throw refuse(4815, parsed.error.issues[0]?.message ?? '');
  const { rel, cond } = parsed.data;
  const conditions = cond.flatMap((one) => readCondition(one, entry, filtering) ?? []);
  if (conditions.length === 0) return () => true;
  return rel === 'and'
    ? (row) => conditions.every((holds) => holds(row))
    : (row) => conditions.some((holds) => holds(row));
}

/** Undefined for a condition that the vendor leaves out. */
function readCondition(condition: Condition, entry: Entry, filtering: Filtering): Holds | undefined {
  const { field, type, method } = condition;
  const widget = entry.widgets.find((one) => keyOf(one) === field);
  const name = widget?.type ?? field;
  const read = reading(widget, field);
  if (!read) throw refuse(4815, `no field ${field}`);
  const expected = widget ? widget.type : systemTypes[field];
  if (type !== undefined && expected !== undefined && type !== expected)
    throw refuse(4815, `${field} is of type ${expected}`);
  const kind = kinds[name] ?? others;
  if (!kind.methods.includes(method)) throw refuse(4815, `${field} does not know ${method}`);
  const values = readOperands(condition, kind, filtering);
  const strangers = values.some((value) => typeof value === 'string' && !filtering.members.has(value));
  // As documented: one unknown username, and the condition is as if it were not there.
  if (method === 'nin' && expected === 'user' && strangers) return undefined;
  return compare(method, read, values);
}

function readOperands(
  { field, method, value = [] }: Condition,
  kind: Kind,
  filtering: Filtering,
): (string | number | undefined)[] {
  const counts: Readonly<Record<string, readonly [number, number]>> = {
    in: [1, filtering.mostValues],
    nin: [1, filtering.mostValues],
    all: [1, filtering.mostValues],
    range: [2, 2],
    empty: [0, Infinity],
    not_empty: [0, Infinity],
    verified: [0, Infinity],
    unverified: [0, Infinity],
  };
  const [least, most] = counts[method] ?? [1, 1];
  if (value.length < least || value.length > most)
    throw refuse(4815, `${method} of ${field} takes ${least} to ${most} values`);
  if (most === Infinity) return [];
  return value.map((one) => {
    if (method === 'range' && one === null) return undefined;
    const operand = kind.read(one, filtering);
    if (operand === undefined) throw refuse(4815, `a value of ${field} is of another type`);
    return operand;
  });
}

/** How the field is looked at, or undefined where there is no such field. A sub-form's fields are not to be found here. */
function reading(widget: Widget | undefined, field: string): ((row: Row) => Value | undefined) | undefined {
  if (widget) return (row) => row.values[widget.widgetName];
  switch (field) {
    case '_id':
    case 'creator':
    case 'updater':
    case 'createTime':
    case 'updateTime':
    case 'flowState':
      return (row) => row[field];
    default:
      return undefined;
  }
}

function compare(
  method: string,
  read: (row: Row) => Value | undefined,
  values: readonly (string | number | undefined)[],
): Holds {
  const wanted = new Set<unknown>(values);
  const [first, second] = values;
  const own = (row: Row): readonly unknown[] => {
    const value = read(row);
    return Array.isArray(value) ? value : [value];
  };
  const phone = (row: Row): Phone | undefined => read(row) as Phone | undefined;
  switch (method) {
    case 'eq':
    case 'in':
      return (row) => own(row).some((value) => wanted.has(value));
    case 'ne':
    case 'nin':
      return (row) => !own(row).some((value) => wanted.has(value));
    case 'all':
      return (row) => {
        const there = new Set(own(row));
        return values.every((value) => there.has(value));
      };
    case 'gt':
      return (row) => isAbove(read(row), first);
    case 'lt':
      return (row) => isAbove(first, read(row));
    case 'range':
      return (row) => {
        const value = read(row);
        return value !== undefined && !isAbove(first, value) && !isAbove(value, second);
      };
    case 'like':
      return (row) => {
        const value = read(row);
        const shown = typeof value === 'string' ? value : (phone(row)?.phone ?? '');
        return shown.includes(String(first));
      };
    case 'verified':
      return (row) => phone(row)?.verified === true;
    case 'unverified':
      return (row) => phone(row)?.verified === false;
    case 'empty':
      return (row) => isEmpty(read(row));
    default:
      return (row) => !isEmpty(read(row));
  }
}

/** Of two numbers, or of two moments as ISO texts; false where one is missing. */
const isAbove = (one: unknown, other: unknown): boolean =>
  typeof one === 'number' && typeof other === 'number'
    ? one > other
    : typeof one === 'string' && typeof other === 'string' && one > other;

const isEmpty = (value: Value | undefined): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
