import { addDays, type LocalDate } from '#domain';
import Holidays from 'date-holidays';
import type { Country } from './company-people.js';

export interface PublicHoliday {
  readonly name: string;
  readonly firstDay: LocalDate;
  /** Inclusive. */
  readonly lastDay: LocalDate;
}

/** Days that the library calls public and on which the country works. */
const worked: Partial<Record<Country, readonly string[]>> = { CN: ["Children's Day"] };
const found = new Map<string, readonly PublicHoliday[]>();

/** The whole public holidays of a country in a year. New Year is left out: the company has one entry for everybody. */
export function publicHolidays(country: Country, year: number): readonly PublicHoliday[] {
  const key = `${country}-${year}`;
  const known = found.get(key);
  if (known) return known;
  const holidays = new Holidays(country, { types: ['public'] })
    .getHolidays(year, 'en')
    .map((holiday) => ({
      name: holiday.name,
      firstDay: holiday.date.slice(0, 10),
      days: Math.round((holiday.end.getTime() - holiday.start.getTime()) / 86_400_000),
    }))
    .filter(
      ({ name, firstDay, days }) =>
        days >= 1 && !firstDay.endsWith('-01-01') && !worked[country]?.includes(name),
    )
    .map(({ name, firstDay, days }) => ({ name, firstDay, lastDay: addDays(firstDay, days - 1) }));
  found.set(key, holidays);
  return holidays;
}

/** Whether nobody in the country works on the day. */
export const isPublicHoliday = (country: Country, day: LocalDate): boolean =>
  day.endsWith('-01-01') ||
  publicHolidays(country, Number(day.slice(0, 4))).some(
    ({ firstDay, lastDay }) => firstDay <= day && day <= lastDay,
  );
