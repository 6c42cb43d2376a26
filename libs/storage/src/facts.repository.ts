import {
  compareInstants,
  daysOf,
  factBelongs,
  isOfPeriod,
  nextDay,
  windowOfDays,
  type DateRange,
  type FactKind,
  type Instant,
  type TimeWindow,
} from '#domain';
import type { Sql, Transaction } from './database.js';

/**
 * Closes the versions of every key of the window, and of every snapshot, that a complete pull no longer saw; returns how many. What another pull has found since this
 * one began is not its to close: it may have passed that place before.
 */
export async function closeGone(
  tx: Transaction,
  source: string,
  pullId: string,
  window: TimeWindow,
  kinds: readonly FactKind[],
): Promise<number> {
  const of = (belongs: (typeof factBelongs)[FactKind]): readonly FactKind[] =>
    kinds.filter((kind) => factBelongs[kind] === belongs);
  const moment = await tx.moment();
  // How many were seen, the planner cannot know; comparing each fact with each of them would take hours.
  await tx.query('set local enable_nestloop = off');
  const gone = await tx.query(
    `with seen as (
       select kind, jsonb_array_elements_text(keys) as key
       from pull_page, jsonb_each(pull_page.seen) as page(kind, keys) where pull_id = $7
       union all select kind, key from pull_seen where pull_id = $7)
     update fact set known_until = $6
     where source = $1 and known_until = 'infinity'
       and ((kind = any($4) and starts >= $2 and starts < $3) or (kind = any($5) and starts < $3 and ends > $2) or kind = any($8))
       and not exists (select 1 from seen where seen.kind = fact.kind and seen.key = fact.key)
       and (pull_id = $7 or known_since < (select began_at from pull where id = $7))
     returning id`,
    [
      source,
      window.from,
      window.to,
      of('by-start'),
      [...of('by-overlap'), ...of('by-period')],
      moment,
      pullId,
      of('snapshot'),
    ],
  );
  await tx.query('set local enable_nestloop = on');
  await forgetPages(tx, pullId);
  return gone.length;
}

/** Forgets what a pull has seen so far, and with it where to go on from. */
export async function forgetPages(sql: Sql, pullId: string): Promise<void> {
  await sql.query('delete from pull_page where pull_id = $1', [pullId]);
  await sql.query('delete from pull_seen where pull_id = $1', [pullId]);
}

/** One subject's window: of a person's rule it is the window in the person's zone. */
export interface SubjectWindow {
  readonly person: string;
  readonly window: TimeWindow;
}

/**
 * Sums a kind's amount, or the number of it that is named, over every person's window at once, as known at `asOf`, over all sources named: by
 * start, and records of a period by their middle, since months of two zones begin some hours apart. In the stored unit. With `newest` the
 * number of the last of them stands in the sum's place.
 */
export async function sumFacts(
  sql: Sql,
  {
    kind,
    of,
    newest = false,
  }: { readonly kind: FactKind; readonly of?: string | undefined; readonly newest?: boolean },
  sources: readonly string[],
  subjects: readonly SubjectWindow[],
  asOf: Instant,
): Promise<ReadonlyMap<string, { readonly sum: number; readonly count: number }>> {
  const at = placeOf(kind);
  const number =
    'case when $7::text is null then fact.amount else coalesce((fact.attributes ->> $7)::float8, 0) end';
  const rows = await sql.query<{ person_id: string; sum: number; count: number }>(
    `select subject.person_id, ${newest ? `(array_agg(${number} order by fact.starts desc))[1]` : `sum(${number})`} as sum, count(*)::int as count
     from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as subject(person_id, starts, ends)
     join identity_link link on link.person_id = subject.person_id and link.known_since <= $6 and link.known_until > $6
     join fact on fact.source = link.system and fact.subject = link.external_id and fact.kind = $4
       and ${at} >= subject.starts and ${at} < subject.ends and fact.known_since <= $6 and fact.known_until > $6
       and fact.source = any($5) and fact.starts >= $8 and fact.starts < $9
     where link.system = any($5) group by subject.person_id`,
    [
      ...subjectColumns(subjects),
      kind,
      sources,
      asOf,
      of ?? null,
      // A record of a whole period begins long before its middle.
      ...(isOfPeriod(kind) ? ['-infinity', 'infinity'] : boundsOf(subjects)),
    ],
  );
  return new Map(rows.map((row) => [row.person_id, { sum: row.sum, count: row.count }]));
}

/** The same of subjects that facts call by name. Those of whom there is no record are not in it. */
export async function recordsOfSubjects(
  sql: Sql,
  {
    kind,
    of,
    newest = false,
  }: { readonly kind: FactKind; readonly of?: string | undefined; readonly newest?: boolean },
  sources: readonly string[],
  subjects: readonly { readonly subject: string; readonly window: TimeWindow }[],
  asOf: Instant,
): Promise<ReadonlyMap<string, { readonly sum: number; readonly count: number }>> {
  const rows = await sql.query<{ subject: string; sum: number; count: number }>(
    `with record as (
       select fact.subject, fact.starts, case when $7::text is null then fact.amount else coalesce((fact.attributes ->> $7)::float8, 0) end as number
       from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as looked(subject, starts, ends)
       join fact on fact.subject = looked.subject and fact.source = any($5) and fact.kind = $4
         and ${placeOf(kind)} >= looked.starts and ${placeOf(kind)} < looked.ends and fact.known_since <= $6 and fact.known_until > $6)
     select subject, ${newest ? '(array_agg(number order by starts desc))[1]' : 'sum(number)'} as sum, count(*)::int as count from record group by subject`,
    [
      subjects.map(({ subject }) => subject),
      subjects.map(({ window }) => window.from.toString()),
      subjects.map(({ window }) => window.to.toString()),
      kind,
      sources,
      asOf,
      of ?? null,
    ],
  );
  return new Map(rows.map(({ subject, ...numbers }) => [subject, numbers]));
}

