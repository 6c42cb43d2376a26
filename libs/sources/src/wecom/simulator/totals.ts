import type { Day, Exception, Item, Overtime, Totals } from './model.js';

/** The sum of days, as the vendor makes it: one entry for each kind of exception, item and overtime, in the order of their codes. */
export function totalsOf(days: Iterable<Day>): Totals {
  const sum = { workDays: 0, exceptDays: 0, restDays: 0, workedSeconds: 0, standardSeconds: 0 };
  const exceptions = new Map<number, Exception>();
  const items = new Map<string, Item>();
  const overtime = new Map<string, Overtime>();
  for (const day of days) {
    if (day.type === 'rest') sum.restDays += 1;
    else {
      sum.workDays += 1;
      if (day.exceptions.length > 0) sum.exceptDays += 1;
    }
    sum.workedSeconds += day.workedSeconds;
    sum.standardSeconds += day.standardSeconds;
    for (const each of day.exceptions) {
      const { count = 0, duration = 0 } = exceptions.get(each.exception) ?? {};
      exceptions.set(each.exception, {
        ...each,
        count: count + each.count,
        duration: duration + each.duration,
      });
    }
    for (const each of day.items) {
      const key = `${each.type} ${each.vacationId}`;
      const { count = 0, duration = 0 } = items.get(key) ?? {};
      items.set(key, { ...each, count: count + each.count, duration: duration + each.duration });
    }
    for (const { on, as, seconds } of day.overtime) {
      const key = `${on} ${as ?? ''}`;
      const before = overtime.get(key)?.seconds ?? 0;
      overtime.set(key, { on, seconds: before + seconds, ...(as === undefined ? {} : { as }) });
    }
  }
  return {
    ...sum,
    exceptions: [...exceptions.values()].sort((one, other) => one.exception - other.exception),
    items: [...items.values()].sort(
      (one, other) => one.type - other.type || one.vacationId - other.vacationId,
    ),
    overtime: [...overtime].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each),
  };
}
