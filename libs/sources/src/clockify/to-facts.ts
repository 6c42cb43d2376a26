import {
  addDays,
  compareInstants,
  instant,
  localDate,
  within,
  windowOfDays,
  overlap,
  type Fact,
  type FactKind,
  type HolidayAttributes,
  type LeaveAttributes,
  type LocalDate,
  type TimeWindow,
} from '#domain';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Rejection } from '../contract.js';
import {
  entryReply,
  reportEntryReply,
  requestReply,
  type HolidayReply,
  type RequestReply,
} from './schema.js';

/**
 * What became of one record: facts, a rejection, or neither where it is none of our business (a running timer, a break, a rejected
 * request, something outside the window).
 */
export type Reading = { readonly fact: Fact } | { readonly rejection: Rejection } | undefined;

/** An entry of either host, before it is known whether it is work. */
export interface Entry {
  readonly id: string;
  readonly userId: string;
  /** Undefined where the report does not say. */
  readonly type: string | undefined;
  readonly billable: boolean;
  readonly projectId: string | null;
  readonly start: string;
  /** Undefined while it runs. */
  readonly end: string | undefined;
}

type EntryReading = { readonly entry: Entry } | { readonly rejection: Rejection };

/** Reads an entry of the detailed report. `place` names it where it has no id. */
export const readReportEntry = (raw: unknown, place: string): EntryReading => {
  const parsed = reportEntryReply.safeParse(raw);
  if (!parsed.success) return { rejection: unfit('work.hours', raw, place, parsed.error) };
  const { _id, ...rest } = parsed.data;
  return { entry: toEntry({ id: _id, ...rest }) };
};

/** Reads an entry of the core host. */
export const readUserEntry = (raw: unknown, place: string): EntryReading => {
  const parsed = entryReply.safeParse(raw);
  if (!parsed.success) return { rejection: unfit('work.hours', raw, place, parsed.error) };
  return { entry: toEntry(parsed.data) };
};

const toEntry = (reply: {
  id: string;
  userId: string;
  type?: string | null | undefined;
  billable?: boolean | null | undefined;
  projectId?: string | null | undefined;
  timeInterval: { start: string; end?: string | null | undefined };
}): Entry => ({
  id: reply.id,
  userId: reply.userId,
  type: reply.type ?? undefined,
  billable: reply.billable ?? false,
  // The report writes "no client" as an empty text, so an empty project is none either.
  projectId: reply.projectId || null,
  start: reply.timeInterval.start,
  end: reply.timeInterval.end ?? undefined,
});

/**
 * The work of one entry whose type is known to be regular. The amount is end minus start, on both hosts alike: the core host writes the
 * duration as text, the report as seconds and, if somebody asks for it, rounded.
 */
export const workOf = (entry: Entry, window: TimeWindow): Reading => {
  if (entry.end === undefined) return undefined;
  let from, to;
  try {
    from = instant(entry.start);
    to = instant(entry.end);
  } catch {
    return rejected('work.hours', entry, 'its start or end is no time');
  }
  if (compareInstants(to, from) < 0) return rejected('work.hours', entry, 'it ends before it starts');
  if (!within(window, from)) return undefined;
  return {
    fact: {
      kind: 'work.hours',
      key: entry.id,
      subject: entry.userId,
      from,
      to,
      // Cheaper than a Duration, of which 40,000 entries would make as many.
      amount: Math.round(Number(to.epochNanoseconds - from.epochNanoseconds) / 1e6),
      attributes: { billable: entry.billable, project: entry.projectId },
    },
  };
};

/**
 * A request for time off, approved or waiting. Its period comes as local midnights of the person, in UTC, so its days are found in the
 * person's zone. `amount` counts the calendar days of the period, a half day as 0.5: how many of them were working days is for the
 * calendar to say.
 */
export const leaveOf = (raw: unknown, place: string, window: TimeWindow): Reading => {
  const parsed = requestReply.safeParse(raw);
  if (!parsed.success) return { rejection: unfit('leave', raw, place, parsed.error) };
  const request = parsed.data;
  const status = leaveStatuses.get(request.status.statusType);
  if (status === undefined) return undefined;
  if (!isZone(request.userTimeZone)) return rejected('leave', request, 'the zone of its person is unknown');

  let days: LeaveDays;
  try {
    const period = {
      from: instant(request.timeOffPeriod.period.start),
      to: instant(request.timeOffPeriod.period.end),
    };
    if (isFarFrom(window, period)) return undefined;
    days = daysOfRequest(request, period);
  } catch {
    return rejected('leave', request, 'its start or end is no time');
  }
  const { firstDay, lastDay, part, hoursOff } = days;
  if (lastDay < firstDay) return rejected('leave', request, 'it ends before it starts');
  const { from, to } = windowOfDays({ from: firstDay, to: addDays(lastDay, 1) }, request.userTimeZone);
  if (!overlap(window, { from, to })) return undefined;
  const attributes: LeaveAttributes = { firstDay, lastDay, status, part, hoursOff };
  const half = part === 'first-half' || part === 'second-half';
  return {
    fact: {
      kind: 'leave',
      key: request.id,
      subject: request.userId,
      from,
      to,
      amount: countDays(firstDay, lastDay) * (half ? 0.5 : 1),
      attributes: { ...attributes },
    },
  };
};

const leaveStatuses: ReadonlyMap<string, LeaveAttributes['status']> = new Map([
  ['APPROVED', 'approved'],
  ['PENDING', 'pending'],
]);

