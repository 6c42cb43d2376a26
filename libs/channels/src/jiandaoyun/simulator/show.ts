import type { Entry } from './company.js';
import {
  keyOf,
  type Department,
  type Member,
  type Row,
  type SubRow,
  type Value,
  type Widget,
} from './model.js';

/** What rows name and do not hold. */
export interface Names {
  readonly members: ReadonlyMap<string, Member>;
  readonly departments: ReadonlyMap<number, Department>;
}

export type Shown = Readonly<Record<string, unknown>>;

/** A row as the API gives it, its fields by the keys of now. */
export function showRow(entry: Entry, row: Row, names: Names): Shown {
  return {
    _id: row._id,
    appId: entry.appId,
    entryId: entry.entryId,
    creator: showMember(row.creator, names),
    updater: showMember(row.updater, names),
    deleter: null,
    createTime: row.createTime,
    updateTime: row.updateTime,
    deleteTime: null,
    ...(row.flowState === undefined ? {} : { flowState: row.flowState }),
    ...showFields(entry.widgets, row, names, keyOf),
  };
}

/** A row as people see it: by labels, with the rows of its sub-forms. */
export function showTableRow(entry: Entry, row: Row, names: Names): Shown {
  return showFields(entry.widgets, row, names, ({ label }) => label);
}

/** The vendor's sample shows `integrate_id` of a member in another spelling than the `username`; it is the same here. */
export function showMember(username: string, { members }: Names): Shown | null {
  const member = members.get(username);
  if (!member) return null;
  const { name, status, type, departments } = member;
  return { name, username, status, type, departments, integrate_id: username };
}

export function showDepartment(number: number, { departments }: Names): Shown | null {
  const department = departments.get(number);
  return department ? { ...department, integrate_id: number } : null;
}

function showFields(
  widgets: readonly Widget[],
  row: Pick<Row, 'values'>,
  names: Names,
  key: (widget: Widget) => string,
): Shown {
  return Object.fromEntries(
    widgets
      .filter(({ type }) => type !== 'separator')
      .map((widget) => [key(widget), show(widget, row.values[widget.widgetName], names, key)]),
  );
}

/** How an empty field is shown is not documented: texts as the empty text, lists as the empty list, anything else as null. */
function show(
  widget: Widget,
  value: Value | undefined,
  names: Names,
  key: (widget: Widget) => string,
): unknown {
  switch (widget.type) {
    case 'text':
    case 'textarea':
    case 'radiogroup':
    case 'combo':
      return value ?? '';
    case 'checkboxgroup':
    case 'combocheck':
    case 'image':
    case 'upload':
      return value ?? [];
    case 'user':
      return value === undefined ? null : showMember(String(value), names);
    case 'dept':
      return value === undefined ? null : showDepartment(Number(value), names);
    case 'usergroup':
      return ((value ?? []) as readonly string[]).map((one) => showMember(one, names));
    case 'deptgroup':
      return ((value ?? []) as readonly number[]).map((one) => showDepartment(one, names));
    case 'richtext':
      return value === undefined ? null : { html: value, attachments: [] };
    case 'subform':
      return ((value ?? []) as readonly SubRow[]).map((sub) => ({
        _id: sub._id,
        ...showFields(widget.items ?? [], sub, names, key),
      }));
    default:
      return value ?? null;
  }
}
