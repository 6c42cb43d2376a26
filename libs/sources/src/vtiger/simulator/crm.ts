import type {
  NewField,
  NewGroup,
  NewModule,
  NewRecord,
  NewUser,
  RecordChanges,
  UserChanges,
} from './additions.js';
import type { Module, SimulatorState, StoredRecord } from './model.js';
import { choices, entity, field, usualModules } from './modules.js';
import { Records } from './records.js';
import { stamp } from './server-clock.js';

/** What an installation holds, and the ways in which a test or the sandbox changes it behind the API's back. Mistakes throw `RangeError`. */
export class Crm {
  readonly modules = new Map<string, Module>();
  readonly #records = new Records();
  readonly #denied = new Set<string>();
  readonly #accessKeys = new Map<string, string>();
  readonly #members = new Map<string, readonly string[]>();
  #minted = 0;

  constructor(
    protected readonly now: () => Date,
    /** On whose wall `createdtime` and `modifiedtime` stand. */
    private readonly databaseZone: string,
    prefixes: Readonly<Record<string, number>>,
  ) {
    for (const module of usualModules(prefixes)) this.#install(module);
  }

  addModule(module: NewModule): void {
    this.#install({
      label: module.name,
      singular: module.name,
      isEntity: true,
      labelFields: module.fields[0]?.name ?? 'id',
      numbering: '',
      ...module,
      fields: entity(...module.fields.map(({ name, type, ...rest }) => field(name, type, rest))),
    });
  }

  /** Records that are there get its default. */
  addField(moduleName: string, { name, type, ...rest }: NewField): void {
    const module = this.module(moduleName);
    if (module.fields.some((each) => each.name === name)) throw new RangeError(`${name} is there already`);
    const added = field(name, type, rest);
    module.fields = [...module.fields.slice(0, -1), added, ...module.fields.slice(-1)];
    for (const record of this.records(moduleName)) record.values[name] ??= added.default;
    this.#records.touch();
  }

  /** Records keep values that are no longer in the list, as with the vendor. */
  setPicklist(moduleName: string, fieldName: string, values: readonly string[]): void {
    const module = this.module(moduleName);
    const changed = module.fields.find((each) => each.name === fieldName);
    if (!changed?.type.picklistValues) throw new RangeError(`no picklist ${fieldName}`);
    module.fields = module.fields.map((each) =>
      each === changed ? { ...each, type: { ...each.type, picklistValues: choices(values) } } : each,
    );
  }

  /** Nobody but administrators may see the module any more. */
  denyModule(name: string): void {
    this.#denied.add(this.module(name).name);
  }

  allowModule(name: string): void {
    this.#denied.delete(name);
  }

  addUser(user: NewUser): string {
    const id = this.#put('Users', user.id, user.hidden ?? false, {
      user_name: user.name,
      first_name: user.firstName ?? '',
      last_name: user.lastName ?? user.name,
      email1: user.email ?? (user.name.includes('@') ? user.name : ''),
      status: user.status ?? 'Active',
      time_zone: user.zone ?? 'UTC',
      is_admin: user.admin ? '1' : '0',
      roleid: user.roleId ?? 'H2',
    });
    if (user.accessKey !== undefined) this.#accessKeys.set(id, user.accessKey);
    return id;
  }

  editUser(id: string, changes: UserChanges): void {
    const { values } = this.#records.sought(id, 'Users');
    const { status, accessKey, name, email, firstName, lastName, zone } = changes;
    const given = {
      status,
      user_name: name,
      email1: email,
      first_name: firstName,
      last_name: lastName,
      time_zone: zone,
    };
    for (const [key, value] of Object.entries(given)) if (value !== undefined) values[key] = value;
    if (accessKey === null) this.#accessKeys.delete(id);
    else if (accessKey !== undefined) this.#accessKeys.set(id, accessKey);
    this.#records.touch();
  }

  addGroup(group: NewGroup): string {
    const id = this.#put('Groups', group.id, false, {
      groupname: group.name,
      description: group.description ?? '',
    });
    this.#members.set(id, [...(group.userIds ?? [])]);
    return id;
  }

  addRecord(record: NewRecord): string {
    this.#known(record.module, record.values ?? {});
    const createdAt = record.createdAt === undefined ? this.now().getTime() : instant(record.createdAt);
    const modifiedAt = record.modifiedAt === undefined ? createdAt : instant(record.modifiedAt);
    return this.#put(
      record.module,
      record.id,
      record.hidden ?? false,
      {
        createdtime: this.stamp(createdAt),
        modifiedtime: this.stamp(modifiedAt),
        ...record.values,
        assigned_user_id: this.#owner(record.owner ?? this.#firstUser()),
      },
      record,
    );
  }

  editRecord(id: string, changes: RecordChanges): void {
    const record = this.#records.sought(id);
    this.#known(record.module, changes.values ?? {});
    record.values = {
      ...record.values,
      modifiedtime: this.stamp(changes.at === undefined ? this.now().getTime() : instant(changes.at)),
      ...changes.values,
      ...(changes.owner === undefined ? {} : { assigned_user_id: this.#owner(changes.owner) }),
    };
    record.hidden = changes.hidden ?? record.hidden;
    record.shown = { ...(changes.shown ?? record.shown) };
    record.missing = [...(changes.missing ?? record.missing)];
    this.#records.touch();
  }

  /** It leaves every query; only `sync` still tells of it. */
  deleteRecord(id: string, at?: string): void {
    this.editRecord(id, at === undefined ? {} : { at });
    this.#records.sought(id).deleted = true;
  }

  save(): SimulatorState {
    return structuredClone({
      minted: this.#minted,
      modules: [...this.modules.values()],
      denied: [...this.#denied],
      records: this.#records.all(),
      accessKeys: [...this.#accessKeys],
      members: [...this.#members],
    });
  }

  /** Takes back what `save` gave; what is held now is forgotten. */
  load(state: unknown): void {
    const saved = structuredClone(state) as SimulatorState;
    this.#minted = saved.minted;
    for (const held of [this.modules, this.#records, this.#denied, this.#accessKeys, this.#members])
      held.clear();
    for (const module of saved.modules) this.#install(module);
    for (const name of saved.denied) this.#denied.add(name);
    for (const record of saved.records) this.#records.add(this.idOf(record), record);
    for (const [id, key] of saved.accessKeys) this.#accessKeys.set(id, key);
    for (const [id, userIds] of saved.members) this.#members.set(id, userIds);
  }

  /** Changes with every change of a record. */
  get revision(): number {
    return this.#records.revision;
  }

  module(name: string): Module {
    const module = this.modules.get(name);
    if (!module) throw new RangeError(`no module ${name}`);
    return module;
  }

  records(moduleName: string): readonly StoredRecord[] {
    return this.#records.of(moduleName);
  }

  /** Deleted ones too. */
  record(id: string): StoredRecord | undefined {
    return this.#records.get(id);
  }

  idOf(record: StoredRecord): string {
    return `${this.module(record.module).idPrefix}x${record.number}`;
  }

  userByName(name: string): StoredRecord | undefined {
    return this.records('Users').find((user) => user.values['user_name'] === name);
  }

  accessKeyOf(user: StoredRecord): string | undefined {
    return this.#accessKeys.get(this.idOf(user));
  }

  groupsOf(user: StoredRecord): readonly string[] {
    const id = this.idOf(user);
    return [...this.#members].filter(([, userIds]) => userIds.includes(id)).map(([groupId]) => groupId);
  }

  maySee(user: StoredRecord, record: StoredRecord): boolean {
    return !record.hidden || isAdmin(user);
  }

  mayUse(user: StoredRecord, module: Module): boolean {
    return !this.#denied.has(module.name) || isAdmin(user);
  }

  /** How the database writes an instant. */
  stamp(at: number): string {
    return stamp(at, this.databaseZone);
  }

  /** The next number: the same sequence in every run. */
  protected mint(): number {
    this.#minted += 1;
    return this.#minted;
  }

  #put(
    moduleName: string,
    id: string | undefined,
    hidden: boolean,
    values: Readonly<Record<string, string>>,
    look: Pick<NewRecord, 'shown' | 'missing'> = {},
  ): string {
    const module = this.module(moduleName);
    const number = id === undefined ? this.#freeNumber(module) : numberOf(module, id);
    const usual = module.fields.map(({ name, type, default: empty }) => [
      name,
      type.name === 'autogenerated' && name !== 'id' ? `${module.numbering}${number}` : empty,
    ]);
    const made = `${module.idPrefix}x${number}`;
    this.#records.add(made, {
      module: moduleName,
      number,
      values: { ...Object.fromEntries(usual), ...values, id: made },
      hidden,
      deleted: false,
      shown: { ...look.shown },
      missing: [...(look.missing ?? [])],
    });
    return made;
  }

  #install(module: Module): void {
    for (const other of this.modules.values())
      if (other.name === module.name || other.idPrefix === module.idPrefix)
        throw new RangeError(`${module.name} has the name or prefix of ${other.name}`);
    this.modules.set(module.name, module);
  }

  #freeNumber(module: Module): number {
    let number = this.mint() + 1000;
    while (this.#records.get(`${module.idPrefix}x${number}`)) number = this.mint() + 1000;
    return number;
  }

  /** Owner, times and id have words of their own. */
  #known(moduleName: string, values: Readonly<Record<string, string>>): void {
    const module = this.module(moduleName);
    for (const name of Object.keys(values))
      if (own.has(name) || !module.fields.some((each) => each.name === name))
        throw new RangeError(`${moduleName} has no field ${name} to set: what is surplus goes into "shown"`);
  }

  #owner(id: string): string {
    const module = this.#records.sought(id).module;
    if (module !== 'Users' && module !== 'Groups') throw new RangeError(`${id} is no user or group`);
    return id;
  }

  #firstUser(): string {
    const user = this.records('Users')[0];
    if (!user) throw new RangeError('no user yet');
    return this.idOf(user);
  }
}

const own: ReadonlySet<string> = new Set(['assigned_user_id', 'createdtime', 'modifiedtime', 'id']);

export const isAdmin = (user: StoredRecord): boolean => user.values['is_admin'] === '1';

function numberOf(module: Module, id: string): number {
  const [, prefix, number] = /^(\d+)x([1-9]\d*)$/.exec(id) ?? [];
  if (Number(prefix) !== module.idPrefix)
    throw new RangeError(`ids of ${module.name} begin with ${module.idPrefix}x, not ${id}`);
  return Number(number);
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (!Number.isFinite(at) || !/(?:Z|[+-]\d\d:\d\d)$/.test(text)) throw new RangeError(`no instant: ${text}`);
  return at;
}
