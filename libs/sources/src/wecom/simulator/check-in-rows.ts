import type { Manners } from './call.js';
import type { Directory } from './directory.js';
import { draw } from './draw.js';
import type { Approval, Day, Exception, Item, Overtime, Totals, User } from './model.js';

type Numbers = Readonly<Record<string, number>>;

const compensations = ['vacation', 'money'] as const;
/** The vendor spells them now so, now so. */
const over = { workday: 'workday_over_sec', restday: 'restdays_over_sec', holiday: 'holidays_over_sec' };
const overAs = { workday: 'workdays_over_as', restday: 'restdays_over_as', holiday: 'holidays_over_as' };
const dayOverAs = { workday: 'workday_over_as', restday: 'restday_over_as', holiday: 'holiday_over_as' };
/** Only these last. */
const lasting: ReadonlySet<number> = new Set([1, 2, 4]);

/** One person's row of `getcheckin_monthdata`. `acctid` is in the casing that is stored, whatever was asked for. */
export function monthRow(
  user: User,
  totals: Totals,
  directory: Directory,
  manners: Manners,
): Record<string, unknown> {
  const { groupId, groupName, type } = ruleOf(user);
  const dayCounts: Numbers = manners.dayCountsOf.includes(type)
    ? { regular_days: totals.workDays - totals.exceptDays, rest_days: totals.restDays }
    : {};
  return {
    base_info: {
      record_type: type,
      ...named(user, directory),
      rule_info: { groupid: groupId, groupname: groupName },
      acctid: user.id,
    },
    summary_info: {
      work_days: totals.workDays,
      except_days: totals.exceptDays,
      ...thinned(dayCounts, user, manners),
      regular_work_sec: totals.workedSeconds,
      standard_work_sec: totals.standardSeconds,
    },
    exception_infos: totals.exceptions.map(({ exception, count, duration }) => ({
      exception,
      count,
      duration,
    })),
    sp_items: totals.items.map(showItem),
    overwork_info: thinned(overwork(totals.overtime), user, manners),
  };
}

/** One row of `getcheckin_daydata`; `midnight` in Unix seconds. */
export function dayRow(
  user: User,
  midnight: number,
  day: Day,
  directory: Directory,
): Record<string, unknown> {
  const { groupId, groupName, type } = ruleOf(user);
  return {
    base_info: {
      date: midnight,
      record_type: type,
      ...named(user, directory),
      acctid: user.id,
      day_type: day.type === 'work' ? 0 : 1,
      rule_info: {
        groupid: groupId,
        groupname: groupName,
        scheduleid: 0,
        schedulename: '',
        checkintime: day.type === 'work' ? [{ work_sec: 32_400, off_work_sec: 64_800 }] : [],
      },
    },
    summary_info: {
      checkin_count: day.checkIns,
      regular_work_sec: day.workedSeconds,
      standard_work_sec: day.standardSeconds,
      earliest_time: day.earliest,
      lastest_time: day.latest,
    },
    holiday_infos: day.approvals.map(showApproval),
    exception_infos: day.exceptions.map(showException),
    ot_info: overtimeOf(day.overtime),
    sp_items: day.items.map(showItem),
  };
}

const ruleOf = ({ rule }: User) => rule ?? { groupId: 0, groupName: '', type: 7 as const };

const named = (user: User, directory: Directory) => ({
  name: user.name,
  name_ex: user.nameEn,
  departs_name: user.departments.map((id) => directory.pathOf(id)).join(';'),
});

/** Numbers that may be absent: about half of the zeros are, always the same ones. */
function thinned(numbers: Numbers, { id }: User, { omitZeros }: Manners): Numbers {
  if (!omitZeros) return numbers;
  return Object.fromEntries(
    Object.entries(numbers).filter(([name, value]) => value !== 0 || draw(id, name) < 0.5),
  );
}

function overwork(overtime: readonly Overtime[]): Numbers {
  const sums: Record<string, number> = {};
  for (const on of ['workday', 'restday', 'holiday'] as const) {
    sums[over[on]] = 0;
    for (const as of compensations) sums[`${overAs[on]}_${as}`] = 0;
  }
  for (const { on, as, seconds } of overtime) {
    add(sums, over[on], seconds);
    if (as !== undefined) add(sums, `${overAs[on]}_${as}`, seconds);
  }
  return sums;
}

function overtimeOf(overtime: readonly Overtime[]): Readonly<Record<string, unknown>> {
  const sums: Record<string, number> = {};
  for (const { on, as, seconds } of overtime)
    if (as !== undefined) add(sums, `${dayOverAs[on]}_${as}`, seconds);
  const short = overtime.filter((each) => each.short);
  return {
    ot_status: overtime.length === 0 ? 0 : short.length > 0 ? 2 : 1,
    ot_duration: overtime.reduce((sum, { seconds }) => sum + seconds, 0),
    exception_duration: short.map(({ seconds }) => seconds),
    ...sums,
  };
}

const add = (sums: Record<string, number>, name: string, seconds: number): void => {
  sums[name] = (sums[name] ?? 0) + seconds;
};

const showException = ({ exception, count, duration }: Exception) => ({
  exception,
  count,
  ...(lasting.has(exception) ? { duration } : {}),
});

const showItem = ({ type, vacationId, count, duration, unit, name }: Item) => ({
  type,
  vacation_id: vacationId,
  count,
  duration,
  time_type: unit === 'days' ? 0 : 1,
  name,
});

const showApproval = ({ number, title, description }: Approval) => ({
  sp_number: number,
  sp_title: { data: [{ lang: 'zh_CN', text: title }] },
  sp_description: { data: [{ lang: 'zh_CN', text: description }] },
});
