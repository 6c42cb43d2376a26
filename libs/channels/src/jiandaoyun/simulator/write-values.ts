import type { Department, Member, Place, SubRow, Value, Values, Widget, WidgetType } from './model.js';
import { keyOf } from './model.js';
import { readMoment } from './dates.js';
import { isFields, type Fields } from './reading.js';
import { refuse } from './refusal.js';

/** Why something that was sent has left no trace. The vendor says nothing of it. */
export type IgnoredWhy =
  | 'no value wrapper'
  | 'no such field'
  | 'not writable'
  | 'ill-formatted'
  | 'no such parameter'
  | 'no effect here';

export interface Writing {
  readonly members: ReadonlyMap<string, Member>;
  readonly departments: ReadonlyMap<number, Department>;
  /** Of dates that name no zone. */
  readonly offsetHours: number;
  /** Whether a value that names nobody is refused (1010, 6002); else it is stored empty. */
  readonly refuseStrangers: boolean;
  mint(): string;
  ignored(field: string, why: IgnoredWhy): void;
}

/** What a value becomes; undefined where it is ill-formatted. */
type Reader = (value: unknown, writing: Writing) => Value | undefined;

const text: Reader = (value) => (typeof value === 'string' ? value : undefined);
const number: Reader = (value) => (typeof value === 'number' ? value : undefined);
const texts: Reader = (value) => (isTexts(value) ? value : undefined);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const user: Reader = (value, { members, refuseStrangers }) => {
  if (typeof value === 'string' && members.has(value)) return value;
  if (typeof value === 'string' && value !== '' && refuseStrangers) throw refuse(1010, value);
  return undefined;
};

const dept: Reader = (value, { departments, refuseStrangers }) => {
  if (typeof value === 'number' && departments.has(value)) return value;
  if (typeof value === 'number' && refuseStrangers) throw refuse(6002, String(value));
  return undefined;
};

/** Of several, those who are there; nothing where what came is no list. */
const usergroup: Reader = (value, writing) =>
  isTexts(value) ? value.filter((item) => user(item, writing) !== undefined) : undefined;
const deptgroup: Reader = (value, writing) =>
  Array.isArray(value)
    ? value.filter((item): item is number => dept(item, writing) !== undefined)
    : undefined;

const address: Reader = (value) => {
  if (!isFields(value)) return undefined;
  const part = (name: string): string | undefined => {
    const given = value[name] ?? '';
    return typeof given === 'string' ? given : undefined;
  };
  const [province, city, district, detail] = ['province', 'city', 'district', 'detail'].map(part);
  return province === undefined || city === undefined || district === undefined || detail === undefined
    ? undefined
    : { province, city, district, detail };
};

const location: Reader = (value, writing) => {
  const place = address(value, writing) as Place | undefined;
  const at: unknown = isFields(value) ? value['lnglatXY'] : undefined;
  const [lng, lat, more]: unknown[] = Array.isArray(at) ? at : [];
  if (!place || typeof lng !== 'number' || typeof lat !== 'number' || more !== undefined) return undefined;
  return { ...place, lnglatXY: [lng, lat] };
};

const phone: Reader = (value) =>
  isFields(value) && typeof value['phone'] === 'string'
    ? { phone: value['phone'], verified: false }
    : undefined;

const lookup: Reader = (value) =>
  typeof value === 'string' && /^[0-9a-f]{24}$/.test(value) ? value : undefined;

/** Nothing is ever uploaded here, and so no key of a file is good. */
const files: Reader = () => undefined;

/** By type; those that are not here cannot be written. Sub-forms are read apart. */
const readers: Readonly<Partial<Record<WidgetType, Reader>>> = {
  text,
  textarea: text,
  radiogroup: text,
  combo: text,
  richtext: text,
  number,
  datetime: (value, { offsetHours }) => readMoment(value, offsetHours),
  checkboxgroup: texts,
  combocheck: texts,
  address,
  location,
  phone,
  user,
  usergroup,
  dept,
  deptgroup,
  lookup,
  image: files,
  upload: files,
};

/**
 * What a request writes into the fields of a row: for each field that it names by its key and with the `value` wrapper the value, or
 * undefined to empty it. Everything else has no effect, and the vendor does not say so. Neither options nor `required` nor `unique` are checked.
 * https://hc.jiandaoyun.com/open/14222
 */
export function readValues(
  widgets: readonly Widget[],
  data: Fields,
  writing: Writing,
  before: Values = {},
): Map<string, Value | undefined> {
  const byKey = new Map(widgets.map((widget) => [keyOf(widget), widget]));
  const written = new Map<string, Value | undefined>();
  for (const [key, wrapped] of Object.entries(data)) {
    const widget = byKey.get(key);
    const reader = widget && (widget.type === 'subform' ? rowsReader(widget, before) : readers[widget.type]);
    if (!widget) writing.ignored(key, 'no such field');
    else if (!reader) writing.ignored(key, 'not writable');
    else if (!isFields(wrapped) || !('value' in wrapped)) writing.ignored(key, 'no value wrapper');
    else {
      const value = reader(wrapped['value'], writing);
      if (value === undefined && wrapped['value'] !== null) writing.ignored(key, 'ill-formatted');
      written.set(widget.widgetName, value);
    }
  }
  return written;
}

/** A sub-form comes whole: rows that are left out are gone, fields left out of a row are empty, a row without the `_id` of one that was there is new. */
function rowsReader(widget: Widget, before: Values): Reader {
  return (value, writing) => {
    if (!Array.isArray(value)) return undefined;
    const old = new Set(((before[widget.widgetName] ?? []) as readonly SubRow[]).map(({ _id }) => _id));
    return value.flatMap((given: unknown): SubRow[] => {
      if (!isFields(given)) {
        writing.ignored(keyOf(widget), 'ill-formatted');
        return [];
      }
      const { _id: wrappedId, ...fields } = given;
      const id = isFields(wrappedId) ? wrappedId['value'] : undefined;
      const written = readValues(widget.items ?? [], fields, writing);
      const values = valuesAfter(written);
      // A second row with the same id is a new one.
      return [{ _id: typeof id === 'string' && old.delete(id) ? id : writing.mint(), values }];
    });
  };
}

/** What a write says of fields, by `widgetName`; undefined empties one. */
export type Written = ReadonlyMap<string, Value | undefined>;

/** The values after a write. */
export function valuesAfter(written: Written, before: Values = {}): Values {
  const after = Object.entries({ ...before, ...Object.fromEntries(written) });
  return Object.fromEntries(after.filter((field): field is [string, Value] => field[1] !== undefined));
}
