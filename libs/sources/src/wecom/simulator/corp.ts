import type { LocalDate } from '#domain';
import type {
  DepartmentChanges,
  Leaving,
  NewApp,
  NewDay,
  NewDepartment,
  NewTotals,
  NewUser,
  UserChanges,
} from './additions.js';
import { Directory, keyOf } from './directory.js';
import type { App, Day, RowKind, SimulatorState, Spoiling, Totals, User } from './model.js';
import { daysOfMonth, spread, whole } from './spread.js';
import { totalsOf } from './totals.js';

/** What a corp holds, and the ways in which a test or the sandbox changes it behind the API's back. Mistakes throw `RangeError`. */
export class Corp {
  readonly directory = new Directory();
  readonly #apps = new Map<string, App>();
  readonly #days = new Map<string, Map<LocalDate, Day>>();
  readonly #spoilt = new Map<string, Spoiling>();
  #numbered = 0;

  /** By default self-built and new, listed for check-in, and seeing everybody from anywhere. */
  addApp(app: NewApp): void {
    if (this.#apps.has(app.secret)) throw new RangeError('there is an app with this secret already');
    this.#apps.set(app.secret, {
      kind: 'self-built',
      createdOn: '2024-01-15',
      checkIn: true,
      departmentNames: true,
      visible: null,
      trustedIps: null,
      ...app,
      revoked: false,
    });
  }

  editApp(secret: string, changes: Partial<Pick<App, 'checkIn' | 'visible' | 'trustedIps'>>): void {
    Object.assign(this.#soughtApp(secret), changes);
  }

  /** Like the vendor's "reset": the secret is invalid from now on, and so are its tokens. */
  revokeSecret(secret: string): void {
    this.#soughtApp(secret).revoked = true;
  }

  app(secret: string): App | undefined {
    return this.#apps.get(secret);
  }

  /** The first is the root: its `parentId` is 0, that of others 1 by default. */
  addDepartment(department: NewDepartment): void {
    if (!Number.isSafeInteger(department.id) || department.id < 1 || this.directory.department(department.id))
      throw new RangeError(`${department.id} is taken, or no id`);
    this.directory.putDepartment({
      nameEn: '',
      parentId: department.id === 1 ? 0 : 1,
      order: 100_000_000 - department.id,
      leaders: [],
      ...department,
    });
  }

  editDepartment(id: number, changes: DepartmentChanges): void {
    const department = this.directory.department(id);
    if (!department) throw new RangeError(`no department ${id}`);
    this.directory.putDepartment({ ...department, ...changes });
  }

  removeDepartment(id: number): void {
    this.directory.removeDepartment(id);
  }

  /** By default active, in department 1, on fixed shifts. */
  addUser(user: NewUser): void {
    if (this.directory.user(user.id)) throw new RangeError(`${user.id} is there already`);
    this.#numbered += 1;
    this.directory.putUser({
      nameEn: '',
      alias: '',
      position: '',
      status: 1,
      departments: [1],
      leads: [],
      managers: [],
      email: '',
      mobile: '',
      rule: { type: 1, groupId: 10, groupName: '总部固定班' },
      ...user,
      number: this.#numbered,
    });
  }

  editUser(id: string, changes: UserChanges): void {
    this.directory.putUser({ ...this.#soughtUser(id), ...changes });
  }

  /** Out of the contacts, with all attendance; who comes back comes back empty. */
  removeUser(id: string): void {
    this.directory.removeUser(this.#soughtUser(id).id);
    this.#days.delete(keyOf(id));
  }

  /** Someone leaves the company, perhaps in mid-month. */
  leave(id: string, { on, listed = false }: Leaving): void {
    this.#soughtUser(id);
    if (!listed) {
      this.removeUser(id);
      return;
    }
    const days = this.#days.get(keyOf(id));
    for (const day of [...(days?.keys() ?? [])]) if (day > on) days?.delete(day);
    this.editUser(id, { status: 5 });
  }

  /** Puts one person's day, in place of what was there. */
  setDay(id: string, day: LocalDate, record: NewDay): void {
    if (!daysOfMonth(day.slice(0, 7)).includes(day)) throw new RangeError(`no day: ${day}`);
    this.#daysFor(id).set(day, whole(record));
  }

  /** A correction, as an approved make-up punch makes it. */
  editDay(id: string, day: LocalDate, changes: NewDay): void {
    const before = this.day(id, day);
    if (!before) throw new RangeError(`nothing of ${id} on ${day}`);
    this.setDay(id, day, { ...before, ...changes });
  }

  /** Puts days into one person's month (`2026-03`) that add up to the totals, in place of all that were there. */
  setMonth(id: string, month: string, totals: NewTotals): void {
    const spreadDays = spread(month, totals);
    this.clearMonth(id, month);
    const days = this.#daysFor(id);
    for (const [day, record] of spreadDays) days.set(day, record);
  }

  /** The month again with other totals. Days are spread anew. */
  editMonth(id: string, month: string, changes: NewTotals): void {
    this.setMonth(id, month, { ...this.month(id, month), ...changes });
  }

  clearMonth(id: string, month: string): void {
    const days = this.#daysFor(id);
    for (const day of daysOfMonth(month)) days.delete(day);
  }

  day(id: string, day: LocalDate): Day | undefined {
    return this.#days.get(keyOf(id))?.get(day);
  }

  /** What the month report will say of the whole month. */
  month(id: string, month: string): Totals {
    this.#soughtUser(id);
    return totalsOf(this.daysOf(id, daysOfMonth(month)).map(([, record]) => record));
  }

  /** Those of the days on which there is something. */
  daysOf(id: string, among: readonly LocalDate[]): (readonly [LocalDate, Day])[] {
    const days = this.#days.get(keyOf(id));
    if (!days) return [];
    return among.flatMap((day) => {
      const record = days.get(day);
      return record ? [[day, record] as const] : [];
    });
  }

  /** From now on, rows of this kind about this person come so. An empty spoiling makes them sound again. */
  spoil(kind: RowKind, id: string, spoiling: Spoiling): void {
    this.#spoilt.set(`${kind} ${keyOf(this.#soughtUser(id).id)}`, spoiling);
  }

  spoiling(kind: RowKind, id: string): Spoiling | undefined {
    return this.#spoilt.get(`${kind} ${keyOf(id)}`);
  }

  save(): SimulatorState {
    return structuredClone({
      numbered: this.#numbered,
      apps: [...this.#apps.values()],
      departments: [...this.directory.departments],
      users: [...this.directory.users],
      days: [...this.#days].map(([id, days]) => [id, [...days]] as const),
      spoilt: [...this.#spoilt],
    });
  }

  /** Takes back what `save` gave; what is held now is forgotten. */
  load(state: unknown): void {
    const saved = structuredClone(state) as SimulatorState;
    this.#numbered = saved.numbered;
    for (const held of [this.#apps, this.#days, this.#spoilt]) held.clear();
    for (const app of saved.apps) this.#apps.set(app.secret, app);
    this.directory.load(saved.departments, saved.users);
    for (const [id, days] of saved.days) this.#days.set(id, new Map(days));
    for (const [key, spoiling] of saved.spoilt) this.#spoilt.set(key, spoiling);
  }

  #daysFor(id: string): Map<LocalDate, Day> {
    const key = keyOf(this.#soughtUser(id).id);
    let days = this.#days.get(key);
    if (!days) this.#days.set(key, (days = new Map()));
    return days;
  }

  #soughtUser(id: string): User {
    const user = this.directory.user(id);
    if (!user) throw new RangeError(`no user ${id}`);
    return user;
  }

  #soughtApp(secret: string): App {
    const app = this.#apps.get(secret);
    if (!app) throw new RangeError('no app with this secret');
    return app;
  }
}
