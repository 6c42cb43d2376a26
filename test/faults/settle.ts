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

/** What waits only for a better time: a retry, a pause, a turn, a look in a moment. By table: which rows, and what becomes of them. */
const waiting = {
  pull: [`state in ('due', 'running') and due_at > clock_timestamp()`, 'due_at = clock_timestamp()'],
  delivery: [
    `state in ('retrying', 'unknown') and due_at > clock_timestamp() and due_at < 'infinity'`,
    'due_at = clock_timestamp()',
  ],
  destination: ['free_at > clock_timestamp()', 'free_at = clock_timestamp()'],
  account: ['true', `paused_until = '-infinity', tokens = greatest(tokens, 300)`],
  occurrence: [
    `due_at <= clock_timestamp() and lease_token is null and wake_at > clock_timestamp() and wake_at < clock_timestamp() + interval '10 seconds'`,
    'wake_at = clock_timestamp()',
  ],
} as const;

/** Lets nothing wait. Whatever somebody is at just now is left to them, so that nobody waits for us. */
export async function hurry(world: World): Promise<void> {
  for (const [table, [which, change]] of Object.entries(waiting))
    await world.query(
      `update ${table} set ${change} from (select ctid from ${table} where ${which} for update skip locked) found where ${table}.ctid = found.ctid`,
    );
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

/** Whoever waits for a vendor has asked within this time; who has not is not at it any more. Twice that, because the machine may be busy. */
const QUIET_MS = 2 * PATIENCE_MS;

/**
 * Where nobody has been at anything for a while and something is left, it waits for leases that nobody will give back, or for a look in some
 * minutes: time passes for it. Returns for how many seconds the last lease would have held; undefined where there was no occasion.
 * @param since when something last happened that is not seen at the vendors, in ms since the epoch
 */
export async function letTimePass(world: World, since: number): Promise<number | undefined> {
  if (Date.now() - Math.max(world.vendors.lastAskedAt, since) < QUIET_MS) return undefined;
  const spared = await leasesRunOut(world);
  await world.query(
    `update occurrence set wake_at = clock_timestamp()
     from (select ctid from occurrence where wake_at > clock_timestamp() and wake_at < clock_timestamp() + interval '31 minutes' and lease_token is null
           for update skip locked) found
     where occurrence.ctid = found.ctid`,
  );
  await world.flush();
  return spared;
}
