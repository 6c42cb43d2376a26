import {
  keyOf,
  type App,
  type CompanyState,
  type Department,
  type Form,
  type FormState,
  type Member,
  type MemberStatus,
  type Row,
  type Transaction,
  type Widget,
  type WidgetType,
} from './model.js';
import { Rows } from './rows.js';

export interface MemberSpec {
  readonly username: string;
  readonly name: string;
  readonly departments?: readonly number[];
  /** Joined by default. */
  readonly status?: MemberStatus;
  /** Of a partner company. */
  readonly partner?: boolean;
}

export interface WidgetSpec {
  readonly label: string;
  readonly type: WidgetType;
  readonly alias?: string;
  /** `_widget_<digits>`; a new one by default. */
  readonly widgetName?: string;
  readonly required?: boolean;
  readonly unique?: boolean;
  /** Of a sub-form. */
  readonly items?: readonly WidgetSpec[];
}

export interface FormSpec {
  readonly name: string;
  readonly widgets: readonly WidgetSpec[];
  /** A workflow form. */
  readonly workflow?: boolean;
}

/** A form with its rows. */
export interface Entry extends Form {
  readonly rows: Rows;
}

/** Who pays for the account; submits whatever names no `data_creator`. */
export const owner: Member = {
  username: 'admin',
  name: '管理员',
  status: 1,
  type: 0,
  departments: [1],
};

/** A company in memory, and what its administrators do behind the API's back. */
export class Company {
  readonly members = new Map<string, Member>([[owner.username, { ...owner }]]);
  readonly departments = new Map<number, Department>([
    [1, { dept_no: 1, name: 'Acme', parent_no: 0, type: 0, status: 1 }],
  ]);
  readonly apps = new Map<string, App>();
  readonly entries = new Map<string, Entry>();
  readonly transactions = new Map<string, Transaction>();
  #ids = 0;
  #widgetIds = 0;

  constructor(readonly now: () => Date) {}

  addMember(spec: MemberSpec): Member {
    const member: Member = {
      username: spec.username,
      name: spec.name,
      status: spec.status ?? 1,
      type: spec.partner ? 2 : 0,
      departments: [...(spec.departments ?? [])],
    };
    this.members.set(member.username, member);
    return member;
  }

  /** The person is still shown in old rows, with status -1. */
  dismissMember(username: string): void {
    const member = this.members.get(username);
    if (!member) throw new Error(`there is no member ${username}`);
    member.status = -1;
  }

  addDepartment(number: number, name: string, parent = 1): void {
    this.departments.set(number, { dept_no: number, name, parent_no: parent, type: 0, status: 1 });
  }

  addApp(name: string): App {
    const app = { app_id: this.mint(), name };
    this.apps.set(app.app_id, app);
    return app;
  }

