import { addDays, instant, localDate, weekdays, weekdayOf, type LocalDate, type Weekday } from '#domain';
import type { ClockifySimulator } from '#sources/simulators';
import { Temporal } from 'temporal-polyfill';

/** What one person has in Clockify for one week. */
export interface PersonWeek {
  /** Finished regular work that began in the week, in the person's zone, in ms. */
  readonly workedMs: number;
  readonly running: boolean;
  readonly holidays: readonly string[];
  readonly leave: readonly { readonly name: string; readonly status: 'PENDING' | 'APPROVED' | 'REJECTED' }[];
}

export interface PersonWeeks {
  readonly name: string;
  readonly email: string;
  readonly zone: string;
  readonly active: boolean;
  /** Hours due in an ordinary week. */
  readonly weeklyHours: number;
  readonly weeks: readonly PersonWeek[];
}

/** Mondays of the last weeks, oldest first, this week's last. */
export function lastMondays(today: LocalDate, count: number): readonly LocalDate[] {
  const monday = addDays(today, -weekdays.indexOf(weekdayOf(today)));
  return Array.from({ length: count }, (_, index) => addDays(monday, -7 * (count - 1 - index)));
}

/** Everybody who works in Clockify, week by week, in the order of their names. */
export function weeksOf(clockify: ClockifySimulator, mondays: readonly LocalDate[]): readonly PersonWeeks[] {
  const { users, workspaces } = clockify.save();
  const [workspace] = workspaces;
  if (!workspace) return [];
  const { entries, holidays, requests, policies, groups } = workspace;
  return workspace.members
    .flatMap((member) => {
      const user = users.find((one) => one.id === member.userId);
      if (!user?.settings) return [];
      const zone = user.settings.timeZone;
      const dayOf = (ms: number): LocalDate => localDate(Temporal.Instant.fromEpochMilliseconds(ms), zone);
      const own = entries.filter((entry) => entry.userId === user.id && entry.type === 'REGULAR');
      const theirs = holidays.filter(
        (holiday) =>
          holiday.everyoneIncludingNew ||
          holiday.userIds.includes(user.id) ||
          holiday.userGroupIds.some((id) =>
            groups.find((group) => group.id === id)?.userIds.includes(user.id),
          ),
      );
      const asked = requests.filter((request) => request.userId === user.id);
      return [
        {
          name: user.name ?? user.email,
          email: user.email,
          zone,
          active: member.status === 'ACTIVE' && user.status === 'ACTIVE',
          weeklyHours: (member.capacity / 3600) * member.workingDays.length,
          weeks: mondays.map((monday) => {
            const inWeek = (day: LocalDate): boolean => day >= monday && day < addDays(monday, 7);
            const started = own.filter((entry) => inWeek(dayOf(entry.start)));
            return {
              workedMs: started.reduce(
                (sum, entry) => sum + (entry.end === null ? 0 : entry.end - entry.start),
                0,
              ),
              running: started.some((entry) => entry.end === null),
              holidays: theirs.flatMap((holiday) => {
                const days = daysWithin(holiday, monday, member.workingDays);
                return days === 0 ? [] : [days === 1 ? holiday.name : `${holiday.name}, ${days} days`];
              }),
              leave: asked
                .filter(
                  (request) => dayOf(request.start) < addDays(monday, 7) && dayOf(request.end) >= monday,
                )
                .map((request) => ({
                  name: policies.find((policy) => policy.id === request.policyId)?.name ?? 'Time off',
                  status: request.status,
                })),
            };
          }),
        },
      ];
    })
    .sort((one, other) => one.name.localeCompare(other.name));
}

interface Dated {
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  readonly occursAnnually: boolean;
}

/** How many of the week's working days the holiday takes. */
function daysWithin(holiday: Dated, monday: LocalDate, workingDays: readonly Weekday[]): number {
  return Array.from({ length: 7 }, (_, index) => addDays(monday, index)).filter((day) => {
    // An annual holiday is compared by month and day; none of them crosses a year here.
    const cut = holiday.occursAnnually ? 5 : 0;
    return (
      workingDays.includes(weekdayOf(day)) &&
      day.slice(cut) >= holiday.startDate.slice(cut) &&
      day.slice(cut) <= holiday.endDate.slice(cut)
    );
  }).length;
}

/** The local day now, in UTC: the page is about weeks, and says so. */
export const dayIn = (now: Date): LocalDate => localDate(instant(now.toISOString()), 'UTC');
