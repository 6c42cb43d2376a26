import { isDeepStrictEqual } from 'node:util';
import type { AttendanceAttributes, Fact } from '#domain';
import type { Page, Rejection } from '../contract.js';
import { placesOf } from './api.js';
import { folded } from './members.js';
import type { Answers } from './month-report.js';
import type { Month } from './months.js';
import { accountOf, monthRecord, type MonthRecord } from './schema.js';

/** What the codes of exceptions and of leave stand for. */
const exceptionCodes = { late: 1, leftEarly: 2, missing: 3, absent: 4 } as const;
const LEAVE = 1;
const COUNTED_IN_HOURS = 1;
/** Who is outside of every check-in rule has no summary, and none is missing. */
const WITHOUT_RULE = 7;

const keyOf = (userid: string, { name }: Pick<Month, 'name'>): string => `${userid}/${name}`;

/**
 * The facts of the members that were asked for, and a word on each who has none: so many as were asked for come of it, and a rejection more
 * for each record that is nobody's.
 * @param userids as the contacts spell them
 */
export function readMonth(
  userids: readonly string[],
  { records, unknown }: Answers,
  month: Month,
): Pick<Page, 'facts' | 'rejected'> {
  const facts: Fact[] = [];
  const rejected: Rejection[] = [];
  const reject = (key: string, why: string, subject?: string): void => {
    rejected.push({ kind: 'attendance', key, why, ...(subject === undefined ? {} : { subject }) });
  };
  const asked = new Set(userids.map(folded));
  const bySubject = new Map<string, unknown[]>();
  for (const [index, record] of records.entries()) {
    const account = accountOf.safeParse(record).data?.base_info.acctid;
    const place = `${keyOf(userids[0] ?? '', month)}#${index + 1}`;
    if (account === undefined) reject(place, 'it does not say whose it is');
    else if (!asked.has(folded(account))) reject(place, 'it is of a member who was not asked for');
    else bySubject.set(folded(account), [...(bySubject.get(folded(account)) ?? []), record]);
  }
  for (const userid of userids) {
    const key = keyOf(userid, month);
    const [record, ...others] = bySubject.get(folded(userid)) ?? [];
    if (unknown.has(folded(userid)))
      reject(key, 'WeCom does not know this member, or does not show them to the app (301021)', userid);
    else if (record === undefined)
      reject(key, 'WeCom has no record of this month: no check-in rule applied to this member');
    else if (others.some((other) => !isSame(other, record)))
      reject(key, `there are ${others.length + 1} records, which differ`, userid);
    else {
      const read = readRecord(record);
      if ('why' in read) reject(key, read.why, read.isAbout ? userid : undefined);
      else facts.push(factOf(read.record, userid, month));
    }
  }
  return { facts, rejected };
}

/** What is left out and what is zero are the same. */
const isSame = (one: unknown, other: unknown): boolean => isDeepStrictEqual(normal(one), normal(other));

const normal = (record: unknown): unknown => {
  const { data } = monthRecord.safeParse(record);
  return data ? inOrder(data) : record;
};

function readRecord(
  record: unknown,
): { readonly record: MonthRecord } | { readonly why: string; readonly isAbout: boolean } {
  const parsed = monthRecord.safeParse(record);
  if (parsed.success) return { record: parsed.data };
  if (!hasSummary(record))
    return isWithoutRule(record)
      ? { why: 'no check-in rule applied to this member', isAbout: false }
      : { why: 'it has no summary', isAbout: true };
  return { why: `it cannot be read: ${placesOf(parsed.error).join(', ')}`, isAbout: true };
}

const field = (record: unknown, name: string): unknown =>
  typeof record === 'object' && record !== null ? Reflect.get(record, name) : undefined;

const hasSummary = (record: unknown): boolean =>
  ![undefined, null].includes(field(record, 'summary_info') as undefined);

const isWithoutRule = (record: unknown): boolean =>
  field(field(record, 'base_info'), 'record_type') === WITHOUT_RULE;

/** The record with its lists in one order, so that the same month is the same record however it is sent. */
const inOrder = (record: MonthRecord): MonthRecord => ({
  ...record,
  exception_infos: record.exception_infos.toSorted(
    (one, other) => one.exception - other.exception || one.count - other.count,
  ),
  sp_items: record.sp_items.toSorted(
    (one, other) =>
      one.type - other.type ||
      one.vacation_id - other.vacation_id ||
      (one.name < other.name ? -1 : Number(one.name > other.name)),
  ),
});

function factOf(read: MonthRecord, userid: string, month: Month): Fact {
  const record = inOrder(read);
  const { summary_info: summary } = record;
  return {
    kind: 'attendance',
    key: keyOf(userid, month),
    subject: userid,
    from: month.window.from,
    to: month.window.to,
    amount: summary.regular_work_sec,
    attributes: {
      month: month.name,
      firstDay: month.firstDay,
      lastDay: month.lastDay,
      worked: summary.regular_work_sec,
      expected: summary.standard_work_sec,
      dueDays: summary.work_days,
      regularDays: summary.regular_days,
      exceptionalDays: summary.except_days,
      restDays: summary.rest_days,
      ...exceptionsOf(record),
      ...overtimeOf(record),
      ...leaveOf(record),
      record,
    } satisfies AttendanceAttributes,
  };
}

type Numbers<Name extends keyof AttendanceAttributes> = Pick<AttendanceAttributes, Name>;

function exceptionsOf({
  exception_infos: infos,
}: MonthRecord): Numbers<
  'late' | 'leftEarly' | 'missing' | 'absent' | 'lateTime' | 'leftEarlyTime' | 'absentTime'
> {
  const sum = (name: keyof typeof exceptionCodes, of: 'count' | 'duration'): number =>
    infos
      .filter(({ exception }) => exception === exceptionCodes[name])
      .reduce((total, info) => total + info[of], 0);
  return {
    late: sum('late', 'count'),
    leftEarly: sum('leftEarly', 'count'),
    missing: sum('missing', 'count'),
    absent: sum('absent', 'count'),
    lateTime: sum('late', 'duration'),
    leftEarlyTime: sum('leftEarly', 'duration'),
    absentTime: sum('absent', 'duration'),
  };
}

function overtimeOf({
  overwork_info: {
    workday_over_sec: onWorkingDays,
    restdays_over_sec: onRestDays,
    holidays_over_sec: onHolidays,
  },
}: MonthRecord): Numbers<'overtime' | 'overtimeOnWorkingDays' | 'overtimeOnRestDays' | 'overtimeOnHolidays'> {
  return {
    overtime: onWorkingDays + onRestDays + onHolidays,
    overtimeOnWorkingDays: onWorkingDays,
    overtimeOnRestDays: onRestDays,
    overtimeOnHolidays: onHolidays,
  };
}

/** A duration is in seconds, also of what is counted in days: a day is 86,400 of them, however long a shift is. */
function leaveOf({ sp_items: items }: MonthRecord): Numbers<'leave' | 'leaveDays' | 'leaveHours'> {
  const leave = items
    .filter(({ type }) => type === LEAVE)
    .map(({ name, count, duration, time_type: unit }) => ({
      kind: name,
      count,
      seconds: duration,
      countedIn: unit === COUNTED_IN_HOURS ? ('hours' as const) : ('days' as const),
    }));
  const sum = (unit: (typeof leave)[number]['countedIn']): number =>
    leave.filter(({ countedIn }) => countedIn === unit).reduce((total, { seconds }) => total + seconds, 0);
  return { leaveDays: sum('days'), leaveHours: sum('hours'), leave };
}
