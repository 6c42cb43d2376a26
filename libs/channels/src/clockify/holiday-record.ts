import type { LocalDate } from '#domain';
import { RemoteError } from '#http';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { HolidayRow, Row } from '../contract.js';
import type { Holiday } from './schema.js';

const values = z.object({ day: z.iso.date(), name: z.string().min(1), externalId: z.string().min(1) });

/** The row as what it has to be; throws `rejected`, with the row's key, where it is not. */
export const readRow = (row: Row): HolidayRow => {
  const parsed = values.safeParse(row.values);
  if (parsed.success) return { key: row.key, values: parsed.data };
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ');
  throw new RemoteError('clockify', 'rejected', 'refused', `row ${row.key}: missing or unfit: ${fields}`);
};

/** A holiday of the workspace is one entry for everybody who lacks it; time off is each person's own. */
export const together = (row: Row, destination: Readonly<Record<string, unknown>>): string | undefined => {
  const { day, name } = row.values;
  return destination['enter'] === 'workspaceHoliday' ? `${String(day)} ${String(name)}` : undefined;
};

/** Whether the holiday takes place on the day: in its own year, and if it is annual in every later one. */
export const takesPlaceOn = ({ datePeriod, occursAnnually }: Holiday, day: LocalDate): boolean => {
  const { startDate, endDate } = datePeriod;
  if (startDate <= day && day <= endDate) return true;
  if (!occursAnnually || day < startDate) return false;
  const first = Temporal.PlainDate.from(startDate);
  const length = first.until(endDate);
  const year = Temporal.PlainDate.from(day).year;
  // One that began in the year before may reach into this one.
  return [year - 1, year].some((each) => {
    try {
      const from = first.with({ year: each }, { overflow: 'reject' });
      return from.toString() <= day && day <= from.add(length).toString();
    } catch {
      return false;
    }
  });
};

/** Whether the holiday is this person's: as one of everybody, by name, or by a group. */
export const isOf = (
  { everyoneIncludingNew, userIds, userGroupIds }: Holiday,
  userId: string,
  groupsOf: ReadonlySet<string>,
): boolean =>
  everyoneIncludingNew === true ||
  (userIds ?? []).includes(userId) ||
  (userGroupIds ?? []).some((group) => groupsOf.has(group));

/** Reads have bare ids, writes this. */
const people = (ids: readonly string[]) => ({ contains: 'CONTAINS', ids, status: 'ALL' });

/** A new holiday of one day for these people, once: no calendar is asked whether the next year has it too. */
export const newHoliday = (name: string, day: LocalDate, userIds: readonly string[]) => ({
  name,
  datePeriod: { startDate: day, endDate: day },
  occursAnnually: false,
  everyoneIncludingNew: false,
  users: people(userIds),
  userGroups: people([]),
  automaticTimeEntryCreation: false,
});

/** The whole holiday with these people added: a PUT replaces everything, so what is left out would be gone. */
export const withPeople = (holiday: Holiday, userIds: readonly string[]) => ({
  name: holiday.name,
  datePeriod: holiday.datePeriod,
  occursAnnually: holiday.occursAnnually ?? false,
  everyoneIncludingNew: holiday.everyoneIncludingNew ?? false,
  users: people([...new Set([...(holiday.userIds ?? []), ...userIds])]),
  userGroups: people(holiday.userGroupIds ?? []),
  automaticTimeEntryCreation: holiday.automaticTimeEntryCreation ?? false,
  ...(holiday.projectId ? { projectId: holiday.projectId } : {}),
  ...(holiday.taskId ? { taskId: holiday.taskId } : {}),
});
