import { PATIENCE_MS } from './rewrites.js';
import { zones } from './company.js';
import { subscriptions } from './documents.js';
import type { World } from './world.js';

/** What is left to do, in the words of the tables. Nothing, once it is settled. */
export async function leftToDo(world: World, monday: string): Promise<string> {
  const [left] = await world.query<Record<string, number>>(
    `select
       (select count(*) from occurrence where subscription = any($2) and nominal_at >= $1::date + 7 and nominal_at < $1::date + 8
          and state in ('done', 'late'))::int as decided,
       (select count(*) from occurrence where lease_token is not null or wake_at <= carillon.clock_timestamp())::int as awake,
       (select count(*) from pull where state in ('due', 'running'))::int as pulls,
       (select count(*) from delivery where state in ('pending', 'sending', 'retrying') or (state = 'unknown' and due_at < 'infinity'))::int as deliveries,
       (select count(*) from trouble where not told)::int as troubles`,
    [monday, Object.values(subscriptions)],
  );
  const { decided = 0, ...others } = left ?? {};
  const undecided = Object.keys(subscriptions).length * zones.length - decided;
  return Object.entries({ undecided, ...others })
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

/** Lets nothing wait that only waits for a better time: a retry, a pause, a turn. */
export async function hurry(world: World): Promise<void> {
  for (const statement of [
    `update pull set due_at = clock_timestamp() where state in ('due', 'running') and due_at > clock_timestamp()`,
    `update delivery set due_at = clock_timestamp() where state in ('retrying', 'unknown') and due_at > clock_timestamp() and due_at < 'infinity'`,
    `update destination set free_at = clock_timestamp() where free_at > clock_timestamp()`,
    `update occurrence set wake_at = clock_timestamp() where due_at <= clock_timestamp() and lease_token is null
       and wake_at > clock_timestamp() and wake_at < clock_timestamp() + interval '10 seconds'`,
    `update account set paused_until = '-infinity', tokens = greatest(tokens, 300)`,
  ])
    await world.query(statement);
}

/** Leases of whoever is marked so run out; of everybody without a mark. Returns for how long the last of them would have held, in seconds. */
export async function leasesRunOut(world: World, mark = ''): Promise<number> {
  let longest = 0;
  for (const table of ['pull', 'occurrence', 'delivery', 'destination']) {
    const [row] = await world.query<{ seconds: number }>(
      `with held as (select ctid, extract(epoch from lease_until - clock_timestamp())::float8 as seconds from ${table}
         where lease_until > clock_timestamp() and starts_with(lease_token::text, $1) for update skip locked),
       gone as (update ${table} set lease_until = clock_timestamp() - interval '1 millisecond' from held where ${table}.ctid = held.ctid)
       select coalesce(max(seconds), 0) as seconds from held`,
      [mark],
    );
    longest = Math.max(longest, row?.seconds ?? 0);
  }
  return longest;
}

/** Whoever waits for a vendor has asked within this time; who has not is not at it any more. */
const QUIET_MS = PATIENCE_MS + 500;

/**
 * Where nobody has been at anything for a while and something is left, it waits for leases that nobody will give back, or for a look in some
 * minutes: time passes for it. Returns for how many seconds the last lease would have held; undefined where there was no occasion.
 */
export async function letTimePass(world: World, since: number): Promise<number | undefined> {
  if (Date.now() - Math.max(world.vendors.lastAskedAt, since) < QUIET_MS) return undefined;
  const spared = await leasesRunOut(world);
  await world.query(
    `update occurrence set wake_at = clock_timestamp() where wake_at > clock_timestamp() and wake_at < clock_timestamp() + interval '31 minutes' and lease_token is null`,
  );
  await world.flush();
  return spared;
}
