import { Temporal } from 'temporal-polyfill';
import type { Instant } from '#domain';

/** A schedule that came due a moment ago, and never else in this year: a real occurrence that nobody has to wait for. */
export interface JustPast {
  readonly at: Instant;
  /** For the `schedule` of a subscription. */
  readonly schedule: string;
}

/** The last full minute; an hour of its own around the end of the week, so that it is the same week for everybody in the story. */
export function justPast(now: Temporal.ZonedDateTime = Temporal.Now.zonedDateTimeISO('UTC')): JustPast {
  const minute = now.subtract({ minutes: 1 }).round({ smallestUnit: 'minute', roundingMode: 'floor' });
  const turning =
    (minute.dayOfWeek === 7 && minute.hour >= 21) || (minute.dayOfWeek === 1 && minute.hour === 0);
  const due = turning ? minute.subtract({ hours: 5 }) : minute;
  return {
    at: due.toInstant(),
    schedule: `{ cron: '${due.minute} ${due.hour} ${due.day} ${due.month} *', timezone: UTC }`,
  };
}
