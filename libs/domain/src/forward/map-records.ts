import { ConversionError, convert } from './convert.js';
import type { Cell, Cells, Forward, ForwardField } from './forward.js';
import { follow, parseTemplate, type Reference, type Template } from './reference.js';

/** A row that a record became. */
export interface MappedRow {
  /** What tells it apart from all other rows, stable from run to run. */
  readonly key: string;
  readonly cells: Cells;
}

/** What became of a record: its row, or why there is none. */
export type Mapped<Record_> = { readonly record: Record_ } & (
  { readonly row: MappedRow } | { readonly why: string; readonly key?: string }
);

type Mapping = Pick<Forward, 'fields' | 'key' | 'required' | 'unique'>;

/** How records become rows; its templates are read once. */
export class RecordMapping {
  readonly #fields: readonly { readonly name: string; readonly field: ForwardField; template: Template }[];
  readonly #needed: ReadonlySet<string>;

  constructor(
    private readonly mapping: Mapping,
    private readonly zone: string,
  ) {
    this.#fields = Object.entries(mapping.fields).map(([name, field]) => ({
      name,
      field,
      template: parseTemplate(field.from),
    }));
    this.#needed = new Set([...mapping.key, ...mapping.required, ...mapping.unique.flat()]);
  }

  /**
   * Maps all records of a run, in the order given. Each becomes one row or is refused: also where two would be one row, unless they say the
   * same; then the second one is refused.
   * @param scope what references lead to, by record: as `recordScope` makes it
   */
  map<Record_>(records: readonly Record_[], scope: (record: Record_) => unknown): readonly Mapped<Record_>[] {
    const mapped = records.map((record): Mapped<Record_> => ({ record, ...this.#one(scope(record)) }));
    const byKey = Map.groupBy(mapped, (one) => ('row' in one ? one.row.key : ''));
    const unique = this.mapping.unique.map((fields) => ({
      fields,
      shared: Map.groupBy(mapped, (one) => ('row' in one ? valuesOf(one.row.cells, fields) : '')),
    }));
    return mapped.map((one): Mapped<Record_> => {
      if (!('row' in one)) return one;
      const refused = (why: string): Mapped<Record_> => ({ record: one.record, key: one.row.key, why });
      const alike = byKey.get(one.row.key) ?? [];
      if (alike.length > 1) {
        if (alike.some((other) => 'row' in other && !sameCells(other.row.cells, one.row.cells)))
          return refused(`${alike.length} records have this key and do not say the same`);
        if (alike[0] !== one) return refused('a duplicate of another record');
      }
      for (const { fields, shared } of unique) {
        // A duplicate of one and the same row is no second one.
        const others = (shared.get(valuesOf(one.row.cells, fields)) ?? []).filter(
          (other) => 'row' in other && other.row.key !== one.row.key,
        );
        if (others.length > 0)
          return refused(
            `${others.length + 1} records have the same ${fields.map((name) => `\`${name}\``).join(' and ')}`,
          );
      }
      return one;
    });
  }

  #one(scope: unknown): { readonly row: MappedRow } | { readonly why: string } {
    const cells: Record<string, Cell> = {};
    const wrong: string[] = [];
    for (const { name, field, template } of this.#fields) {
      try {
        const value = valueOf(template, field, scope);
        if (!('missing' in value)) cells[name] = convert(value.value, field, this.zone);
        else if (this.#needed.has(name)) wrong.push(`\`${name}\`: \`${value.missing}\` is missing`);
      } catch (error) {
        if (!(error instanceof ConversionError)) throw error;
        wrong.push(`\`${name}\`: ${error.message}`);
      }
    }
    for (const name of this.#needed)
      if (cells[name] !== undefined && isEmpty(cells[name])) wrong.push(`\`${name}\` is empty`);
    if (wrong.length > 0) return { why: wrong.join('; ') };
    return { row: { key: keyOf(cells, this.mapping.key), cells } };
  }
}

/** The value that a field is made from; `missing` names what the record lacks. */
export function valueOf(
  template: Template,
  { default: otherwise }: Pick<ForwardField, 'default'>,
  scope: unknown,
): { readonly value: unknown } | { readonly missing: string } {
  const values: unknown[] = [];
  for (const part of template) {
    if (typeof part === 'string') {
      values.push(part);
      continue;
    }
    const found = follow(part, scope);
    if (found.found) values.push(found.value);
    else if (otherwise === undefined || !found.isLast) return { missing: found.missing };
    else values.push(otherwise);
  }
  const [only] = template;
  if (template.length === 1 && typeof only === 'object') return { value: values[0] };
  return { value: values.map(partOf).join('') };
}

/** References among others are a part of a text. */
function partOf(value: unknown): string {
  const cell = convert(value, { as: 'text' }, 'UTC');
  return typeof cell.value === 'string' ? cell.value : '';
}

export const referencesOf = (template: Template): readonly Reference[] =>
  template.filter((part) => typeof part === 'object');

const keyOf = (cells: Cells, fields: readonly string[]): string => {
  const [first] = fields;
  return fields.length === 1 && first !== undefined
    ? String(cells[first]?.value ?? '')
    : valuesOf(cells, fields);
};

const valuesOf = (cells: Cells, fields: readonly string[]): string =>
  JSON.stringify(fields.map((name) => cells[name]?.value ?? null));

const isEmpty = ({ value }: Cell): boolean => value === '' || (Array.isArray(value) && value.length === 0);

const sameCells = (one: Cells, other: Cells): boolean => JSON.stringify(one) === JSON.stringify(other);