/** Where in time a fact is measured: records of a period by their middle. */
const placeOf = (kind: FactKind): string =>
  isOfPeriod(kind) ? 'fact.starts + (fact.ends - fact.starts) / 2' : 'fact.starts';

/**
 * Work per person and local day, for the table in a message. Days are given to Postgres as instants, which have one meaning: it reads `+02`
 * with the sign turned round, and knows other names of zones than we do.
 */
export async function workedByDay(
  sql: Sql,
  sources: readonly string[],
  subjects: readonly { readonly person: string; readonly dates: DateRange; readonly zone: string }[],
  asOf: Instant,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const daysIn = new Map<string, readonly { readonly day: string; readonly window: TimeWindow }[]>();
  const ranges = subjects.flatMap(({ person, dates, zone }) => {
    const key = `${zone} ${dates.from} ${dates.to}`;
    const days =
      daysIn.get(key) ??
      [...daysOf(dates)].map((day) => ({ day, window: windowOfDays({ from: day, to: nextDay(day) }, zone) }));
    daysIn.set(key, days);
    return days.map((day) => ({ person, ...day }));
  });
  const rows = await sql.query<{ person_id: string; day: string; amount: number }>(
    `select subject.person_id, subject.day, sum(fact.amount) as amount
     from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::date[]) as subject(person_id, starts, ends, day)
     join identity_link link on link.person_id = subject.person_id and link.known_since <= $6 and link.known_until > $6
     join fact on fact.source = link.system and fact.subject = link.external_id and fact.kind = 'work.hours'
       and fact.starts >= subject.starts and fact.starts < subject.ends and fact.known_since <= $6 and fact.known_until > $6
       and fact.source = any($5) and fact.starts >= $7 and fact.starts < $8
     where link.system = any($5) group by 1, 2`,
    [...subjectColumns(ranges), ranges.map(({ day }) => day), sources, asOf, ...boundsOf(ranges)],
  );
  const days = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const person = days.get(row.person_id) ?? new Map<string, number>();
    person.set(row.day, row.amount);
    days.set(row.person_id, person);
  }
  return days;
}

export interface StoredFact {
  readonly source: string;
  readonly kind: FactKind;
  readonly key: string;
  readonly subject: string;
  readonly starts: Instant;
  readonly ends: Instant;
  readonly amount: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly known_since: Instant;
  readonly pull_id: string;
}

/** What expected days are made from: what facts of these kinds say that overlap the window, of everybody, as known at `asOf`. */
export async function attributesOf(
  sql: Sql,
  sources: readonly string[],
  kinds: readonly FactKind[],
  window: TimeWindow,
  asOf: Instant,
): Promise<Pick<StoredFact, 'source' | 'kind' | 'key' | 'subject' | 'attributes'>[]> {
  return sql.query(
    `select source, kind, key, subject, attributes from fact
     where source = any($1) and kind = any($2) and starts < $4 and ends >= $3 and known_since <= $5 and known_until > $5
     order by source, subject, kind, key`,
    [sources, kinds, window.from, window.to, asOf],
  );
}

/** A person's facts of these kinds that overlap the window, as known at `asOf`, in order of start. */
export async function factsOf(
  sql: Sql,
  kinds: readonly FactKind[],
  window: TimeWindow,
  asOf: Instant,
  person: string,
): Promise<StoredFact[]> {
  return sql.query<StoredFact>(
    `select source, kind, key, subject, starts, ends, amount, attributes, known_since, pull_id from fact
     where kind = any($1) and starts < $3 and ends >= $2 and known_since <= $4 and known_until > $4
       and (source, subject) in (select link.system, link.external_id from identity_link link
            where link.person_id = $5 and link.known_since <= $4 and link.known_until > $4)
     order by starts, source, kind, key`,
    [kinds, window.from, window.to, asOf, person],
  );
}

/** Thousands share a window: each is written once. */
const subjectColumns = (subjects: readonly SubjectWindow[]): [string[], string[], string[]] => {
  const texts = new Map<TimeWindow, { readonly from: string; readonly to: string }>();
  for (const { window } of subjects)
    if (!texts.has(window)) texts.set(window, { from: window.from.toString(), to: window.to.toString() });
  return [
    subjects.map((subject) => subject.person),
    subjects.map(({ window }) => texts.get(window)?.from ?? ''),
    subjects.map(({ window }) => texts.get(window)?.to ?? ''),
  ];
};

/** From the first instant to the last of all windows: by it Postgres finds the facts of these, whatever history there is. */
const boundsOf = (subjects: readonly SubjectWindow[]): [from: string | Instant, to: string | Instant] => {
  const [first, ...others] = new Set(subjects.map(({ window }) => window));
  if (!first) return ['infinity', 'infinity'];
  const earlier = (one: Instant, other: Instant): Instant => (compareInstants(one, other) < 0 ? one : other);
  const later = (one: Instant, other: Instant): Instant => (compareInstants(one, other) > 0 ? one : other);
  return [
    others.map(({ from }) => from).reduce(earlier, first.from),
    others.map(({ to }) => to).reduce(later, first.to),
  ];
};
