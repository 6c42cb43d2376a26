import { z } from 'zod';
import { badParameter, invalid } from './refusal.js';
import { isZone } from './zones.js';

/*
 * Strict readers of what a client sends. Names and values that the vendor does not document are refused, where it may well ignore them
 * silently: a parameter that changes nothing is a mistake, and a simulator should show it.
 */

export const isId = (text: string): boolean => /^[0-9a-f]{24}$/.test(text);
export const id = z.string().refine(isId, 'must be 24 hexadecimal digits');

/** `yyyy-MM-ddThh:mm:ssZ`: seconds, UTC, no fraction. */
export const utcSecond = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'invalid date format')
  .refine((text) => isRealTime(text.slice(0, -1)), 'invalid date format')
  .transform((text) => Date.parse(text));

/** RFC 3339 with any offset, without a fraction of a second. */
export const rfc3339 = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/, 'invalid date format')
  .refine((text) => isRealTime(text.slice(0, 19)), 'invalid date format')
  .transform((text) => Date.parse(text));

/** A wall clock without an offset, as reports take it: `2026-03-01T00:00:00.000`. */
export const wallClock = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?$/, 'invalid date format')
  .refine((text) => isRealTime(text.slice(0, 19)), 'invalid date format');

/** `YYYY-MM-DD`. */
export const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, 'invalid date format')
  .refine((text) => isRealTime(`${text}T00:00:00`), 'invalid date format');

export const zone = z.string().refine(isZone, 'unknown time zone');

/** Query values are texts. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Given once with commas, or several times. */
export const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item).min(1));

const count = (highest: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a positive number')
    .transform(Number)
    .pipe(z.number().max(highest, `must not be greater than ${highest}`));

/** `page` and `page-size` with the endpoint's default and ceiling. */
export const pageQuery = (highest: number, usual = 50) => ({
  page: count(1_000_000).default(1),
  'page-size': count(highest).default(usual),
});

/** What endpoints that know no pages take and ignore. */
export const ignoredPageQuery = { page: z.string().optional(), 'page-size': z.string().optional() };

export const page = (query: { page: number; 'page-size': number }): { page: number; size: number } => ({
  page: query.page,
  size: query['page-size'],
});

/** The query by its schema, or 400/3000. */
export function readQuery<T extends z.ZodRawShape>(query: URLSearchParams, shape: T) {
  const given = Object.fromEntries(
    [...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]),
  );
  const result = z.strictObject(shape).safeParse(given);
  if (!result.success) throw badParameter(complaint(result.error));
  return result.data;
}

/** The body by its schema, or 400/501; text that is no JSON is 400/3000. */
export function readBody<T extends z.ZodType>(body: string, schema: T): z.output<T> {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    throw badParameter('Required request body is missing or not readable');
  }
  const result = schema.safeParse(given);
  if (!result.success) throw invalid(complaint(result.error));
  return result.data;
}

function complaint(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.join('.');
  return where ? `${where}: ${issue?.message ?? 'invalid'}` : (issue?.message ?? 'invalid');
}

/** Whether the parts are a day and a time of day that exist: no 30 February, no 25 o'clock. */
function isRealTime(text: string): boolean {
  const at = Date.parse(`${text}Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}
