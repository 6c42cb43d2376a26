import type { FactKind, Instant, LocalDate, OpenIssueAttributes } from '#domain';
import type { Sql } from './database.js';
import type { StoredFact } from './facts.repository.js';

/** Of which facts: of this kind, from these sources, about these subjects as the sources call them, as known at `asOf`. */
export interface StateQuestion {
  readonly kind: FactKind;
  readonly sources: readonly string[];
  readonly subjects: readonly string[];
  readonly asOf: Instant;
}

/** How things stand with one subject. */
export interface State {
  /** The sum of amounts, in the kind's stored unit. */
  readonly sum: number;
  /** The same by the values of the attribute that was asked for; what has none is `''`. */
  readonly parts: ReadonlyMap<string, number>;
  /** When the oldest began. */
  readonly oldest: Instant;
  /** How many there are whose `due` day lies before the day that was asked for. */
  readonly overdue: number;
}

/** How things stand with each of the subjects; with those who are not in it there is nothing. */
export async function stateOfSubjects(
  sql: Sql,
  { kind, sources, subjects, asOf }: StateQuestion,
  { by, day }: { readonly by: string | undefined; readonly day: LocalDate },
): Promise<ReadonlyMap<string, State>> {
  const rows = await sql.query<{
    subject: string;
    part: string;
    sum: number;
    oldest: Instant;
    overdue: number;
  }>(
    `select subject, case when $5::text is null then '' else coalesce(attributes ->> $5, '') end as part, sum(amount) as sum, min(starts) as oldest,
       (count(*) filter (where (attributes ->> 'due') collate "C" < $6))::int as overdue
     from fact where source = any($1) and kind = $2 and subject = any($3) and known_since <= $4 and known_until > $4 group by 1, 2
     order by 1, min(starts)`,
    [sources, kind, subjects, asOf, by ?? null, day],
  );
  return new Map(
    [...Map.groupBy(rows, ({ subject }) => subject)].flatMap(([subject, some]) => {
      const [first] = some;
      if (!first) return [];
      const total = (of: (row: (typeof some)[number]) => number): number =>
        some.reduce((sum, row) => sum + of(row), 0);
      const state: State = {
        sum: total(({ sum }) => sum),
        parts: new Map(some.map(({ part, sum }) => [part, sum])),
        oldest: first.oldest,
        overdue: total(({ overdue }) => overdue),
      };
      return [[subject, state] as const];
    }),
  );
}

/** Which teams each of the sources knows, as known at `asOf`: of all others it says nothing, which is not zero. */
export async function knownTeams(
  sql: Sql,
  sources: readonly string[],
  asOf: Instant,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await sql.query<{ source: string; subject: string }>(
    `select distinct source, subject from fact where source = any($1) and kind = 'team' and known_since <= $2 and known_until > $2`,
    [sources, asOf],
  );
  return new Map(
    [...Map.groupBy(rows, ({ source }) => source)].map(([source, some]) => [
      source,
      new Set(some.map(({ subject }) => subject)),
    ]),
  );
}

/** An open issue as a source had it. */
export interface StoredIssue {
  readonly source: string;
  readonly key: string;
  readonly starts: Instant;
  readonly attributes: OpenIssueAttributes;
  /** How many there are in all, of those that were asked for. */
  readonly total: number;
}

/** The first issues of one subject: those that are open for longest, or with `overdueOn` those that are due before that day, longest first. */
export async function issuesOf(
  sql: Sql,
  question: Omit<StateQuestion, 'subjects'> & { readonly subject: string },
  { overdueOn, limit }: { readonly overdueOn: LocalDate | undefined; readonly limit: number },
): Promise<readonly StoredIssue[]> {
  const { kind, sources, subject, asOf } = question;
  return sql.query<StoredIssue>(
    `select source, key, starts, attributes, (count(*) over ())::int as total from fact
     where source = any($1) and kind = $2 and subject = $3 and known_since <= $4 and known_until > $4
       and ($5::text is null or (attributes ->> 'due') collate "C" < $5)
     order by case when $5 is not null then attributes ->> 'due' end collate "C", starts, source, key limit $6`,
    [sources, kind, subject, asOf, overdueOn ?? null, limit],
  );
}

/** All that sources had of one subject, by kind and key, as known at `asOf`. */
export async function stateFactsOf(
  sql: Sql,
  kinds: readonly FactKind[],
  { sources, subject, asOf }: Omit<StateQuestion, 'kind' | 'subjects'> & { readonly subject: string },
): Promise<readonly StoredFact[]> {
  return sql.query<StoredFact>(
    `select source, kind, key, subject, starts, ends, amount, attributes, known_since, pull_id from fact
     where source = any($1) and kind = any($2) and subject = $3 and known_since <= $4 and known_until > $4 order by kind desc, starts, source, key`,
    [sources, kinds, subject, asOf],
  );
}
