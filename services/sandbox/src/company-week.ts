import { addDays, daysOf, weekdays, type LocalDate, type Weekday } from '#domain';
import { isPublicHoliday } from './company-holidays.js';
import { mondayOf, staff, type CompanyPerson } from './company-people.js';
import { draw, drawBetween } from './draw.js';

type LeavePolicy = 'vacation' | 'sick' | 'errand';

/** Somebody's time off in one week. */
export interface Leave {
  readonly id: string;
  readonly person: string;
  readonly policy: LeavePolicy;
  readonly firstDay: LocalDate;
  readonly days: number;
  /** Inclusive. */
  readonly lastDay: LocalDate;
  readonly half?: 'first' | 'second';
  /** Of a day, for errands. */
  readonly hours?: number;
  /** `waits`: nobody decides before it begins. */
  readonly fate: 'approved' | 'waits' | 'rejected';
}

export interface WeekStory {
  readonly monday: LocalDate;
  /** Who logs far too little, and how: short days, or nothing after Wednesday. */
  readonly low: ReadonlyMap<string, 'short-days' | 'forgets-the-rest'>;
  readonly leave: readonly Leave[];
}

/** Those with a story of their own are not drawn for another. */
const settled = new Set(['petro', 'greta', 'minjun', 'olena', 'mariia', 'svitlana', 'lukas']);
const told = new Map<LocalDate, WeekStory>();

/**
 * What happens in the week of a day: who logs too little, who is away. Drawn from the week alone, so that every week has its story, and the
 * same one whenever it is told.
 */
export function weekStory(day: LocalDate): WeekStory {
  let story = told.get(day);
  if (!story) told.set(day, (story = tell(mondayOf(day))));
  return story;
}

function tell(monday: LocalDate): WeekStory {
  const pool = staff
    .filter((person) => !settled.has(person.key) && workdays(person, monday).length >= 4)
    .map((person) => ({ person, order: draw('order', monday, person.key) }))
    .sort((one, other) => one.order - other.order)
    .map(({ person }) => person);
  const lowCount = draw('low', monday) < 0.5 ? 4 : 5;
  const low = new Map(
    pool
      .slice(0, lowCount)
      .map(({ key }) => [key, draw('how', monday, key) < 0.5 ? 'short-days' : 'forgets-the-rest'] as const),
  );
  const [traveller, patient, halfway, errand, waiting, refused] = pool.slice(lowCount);
  const leave = [
    traveller && leaveOf(traveller, monday, 'vacation', { fate: 'approved', length: 3 }),
    patient && leaveOf(patient, monday, 'sick', { fate: 'approved', length: 2 }),
    halfway && leaveOf(halfway, monday, 'vacation', { fate: 'approved', half: true }),
    errand && leaveOf(errand, monday, 'errand', { fate: 'approved', hours: 3 }),
    waiting && leaveOf(waiting, monday, 'vacation', { fate: 'waits', length: 2 }),
    refused && leaveOf(refused, monday, 'vacation', { fate: 'rejected', length: 1 }),
  ].filter((each) => each !== undefined);
  return { monday, low, leave };
}

/** The days of the week on which work is due. */
export const workdays = (person: CompanyPerson, monday: LocalDate): LocalDate[] =>
  weekOf(monday).filter(
    (day, at) =>
      person.workingDays.includes(weekdays[at] as Weekday) && !isPublicHoliday(person.country, day),
  );

const weeks = new Map<LocalDate, readonly LocalDate[]>();

/** From Monday to Sunday. */
function weekOf(monday: LocalDate): readonly LocalDate[] {
  let week = weeks.get(monday);
  if (!week) weeks.set(monday, (week = [...daysOf({ from: monday, to: addDays(monday, 7) })]));
  return week;
}

/** The leave that takes a day, or a part of it, from somebody; rejected leave takes nothing. */
export const leaveOn = (person: string, day: LocalDate): Leave | undefined =>
  weekStory(day).leave.find(
    (leave) =>
      leave.person === person && leave.fate !== 'rejected' && leave.firstDay <= day && day <= leave.lastDay,
  );

function leaveOf(
  { key, ...rest }: CompanyPerson,
  monday: LocalDate,
  policy: LeavePolicy,
  how: { fate: Leave['fate']; length?: number; half?: boolean; hours?: number },
): Leave {
  const days = workdays({ key, ...rest }, monday);
  const start = Math.floor(drawBetween(0, days.length, 'start', monday, key));
  const firstDay = days[start] ?? monday;
  const longest = days.filter((day, at) => at >= start && day === addDays(firstDay, at - start)).length;
  const length = Math.min(longest, Math.ceil(drawBetween(0, how.length ?? 1, 'length', monday, key)) || 1);
  return {
    id: `${policy}:${key}:${monday}`,
    person: key,
    policy,
    firstDay,
    days: length,
    lastDay: addDays(firstDay, length - 1),
    fate: how.fate,
    ...(how.half ? { half: draw('half', monday, key) < 0.5 ? ('first' as const) : ('second' as const) } : {}),
    ...(how.hours === undefined ? {} : { hours: how.hours }),
  };
}
