import { Temporal } from 'temporal-polyfill';
import {
  amountsPerUnit,
  localDate,
  otherKey,
  stateOf,
  type Instant,
  type LocalDate,
  type Measure,
  type Subject,
  type Value,
} from '#domain';
import { knownTeams, stateOfSubjects, type State } from '#storage';
import { UnknownMeasureError, type Measured, type Measuring } from './measures.js';
import type { Looked } from './subjects.js';

/** How things stand with teams, which sources call by the names of their documents. Where a team is known, what is not there is 0. */
export async function measureTeams(what: Measuring, subjects: readonly Looked[]): Promise<Measured> {
  const { database, rule, sources, asOf } = what;
  const known = await knownTeams(database, sources, asOf);
  const columns = await Promise.all(
    Object.entries(rule.measure).map(async ([name, one]) => ({
      name,
      of: await column(what, one, subjects),
    })),
  );
  return {
    values: new Map(
      subjects.map(({ subject }) => [
        subject.id,
        Object.fromEntries(columns.map(({ name, of }) => [name, of(subject)])),
      ]),
    ),
    expected: new Map(),
    unrecorded: () => undefined,
    called: nameOf,
    // Which teams a source knows is read with the rest: before that it has not said that it does not know one.
    isKnown: (subject, source, isWhole) => !isWhole || (known.get(source)?.has(nameOf(subject)) ?? false),
  };
}

const nameOf = (subject: Subject): string => (subject.kind === 'team' ? subject.team.name : '');

async function column(
  { database, sources, nominal, asOf }: Measuring,
  one: Measure,
  subjects: readonly Looked[],
): Promise<(subject: Subject) => Value> {
  const kind = stateOf(one);
  const [first] = subjects;
  if (kind === undefined) throw new UnknownMeasureError('a team has a state, and no periods');
  if (!first) return () => 0;
  const { zone } = first.subject;
  const today = localDate(nominal, zone);
  const states = await stateOfSubjects(
    database,
    { kind, sources, subjects: subjects.map(({ subject }) => nameOf(subject)), asOf },
    { by: 'latest' in one ? one.by : undefined, day: today },
  );
  const perUnit = amountsPerUnit[kind];
  return (subject) => {
    const state = states.get(nameOf(subject));
    if ('overdue' in one) return state?.overdue ?? 0;
    if ('oldest' in one) return state ? daysSince(state.oldest, today, zone) : 0;
    return 'latest' in one && one.by !== undefined
      ? partsOf(state, one.keys ?? [], perUnit)
      : (state?.sum ?? 0) / perUnit;
  };
}

/** Whole local days; what was made after the planned moment is of today. */
export const daysSince = (began: Instant, today: LocalDate, zone: string): number =>
  Math.max(0, Temporal.PlainDate.from(localDate(began, zone)).until(today, { largestUnit: 'day' }).days);

/** All of the state, by the values that the rule names and what is left. */
function partsOf(
  state: State | undefined,
  keys: readonly string[],
  perUnit: number,
): Readonly<Record<string, number>> {
  const parts = new Map(keys.map((key) => [key, state?.parts.get(key) ?? 0]));
  const named = [...parts.values()].reduce((sum, part) => sum + part, 0);
  return Object.fromEntries(
    [...parts, [otherKey, (state?.sum ?? 0) - named] as const].map(([key, sum]) => [key, sum / perUnit]),
  );
}
