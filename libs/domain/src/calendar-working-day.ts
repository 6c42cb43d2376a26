import type { Calendar } from './calendar.js';
import { calendarDays } from './calendar-days.js';
import type { LocalDate } from './instant.js';
import { weekdayOf } from './weekday.js';

/**
 * Whether a region or company works on the day, nobody in particular being asked: Monday to Friday but for days that are wholly free
 * (two different half days make a whole one), and every working-day override, which wins. It is what schedules shift by; what one
 * person owes is `expectedHours`.
 */
export const calendarWorkingDay = (calendar: Calendar | undefined, day: LocalDate): boolean => {
  const days = calendarDays(calendar);
  if (days.workingDays.has(day)) return true;

  const weekday = weekdayOf(day);
  if (weekday === 'SATURDAY' || weekday === 'SUNDAY') return false;
  return (days.holidays.get(day)?.share ?? 0) + (days.companyDays.get(day)?.share ?? 0) < 1;
};
