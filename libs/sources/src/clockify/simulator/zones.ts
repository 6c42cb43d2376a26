import { Temporal } from 'temporal-polyfill';

const quarterHour = 900_000;
const offsets = new Map<string, Map<number, number>>();

/** Whether the runtime knows the IANA zone. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

/** The zone's offset from UTC in ms. Kept per quarter of an hour, on which all changes fall: a report asks for thousands of them. */
function offsetAt(at: number, zone: string): number {
  let known = offsets.get(zone);
  if (!known) offsets.set(zone, (known = new Map()));
  const slot = Math.floor(at / quarterHour);
  let offset = known.get(slot);
  if (offset === undefined) {
    offset =
      Temporal.Instant.fromEpochMilliseconds(slot * quarterHour).toZonedDateTimeISO(zone).offsetNanoseconds /
      1e6;
    known.set(slot, offset);
  }
  return offset;
}

/** The local day, `YYYY-MM-DD`, on which the instant falls. */
export const dayAt = (at: number, zone: string): string =>
  new Date(at + offsetAt(at, zone)).toISOString().slice(0, 10);

/** What the reports host writes: local time with the zone's offset, `2026-03-02T09:00:00+01:00`. */
export function localTime(at: number, zone: string): string {
  const offset = offsetAt(at, zone);
  const wall = new Date(at + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${wall}Z`;
  const minutes = Math.abs(offset) / 60_000;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`;
}

/** What the core host writes: UTC, with milliseconds only where there are any. */
export const utcTime = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** The instant of a wall clock reading (`2026-03-01T00:00:00.000`, no offset) in the zone; in a DST gap, the later one. */
export const readWallClock = (wall: string, zone: string): number =>
  Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;

/** The first instant of the local day. */
export const startOfLocalDay = (day: string, zone: string): number =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
