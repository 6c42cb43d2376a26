import { weekdayOf } from '#domain';
import type { SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { daysBetween, isWorkingDay } from './automatic-entries.js';
import { ok, type WorkspaceCall } from './call.js';
import { occurrences } from './holidays.js';
import type { Entry, Member } from './model.js';
import { entriesIn, readReport, wantsUser, type Range } from './report-request.js';
import { groupBy, seconds } from './report-sums.js';
import { secondsOff } from './time-off-writes.js';
import { dayAt, localTime } from './zones.js';

const attendanceFilter = z.strictObject({
  page: z.int().min(1).default(1),
  pageSize: z.int().min(1).max(1000).default(50),
  sortColumn: z
    .string()
    .regex(/^[A-Z_]+$/)
    .optional(),
});

/**
 * One row per person and local day that has entries, leave or a holiday, in whole seconds. The vendor describes the fields and not their
 * arithmetic; here `totalDuration` is finished regular work, `timeOff` is approved leave and holidays up to the day's capacity (whether or
 * not entries were made for them), `overtime` and `remainingCapacity` are what work and time off exceed the capacity by, and lack of it.
 */
export function attendance(call: WorkspaceCall): SimulatedResponse {
  const { body, range } = readReport(call, { attendanceFilter });
  const work = groupBy(
    entriesIn({ ...call, reports: { ...call.reports, showRunning: true } }, body, range),
    (entry) => entry.userId,
  );
  const rows = [...call.workspace.members.values()]
    .filter((member) => wantsUser(call, body, member.userId))
    .flatMap((member) => rowsOf(call, member, work.get(member.userId) ?? [], range))
    .sort(
      (one, other) =>
        compare(one.userName ?? '', other.userName ?? '') ||
        compare(one.userId, other.userId) ||
        compare(one.date, other.date),
    );
  const { page, pageSize } = body.attendanceFilter;
  const total = (
    field: 'break' | 'capacity' | 'overtime' | 'remainingCapacity' | 'timeOff' | 'totalDuration',
  ) => rows.reduce((sum, row) => sum + row[field], 0);
  return ok({
    totals: {
      break: total('break'),
      capacity: total('capacity'),
      overtime: total('overtime'),
      remainingCapacity: total('remainingCapacity'),
      timeOff: total('timeOff'),
      totalDuration: total('totalDuration'),
      entriesCount: rows.length,
    },
    entities: rows.slice((page - 1) * pageSize, page * pageSize),
  });
}

function rowsOf(call: WorkspaceCall, member: Member, entries: readonly Entry[], range: Range) {
  const byDay = groupBy(entries, (entry) => dayAt(entry.start, range.zone));
  const off = timeOffOf(call, member, range);
  return [...new Set([...byDay.keys(), ...off.keys()])].map((date) => {
    const ofDay = byDay.get(date) ?? [];
    const tracked = (type: Entry['type']) =>
      ofDay.reduce((sum, entry) => sum + (entry.type === type ? seconds(entry) : 0), 0);
    const work = ofDay.filter((entry) => entry.type === 'REGULAR');
    const capacity = isWorkingDay(member, date) ? member.capacity : 0;
    const timeOff = off.get(date) ?? 0;
    const totalDuration = tracked('REGULAR');
    const first = Math.min(...work.map((entry) => entry.start));
    const last = Math.max(...work.map((entry) => entry.end ?? -Infinity));
    return {
      userId: member.userId,
      userName: call.users.get(member.userId)?.name ?? null,
      date,
      startTime: Number.isFinite(first) ? localTime(first, range.zone) : null,
      endTime: Number.isFinite(last) ? localTime(last, range.zone) : null,
      break: tracked('BREAK'),
      capacity,
      overtime: Math.max(0, totalDuration + timeOff - capacity),
      remainingCapacity: Math.max(0, capacity - totalDuration - timeOff),
      timeOff,
      totalDuration,
      hasRunningEntry: ofDay.some((entry) => entry.end === null),
    };
  });
}

/** Seconds of leave and holidays by local day. */
function timeOffOf(call: WorkspaceCall, member: Member, range: Range): Map<string, number> {
  const { workspace } = call;
  const [first, last] = [dayAt(range.from, range.zone), dayAt(range.to, range.zone)];
  const off = new Map<string, number>();
  const add = (date: string, secondsOfDay: number): void => {
    if (date < first || date > last || secondsOfDay === 0) return;
    off.set(date, Math.min(member.capacity, (off.get(date) ?? 0) + secondsOfDay));
  };
  for (const request of workspace.requestsOf(member.userId)) {
    const policy = workspace.policies.get(request.policyId);
    if (!policy || request.status !== 'APPROVED') continue;
    const days = { first: dayAt(request.start, request.zone), last: dayAt(request.end, request.zone) };
    if (days.last < first || days.first > last) continue;
    for (const date of daysBetween(days.first, days.last))
      add(date, secondsOff(request, policy, member.workingDays, member.capacity, date, days));
  }
  for (const holiday of workspace.holidays.values()) {
    if (!workspace.concerns(holiday, member.userId)) continue;
    for (const { startDate, endDate } of occurrences(holiday, [
      Number(first.slice(0, 4)) - 1,
      Number(last.slice(0, 4)),
    ])) {
      for (const date of daysBetween(startDate, endDate))
        if (member.workingDays.includes(weekdayOf(date))) add(date, member.capacity);
    }
  }
  return off;
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
