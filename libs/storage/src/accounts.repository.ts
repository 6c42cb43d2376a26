import type { Database } from './database.js';

/** What an account grants of what was asked for: so many calls, or none and how long to wait. */
export interface Granted {
  readonly granted: number;
  readonly waitMs: number;
}

/** What a channel's account bears, for all replicas together: its budget of calls, and what of it rests. */
export class Accounts {
  constructor(private readonly database: Database) {}

  /** Which scopes of a channel rest, and for how long still: `account`, or `method:send`, `method:update`, `method:room`. */
  async paused(channel: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ scope: string; ms: number }>(
      `select scope, extract(epoch from paused_until - clock_timestamp()) * 1000 as ms from account where channel = $1 and paused_until > clock_timestamp()`,
      [channel],
    );
    return new Map(rows.map((row) => [row.scope, Math.ceil(row.ms)]));
  }

  /** Pauses a whole channel's account (or a method of it) for everybody. */
  async pause(channel: string, scope: string, forMs: number): Promise<void> {
    await this.database.query(
      `insert into account (channel, scope, tokens, filled_at, paused_until) values ($1, $2, 0, clock_timestamp(), clock_timestamp() + $3 * interval '1 millisecond')
       on conflict (channel, scope) do update set paused_until = greatest(account.paused_until, excluded.paused_until)`,
      [channel, scope, forMs],
    );
  }

  /** Takes up to `wanted` calls. Returns how many were granted, and how long to wait where it was none. */
  async take(
    channel: string,
    limit: { readonly requests: number; readonly perSeconds: number },
    wanted: number,
  ): Promise<Granted> {
    return this.database.transaction(async (tx) => {
      await tx.query(
        `insert into account (channel, scope, tokens, filled_at) values ($1, 'account', $2, clock_timestamp()) on conflict do nothing`,
        [channel, limit.requests],
      );
      const [row] = await tx.query<{ tokens: number; paused_ms: number }>(
        `select least($2::float8, tokens + extract(epoch from clock_timestamp() - filled_at) * $3::float8) as tokens,
           greatest(0, case when paused_until > '-infinity' then extract(epoch from paused_until - clock_timestamp()) * 1000 else 0 end) as paused_ms
         from account where channel = $1 and scope = 'account' for update`,
        [channel, limit.requests, limit.requests / limit.perSeconds],
      );
      if (!row) return { granted: 0, waitMs: 1000 };
      if (row.paused_ms > 0) return { granted: 0, waitMs: Math.ceil(row.paused_ms) };
      const granted = Math.min(wanted, Math.floor(row.tokens));
      await tx.query(
        `update account set tokens = $2, filled_at = clock_timestamp() where channel = $1 and scope = 'account'`,
        [channel, row.tokens - granted],
      );
      return { granted, waitMs: granted > 0 ? 0 : Math.ceil((limit.perSeconds / limit.requests) * 1000) };
    });
  }

  /**
   * Takes the next turn in a lane, which is free again `paceMs` later, for everybody who writes there. Returns 0, or where somebody else has it
   * for how long still.
   */
  async turn(plugin: string, lane: string, paceMs: number): Promise<number> {
    const [row] = await this.database.query<{ ms: number }>(
      `with taken as (
         insert into account (channel, scope, tokens, filled_at, paused_until) values ($1, $2, 0, clock_timestamp(), clock_timestamp() + $3 * interval '1 millisecond')
         on conflict (channel, scope) do update set paused_until = excluded.paused_until where account.paused_until <= clock_timestamp() returning 1)
       -- Who waited for another's turn still sees the lane as it was before that: free, which is no turn of ours.
       select case when exists (select 1 from taken) then 0
         else coalesce((select nullif(greatest(extract(epoch from paused_until - clock_timestamp()) * 1000, 0), 0) from account where channel = $1 and scope = $2), $3) end::float8 as ms`,
      [laneOf(plugin), lane, paceMs],
    );
    return Math.max(0, Math.ceil(row?.ms ?? paceMs));
  }

  /** For how long a lane is not free still, because somebody has its turn or it rests. */
  async restsFor(plugin: string, lane: string): Promise<number> {
    return (await this.paused(laneOf(plugin))).get(lane) ?? 0;
  }

  /** Lets a whole lane rest. */
  async rest(plugin: string, lane: string, forMs: number): Promise<void> {
    await this.pause(laneOf(plugin), lane, forMs);
  }

  /**
   * Takes the next place among calls that share a limit, by its name: evenly apart, so that in no stretch of time do more begin than it allows.
   * Returns how long to wait for it, in ms.
   */
  async reserve(
    channel: string,
    limit: { readonly name: string; readonly requests: number; readonly perSeconds: number },
  ): Promise<number> {
    const [row] = await this.database.query<{ wait_ms: number }>(
      `insert into account as next (channel, scope, tokens, filled_at) values ($1, $2, 0, clock_timestamp())
       on conflict (channel, scope) do update set filled_at = greatest(clock_timestamp(), next.filled_at + $3 * interval '1 millisecond')
       returning extract(epoch from filled_at - clock_timestamp())::float8 * 1000 as wait_ms`,
      [channel, `call:${limit.name}`, (limit.perSeconds * 1000) / limit.requests],
    );
    return Math.max(0, row?.wait_ms ?? 0);
  }

  /** Takes one of so many places among the calls that are on their way under a name; undefined where all are taken. */
  async enter(
    plugin: string,
    limit: { readonly name: string; readonly atATime: number },
  ): Promise<TakenPlace | undefined> {
    const channel = callsOf(plugin);
    const [taken] = await this.database.query<{ scope: string; since: string }>(
      `with wanted as (select $2 || ' ' || number as scope from generate_series(1, $3::int) as number),
       free as (
         select wanted.scope from wanted left join account on account.channel = $1 and account.scope = wanted.scope
         where account.paused_until is null or account.paused_until <= clock_timestamp() order by random() limit 1)
       insert into account as place (channel, scope, tokens, filled_at, paused_until)
       select $1, scope, 0, clock_timestamp(), clock_timestamp() + ${PLACE} from free
       on conflict (channel, scope) do update set filled_at = excluded.filled_at, paused_until = excluded.paused_until where place.paused_until <= clock_timestamp()
       returning scope, filled_at::text as since`,
      [channel, limit.name, limit.atATime],
    );
    return taken && { channel, ...taken };
  }

  /** Gives a place back; does nothing where it has ended meanwhile. */
  async leave({ channel, scope, since }: TakenPlace): Promise<void> {
    await this.database.query(
      `update account set paused_until = '-infinity' where channel = $1 and scope = $2 and filled_at = $3::timestamptz`,
      [channel, scope, since],
    );
  }

  /** Gives back what was taken and not needed. */
  async giveBack(channel: string, unused: number): Promise<void> {
    if (unused > 0)
      await this.database.query(
        `update account set tokens = tokens + $2 where channel = $1 and scope = 'account'`,
        [channel, unused],
      );
  }
}

/** Of a call that is on its way; opaque to whoever holds it. */
export interface TakenPlace {
  readonly channel: string;
  readonly scope: string;
  readonly since: string;
}

/** Longer than any such call takes: what a kill leaves is free again after it. */
const PLACE = `interval '75 seconds'`;
const callsOf = (plugin: string): string => `calls of ${plugin}`;

/** Lanes belong to the vendor, whichever documents write there: no document is called so. */
const laneOf = (plugin: string): string => `lanes of ${plugin}`;
