import { Temporal } from 'temporal-polyfill';
import type { LocalDate } from './instant.js';

/** Days of the week, Monday first, as documents and vendors spell them. */
export const weekdays = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const;
export type Weekday = (typeof weekdays)[number];

/** The day of the week of a local day. */
export const weekdayOf = (day: LocalDate): Weekday => {
  const name = weekdays[Temporal.PlainDate.from(day).dayOfWeek - 1];
  if (!name) throw new RangeError(`no weekday for ${day}`);
  return name;
};
