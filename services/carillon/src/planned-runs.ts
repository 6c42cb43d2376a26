import type { Company, Run, Runner } from '#company';
import { calendarWorkingDay, compareInstants, occurrenceId, occurrencesOver, type DateRange } from '#domain';
import { groupsOf } from '../../rules/src/plan.js';

/** The runs that the schedule of a subscription or forward has up to now on local days, which may differ by zone, for the people of this company. */
export function plannedRuns(
  company: Company,
  runner: Pick<Runner, 'name' | 'schedule' | 'untilMs'>,
  daysIn: (zone: string) => DateRange,
): readonly Run[] {
  const { name: subscription, schedule, untilMs } = runner;
  return groupsOf(company, runner).flatMap((group) => {
    const calendar = company.configuration.calendars.find(({ name }) => name === group.calendar);
    return occurrencesOver(schedule, daysIn(group.zone), group.zone, (day) =>
      calendarWorkingDay(calendar, day),
    )
      .filter(({ nominal }) => compareInstants(nominal, company.asOf) <= 0)
      .map(({ nominal, due }) => ({
        id: occurrenceId({ subscription, ...group, nominal }),
        subscription,
        ...group,
        nominal_at: nominal,
        due_at: due,
        until_at: due.add({ milliseconds: untilMs }),
        manual: false,
        traceparent: null,
      }));
  });
}
