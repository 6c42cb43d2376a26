import { leaseLost, type ClaimedPull } from './claimed-pull.js';
import { MOMENT, type Sql } from './database.js';
import type { IncomingPage } from './incoming-page.js';
import type { PullCounts } from './pulls.repository.js';

/** How long whoever does a pull has it for himself without a sign of life. */
export const LEASE = `interval '60 seconds'`;

/**
 * In this order: the moment, then the pull, so that nobody else writes facts of its source; then what the page has that is not known like this.
 * A page is compared by key, through the index that leads with it (behind an `offset 0`, so that no other will do): by the statistics of a new
 * table the planner would compare it with every fact there is. Versions are closed before new ones come in their place.
 */
const KEEP_PAGE = `
  with moment as materialized (select ${MOMENT} as at),
  held as materialized (
    select pull.id, moment.at from moment, pull where pull.id = $1 and lease_token = $2 and state = 'running' for update of pull),
  incoming as materialized (
    select * from rows from (
      unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::float8[]), jsonb_array_elements($11::jsonb)
    ) as incoming(kind, key, hash, subject, starts, ends, amount, attributes)),
  other as materialized (
    select incoming.*, held.at, known.ctid as before from held cross join incoming
    left join lateral (select ctid, source, kind, hash from fact where key = incoming.key and known_until = 'infinity' offset 0) known
      on known.source = $3 and known.kind = incoming.kind
    where known.hash is distinct from incoming.hash),
  closed as (
    update fact set known_until = held.at from held
    where fact.ctid = any(array(select before from other where before is not null)) returning 1),
  kept as (
    insert into fact (source, kind, key, subject, starts, ends, amount, attributes, hash, pull_id, known_since)
    select $3, kind, key, subject, starts, ends, amount, attributes, hash, $1, at from other
    where (select count(*) from closed) is not null),
  unread as (
    insert into rejection (pull_id, kind, key, why, subject)
    select held.id, one.* from held, unnest($12::text[], $13::text[], $14::text[], $15::text[]) as one),
  page as (insert into pull_page (pull_id, cursor, seen) select id, $16, $17::jsonb from held),
  counts as materialized (
    select count(*) filter (where before is null) as new, count(before) as changed from other)
  update pull set lease_until = clock_timestamp() + ${LEASE}, fetched = fetched + $18 + $19, new = pull.new + counts.new,
    changed = pull.changed + counts.changed, same = same + $18 - counts.new - counts.changed, rejected = rejected + $19
  from held, counts where pull.id = held.id returning counts.new, counts.changed`;

/**
 * Keeps one page with its cursor: all of it or nothing. What is new or changed gets a version from this moment on, what is the same is left alone.
 * Throws where the pull is not this process's any more.
 */
export async function keepPage(sql: Sql, pull: ClaimedPull, page: IncomingPage): Promise<PullCounts> {
  const { columns, rejected } = page;
  const [changes] = await sql.query<{ new: number; changed: number }>(KEEP_PAGE, [
    pull.id,
    pull.token,
    pull.system,
    columns.kinds,
    columns.keys,
    columns.hashes,
    columns.subjects,
    columns.starts,
    columns.ends,
    columns.amounts,
    columns.attributes,
    rejected.map((one) => one.kind),
    rejected.map((one) => one.key),
    rejected.map((one) => one.why),
    rejected.map((one) => one.subject ?? null),
    page.cursor,
    page.seen,
    page.count,
    rejected.length,
  ]);
  if (!changes) throw leaseLost(pull);
  return {
    fetched: page.count + rejected.length,
    ...changes,
    same: page.count - changes.new - changes.changed,
    rejected: rejected.length,
    gone: 0,
    calls: 0,
  };
}
