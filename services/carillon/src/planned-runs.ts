import type { Company, Run } from '#company';
import {
  calendarWorkingDay,
  compareInstants,
  occurrenceId,
  occurrencesOver,
  type DateRange,
  type Subscription,
} from '#domain';
import { groupsOf } from '../../rules/src/plan.js';

/** The runs that a subscription's schedule has up to now on local days, which may differ by zone, for the people of this company. */
export function plannedRuns(
  company: Company,
  subscription: Subscription,
  daysIn: (zone: string) => DateRange,
): readonly Run[] {
  const { schedule } = subscription;
  if (!schedule) return [];
  return groupsOf(company, subscription, schedule).flatMap((group) => {
    const calendar = company.configuration.calendars.find(({ name }) => name === group.calendar);
    return occurrencesOver(schedule, daysIn(group.zone), group.zone, (day) =>
      calendarWorkingDay(calendar, day),
    )
      .filter(({ nominal }) => compareInstants(nominal, company.asOf) <= 0)
      .map(({ nominal, due }) => ({
        id: occurrenceId({ subscription: subscription.name, ...group, nominal }),
        subscription: subscription.name,
        ...group,
        nominal_at: nominal,
        due_at: due,
        until_at: due.add({ milliseconds: subscription.untilMs }),
        manual: false,
        traceparent: null,
      }));
  });
}
