import type { ExpectedDay } from '../calendar.js';
import type { Decision, Value } from '../decision.js';
import type { DateRange, LocalDate } from '../instant.js';
import type { Person } from '../person.js';

/** One day of the person, as it is shown. */
export interface SaidDay {
  readonly day: LocalDate;
  /** Hours of regular work that started on this day. */
  readonly worked: number;
  readonly expected: ExpectedDay;
}

/** Everything a message about one person is made from. Nothing of an absence is in it but how much of a day it takes. */
export interface SaidInputs {
  readonly person: Person;
  /** `externalId`: the channel's own id of the manager, so that it can be shown as a mention. */
  readonly managers: readonly { readonly name: string; readonly externalId?: string }[];
  /** The channel's own id of the person. */
  readonly personExternalId?: string;
  readonly period: DateRange;
  readonly days: readonly SaidDay[];
  /** All that fired for this person and occurrence. */
  readonly decisions: readonly Decision[];
  /** Public holidays that the calendar has and the source lacks, for `missing-holiday`; without them it names none. */
  readonly missingHolidays?: readonly { readonly day: LocalDate; readonly name: string }[];
}

/** The days that lie in the period, in order. */
export const daysIn = (period: DateRange, days: readonly SaidDay[]): readonly SaidDay[] =>
  days
    .filter(({ day }) => day >= period.from && day < period.to)
    .toSorted((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0));

/** A number that the decision saw under this name; undefined where it has none. */
export const numberInput = (decision: Decision, name: string): number | undefined => {
  const value: Value | undefined = Object.hasOwn(decision.inputs, name) ? decision.inputs[name] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};
