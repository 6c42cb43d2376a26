import type { StoredRecord } from './model.js';

/** Records by id, and by module in the order of their numbers; deleted ones too. */
export class Records {
  readonly #byModule = new Map<string, StoredRecord[]>();
  readonly #byId = new Map<string, StoredRecord>();
  #revision = 0;

  /** Changes with every change: what was selected before may no longer hold. */
  get revision(): number {
    return this.#revision;
  }

  touch(): void {
    this.#revision += 1;
  }

  add(id: string, record: StoredRecord): void {
    if (this.#byId.has(id)) throw new RangeError(`${id} is there already`);
    const records = this.#byModule.get(record.module) ?? [];
    this.#byModule.set(record.module, records);
    records.splice(records.findLastIndex(({ number }) => number < record.number) + 1, 0, record);
    this.#byId.set(id, record);
    this.touch();
  }

  of(moduleName: string): readonly StoredRecord[] {
    return this.#byModule.get(moduleName) ?? [];
  }

  get(id: string): StoredRecord | undefined {
    return this.#byId.get(id);
  }

  /** `RangeError` where there is none such. */
  sought(id: string, moduleName?: string): StoredRecord {
    const record = this.#byId.get(id);
    if (!record || (moduleName !== undefined && record.module !== moduleName))
      throw new RangeError(`no ${moduleName ?? 'record'} ${id}`);
    return record;
  }

  all(): readonly StoredRecord[] {
    return [...this.#byId.values()];
  }

  clear(): void {
    this.#byModule.clear();
    this.#byId.clear();
    this.touch();
  }
}
