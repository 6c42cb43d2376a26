import type { Crm } from './crm.js';
import type { Field, Module, StoredRecord } from './model.js';
import { comparable, type Comparable, condition } from './query-condition.js';
import { parseQuery, type Query } from './query-grammar.js';
import { denied, Refusal } from './refusal.js';

export type Shown = Readonly<Record<string, unknown>>;

/** Answers queries as the vendor does. Keeps what it selected last, so that paging does not select everything again for each page. */
export class Queries {
  #last:
    | { readonly key: string; readonly revision: number; readonly records: readonly StoredRecord[] }
    | undefined;

  constructor(
    private readonly crm: Crm,
    private readonly show: (record: StoredRecord) => Shown,
  ) {}

  /**
   * LIMIT counts all that match, and what the user may not see is taken out of the page afterwards: pages come short, even empty, before the
   * end (vtiger 7.x). `count(*)` counts what LIMIT counts; that it does so is inferred.
   */
  run(user: StoredRecord, text: string): readonly Shown[] {
    const query = parseQuery(text);
    const module = usableModule(this.crm, user, query.module);
    const records = this.#select(module, query);
    const columns = query.columns === 'count' || query.columns === 'all' ? undefined : query.columns;
    for (const column of columns ?? []) fieldOf(module, column);
    const end = query.offset + query.count;
    if (query.columns === 'count') return [{ count: String(records.length) }].slice(query.offset, end);
    return records
      .slice(query.offset, end)
      .filter((record) => this.crm.maySee(user, record))
      .map((record) => {
        const all = this.show(record);
        return columns ? pick(all, [...columns, 'id']) : all;
      });
  }

  #select(module: Module, query: Query): readonly StoredRecord[] {
    const key = JSON.stringify([module.name, query.where, query.order]);
    const { revision } = this.crm;
    if (this.#last?.key === key && this.#last.revision === revision) return this.#last.records;
    const alternatives = query.where?.map((all) =>
      all.map((each) => condition(fieldOf(module, each.column), each)),
    );
    const records = this.crm
      .records(module.name)
      .filter(
        (record) =>
          !record.deleted && (alternatives?.some((all) => all.every((holds) => holds(record))) ?? true),
      );
    const ordered = sorted(records, module, query.order);
    this.#last = { key, revision, records: ordered };
    return ordered;
  }
}

/** A module that is there and that the user may see. */
export function usableModule(crm: Crm, user: StoredRecord, name: string): Module {
  const module = crm.modules.get(name);
  if (!module) throw new Refusal('UNKOWN_ENTITY', `Unknown entity ${name}`);
  if (!crm.mayUse(user, module)) throw denied(name);
  return module;
}

/** A column that does not exist is refused like one that the user may not see. */
function fieldOf(module: Module, column: string): Field {
  const found = module.fields.find(({ name }) => name === column);
  if (!found) throw new Refusal('ACCESS_DENIED', `Permission to access '${column}' attribute denied.`);
  return found;
}

/** The direction is that of the last column, as in SQL. Equals stay in the order of their numbers. */
function sorted(
  records: readonly StoredRecord[],
  module: Module,
  { columns, descending }: Query['order'],
): readonly StoredRecord[] {
  if (columns.length === 0) return records;
  const keys = columns.map((column) => comparable(fieldOf(module, column)));
  return records.toSorted((one, other) => {
    for (const [position, key] of keys.entries()) {
      const difference = compare(key(one), key(other));
      if (difference !== 0) return descending && position === keys.length - 1 ? -difference : difference;
    }
    return 0;
  });
}

/** Empty first. */
function compare(one: Comparable, other: Comparable): number {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return one < other ? -1 : 1;
}

const pick = (all: Shown, names: readonly string[]): Shown =>
  Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name]]] : [])));
