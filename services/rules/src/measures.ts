import {
  amountsPerUnit,
  type DateRange,
  type Instant,
  type Measure,
  type Person,
  type Rule,
  type TimeWindow,
  type Value,
} from '#domain';
import { sumFacts, type Database, type ExpectedDays, type ExpectedSums, type SubjectWindow } from '#storage';

/** One person's period: the rule's window in the person's zone. */
export interface Subject {
  readonly person: Person;
  readonly dates: DateRange;
  readonly window: TimeWindow;
}

/** What a rule measured: values per person, and the sums of expected days of those who have a row for every day. */
export interface Measured {
  readonly values: ReadonlyMap<string, Readonly<Record<string, Value>>>;
  readonly expected: ReadonlyMap<string, ExpectedSums>;
}

/** A measure that this build cannot compute for this kind of subject; `check` refuses such rules. */
class UnknownMeasureError extends Error {
  override readonly name = 'UnknownMeasureError';
}

/** Computes every measure of a rule over all subjects at once, in SQL, as known at `asOf`. */
export async function measure(
  database: Database,
  expectedDays: ExpectedDays,
  rule: Rule,
  sources: readonly string[],
  subjects: readonly Subject[],
  asOf: Instant,
): Promise<Measured> {
  const windows: SubjectWindow[] = subjects.map(({ person, window }) => ({ person: person.id, window }));
  const sums = await expectedDays.sums(
    subjects.map(({ person, dates }) => ({ person: person.id, dates })),
    asOf,
  );
  const complete = new Map(
    subjects.flatMap(({ person, dates }) => {
      const sum = sums.get(person.id);
      return sum && sum.days === daysIn(dates) ? [[person.id, sum] as const] : [];
    }),
  );
  const columns = await Promise.all(
    Object.entries(rule.measure).map(async ([name, one]) => ({
      name,
      of: await column(database, one, sources, windows, complete, asOf),
    })),
  );
  const values = new Map(
    subjects.map(({ person }) => [
      person.id,
      Object.fromEntries(columns.map(({ name, of }) => [name, of(person.id)])),
    ]),
  );
  return { values, expected: complete };
}

async function column(
  database: Database,
  one: Measure,
  sources: readonly string[],
  windows: readonly SubjectWindow[],
  expected: ReadonlyMap<string, ExpectedSums>,
  asOf: Instant,
): Promise<(person: string) => number> {
  if ('calendar' in one) {
    const field = calendarField[one.calendar];
    return (person) => expected.get(person)?.[field] ?? 0;
  }
  if (!('sum' in one || 'count' in one))
    throw new UnknownMeasureError('the state of a team is nothing that a person has');
  const kind = 'sum' in one ? one.sum : one.count;
  const found = await sumFacts(database, kind, sources, windows, asOf);
  if ('count' in one) return (person) => found.get(person)?.count ?? 0;
  return (person) => (found.get(person)?.sum ?? 0) / amountsPerUnit[kind];
}

const calendarField: Readonly<
  Record<Extract<Measure, { calendar: string }>['calendar'], keyof ExpectedSums>
> = {
  expectedHours: 'hours',
  contractHours: 'contractHours',
  leaveDays: 'leaveDays',
  holidayDays: 'holidayDays',
  missingHolidays: 'missingHolidays',
};

const daysIn = (dates: DateRange): number =>
  Math.round((Date.parse(dates.to) - Date.parse(dates.from)) / 86_400_000);