  addForm(appId: string, spec: FormSpec): Entry {
    if (!this.apps.has(appId)) throw new Error(`there is no app ${appId}`);
    const entry: Entry = {
      appId,
      entryId: this.mint(),
      name: spec.name,
      workflow: spec.workflow ?? false,
      widgets: spec.widgets.map((widget) => this.#widget(widget)),
      serial: 0,
      dataModifyTime: this.now().toISOString(),
      rows: new Rows(),
    };
    assertDistinct(entry.widgets);
    this.entries.set(entry.entryId, entry);
    return entry;
  }

  deleteForm(entryId: string): void {
    this.entries.delete(this.entry(entryId).entryId);
  }

  /**
   * Sets, changes or (without one) takes away a field's alias: from now on the API knows the field by its new key only.
   *
   * @param widgetName also that of a sub-form's field
   */
  setAlias(entryId: string, widgetName: string, alias?: string): void {
    this.#change(entryId, widgetName, ({ alias: _, ...widget }) => [
      alias === undefined ? widget : { ...widget, alias },
    ]);
  }

  /** Changes what people read above a field. Its key stays. */
  setLabel(entryId: string, widgetName: string, label: string): void {
    this.#change(entryId, widgetName, (widget) => [{ ...widget, label }]);
  }

  addWidget(entryId: string, spec: WidgetSpec): Widget {
    const entry = this.entry(entryId);
    const widget = this.#widget(spec);
    assertDistinct([...entry.widgets, widget]);
    entry.widgets = [...entry.widgets, widget];
    return widget;
  }

  /** What rows held in it is gone too. */
  deleteWidget(entryId: string, widgetName: string): void {
    this.#change(entryId, widgetName, () => []);
  }

  /** A type cannot be changed: a new widget comes in place of the old, with the same label, alias and place, and another `widgetName`. */
  replaceWidget(entryId: string, widgetName: string, type: WidgetType): Widget {
    let replacement: Widget | undefined;
    this.#change(entryId, widgetName, ({ label, alias, required, unique }) => {
      replacement = this.#widget({
        label,
        type,
        required,
        unique,
        ...(alias === undefined ? {} : { alias }),
      });
      return [replacement];
    });
    if (!replacement) throw new Error(`${widgetName} was not replaced`);
    return replacement;
  }

  /** 24 hexadecimal digits that begin with the second, as the vendor's do: later ids are greater. */
  mint(): string {
    this.#ids += 1;
    const second = Math.floor(this.now().getTime() / 1000);
    return `${second.toString(16).padStart(8, '0')}e2b7d41a90${this.#ids.toString(16).padStart(6, '0')}`;
  }

  /** The form with this id, for the simulator's users: throws where there is none. */
  entry(entryId: string): Entry {
    const entry = this.entries.get(entryId);
    if (!entry) throw new Error(`there is no form ${entryId}`);
    return entry;
  }

  save(): CompanyState {
    return structuredClone({
      version: 1,
      ids: this.#ids,
      widgetIds: this.#widgetIds,
      members: [...this.members.values()],
      departments: [...this.departments.values()],
      apps: [...this.apps.values()],
      forms: [...this.entries.values()].map((entry): FormState => ({ ...entry, rows: [...entry.rows] })),
      transactions: [...this.transactions.values()],
    });
  }

  load(state: unknown): void {
    if (!isState(state)) throw new Error('this is no state of the Jiandaoyun simulator');
    const own = structuredClone(state);
    this.#ids = own.ids;
    this.#widgetIds = own.widgetIds;
    refill(this.members, own.members, ({ username }) => username);
    refill(this.departments, own.departments, ({ dept_no }) => dept_no);
    refill(this.apps, own.apps, ({ app_id }) => app_id);
    const entries = own.forms.map((form): Entry => ({ ...form, rows: new Rows(form.rows) }));
    refill(this.entries, entries, ({ entryId }) => entryId);
    refill(this.transactions, own.transactions, ({ id }) => id);
  }

  #widget(spec: WidgetSpec): Widget {
    this.#widgetIds += 1;
    const items = spec.items?.map((item) => this.#widget(item));
    if ((spec.type === 'subform') !== (items !== undefined))
      throw new Error(`${spec.label}: a sub-form has items, and nothing else has`);
    if (items) assertDistinct(items);
    return {
      label: spec.label,
      type: spec.type,
      widgetName: spec.widgetName ?? `_widget_${1_777_000_000_000 + this.#widgetIds}`,
      required: spec.required ?? false,
      unique: spec.unique ?? false,
      ...(spec.alias === undefined ? {} : { alias: spec.alias }),
      ...(items === undefined ? {} : { items }),
    };
  }

  #change(entryId: string, widgetName: string, change: (widget: Widget) => readonly Widget[]): void {
    const entry = this.entry(entryId);
    const counted = { times: 0 };
    const changed = (widgets: readonly Widget[]): Widget[] =>
      widgets.flatMap((widget) => {
        if (widget.widgetName !== widgetName)
          return [widget.items ? { ...widget, items: changed(widget.items) } : widget];
        counted.times += 1;
        return change(widget);
      });
    const widgets = changed(entry.widgets);
    if (counted.times === 0) throw new Error(`there is no widget ${widgetName}`);
    assertDistinct(widgets);
    entry.widgets = widgets;
  }
}

/** A row for those who look, and change nothing. */
export type StoredRow = Readonly<Row>;

function assertDistinct(widgets: readonly Widget[]): void {
  const keys = widgets.flatMap((widget) => [...new Set([keyOf(widget), widget.widgetName])]);
  if (new Set(keys).size !== keys.length) throw new Error('two fields of a form have the same key');
}

function refill<Key, Thing>(
  map: Map<Key, Thing>,
  things: readonly Thing[],
  key: (thing: Thing) => Key,
): void {
  map.clear();
  for (const thing of things) map.set(key(thing), thing);
}

const isState = (state: unknown): state is CompanyState =>
  typeof state === 'object' && state !== null && 'version' in state && state.version === 1;
