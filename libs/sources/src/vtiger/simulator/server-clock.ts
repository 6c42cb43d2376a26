import { Temporal } from 'temporal-polyfill';

/** `YYYY-MM-DD HH:MM:SS` on the wall of the zone, from milliseconds since the epoch. */
export function stamp(at: number, zone: string): string {
  const local =
    zone === 'UTC'
      ? new Date(at).toISOString()
      : Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime().toString();
  return local.slice(0, 19).replace('T', ' ');
}

/** Seconds since the epoch of what stands on the wall of the zone. */
export const unixTime = (wall: string, zone: string): number =>
  Temporal.PlainDateTime.from(wall.replace(' ', 'T')).toZonedDateTime(zone).epochMilliseconds / 1000;

const shapes = {
  date: /^\d{4}-\d\d-\d\d$/,
  datetime: /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?$/,
  time: /^\d\d:\d\d(?::\d\d)?$/,
} as const;

/** Whether the text is a moment that exists, written as the database takes it: no `T`, no `Z`, no 30 February. */
export function isMoment(text: string, type: keyof typeof shapes): boolean {
  if (!shapes[type].test(text)) return false;
  if (type === 'time') return /^(?:[01]\d|2[0-3])(?::[0-5]\d)+$/.test(text);
  const full = text.length === 10 ? `${text} 00:00:00` : text;
  const at = Date.parse(`${full.replace(' ', 'T')}Z`);
  return Number.isFinite(at) && stamp(at, 'UTC') === full;
}
