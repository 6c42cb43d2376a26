import { periodFactsOf, type Measure, type Subject } from '#domain';
import { recordsOfSubjects } from '#storage';
import { unitOf, UnknownMeasureError, type Measured, type Measuring } from './measures.js';
import type { Looked } from './subjects.js';

/** What was noted about connections over the period; facts call them by the names of their documents. */
export async function measureConnections(what: Measuring, subjects: readonly Looked[]): Promise<Measured> {
  const columns = await Promise.all(
    Object.entries(what.rule.measure).map(async ([name, one]) => ({
      name,
      kind: kindOf(one),
      found: await column(what, one, subjects),
    })),
  );
  return {
    values: new Map(
      subjects.map(({ subject }) => [
        subject.id,
        Object.fromEntries(columns.map(({ name, found }) => [name, found.get(nameOf(subject)) ?? 0])),
      ]),
    ),
    expected: new Map(),
    // What was never noted, such as when a token expires, is not zero.
    unrecorded: (subject) => columns.find(({ found }) => !found.has(nameOf(subject)))?.kind,
    called: nameOf,
    isKnown: () => true,
  };
}

const nameOf = (subject: Subject): string => (subject.kind === 'connection' ? subject.connection.name : '');

const kindOf = (one: Measure) => {
  const kind = periodFactsOf(one);
  if (kind === undefined)
    throw new UnknownMeasureError('a connection has records of days, no state and no calendar');
  return kind;
};

/** One measure of all that there are records of, by name. */
async function column(
  { database, sources, asOf }: Measuring,
  one: Measure,
  subjects: readonly Looked[],
): Promise<ReadonlyMap<string, number>> {
  const kind = kindOf(one);
  const number = 'sum' in one || 'last' in one ? one.of : undefined;
  const records = await recordsOfSubjects(
    database,
    { kind, of: number, newest: 'last' in one },
    sources,
    subjects.map(({ subject, window }) => ({ subject: nameOf(subject), window })),
    asOf,
  );
  const perUnit = unitOf(kind, number);
  return new Map(
    [...records].map(([name, { sum, count }]) => [name, 'count' in one ? count : sum / perUnit]),
  );
}
