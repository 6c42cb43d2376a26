import { z } from 'zod';
import { type Call, readBody, readQuery, type Route } from './call.js';
import type { Department, User } from './model.js';
import { badParameter, Refusal } from './refusal.js';
import { spoil } from './spoil.js';

/** Apps made later get no e-mail and no mobile number. */
const lastWithAddresses = '2022-06-20';

const departmentId = z
  .string()
  .regex(/^[1-9]\d{0,9}$/)
  .transform(Number);

const departmentQuery = z.strictObject({ id: departmentId.optional() });
const membersQuery = z.strictObject({ department_id: departmentId });
const userQuery = z.strictObject({ userid: z.string().min(1) });
const idsBody = z.strictObject({
  cursor: z.string().optional(),
  limit: z.int().min(1).max(10_000).optional(),
});

/** The calls about people and departments (developer.work.weixin.qq.com). */
export const contactRoutes: Readonly<Record<string, Route>> = {
  '/cgi-bin/department/simplelist': {
    method: 'GET',
    run: (call) => ({
      department_id: departments(call).map(({ id, parentId, order }) => ({ id, parentid: parentId, order })),
    }),
  },
  '/cgi-bin/department/list': {
    method: 'GET',
    run: (call) => ({
      department: departments(call).map((each) => ({
        id: each.id,
        ...(call.app.departmentNames ? { name: each.name, name_en: each.nameEn } : {}),
        department_leader: each.leaders,
        parentid: each.parentId,
        order: each.order,
      })),
    }),
  },
  '/cgi-bin/user/simplelist': {
    method: 'GET',
    run: (call) => ({
      userlist: members(call).flatMap((user) =>
        spoilt(call, user, {
          userid: user.id,
          name: user.name,
          department: user.departments,
          open_userid: `wo${Buffer.from(user.id).toString('hex')}`,
        }),
      ),
    }),
  },
  '/cgi-bin/user/list': {
    method: 'GET',
    run: (call) => ({ userlist: members(call).flatMap((user) => spoilt(call, user, show(call, user))) }),
  },
  '/cgi-bin/user/get': { method: 'GET', run: getUser },
  '/cgi-bin/user/list_id': { method: 'POST', run: listIds },
};

function departments(call: Call): readonly Department[] {
  refuseCheckInApp(call);
  const { id } = readQuery(call, departmentQuery);
  const { directory } = call.corp;
  if (id !== undefined && !directory.seesDepartment(call.app, id)) throw new Refusal(60011);
  const tree = id === undefined ? directory.tree : directory.subtree(id);
  return tree.filter((each) => directory.seesDepartment(call.app, each.id));
}

/** Of one department: those of the departments below it have to be asked for. */
function members(call: Call): readonly User[] {
  refuseCheckInApp(call);
  const { department_id: id } = readQuery(call, membersQuery);
  if (!call.corp.directory.seesDepartment(call.app, id)) throw new Refusal(60011);
  return call.corp.directory.membersOf(id);
}

function getUser(call: Call): Readonly<Record<string, unknown>> {
  refuseCheckInApp(call);
  const { userid } = readQuery(call, userQuery);
  const user = call.corp.directory.user(userid);
  if (!user) throw new Refusal(60111);
  if (!call.corp.directory.seesUser(call.app, user)) throw new Refusal(60011);
  return spoilt(call, user, show(call, user))[0] ?? {};
}

/** A row for each person and department, with the cursor to go on from; at the end it is empty. */
function listIds(call: Call): Readonly<Record<string, unknown>> {
  if (call.app.kind !== 'contact-sync') throw new Refusal(48002);
  const { cursor = '', limit = 10_000 } = readBody(call, idsBody);
  const rows = call.corp.directory.memberships;
  const from = cursor === '' ? 0 : firstAfter(rows, readCursor(cursor));
  const page = rows.slice(from, from + limit);
  const last = page.at(-1);
  const next =
    last && from + limit < rows.length ? writeCursor({ number: last.user.number, index: last.index }) : '';
  return {
    next_cursor: next,
    dept_user: page.flatMap(({ user, department }) =>
      spoil({ userid: user.id, department }, call.corp.spoiling('id', user.id)),
    ),
  };
}

/** The last row that was shown: whoever comes or goes in between, nobody else is shown twice or left out. */
interface Position {
  readonly number: number;
  readonly index: number;
}

const writeCursor = ({ number, index }: Position): string =>
  Buffer.from(`${number}.${index}`).toString('base64url');

function readCursor(cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, number, index] = /^([1-9]\d*)\.(\d+)$/.exec(text) ?? [];
  const position = { number: Number(number), index: Number(index) };
  if (number === undefined || writeCursor(position) !== cursor) throw badParameter();
  return position;
}

/** Halving, as rows stand in the order of their positions. */
function firstAfter(
  rows: readonly { readonly user: User; readonly index: number }[],
  { number, index }: Position,
): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const row = rows[middle];
    if (row && (row.user.number < number || (row.user.number === number && row.index <= index)))
      from = middle + 1;
    else to = middle;
  }
  return from;
}

function show({ app }: Call, user: User): Record<string, unknown> {
  return {
    userid: user.id,
    name: user.name,
    department: user.departments,
    order: user.departments.map(() => 0),
    position: user.position,
    is_leader_in_dept: user.departments.map((id) => (user.leads.includes(id) ? 1 : 0)),
    direct_leader: user.managers,
    main_department: user.departments[0],
    status: user.status,
    alias: user.alias,
    ...(app.createdOn > lastWithAddresses ? {} : { email: user.email, mobile: user.mobile, avatar: '' }),
  };
}

const spoilt = (
  { corp }: Call,
  user: User,
  row: Record<string, unknown>,
): readonly Record<string, unknown>[] => spoil(row, corp.spoiling('user', user.id));

function refuseCheckInApp({ app }: Call): void {
  if (app.kind === 'check-in') throw new Refusal(48002);
}
