import { amountsPerUnit, type DateRange, type Measure } from '#domain';
import { sumFacts, type ExpectedSums, type SubjectWindow } from '#storage';
import { UnknownMeasureError, type Measured, type Measuring } from './measures.js';
import type { Looked } from './subjects.js';

/** What people did and what was expected of them, over everybody's own period. */
export async function measurePeople(what: Measuring, subjects: readonly Looked[]): Promise<Measured> {
  const { expectedDays, rule, asOf } = what;
  const windows: SubjectWindow[] = subjects.map(({ subject, window }) => ({ person: subject.id, window }));
  const sums = await expectedDays.sums(
    subjects.map(({ subject, dates }) => ({ person: subject.id, dates })),
    asOf,
  );
  const complete = new Map(
    subjects.flatMap(({ subject: { id }, dates }) => {
      const sum = sums.get(id);
      return sum && sum.days === daysIn(dates) ? [[id, sum] as const] : [];
    }),
  );
  const columns = await Promise.all(
    Object.entries(rule.measure).map(async ([name, one]) => ({
      name,
      of: await column(what, one, windows, complete),
    })),
  );
  return {
    values: new Map(
      subjects.map(({ subject: { id } }) => [
        id,
        Object.fromEntries(columns.map(({ name, of }) => [name, of(id)])),
      ]),
    ),
    expected: complete,
    called: identityOf,
    // Who people are lasts, whatever was read since.
    isKnown: (subject, source) => identityOf(subject, source) !== undefined,
  };
}

const identityOf: Measured['called'] = (subject, source) =>
  subject.kind === 'person' ? subject.person.identities[source] : undefined;

async function column(
  { database, sources, asOf }: Measuring,
  one: Measure,
  windows: readonly SubjectWindow[],
  expected: ReadonlyMap<string, ExpectedSums>,
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
