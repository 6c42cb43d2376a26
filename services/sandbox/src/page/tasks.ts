import { addDays, type LocalDate } from '#domain';
import type { VtigerSimulator } from '#sources/simulators';

/** A task as Vtiger has it. */
export interface Task {
  readonly number: number;
  readonly title: string;
  readonly priority: string;
  readonly status: string;
  readonly isDone: boolean;
  /** Empty where there is none. */
  readonly due: LocalDate | '';
  readonly createdOn: LocalDate;
  /** Whose it is, where it is not the group's. */
  readonly person?: string;
  readonly hidden: boolean;
}

export interface TaskGroup {
  readonly name: string;
  readonly open: readonly Task[];
  readonly done: readonly Task[];
}

/** What was completed before is not listed. */
const listedDays = 14;

/** Tasks by the group that they belong to, by itself or through the person; groups in the order in which they were made. */
export function taskGroupsOf(vtiger: VtigerSimulator, today: LocalDate): readonly TaskGroup[] {
  const users = new Map(vtiger.records('Users').map((user) => [vtiger.idOf(user), user]));
  const groups = vtiger.records('Groups').map((group) => ({
    id: vtiger.idOf(group),
    name: group.values['groupname'] ?? '',
    tasks: [] as Task[],
  }));
  const priorities = (
    vtiger.module('Calendar').fields.find(({ name }) => name === 'taskpriority')?.type.picklistValues ?? []
  ).map(({ value }) => value);
  for (const { number, values, hidden, deleted } of vtiger.records('Calendar')) {
    if (deleted) continue;
    const owner = values['assigned_user_id'] ?? '';
    const user = users.get(owner);
    const of = user ? vtiger.groupsOf(user) : [owner];
    const status = values['taskstatus'] ?? '';
    const isDone = status === 'Completed';
    if (isDone && (values['modifiedtime'] ?? '') < addDays(today, -listedDays)) continue;
    groups
      .find(({ id }) => of.includes(id))
      ?.tasks.push({
        number,
        title: values['subject'] ?? '',
        priority: values['taskpriority'] ?? '',
        status,
        isDone,
        due: values['due_date'] ?? '',
        createdOn: (values['createdtime'] ?? '').slice(0, 10),
        ...(user ? { person: user.values['last_name'] ?? '' } : {}),
        hidden,
      });
  }
  const order = (one: Task, other: Task): number =>
    priorities.indexOf(one.priority) - priorities.indexOf(other.priority) || one.number - other.number;
  return groups.map(({ name, tasks }) => ({
    name,
    open: tasks.filter(({ isDone }) => !isDone).toSorted(order),
    done: tasks.filter(({ isDone }) => isDone).toSorted((one, other) => other.number - one.number),
  }));
}
