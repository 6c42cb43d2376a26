import type { FactKind, Instant, TimeWindow } from '#domain';
import type { Database } from './database.js';

/** What an occurrence wants of a source, by a pull that began late enough. */
export interface HeldWant {
  readonly occurrence: string;
  readonly system: string;
  readonly window: TimeWindow;
  readonly begunAfter: Instant;
}

/** How often it was read again for records that could not be read, and when it was read last. */
export interface ReadAgain {
  readonly times: number;
  readonly last: Instant;
}

/** How pulls are called that read again what could not be read: behind it comes which time it is. */
export const READ_AGAIN = ' unreadable #';

/**
 * Those of the wants whose occurrence is held although the source was read as a whole and in time: it was looked at since, and still waits
 * for this source, because something of it could not be read. Not those of which another pull is on its way.
 */
export async function heldForRecords<Want extends HeldWant>(
  database: Database,
  wants: readonly Want[],
): Promise<readonly (Want & ReadAgain)[]> {
  if (wants.length === 0) return [];
  const rows = await database.query<{ place: number; times: number; last: Instant }>(
    `select want.place::int, again.times, greatest(whole.ended_at, again.last) as last
     from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) with ordinality
       as want (occurrence, system, window_from, window_to, begun_after, place)
     join occurrence on occurrence.id = want.occurrence and occurrence.state = 'held'
     cross join lateral (
       select began_at, ended_at from pull where system = want.system and what = 'facts' and state = 'complete'
         and window_from <= want.window_from and window_to >= want.window_to and began_at >= want.begun_after
       order by began_at desc limit 1) as whole
     cross join lateral (
       select count(*) as times, max(ended_at) as last from pull where system = want.system and what = 'facts'
         and state in ('complete', 'failed') and ended_at >= want.begun_after and position($6 in asked_by) > 0) as again
     where occurrence.decided_as_of >= whole.ended_at
       and exists (
         select 1 from (
           select distinct on (decision.rule, decision.subject) decision.outcome, decision.detail
           from decision join evaluation on evaluation.id = decision.evaluation_id where evaluation.occurrence_id = want.occurrence
           order by decision.rule, decision.subject, decision.as_of desc) as latest
         where outcome = 'held' and want.system = any(string_to_array(detail, ', ')))
       and not exists (
         select 1 from pull where system = want.system and what = 'facts' and state in ('due', 'running')
           and window_from <= want.window_from and window_to >= want.window_to and coalesce(began_at, 'infinity') >= whole.began_at)
     order by want.place`,
    [
      wants.map(({ occurrence }) => occurrence),
      wants.map(({ system }) => system),
      wants.map(({ window }) => window.from),
      wants.map(({ window }) => window.to),
      wants.map(({ begunAfter }) => begunAfter),
      READ_AGAIN,
    ],
  );
  return rows.flatMap(({ place, times, last }) => {
    const want = wants[place - 1];
    return want ? [{ ...want, times, last }] : [];
  });
}

/** A record that a pull could not read, and whom it is about as the source calls them. */
export interface UnreadableRecord {
  readonly kind: FactKind;
  readonly key: string;
  readonly subject: string;
  readonly why: string;
}

/** Those of a pull that are about one of these subjects: how many, and the first of them. */
export async function unreadableOf(
  database: Database,
  pullId: string,
  subjects: readonly string[],
  limit: number,
): Promise<{ readonly count: number; readonly first: readonly UnreadableRecord[] }> {
  const rows = await database.query<UnreadableRecord & { readonly count: number }>(
    `select kind, key, subject, why, count(*) over () as count from rejection where pull_id = $1 and subject = any($2::text[])
     order by subject, kind, key limit $3`,
    [pullId, subjects, limit],
  );
  return { count: rows[0]?.count ?? 0, first: rows };
}
