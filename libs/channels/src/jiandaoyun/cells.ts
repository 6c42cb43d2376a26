import type { Cell, CellKind, Cells } from '#domain';

/** The types of fields that each kind of cell may be written to (contract of `data/create`: https://hc.jiandaoyun.com/open/14220). */
const accepts: Readonly<Record<CellKind, readonly string[]>> = {
  text: ['text', 'textarea', 'radiogroup', 'combo'],
  texts: ['checkboxgroup', 'combocheck'],
  number: ['number'],
  date: ['datetime'],
  user: ['user'],
  users: ['usergroup'],
  department: ['dept'],
  departments: ['deptgroup'],
};

export const fits = (kind: CellKind, type: string): boolean => accepts[kind].includes(type);

/** The types of fields that a kind of cell may be written to, for people. */
export const typesFor = (kind: CellKind): string => accepts[kind].map((type) => `\`${type}\``).join(', ');

/** The conversion that makes what a field of this type takes; undefined where nothing can be written to it. */
export const kindFor = (type: string): CellKind | undefined =>
  (Object.keys(accepts) as CellKind[]).find((kind) => accepts[kind].includes(type));

/** By the name that the API wants; a value without its `value` around it would be dropped in silence. */
export type Written = Readonly<Record<string, { readonly value: Cell['value'] }>>;

export const written = (cells: Cells, nameOf: (field: string) => string): Written =>
  Object.fromEntries(Object.entries(cells).map(([field, { value }]) => [nameOf(field), { value }] as const));

/** A cell, or what is read of its field, as a text by which both are compared; undefined where the field is empty. */
export const comparable = (cell: Cell): string =>
  cell.as === 'date' ? new Date(cell.value).toISOString() : String(cell.value);

export function comparableStored(kind: CellKind, stored: unknown): string | undefined {
  if (stored === null || stored === undefined || stored === '') return undefined;
  if (kind === 'date') {
    const at = typeof stored === 'string' || typeof stored === 'number' ? new Date(stored) : undefined;
    return at === undefined || Number.isNaN(at.valueOf()) ? undefined : at.toISOString();
  }
  const value =
    kind === 'user'
      ? property(stored, 'username')
      : kind === 'department'
        ? property(stored, 'dept_no')
        : stored;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
