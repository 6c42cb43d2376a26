import type { App, Department, User } from './model.js';

/** One person in one department, in the order in which ids are listed. */
export interface Membership {
  readonly user: User;
  /** Of the department among the person's. */
  readonly index: number;
  readonly department: number;
}

/** People and departments, with the indexes that 10,000 of them need. Ids of people are matched without regard to case. */
export class Directory {
  readonly #users = new Map<string, User>();
  readonly #departments = new Map<number, Department>();
  /** What is computed from the two, until one changes. */
  #indexes: Indexes | undefined;

  get users(): IterableIterator<User> {
    return this.#users.values();
  }

  get departments(): IterableIterator<Department> {
    return this.#departments.values();
  }

  user(id: string): User | undefined {
    return this.#users.get(keyOf(id));
  }

  department(id: number): Department | undefined {
    return this.#departments.get(id);
  }

  putUser(user: User): void {
    for (const id of user.departments)
      if (!this.#departments.has(id)) throw new RangeError(`no department ${id}`);
    if (user.departments.length === 0) throw new RangeError(`${user.id} is in no department`);
    this.#users.set(keyOf(user.id), user);
    this.#indexes = undefined;
  }

  removeUser(id: string): void {
    this.#users.delete(keyOf(id));
    this.#indexes = undefined;
  }

  putDepartment(department: Department): void {
    if (department.parentId !== 0 && !this.#departments.has(department.parentId))
      throw new RangeError(`no department ${department.parentId}`);
    for (let above: number | undefined = department.parentId; above; above = this.department(above)?.parentId)
      if (above === department.id) throw new RangeError(`department ${department.id} is above itself`);
    this.#departments.set(department.id, department);
    this.#indexes = undefined;
  }

  /** Only where nobody and no other department is in it. */
  removeDepartment(id: number): void {
    if (this.membersOf(id).length > 0 || this.subtree(id).length > 1)
      throw new RangeError(`department ${id} is not empty`);
    this.#departments.delete(id);
    this.#indexes = undefined;
  }

  /** In place of everything there is; trusted to fit together. */
  load(departments: readonly Department[], users: readonly User[]): void {
    this.#departments.clear();
    this.#users.clear();
    for (const department of departments) this.#departments.set(department.id, department);
    for (const user of users) this.#users.set(keyOf(user.id), user);
    this.#indexes = undefined;
  }

  /** Only those who are in it directly. */
  membersOf(department: number): readonly User[] {
    return this.#indexed().members.get(department) ?? [];
  }

  /** The department and all below it, from the top; those side by side by their order, the highest first. */
  subtree(id: number): readonly Department[] {
    const { children } = this.#indexed();
    const top = this.department(id);
    const found = top ? [top] : [];
    for (const each of found) found.push(...(children.get(each.id) ?? []));
    return found;
  }

  /** From each root. */
  get tree(): readonly Department[] {
    return (this.#indexed().children.get(0) ?? []).flatMap(({ id }) => this.subtree(id));
  }

  /** A row for each person and department. */
  get memberships(): readonly Membership[] {
    return this.#indexed().memberships;
  }

  /** `示例公司/研发部`. */
  pathOf(id: number): string {
    const { paths } = this.#indexed();
    let path = paths.get(id);
    if (path === undefined) {
      const { name = '', parentId = 0 } = this.department(id) ?? {};
      path = parentId === 0 ? name : `${this.pathOf(parentId)}/${name}`;
      paths.set(id, path);
    }
    return path;
  }

  seesDepartment(app: App, id: number): boolean {
    return this.#departments.has(id) && (app.visible === null || this.#sightOf(app).departments.has(id));
  }

  seesUser(app: App, user: User): boolean {
    if (app.visible === null) return true;
    const sight = this.#sightOf(app);
    return sight.users.has(keyOf(user.id)) || user.departments.some((id) => sight.departments.has(id));
  }

  #sightOf(app: App): Sight {
    const { sights } = this.#indexed();
    // An app is given another range as another object.
    const range = app.visible ?? { departments: [], users: [] };
    let sight = sights.get(range);
    if (!sight) {
      const below = range.departments.flatMap((id) => this.subtree(id).map((each) => each.id));
      sights.set(range, (sight = { departments: new Set(below), users: new Set(range.users.map(keyOf)) }));
    }
    return sight;
  }

  #indexed(): Indexes {
    return (this.#indexes ??= this.#index());
  }

  #index(): Indexes {
    const members = new Map<number, User[]>();
    const children = new Map<number, Department[]>();
    const memberships: Membership[] = [];
    for (const user of this.#users.values())
      for (const [index, department] of user.departments.entries()) {
        within(members, department).push(user);
        memberships.push({ user, index, department });
      }
    for (const department of this.#departments.values())
      within(children, department.parentId).push(department);
    for (const siblings of children.values())
      siblings.sort((one, other) => other.order - one.order || one.id - other.id);
    return { members, children, memberships, paths: new Map(), sights: new Map() };
  }
}

interface Indexes {
  readonly members: ReadonlyMap<number, readonly User[]>;
  readonly children: ReadonlyMap<number, readonly Department[]>;
  readonly memberships: readonly Membership[];
  readonly paths: Map<number, string>;
  readonly sights: Map<NonNullable<App['visible']>, Sight>;
}

interface Sight {
  readonly departments: ReadonlySet<number>;
  readonly users: ReadonlySet<string>;
}

export const keyOf = (userId: string): string => userId.toLowerCase();

function within<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  const found = lists.get(key) ?? [];
  lists.set(key, found);
  return found;
}
