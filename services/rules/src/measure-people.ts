import { isOfPeriod, periodFactsOf, type DateRange, type FactKind, type Measure } from '#domain';
import { sumFacts, type ExpectedSums, type SubjectWindow } from '#storage';
import { unitOf, UnknownMeasureError, type Measured, type Measuring } from './measures.js';
import type { Looked } from './subjects.js';

/** What people did and what was expected of them, over everybody's own period. */
export async function measurePeople(what: Measuring, subjects: readonly Looked[]): Promise<Measured> {
  const windows: SubjectWindow[] = subjects.map(({ subject, window }) => ({ person: subject.id, window }));
  const expecting = expectedOf(what, subjects);
  const [expected, ...columns] = await Promise.all([
    expecting,
    ...Object.entries(what.rule.measure).map(async ([name, one]) => ({
      name,
      ...(await column(what, one, windows, expecting)),
    })),
  ]);
  return {
    values: new Map(
      subjects.map(({ subject: { id } }) => [
        id,
        Object.fromEntries(columns.map(({ name, of }) => [name, of(id)])),
      ]),
    ),
    expected,
    unrecorded: ({ id }) => columns.flatMap(({ without }) => without?.(id) ?? [])[0],
    called: identityOf,
    // Who people are lasts, whatever was read since.
    isKnown: (subject, source) => identityOf(subject, source) !== undefined,
  };
}

const identityOf: Measured['called'] = (subject, source) =>
  subject.kind === 'person' ? subject.person.identities[source] : undefined;

/** The sums of those who have a row for every day of their period. */
async function expectedOf(
  { expectedDays, asOf }: Measuring,
  subjects: readonly Looked[],
): Promise<ReadonlyMap<string, ExpectedSums>> {
  const sums = await expectedDays.sums(
    subjects.map(({ subject, dates }) => ({ person: subject.id, dates })),
    asOf,
  );
  return new Map(
    subjects.flatMap(({ subject: { id }, dates }) => {
      const sum = sums.get(id);
      return sum && sum.days === daysIn(dates) ? [[id, sum] as const] : [];
    }),
  );
}

/** One measure of everybody. */
interface Column {
  readonly of: (person: string) => number;
  /** The kind of record that this person has none of in the period. */
  readonly without?: (person: string) => FactKind | undefined;
}

async function column(
  { database, sources, asOf }: Measuring,
  one: Measure,
  windows: readonly SubjectWindow[],
  expecting: Promise<ReadonlyMap<string, ExpectedSums>>,
): Promise<Column> {
  if ('calendar' in one) {
    const field = calendarField[one.calendar];
    const expected = await expecting;
    return { of: (person) => expected.get(person)?.[field] ?? 0 };
  }
  const kind = periodFactsOf(one);
  if (kind === undefined) throw new UnknownMeasureError('the state of a team is nothing that a person has');
  const number = 'sum' in one || 'last' in one ? one.of : undefined;
  const found = await sumFacts(database, { kind, of: number, newest: 'last' in one }, sources, windows, asOf);
  const without: Column['without'] = (person) => (isOfPeriod(kind) && !found.has(person) ? kind : undefined);
  if ('count' in one) return { of: (person) => found.get(person)?.count ?? 0, without };
  const perUnit = unitOf(kind, number);
  return { of: (person) => (found.get(person)?.sum ?? 0) / perUnit, without };
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
