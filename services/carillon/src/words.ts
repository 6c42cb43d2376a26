import { addDays, type DateRange, type Instant, type LocalDate } from '#domain';

/** How the command line writes days, moments and counts: in English, days as `Mon 2026-10-05`, so that they sort and can be typed again. */
export const dayText = (day: LocalDate): string =>
  `${new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`))} ${day}`;

/** The first and the last day of a half-open range. */
export const rangeText = ({ from, to }: DateRange): string => {
  const last = addDays(to, -1);
  return last <= from ? dayText(from) : `${dayText(from)} – ${dayText(last)}`;
};

/** A planned moment, to the minute, with its zone. */
export const momentText = (at: Instant, zone: string): string => {
  const local = at.toZonedDateTimeISO(zone);
  return `${dayText(local.toPlainDate().toString())} ${local.toPlainTime().toString({ smallestUnit: 'minute' })} ${zone}`;
};

/** A moment of the past as we noted it, to the second, in UTC. */
export const noted = (at: Instant | null | undefined): string =>
  at ? at.toString({ smallestUnit: 'second' }).replace('T', ' ').replace('Z', ' UTC') : 'not yet';

/** `1 run`, `2 runs`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const NAMES_SHOWN = 12;

/** Some of them where there are many; the JSON has them all. */
export const namesText = (names: readonly string[]): string =>
  names.length <= NAMES_SHOWN
    ? names.join(', ')
    : `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`;
