import { addDays, weekdayOf, weekdays, type LocalDate, type Weekday } from '#domain';
import type { ClockifySimulator } from '#sources/simulators';

/** What one person has in Clockify for one week. */
export interface PersonWeek {
  /** Finished regular work that began in the week, in the person's zone, in ms. */
  readonly workedMs: number;
  readonly running: boolean;
  readonly holidays: readonly string[];
  readonly leave: readonly {
    readonly name: string;
    /** Its working days in this week (`0.5 d`), or its hours (`2 h`). */
    readonly amount: string;
    readonly status: 'PENDING' | 'APPROVED' | 'REJECTED';
  }[];
}

export interface PersonWeeks {
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  /** Hours due in an ordinary week. */
  readonly weeklyHours: number;
  readonly weeks: readonly PersonWeek[];
}

type Account = ReturnType<ClockifySimulator['save']>;
type Workspace = Account['workspaces'][number];
type Member = Workspace['members'][number];

/** Mondays of the last weeks, this week's first. */
export function lastMondays(today: LocalDate, count: number): readonly LocalDate[] {
  const monday = addDays(today, -weekdays.indexOf(weekdayOf(today)));
  return Array.from({ length: count }, (_, index) => addDays(monday, -7 * index));
}

/** Everybody who works in Clockify, week by week, in the order of their names. */
export function weeksOf(clockify: ClockifySimulator, mondays: readonly LocalDate[]): readonly PersonWeeks[] {
  const { users, workspaces } = clockify.save();
  const [workspace] = workspaces;
  if (!workspace) return [];
  return workspace.members
    .flatMap((member) => {
      const user = users.find((one) => one.id === member.userId);
      // Those who never finished signing up have no settings, and no hours.
      if (!user?.settings) return [];
      const zone = user.settings.timeZone;
      return {
        name: user.name ?? user.email,
        email: user.email,
        active: member.status === 'ACTIVE' && user.status === 'ACTIVE',
        weeklyHours: (member.capacity / 3600) * member.workingDays.length,
        weeks: weeksOfMember(workspace, member, zone, mondays),
      };
    })
    .sort((one, other) => one.name.localeCompare(other.name));
}

function weeksOfMember(
  workspace: Workspace,
  member: Member,
  zone: string,
  mondays: readonly LocalDate[],
): readonly PersonWeek[] {
  // One formatter for thousands of entries; Canada writes its dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const dayOf = (ms: number): LocalDate => format.format(ms);
  const work = workspace.entries
    .filter((entry) => entry.userId === member.userId && entry.type === 'REGULAR')
    .map((entry) => ({ ...entry, day: dayOf(entry.start) }));
  const holidays = workspace.holidays.filter((holiday) => concerns(workspace, holiday, member.userId));
  const requests = workspace.requests.filter((request) => request.userId === member.userId);
  return mondays.map((monday) => {
    const working = workingDaysOf(monday, member.workingDays);
    const started = work.filter(({ day }) => day >= monday && day < addDays(monday, 7));
    return {
      workedMs: started.reduce((sum, { start, end }) => sum + (end === null ? 0 : end - start), 0),
      running: started.some(({ end }) => end === null),
      holidays: holidays.flatMap((holiday) => {
        // An annual holiday is compared by month and day; none of them crosses a year here.
        const cut = holiday.occursAnnually ? 5 : 0;
        const [first, last] = [holiday.startDate.slice(cut), holiday.endDate.slice(cut)];
        const days = working.filter((day) => day.slice(cut) >= first && day.slice(cut) <= last).length;
        return days === 0 ? [] : [days === 1 ? holiday.name : `${holiday.name}, ${days} days`];
      }),
      leave: requests.flatMap((request) => {
        const [first, last] = [dayOf(request.start), dayOf(request.end)];
        const days = working.filter((day) => day >= first && day <= last).length;
        if (days === 0) return [];
        const policy = workspace.policies.find(({ id }) => id === request.policyId);
        const amount =
          policy?.timeUnit === 'HOURS' ? `${request.amount} h` : `${request.halfDay ? days / 2 : days} d`;
        return [{ name: policy?.name ?? 'Time off', amount, status: request.status }];
      }),
    };
  });
}

const workingDaysOf = (monday: LocalDate, working: readonly Weekday[]): readonly LocalDate[] =>
  Array.from({ length: 7 }, (_, index) => addDays(monday, index)).filter((day) =>
    working.includes(weekdayOf(day)),
  );

const concerns = ({ groups }: Workspace, holiday: Workspace['holidays'][number], userId: string): boolean =>
  holiday.everyoneIncludingNew ||
  holiday.userIds.includes(userId) ||
  holiday.userGroupIds.some((id) => groups.find((group) => group.id === id)?.userIds.includes(userId));
