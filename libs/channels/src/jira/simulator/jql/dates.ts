import { Temporal } from 'temporal-polyfill';
import { jqlError } from './tokens.js';

const units = { m: 'minutes', h: 'hours', d: 'days', w: 'weeks' } as const;

/**
 * The instant that a written date means, RFC 3339. Dates without a zone are the caller's own, times have minutes and no seconds.
 * https://support.atlassian.com/jira-software-cloud/docs/jql-fields/#Created [I]
 */
export function dateOf(
  text: string,
  { now, timeZone }: { readonly now: Date; readonly timeZone: string },
): string {
  const relative = /^([+-]?\d+)([mhdw])$/.exec(text);
  if (relative) {
    const unit = units[relative[2] as keyof typeof units];
    const from = Temporal.Instant.from(now.toISOString()).toZonedDateTimeISO(timeZone);
    return jsTime(from.add({ [unit]: Number(relative[1]) }));
  }
  const absolute = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d\d))?$/.exec(text);
  const wrong = jqlError(
    `Date value '${text}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
  );
  if (!absolute) throw wrong;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = absolute
    .slice(1)
    .map((part) => Number(part ?? 0));
  try {
    return jsTime(
      Temporal.ZonedDateTime.from({ year, month, day, hour, minute, timeZone }, { overflow: 'reject' }),
    );
  } catch (error) {
    if (error instanceof RangeError) throw wrong;
    throw error;
  }
}

const jsTime = (at: Temporal.ZonedDateTime): string => new Date(at.epochMilliseconds).toISOString();
