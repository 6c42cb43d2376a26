import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';
import { calendarWorkingDay } from './calendar-working-day.js';
import { compareInstants, windowOfDays } from './instant.js';
import type { DateRange, Instant, LocalDate } from './instant.js';
import type { PlannedInstant, Schedule } from './schedule.js';

/** A schedule that cannot be read. The message is meant for who wrote it. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/** Whether work is done on a local day; what it is asked for is decided by the caller's calendar. */
export type IsWorkingDay = (day: LocalDate) => boolean;

/** No holiday is that long: where two months have no working day the calendar is wrong, and the instant stays where it was. */
const longestShiftDays = 60;
/** The widest a zone ever jumped is a whole day (over the date line); a bit more is looked at on either side. */
const jumpMarginHours = 26;
const lookBackDays = [2, 9, 40, 400] as const;

/**
 * Every planned instant whose nominal lies in [from, to), ascending, none twice. `due` may lie outside.
 *
 * `zone` is the zone that the cron is read in: the schedule's own, or for `timezone: person` one of the people's. The cron says local
 * wall-clock times, and each of them happens once:
 *
 * - A local time that a DST jump skips happens as much later as the jump is wide: 02:30 at 03:30 where the clock goes from 02:00 to
 *   03:00, midnight at 01:00 where it goes from 00:00 to 01:00. Where the cron names that later time too, it is one instant.
 * - A local time that the clock shows twice happens at the first showing only. That also holds for a cron of every quarter of an hour,
 *   which therefore pauses for the repeated hour; what must go on by real time has `timezone: UTC`.
 *
 * With `shift: nextWorkingDay`, `due` is the first working day from the nominal day on, at the local time that the cron says. Each
 * nominal stays an instant of its own, for it stands for a period of its own: daily at nine gives three that are due on Monday. Where 60
 * days have no working day, `due` is the nominal. Without `isWorkingDay` Monday to Friday are working days.
 *
 * @throws ScheduleError where the cron or the zone cannot be read
 */
export const plannedInstants = (
  schedule: Schedule,
  zone: string,
  from: Instant,
  to: Instant,
  isWorkingDay: IsWorkingDay = (day) => calendarWorkingDay(undefined, day),
): PlannedInstant[] => {
  const cron = readCron(schedule.cron);
  const first = wallClock(from, zone).subtract({ hours: jumpMarginHours });
  const last = wallClock(to, zone).add({ hours: jumpMarginHours });

  // Ascending wall times: where a skipped time lands on one that the cron names itself, the latter is set later, and stays.
  const wallByNominal = new Map<number, Temporal.PlainDateTime>();
  for (const wall of wallTimes(cron, first, last)) {
    const nominal = wall.toZonedDateTime(zone).toInstant();
    if (compareInstants(from, nominal) <= 0 && compareInstants(nominal, to) < 0)
      wallByNominal.set(nominal.epochMilliseconds, wall);
  }

  return [...wallByNominal]
    .sort(([one], [other]) => one - other)
    .map(([epochMs, wall]) => {
      const nominal = Temporal.Instant.fromEpochMilliseconds(epochMs);
      if (schedule.shift !== 'nextWorkingDay') return { nominal, due: nominal };
      return { nominal, due: nextWorkingInstant(nominal, wall.toPlainTime(), zone, isWorkingDay) };
    });
};

const pauseDays = 35;

/** What is planned within whole local days of the zone, as a preview over a past period asks; see {@link plannedInstants}. */
export const occurrencesOver = (
  schedule: Schedule,
  period: DateRange,
  zone: string,
  isWorkingDay?: IsWorkingDay,
): PlannedInstant[] => {
  readZone(zone);
  const { from, to } = windowOfDays(period, zone);
  return plannedInstants(schedule, zone, from, to, isWorkingDay);
};

/**
 * The planned instant that a run by hand at `now` stands for: the latest whose nominal is not after `now`, even where its `due` is yet to
 * come. Undefined only where the schedule had none in the last 400 days.
 *
 * @throws ScheduleError where the cron or the zone cannot be read
 */
export const standsFor = (
  schedule: Schedule,
  zone: string,
  now: Instant,
  isWorkingDay?: IsWorkingDay,
): PlannedInstant | undefined => {
  const to = now.add({ nanoseconds: 1 });
  for (const days of lookBackDays) {
    const from = now.subtract({ hours: days * 24 });
    const latest = plannedInstants(schedule, zone, from, to, isWorkingDay).at(-1);
    if (latest) return latest;
  }
  return undefined;
};

/** The longest time, in ms, between two planned instants that follow each other, over the five weeks after `now`; those five weeks where there are not two. */
export const longestPause = (schedule: Schedule, zone: string, now: Instant): number => {
  const to = now.add({ hours: pauseDays * 24 });
  const instants = plannedInstants(schedule, zone, now, to).map(({ nominal }) => nominal.epochMilliseconds);
  if (instants.length < 2) return pauseDays * 86_400_000;
  return instants.slice(1).reduce((longest, at, index) => Math.max(longest, at - (instants[index] ?? at)), 0);
};

const nextWorkingInstant = (
  nominal: Instant,
  at: Temporal.PlainTime,
  zone: string,
  isWorkingDay: IsWorkingDay,
): Instant => {
  const nominalDay = nominal.toZonedDateTimeISO(zone).toPlainDate();
  if (isWorkingDay(nominalDay.toString())) return nominal;
  for (let days = 1; days <= longestShiftDays; days += 1) {
    const day = nominalDay.add({ days });
    if (isWorkingDay(day.toString()))
      return day.toZonedDateTime({ timeZone: zone, plainTime: at }).toInstant();
  }
  return nominal;
};

/**
 * The wall-clock times of [first, last] that the cron names. croner computes them as if in UTC, where no clock ever jumps: what a jump
 * does is decided above, and the same for every kind of cron.
 */
function* wallTimes(
  cron: Cron,
  first: Temporal.PlainDateTime,
  last: Temporal.PlainDateTime,
): Generator<Temporal.PlainDateTime> {
  const end = asIfUtc(last);
  let next = cron.nextRun(new Date(asIfUtc(first)));
  while (next && next.getTime() <= end) {
    yield Temporal.Instant.fromEpochMilliseconds(next.getTime()).toZonedDateTimeISO('UTC').toPlainDateTime();
    next = cron.nextRun(next);
  }
}

const asIfUtc = (wall: Temporal.PlainDateTime): number => wall.toZonedDateTime('UTC').epochMilliseconds;

const wallClock = (at: Instant, zone: string): Temporal.PlainDateTime => {
  readZone(zone);
  return at.toZonedDateTimeISO(zone).toPlainDateTime();
};

const readZone = (zone: string): void => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch (cause) {
    throw new ScheduleError(`"${zone}" is no time zone: it takes an IANA name such as Europe/Kyiv`, {
      cause,
    });
  }
};

const readCron = (pattern: string): Cron => {
  const fields = pattern.trim().split(/\s+/u);
  try {
    // croner also reads dates and nicknames (@daily); a schedule is five fields and nothing else.
    if (fields.length !== 5) throw new TypeError(`it has ${pattern.trim() ? fields.length : 'no'} fields`);
    return new Cron(fields.join(' '), { paused: true, timezone: 'UTC', mode: '5-part' });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.replace(/^CronPattern: /u, '') : 'it cannot be read';
    throw new ScheduleError(
      `"${pattern}" is no schedule (${words}): it takes minute, hour, day of month, month and day of week, such as "0 9 * * MON"`,
      { cause },
    );
  }
};
