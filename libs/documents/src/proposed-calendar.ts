import type { CalendarDay, LocalDate } from '#domain';
import { addDays } from '#domain';
import type Holidays from 'date-holidays';
import { createRequire } from 'node:module';
import { cautionFor, notForEverybody, startsTooLate } from './proposed-calendar-cautions.js';

/** Which public holidays to propose. */
export interface CalendarRequest {
  /** ISO 3166-1, two letters: `DE`. */
  readonly country: string;
  /** As the library writes them, the part within a state after a dash: `BY`, `BY-KATH`, `LA-NO`. */
  readonly region?: string;
  readonly years: readonly number[];
  /** ISO 639-1, the first that has a name is taken; by default the country's own. */
  readonly languages?: readonly string[];
}

/** One day that may go into a Calendar document once its owner has looked at it. */
export interface ProposedDay extends CalendarDay {
  /** What the owner should know about the day, in English. */
  readonly note?: string;
  /** The library is known to be unsure or wrong about such days: the owner has to look them up. */
  readonly confirm?: true;
}

/** What `date-holidays` says of a holiday, as far as it is read here. */
export interface LibraryHoliday {
  /** `YYYY-MM-DD hh:mm:ss`, the country's local time; ` -0600` behind it means that the day begins at sunset the evening before. */
  readonly date: string;
  readonly start: Date;
  /** Exclusive. */
  readonly end: Date;
  readonly name: string;
  readonly type: string;
  readonly rule: string;
}

/**
 * The public holidays of a country or region, by local day, ascending, each day once: a proposal, never a calendar. Bank, school and
 * optional holidays and observances are not in it, nor is what only an employer or an authority decides. It only ever proposes days that
 * are free; working-day overrides have to be entered.
 *
 * Both the day and its substitute are proposed where a holiday falls on a weekend. What begins in the middle of a day is half a day.
 *
 * @throws RangeError where the library has no such country or region (it would answer with none, or with the whole country's)
 * @see https://github.com/commenthol/date-holidays
 */
export const proposeCalendar = ({ country, region, years, languages }: CalendarRequest): ProposedDay[] => {
  const library = libraryFor(country, region, languages);
  // A span or a substitute may lie in another year than its holiday.
  const asked = new Set(years.flatMap((year) => [year - 1, year, year + 1]));
  const days = [...asked].flatMap((year) =>
    library.getHolidays(year).flatMap((holiday) => proposedDays(country, holiday)),
  );
  return eachDayOnce(days.filter(({ day }) => years.includes(Number(day.slice(0, 4)))));
};

/** The single days of one holiday of the library; none where it is not a public holiday for everybody. */
export const proposedDays = (country: string, holiday: LibraryHoliday): ProposedDay[] => {
  if (holiday.type !== 'public' || notForEverybody(country, holiday)) return [];

  const firstDay = addDays(holiday.date.slice(0, 10), startsTooLate(country, holiday) ? -1 : 0);
  const hours = (holiday.end.getTime() - holiday.start.getTime()) / 3_600_000;
  const atMidnight = holiday.date.slice(11, 19) === '00:00:00';
  const share = atMidnight ? 1 : 0.5;
  // Rounded because a day of a DST jump has 23 or 25 hours.
  const count = atMidnight ? Math.max(1, Math.round(hours / 24)) : 1;
  const caution = cautionFor(country, holiday);
  return Array.from({ length: count }, (_, index) => ({
    day: addDays(firstDay, index),
    name: holiday.name,
    share,
    ...(caution !== undefined && { note: caution, confirm: true as const }),
  }));
};

/** Loaded when it is first asked for: it brings every country's rules along, 0.1 s that no collector's start should pay. */
const loadLibrary = (): typeof Holidays => createRequire(import.meta.url)('date-holidays') as typeof Holidays;

const libraryFor = (
  country: string,
  region: string | undefined,
  languages: readonly string[] = [],
): Holidays => {
  const Library = loadLibrary();
  const known = new Library();
  if (!(country in known.getCountries()))
    throw new RangeError(
      `there are no holidays for the country "${country}": it takes two letters such as DE`,
    );

  const options = languages.length > 0 ? { languages: [...languages] } : {};
  if (region === undefined) return new Library(country, options);

  const [state = '', part] = region.split('-', 2);
  if (!(state in (known.getStates(country) ?? {})))
    throw new RangeError(`there is no region "${region}" in ${country}: ${listed(known.getStates(country))}`);
  if (part === undefined) return new Library(country, state, options);

  const parts = known.getRegions(country, state);
  if (!(part in (parts ?? {})))
    throw new RangeError(`there is no region "${region}" in ${country}: ${listed(parts, `${state}-`)}`);
  return new Library(country, state, part, options);
};

const listed = (names: Readonly<Record<string, string>> | undefined, prefix = ''): string =>
  names
    ? `it has ${Object.keys(names)
        .map((key) => prefix + key)
        .join(', ')}`
    : 'it has none';

/** Two holidays on one day become one with both names, and with whatever is to be known about either. */
const eachDayOnce = (days: readonly ProposedDay[]): ProposedDay[] => {
  const byDay = new Map<LocalDate, ProposedDay>();
  for (const day of days) {
    const present = byDay.get(day.day);
    byDay.set(day.day, present ? bothOf(present, day) : day);
  }
  return [...byDay.values()].sort((one, other) => (one.day < other.day ? -1 : 1));
};

const bothOf = (one: ProposedDay, other: ProposedDay): ProposedDay => {
  const notes = new Set([one.note, other.note].filter((note) => note !== undefined));
  return {
    day: one.day,
    name: one.name === other.name ? one.name : `${one.name} / ${other.name}`,
    share: Math.max(one.share, other.share),
    ...(notes.size > 0 && { note: [...notes].join(' ') }),
    ...((one.confirm ?? other.confirm) && { confirm: true as const }),
  };
};
