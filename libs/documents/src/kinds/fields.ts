import { Temporal } from 'temporal-polyfill';
import { Cron } from 'croner';
import { nearestName, weekdays, type Schedule } from '#domain';
import { z } from 'zod';

/** A condition with its remedy: what is said where a value does not hold it, and what would be right. */
interface Condition<T> {
  readonly holds: (value: T) => boolean;
  readonly message: (value: T) => string;
  readonly remedy: string | ((value: T) => string);
}

/** Adds a condition to a schema; the remedy travels in the issue's `params`. */
export const must =
  <T>({ holds, message, remedy }: Condition<T>) =>
  (value: T, context: z.RefinementCtx): void => {
    if (holds(value)) return;
    const params = { remedy: typeof remedy === 'string' ? remedy : remedy(value) };
    context.addIssue({ code: 'custom', message: message(value), params, input: value });
  };

/** A document's name: part of queue names, metric labels and room names, so it is plain. */
export const nameField = z
  .string()
  .superRefine(
    must({
      holds: (name) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
      message: (name) => `\`${name}\` is no name`,
      remedy: 'lower-case letters, digits and hyphens, at most 63, such as `low-hours`',
    }),
  )
  .meta({ description: 'Lower-case letters, digits and hyphens, at most 63.' });

const emailPattern = /^[^\s@<>"',;:()]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/;

export const isEmail = (text: string): boolean => emailPattern.test(text.toLowerCase());

/** Kept in lower case, as e-mails are compared. */
export const emailField = z
  .string()
  .superRefine(
    must({
      holds: isEmail,
      message: (text) => `\`${text}\` is no e-mail address`,
      remedy: 'an address such as `olena@acme.example`',
    }),
  )
  .transform((text) => text.toLowerCase())
  .meta({ description: 'An e-mail address.' });

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of `30m`, `12h`, `21d`; a day is 24 hours. Undefined where it is no duration. */
export const parseDuration = (text: string): number | undefined => {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  return amount && unit ? Number(amount) * units[unit as keyof typeof units] : undefined;
};

/** `30m`; yields milliseconds. */
export const durationField = z
  .string()
  .superRefine(
    must({
      holds: (text) => (parseDuration(text) ?? 0) > 0,
      message: (text) => `\`${text}\` is no duration`,
      remedy: 'a number with s, m, h, d or w, such as `30m`, `12h`, `21d`',
    }),
  )
  .transform((text) => parseDuration(text) ?? 0)
  .meta({ description: 'A number with s, m, h, d or w.', examples: ['30m', '12h', '21d'] });

const parseOffset = (text: string): number | undefined => {
  if (text === 'now') return 0;
  const size = /^[+-]/.test(text) ? parseDuration(text.slice(1)) : undefined;
  return size === undefined ? undefined : text.startsWith('-') ? -size : size;
};

/** `-21d`, `now`, `+60d`; yields milliseconds from now, negative in the past. */
export const offsetField = z
  .string()
  .superRefine(
    must({
      holds: (text) => parseOffset(text) !== undefined,
      message: (text) => `\`${text}\` is no distance from now`,
      remedy: '`now`, or a duration with its sign: `-21d`, `+60d`',
    }),
  )
  .transform((text) => parseOffset(text) ?? 0)
  .meta({ description: '`now`, or a duration with its sign.', examples: ['-21d', 'now', '+60d'] });

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
};

export const dayField = z
  .string()
  .superRefine(
    must({
      holds: isDay,
      message: (text) => `\`${text}\` is no day of the calendar`,
      remedy: 'year, month and day, such as `2026-12-31`',
    }),
  )
  .meta({ format: 'date', examples: ['2026-12-31'] });

/** IANA names as they are spelled; offsets such as `+02:00` know no summer time. */
const isZone = (text: string): boolean => {
  if (!/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
};

const nearestZone = (text: string): string => {
  // The list keeps some names that were replaced since.
  const near = nearestName(text, ['UTC', 'Europe/Kyiv', ...Intl.supportedValuesOf('timeZone')]);
  return near ? `did you mean \`${near}\`?` : 'an IANA name, such as `Europe/Kyiv`';
};

export const zoneField = z
  .string()
  .superRefine(must({ holds: isZone, message: (text) => `\`${text}\` is no time zone`, remedy: nearestZone }))
  .meta({ description: 'An IANA time zone, such as `Europe/Kyiv`.' });

const cronError = (text: string): string | undefined => {
  if (text.trim().split(/\s+/).length !== 5) return 'it has not five fields';
  try {
    const next = new Cron(text, { paused: true, timezone: 'UTC', mode: '5-part' }).nextRun();
    return next ? undefined : 'it never comes';
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'it cannot be read';
  }
};

const cronField = z
  .string()
  .superRefine(
    must({
      holds: (text) => cronError(text) === undefined,
      message: (text) => `\`${text}\` is no cron expression: ${cronError(text)}`,
      remedy: 'minute, hour, day of the month, month, day of the week: `0 9 * * MON`',
    }),
  )
  .meta({ description: 'Minute, hour, day of the month, month, day of the week.' });

const personZone = z
  .string()
  .superRefine(
    must({
      holds: (text) => text === 'person' || isZone(text),
      message: (text) => `\`${text}\` is no time zone`,
      remedy: (text) =>
        text.toLowerCase() === 'person'
          ? 'write `person`'
          : `${nearestZone(text)} (or \`person\`: each in their own)`,
    }),
  )
  .meta({ description: 'An IANA time zone, or `person`: once in each zone that people are in.' });

/** When people hear. */
export const subscriptionScheduleField = z.strictObject({
  cron: cronField,
  timezone: personZone,
  shift: z.literal('nextWorkingDay').exactOptional(),
}) satisfies z.ZodType<Schedule>;

/** When a system is read: it is nobody's working day. */
export const sourceScheduleField = z.strictObject({
  cron: cronField,
  timezone: zoneField,
}) satisfies z.ZodType<Schedule>;

export const workingDaysField = z
  .array(z.enum(weekdays))
  .refine((days) => new Set(days).size === days.length, {
    error: 'a weekday is named twice',
    params: { remedy: 'name each weekday once' },
  });

/** Settings belong to the plugin, whose own schema checks them. */
export const settingsField = z.record(z.string(), z.unknown()).default({}).meta({
  description:
    'As the plugin named by `type` has them; secrets as `{ secret: name }` or `{ aws: name, key: name }`.',
});

/** Who hears of troubles: the name of a Subscription, or a person's e-mail. */
export const ownerField = z
  .string()
  .meta({ description: 'Who hears of its troubles: the name of a Subscription, or an e-mail address.' });

/** A vendor seldom tells how long a key holds: who makes it writes it down. */
export const expiresOnField = dayField.meta({
  description: 'The last day on which its credentials hold.',
  format: 'date',
  examples: ['2026-12-31'],
});

export const callsPerDayField = z
  .number()
  .int()
  .positive()
  .meta({ description: 'How many calls a day the plan allows.' });
