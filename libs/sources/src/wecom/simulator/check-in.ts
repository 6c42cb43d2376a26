import { addDays, daysOf, instant, localDate, startOfDay, type LocalDate } from '#domain';
import { z } from 'zod';
import { type Call, readBody, type Route } from './call.js';
import { dayRow, monthRow } from './check-in-rows.js';
import type { User } from './model.js';
import { Refusal } from './refusal.js';
import { spoil } from './spoil.js';
import { totalsOf } from './totals.js';

const mostUsers = 100;
/** No span is published: 301024 says "under a month". */
const mostDays = 31;
const dayMs = 86_400_000;

const reportBody = z.strictObject({
  starttime: z.int().optional(),
  endtime: z.int().optional(),
  useridlist: z.unknown().optional(),
});

/** The check-in reports of a day (developer.work.weixin.qq.com 94206) and of a whole window (94207). */
export const checkInRoutes: Readonly<Record<string, Route>> = {
  '/cgi-bin/checkin/getcheckin_monthdata': { method: 'POST', run: monthData },
  '/cgi-bin/checkin/getcheckin_daydata': { method: 'POST', run: dayData },
};

/** One row a person for the whole window, however long. */
function monthData(call: Call): Readonly<Record<string, unknown>> {
  const { users, days } = read(call);
  const { corp, manners } = call;
  return {
    datas: users.flatMap((user) => {
      const found = corp.daysOf(user.id, days);
      if (days.length === 0 || (user.rule === null && manners.withoutRule === 'absent')) return [];
      if (found.length === 0 && manners.withoutDays === 'absent') return [];
      const row = monthRow(user, totalsOf(found.map(([, day]) => day)), corp.directory, manners);
      return spoil(row, corp.spoiling('month', user.id));
    }),
  };
}

/** One row a person and day on which there is something. */
function dayData(call: Call): Readonly<Record<string, unknown>> {
  const { users, days } = read(call);
  const { corp, manners } = call;
  const midnights = new Map(days.map((day) => [day, midnight(day, manners.zone)]));
  return {
    datas: users.flatMap((user) => {
      if (user.rule === null && manners.withoutRule === 'absent') return [];
      const spoiling = corp.spoiling('day', user.id);
      return corp
        .daysOf(user.id, days)
        .flatMap(([date, day]) =>
          spoil(dayRow(user, midnights.get(date) ?? 0, day, corp.directory), spoiling),
        );
    }),
  };
}

function read(call: Call): { users: readonly User[]; days: readonly LocalDate[] } {
  refuseForeignApp(call);
  const body = readBody(call, reportBody);
  const days = daysFrom(body.starttime ?? 0, body.endtime ?? 0, call.manners.zone);
  return { users: usersOf(call, body.useridlist), days };
}

/** Self-built apps that are listed for check-in; the system's own secret with old corps only. */
function refuseForeignApp({ app, manners }: Call): void {
  const may = app.kind === 'self-built' ? app.checkIn : app.kind === 'check-in' && manners.systemCheckIn;
  if (!may) throw new Refusal(48002);
}

/** From the first midnight to the last one, both days included. Other moments are taken, and nothing is found. */
function daysFrom(start: number, end: number, zone: string): readonly LocalDate[] {
  // Later than any year of four digits is milliseconds.
  if (start <= 0 || end <= start || end > 253_402_300_799) throw new Refusal(301024);
  if ((end - start) * 1000 > (mostDays + 1) * dayMs) throw new Refusal(301024);
  const [from, to] = [dayAt(start, zone), dayAt(end, zone)];
  const days = [...daysOf({ from, to: addDays(to, 1) })];
  if (days.length > mostDays) throw new Refusal(301024);
  return midnight(from, zone) === start && midnight(to, zone) === end ? days : [];
}

function usersOf({ app, corp }: Call, given: unknown): readonly User[] {
  if (given === undefined) throw new Refusal(301023);
  if (!Array.isArray(given)) throw new Refusal(40031);
  if (given.length === 0 || given.length > mostUsers) throw new Refusal(301023);
  const users = new Set<User>();
  for (const id of given as unknown[]) {
    if (typeof id !== 'string' || id === '') throw new Refusal(40003);
    const user = corp.directory.user(id);
    if (!user || !corp.directory.seesUser(app, user)) throw new Refusal(301021);
    users.add(user);
  }
  return [...users];
}

const midnight = (day: LocalDate, zone: string): number => startOfDay(day, zone).epochMilliseconds / 1000;

const dayAt = (seconds: number, zone: string): LocalDate =>
  localDate(instant(new Date(seconds * 1000).toISOString()), zone);
