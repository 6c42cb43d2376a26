import { addDays, localDate } from '#domain';
import { createHash } from 'node:crypto';
import { isWithheld, neverEnds, readReply } from './api.js';
import { membersOf } from './holidays.js';
import { listOf } from './paging.js';
import type { PullContext } from './pull-context.js';
import { piecesOf, reportRange, wholeDays } from './report-range.js';
import { attendanceReply, policyReply, requestReply } from './schema.js';

/**
 * Whose entries have to be asked for one person at a time because the detailed report does not say their type. Everybody, where that
 * cannot be told.
 */
export type Asked = ReadonlySet<string> | 'everybody';

/**
 * The documented sample of the report has no `type`, while some workspaces answer with one. Where there is none, entries that are no work
 * can only be of people
 * - who had a break, by the attendance report;
 * - who have a holiday in the window whose entries Clockify makes by itself;
 * - who asked for leave in the window under a policy whose entries Clockify makes by itself.
 * Of these the core host is asked, which always says the type; everybody else's entries are work. Where the attendance report, the
 * holidays or the policies are withheld, everybody is asked about.
 *
 * Relies on the switches of holidays and policies as they are now: entries made before a switch was turned off pass as work.
 */
export const readAsked = (context: PullContext): Promise<Asked> => {
  const known = answers.get(context) ?? ask(context);
  answers.set(context, known);
  return known;
};

/** One answer for each pull, however many pages lack types. */
const answers = new WeakMap<PullContext, Promise<Asked>>();

async function ask(context: PullContext): Promise<Asked> {
  try {
    const ids = new Set([
      ...(await withBreaks(context)),
      ...(await withAutomaticHolidays(context)),
      ...(await withAutomaticLeave(context)),
    ]);
    return ids;
  } catch (error) {
    if (isWithheld(error)) return 'everybody';
    throw error;
  }
}

/** Short, and the same for the same people. */
export const fingerprint = (ids: ReadonlySet<string>): string =>
  createHash('sha256')
    .update([...ids].sort().join())
    .digest('hex')
    .slice(0, 16);

const attendanceLabel = 'attendance report';
const attendancePageSize = 1000;

async function withBreaks(context: PullContext): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const piece of piecesOf(wholeDays(context.window))) {
    const range = reportRange(piece);
    let seen = new Set<string>();
    // The ceiling of a page is not documented. A server that quietly serves less than asked is asked for what it serves.
    for (let pageSize = attendancePageSize, page = 1, rows = 0; ; page += 1) {
      const response = await context.api.postReport(
        'attendance',
        { ...range, exportType: 'JSON', attendanceFilter: { page, pageSize } },
        { label: attendanceLabel, signal: context.run.signal },
      );
      const before = seen.size;
      const { entities } = readReply(attendanceReply, response, attendanceLabel);
      for (const row of entities) {
        if (isSome(row.break)) ids.add(row.userId);
        seen.add(`${row.userId}/${row.date}`);
      }
      if (page === 1) rows = entities.length;
      else if (entities.length > 0 && rows < pageSize) {
        pageSize = rows;
        page = 0;
        seen = new Set();
        continue;
      }
      if (seen.size <= before && entities.length > 0) throw neverEnds(attendanceLabel);
      if (entities.length === 0 || (page > 1 && entities.length < pageSize)) break;
    }
  }
  return ids;
}

/** Whatever the unit: nothing, zero, `PT0S` and `00:00` are none. */
const isSome = (amount: number | string | null): boolean =>
  typeof amount === 'string' ? /[1-9]/.test(amount) : amount !== null && amount !== 0;

async function withAutomaticHolidays(context: PullContext): Promise<readonly string[]> {
  const { taking } = await context.holidays();
  const automatic = taking.filter(({ holiday }) => holiday.automaticTimeEntryCreation);
  if (automatic.length === 0) return [];
  const directory = await context.directory();
  return automatic.flatMap(({ holiday }) => membersOf(holiday, directory).map(({ id }) => id));
}

async function withAutomaticLeave(context: PullContext): Promise<readonly string[]> {
  const { api, run, window } = context;
  const records = await listOf(
    api,
    '/time-off/policies',
    { status: 'ALL' },
    { label: 'time off policies', signal: run.signal },
  );
  const automatic = new Set(
    records.flatMap((raw) => {
      const parsed = policyReply.safeParse(raw);
      if (!parsed.success) return [];
      const { id, automaticTimeEntryCreation: made } = parsed.data;
      return (typeof made === 'boolean' ? made : made?.enabled) ? [id] : [];
    }),
  );
  if (automatic.size === 0) return [];
  // By days in UTC with one to spare on both sides: whoever is asked about without need costs a call, and nothing else.
  const earliest = addDays(localDate(window.from, 'UTC'), -2);
  const latest = addDays(localDate(window.to, 'UTC'), 2);
  return (await context.requests()).flatMap((raw) => {
    const parsed = requestReply.safeParse(raw);
    if (!parsed.success) return [];
    const { userId, policyId, timeOffPeriod } = parsed.data;
    const { start, end } = timeOffPeriod.period;
    return automatic.has(policyId ?? '') && end.slice(0, 10) >= earliest && start.slice(0, 10) <= latest
      ? [userId]
      : [];
  });
}
