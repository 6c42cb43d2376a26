/** Anything below is no plausible number of milliseconds: it is seconds, which are not understood. 1973 in ms, the year 5138 in seconds. */
const leastMs = 100_000_000_000;

const shape = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * A moment as the API takes it: ISO 8601 with or without zone, RFC 3339, `yyyy-MM-dd HH:mm:ss`, `yyyy-MM-dd` or epoch milliseconds. Anything
 * else is undefined: seconds, 0, null, the empty text, slashes, days that do not exist.
 *
 * @param offsetHours of the zone of texts that name none
 * @returns in UTC, as the API shows it: `2026-03-01T08:00:00.000Z`
 */
export function readMoment(value: unknown, offsetHours: number): string | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= leastMs ? toIso(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const [, day, time = '00:00:00', fraction = '', zone] = shape.exec(value) ?? [];
  if (day === undefined) return undefined;
  const wall = `${day}T${time}`;
  const asUtc = Date.parse(`${wall}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  if (!Number.isFinite(asUtc) || !new Date(asUtc).toISOString().startsWith(wall)) return undefined;
  return toIso(asUtc - 60_000 * (zone === undefined ? offsetHours * 60 : minutesOf(zone)));
}

/** Minutes east of Greenwich. */
function minutesOf(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = '0', minutes = '0'] = zone.slice(1).split(':');
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function toIso(ms: number): string | undefined {
  const at = new Date(ms);
  return Number.isFinite(at.getTime()) ? at.toISOString() : undefined;
}