type LeaveDays = Pick<LeaveAttributes, 'firstDay' | 'lastDay' | 'part' | 'hoursOff'>;

/** Whether the period cannot touch the window, in whatever zone its days are: most of a list of years is told apart by this alone. */
const isFarFrom = (window: TimeWindow, { from, to }: TimeWindow): boolean => {
  const spare = 48 * 3_600_000;
  return (
    compareInstants(from, to) <= 0 &&
    (to.epochMilliseconds + spare < window.from.epochMilliseconds ||
      from.epochMilliseconds - spare > window.to.epochMilliseconds)
  );
};

const daysOfRequest = (request: RequestReply, { from: start, to: end }: TimeWindow): LeaveDays => {
  const { halfDay, halfDayPeriod } = request.timeOffPeriod;
  const zone = request.userTimeZone;
  const firstDay = localDate(start, zone);
  // The last day ends a millisecond before midnight; should it ever end at midnight itself, that is still the day before.
  const last = compareInstants(end, start) > 0 ? end.subtract({ milliseconds: 1 }) : end;
  const lastDay = localDate(last, zone);
  if (halfDay)
    return {
      firstDay,
      lastDay,
      part: halfDayPeriod === 'SECOND_HALF' ? 'second-half' : 'first-half',
      hoursOff: null,
    };
  const { from, to } = windowOfDays({ from: firstDay, to: addDays(lastDay, 1) }, zone);
  const coversWholeDays =
    compareInstants(start, from) === 0 && compareInstants(end, to.subtract({ milliseconds: 1 })) >= 0;
  // Hours over several days cannot be said of each of them; taking the days whole never accuses anybody.
  if (request.timeUnit === 'DAYS' || coversWholeDays || firstDay !== lastDay)
    return { firstDay, lastDay, part: 'whole', hoursOff: null };
  return { firstDay, lastDay, part: 'hours', hoursOff: Math.round(end.since(start).total('minutes')) / 60 };
};

/** One time that a holiday takes place. */
export interface Occurrence {
  readonly year: number;
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
}

/**
 * When the holiday takes place within the window, with a day to spare on both sides for zones. The list has annual holidays in their
 * first year only, so later years are projected; 29 February has no occurrence in other years.
 */
export const occurrencesOf = (holiday: HolidayReply, window: TimeWindow): readonly Occurrence[] => {
  const { startDate, endDate } = holiday.datePeriod;
  const earliest = addDays(localDate(window.from, 'UTC'), -1);
  const latest = addDays(localDate(window.to, 'UTC'), 1);
  const first = Temporal.PlainDate.from(startDate);
  const length = countDays(startDate, endDate) - 1;
  const years = holiday.occursAnnually
    ? yearsBetween(Math.max(first.year, yearOf(earliest) - 1), yearOf(latest))
    : [first.year];
  return years.flatMap((year) => {
    let firstDay: LocalDate;
    try {
      firstDay = first.with({ year }, { overflow: 'reject' }).toString();
    } catch {
      return [];
    }
    const lastDay = addDays(firstDay, length);
    return lastDay < earliest || firstDay > latest ? [] : [{ year, firstDay, lastDay }];
  });
};

/** A holiday of one person, on the days of that person's zone. */
export const holidayOf = (
  holiday: HolidayReply,
  occurrence: Occurrence,
  person: { readonly id: string; readonly zone: string },
  window: TimeWindow,
): Fact | undefined => {
  const { firstDay, lastDay, year } = occurrence;
  const { from, to } = windowOfDays({ from: firstDay, to: addDays(lastDay, 1) }, person.zone);
  if (!overlap(window, { from, to })) return undefined;
  const attributes: HolidayAttributes = { firstDay, lastDay, name: holiday.name };
  return {
    kind: 'holiday',
    key: `${holiday.id}/${year}/${person.id}`,
    subject: person.id,
    from,
    to,
    amount: countDays(firstDay, lastDay),
    attributes: { ...attributes },
  };
};

/** Whether the name is one that `Temporal` can compute with. */
export const isZone = (name: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
};

/** Why a record was not taken: the names of the fields, never what stood in them. */
export const unfit = (kind: FactKind, raw: unknown, place: string, error: z.ZodError): Rejection => ({
  kind,
  key: idOf(raw) ?? place,
  ...subjectOf(raw),
  why: `missing or unfit: ${[...new Set(error.issues.map(({ path }) => path.join('.') || 'the record'))].join(', ')}`,
});

/** The id of a record of either host. */
export const idOf = (raw: unknown): string | undefined => {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { id, _id } = raw as { id?: unknown; _id?: unknown };
  return [id, _id].find((one): one is string => typeof one === 'string' && one !== '');
};

const subjectOf = (raw: unknown): { readonly subject?: string } => {
  const parsed = z.object({ userId: z.string().min(1) }).safeParse(raw);
  return parsed.success ? { subject: parsed.data.userId } : {};
};

const rejected = (
  kind: FactKind,
  { id, userId }: { readonly id: string; readonly userId: string },
  why: string,
): Reading => ({ rejection: { kind, key: id, subject: userId, why } });

const countDays = (firstDay: LocalDate, lastDay: LocalDate): number =>
  Temporal.PlainDate.from(firstDay).until(lastDay).days + 1;

const yearOf = (day: LocalDate): number => Temporal.PlainDate.from(day).year;

const yearsBetween = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
