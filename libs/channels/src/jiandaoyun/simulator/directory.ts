import { z } from 'zod';
import { onForm, parameters, type Handler } from './call.js';
import type { Entry } from './company.js';
import { keyOf, type Member, type Widget } from './model.js';
import { refuse } from './refusal.js';
import { showDepartment, showMember, type Shown } from './show.js';

const paging = { limit: z.int().min(1).max(100).default(100), skip: z.int().min(0).default(0) };

const page = <T>(all: readonly T[], { limit, skip }: { limit: number; skip: number }): readonly T[] =>
  all.slice(skip, skip + limit);

const apps: Handler = (call) => {
  const wanted = parameters(call, paging);
  const seen = [...call.company.apps.values()].filter(({ app_id }) => call.apps?.has(app_id) !== false);
  return { apps: page(seen, wanted) };
};

const forms: Handler = (call) => {
  const wanted = parameters(call, { app_id: z.string(), ...paging });
  if (!call.company.apps.has(wanted.app_id)) throw refuse(2004);
  if (call.apps?.has(wanted.app_id) === false) throw refuse(17053);
  const own = [...call.company.entries.values()].filter(({ appId }) => appId === wanted.app_id);
  return {
    forms: page(own, wanted).map(({ name, appId, entryId }) => ({ name, app_id: appId, entry_id: entryId })),
  };
};

/** `name` is what to send, `widgetName` what stays. Nothing tells what is required or unique. */
const widgets: Handler = (call) => {
  const { entry } = onForm(call, {});
  return {
    widgets: entry.widgets.map(showWidget),
    sysWidgets: systemFields(entry).map((name) => ({ name })),
    dataModifyTime: entry.dataModifyTime,
  };
};

function showWidget(widget: Widget): Shown {
  const { label, widgetName, type, items } = widget;
  return { label, name: keyOf(widget), widgetName, type, ...(items ? { items: items.map(showWidget) } : {}) };
}

const systemFields = ({ workflow }: Entry): readonly string[] => [
  'creator',
  'updater',
  'createTime',
  'updateTime',
  ...(workflow ? ['flowState'] : []),
];

// How the replies of these three name members and departments is inferred; the vendor documents it elsewhere.
const user: Handler = (call) => {
  const { username } = parameters(call, { username: z.string() });
  if (!call.company.members.has(username)) throw refuse(1010, username);
  return { user: showMember(username, call.company) };
};

const usersOfDepartment: Handler = (call) => {
  const { dept_no, has_child } = parameters(call, inDepartment);
  const departments = reach(call.company, dept_no, has_child);
  const within = (member: Member): boolean => member.departments.some((number) => departments.has(number));
  const users = [...call.company.members.values()].filter(within);
  return { users: users.map(({ username }) => showMember(username, call.company)) };
};

const departmentList: Handler = (call) => {
  const { dept_no, has_child } = parameters(call, inDepartment);
  const departments = [...reach(call.company, dept_no, has_child)].filter((number) => number !== dept_no);
  return { departments: departments.map((number) => showDepartment(number, call.company)) };
};

const inDepartment = { dept_no: z.int(), has_child: z.boolean().default(false) };

/** The department's number, and with children those of all that are below it. */
function reach(
  { departments }: Parameters<Handler>[0]['company'],
  top: number,
  children: boolean,
): ReadonlySet<number> {
  if (!departments.has(top)) throw refuse(6002, String(top));
  const reached = new Set([top]);
  // A set grows while it is walked.
  for (const number of children ? reached : [])
    for (const { dept_no, parent_no } of departments.values()) if (parent_no === number) reached.add(dept_no);
  return reached;
}

export const directory = { apps, forms, widgets, user, usersOfDepartment, departmentList };
