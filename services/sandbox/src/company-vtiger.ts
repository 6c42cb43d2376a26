import { addDays, type LocalDate } from '#domain';
import type { VtigerSimulator } from '#sources/simulators';
import { issuesBefore, priorities, type TeamIssue } from './company-issues.js';
import { staff } from './company-people.js';
import { membersOf, teams, type CompanyTeam } from './company-teams.js';
import { draw, drawOne } from './draw.js';

/** What the source logs in with: a user of its own, which sees what everybody sees. */
export const vtigerLogin = { username: 'carillon', accessKey: 'sandboxVtigerKey' } as const;

/** What was done is forgotten after so many days, unless it was there before. */
const rememberedDays = 14;

/**
 * Brings Vtiger to where it is on the morning of a day: the teams' groups and people, what they were given until yesterday, and how far they
 * are. Doing it again changes nothing.
 */
export function fillVtiger(vtiger: VtigerSimulator, today: LocalDate): void {
  if (!vtiger.userByName(vtigerLogin.username)) addFoundations(vtiger);
  for (const team of teams)
    for (const issue of issuesBefore(team, today, rememberedDays)) putIssue(vtiger, team, issue, today);
}

/** The issue's id in Vtiger. */
const issueId = (vtiger: VtigerSimulator, { number }: TeamIssue): string =>
  `${vtiger.module('Calendar').idPrefix}x${number}`;

function addFoundations(vtiger: VtigerSimulator): void {
  vtiger.setPicklist('Calendar', 'taskpriority', priorities);
  vtiger.addUser({
    name: vtigerLogin.username,
    email: 'carillon@acme.example',
    accessKey: vtigerLogin.accessKey,
  });
  for (const { key, name, email, zone } of staff) vtiger.addUser({ name: key, lastName: name, email, zone });
  for (const team of teams)
    vtiger.addGroup({
      name: team.title,
      userIds: membersOf(team).map(({ key }) => userId(vtiger, key)),
    });
  // A group of no team: its tasks are nobody's KPI.
  const sales = vtiger.addGroup({ name: 'Sales', userIds: [userId(vtiger, 'jane')] });
  vtiger.addRecord({
    module: 'Calendar',
    owner: sales,
    createdAt: '2026-01-12T15:00:00Z',
    values: {
      subject: 'Call Nowhere Airlines back',
      taskstatus: 'Planned',
      taskpriority: 'High',
      date_start: '2026-01-12',
      due_date: '2026-12-31',
    },
  });
}

function putIssue(vtiger: VtigerSimulator, team: CompanyTeam, issue: TeamIssue, today: LocalDate): void {
  const id = issueId(vtiger, issue);
  const status = statusOf(issue, today);
  const held = vtiger.record(id);
  if (held?.values['taskstatus'] === status) return;
  const at = issue.doneOn < today ? `${issue.doneOn}T14:00:00Z` : `${addDays(today, -1)}T16:30:00Z`;
  if (held) vtiger.editRecord(id, { at, values: { taskstatus: status } });
  else
    vtiger.addRecord({
      module: 'Calendar',
      id,
      owner: ownerOf(vtiger, team, issue),
      createdAt: issue.createdAt,
      hidden: issue.hidden,
      ...(at > issue.createdAt ? { modifiedAt: at } : {}),
      values: {
        subject: issue.title,
        taskstatus: status,
        taskpriority: issue.priority,
        date_start: issue.createdOn,
        due_date: issue.due,
      },
    });
}

/** Nobody begins on the first day; after that most are worked on. */
function statusOf({ number, createdOn, doneOn }: TeamIssue, today: LocalDate): string {
  if (doneOn < today) return 'Completed';
  if (createdOn >= addDays(today, -1)) return 'Not Started';
  return draw('begun', number) < 0.6
    ? 'In Progress'
    : drawOne(['Not Started', 'Pending Input', 'Deferred'], 'waits', number);
}

const ownerOf = (vtiger: VtigerSimulator, { title }: CompanyTeam, { person }: TeamIssue): string =>
  person === undefined ? groupId(vtiger, title) : userId(vtiger, person);

function userId(vtiger: VtigerSimulator, name: string): string {
  const user = vtiger.userByName(name);
  if (!user) throw new RangeError(`nobody in Vtiger is called ${name}`);
  return vtiger.idOf(user);
}

function groupId(vtiger: VtigerSimulator, title: string): string {
  const group = vtiger.records('Groups').find(({ values }) => values['groupname'] === title);
  if (!group) throw new RangeError(`no group in Vtiger is called ${title}`);
  return vtiger.idOf(group);
}
