import type { Instant, TimeWindow } from '#domain';
import type { Database } from './database.js';

/** Calls of one connection that went the same way. */
export interface CallTally {
  readonly connection: string;
  /** `ok`, or the reason of the failure. */
  readonly outcome: string;
  readonly calls: number;
  /** In the steps of `responseTimes`. */
  readonly times: readonly number[];
}

/** What a process has noted since it last wrote it down. */
export interface CallNotes {
  readonly calls: readonly CallTally[];
  /** The greatest share of the vendor's quota that was told to be used up. */
  readonly quotas: readonly { readonly connection: string; readonly used: number }[];
  /** When the credentials in use say that they expire; null where they say nothing. */
  readonly credentials: readonly { readonly connection: string; readonly expiresAt: Instant | null }[];
}

/** Longer than anybody looks back; what facts were made of it stays. */
const KEPT_DAYS = 40;
const QUARTER = `date_bin('15 minutes', clock_timestamp(), '2000-01-01T00:00:00Z')`;

/** How the calls of connections went, in sums that all replicas add to. */
export class ConnectionCalls {
  constructor(private readonly database: Database) {}

  /** Adds to the present quarter of an hour, by Postgres' clock: all of it or nothing. */
  async add({ calls, quotas, credentials }: CallNotes): Promise<void> {
    await this.database.transaction(async (tx) => {
      // In one order, since other processes add to the same rows.
      for (const tally of calls.toSorted(byRow))
        await tx.query(
          `insert into connection_calls as known (connection, starts, outcome, calls, times) values ($1, ${QUARTER}, $2, $3, $4)
           on conflict (connection, starts, outcome) do update set calls = known.calls + excluded.calls,
             times = array(select coalesce(one, 0) + coalesce(other, 0) from unnest(known.times, excluded.times) with ordinality as step(one, other, place) order by place)`,
          [tally.connection, tally.outcome, tally.calls, tally.times],
        );
      for (const { connection, used } of quotas.toSorted(byConnection))
        await tx.query(
          `insert into connection_quota as known (connection, starts, used) values ($1, ${QUARTER}, $2)
           on conflict (connection, starts) do update set used = greatest(known.used, excluded.used)`,
          [connection, used],
        );
      for (const { connection, expiresAt } of credentials.toSorted(byConnection))
        await (expiresAt
          ? tx.query(
              `insert into connection_credential (connection, expires_at) values ($1, $2)
               on conflict (connection) do update set expires_at = excluded.expires_at`,
              [connection, expiresAt],
            )
          : tx.query('delete from connection_credential where connection = $1', [connection]));
    });
  }

  /** What was called in the window, whose ends are taken to the quarter of an hour in which they lie. */
  async within(window: TimeWindow): Promise<readonly CallTally[]> {
    return this.database.query<CallTally>(
      `select connection, outcome, sum(of_step.calls_of)::int as calls, array_agg(of_step.number order by of_step.place) as times from (
         select connection, outcome, place, sum(step)::int as number, case when place = 1 then sum(calls) else 0 end as calls_of
         from connection_calls, unnest(times) with ordinality as one(step, place)
         where starts >= $1 and starts < $2 group by connection, outcome, place) of_step
       group by connection, outcome order by connection, outcome`,
      [window.from, window.to],
    );
  }

  /** The greatest share of its quota that each connection was told to have used up in the window; those that were told nothing are not in it. */
  async quotasWithin(window: TimeWindow): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ connection: string; used: number }>(
      'select connection, max(used) as used from connection_quota where starts >= $1 and starts < $2 group by connection',
      [window.from, window.to],
    );
    return new Map(rows.map(({ connection, used }) => [connection, used]));
  }

  /** When the credentials in use expire, as far as they say so. */
  async credentialsEnd(): Promise<ReadonlyMap<string, Instant>> {
    const rows = await this.database.query<{ connection: string; expires_at: Instant }>(
      'select connection, expires_at from connection_credential',
    );
    return new Map(rows.map(({ connection, expires_at }) => [connection, expires_at]));
  }

  /** The beginning of the last quarter of an hour in which calls of each connection went well. */
  async lastWell(): Promise<ReadonlyMap<string, Instant>> {
    const rows = await this.database.query<{ connection: string; at: Instant }>(
      `select connection, max(starts) as at from connection_calls where outcome = 'ok' group by connection`,
    );
    return new Map(rows.map(({ connection, at }) => [connection, at]));
  }

  /** When the last complete reading of each source ended, of those that ended before an instant. */
  async lastRead(sources: readonly string[], before: Instant): Promise<ReadonlyMap<string, Instant>> {
    const rows = await this.database.query<{ system: string; at: Instant }>(
      `select system, max(ended_at) as at from pull where system = any($1) and what = 'facts' and state = 'complete' and ended_at < $2 group by system`,
      [sources, before],
    );
    return new Map(rows.map(({ system, at }) => [system, at]));
  }

  /** Of these pulls, those that somebody has begun. */
  async begun(pulls: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ id: string }>(
      'select id from pull where id = any($1::uuid[]) and began_at is not null',
      [pulls],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** From which instant on all is kept. */
  async keptSince(): Promise<Instant> {
    return (await this.database.now()).subtract({ hours: KEPT_DAYS * 24 });
  }

  /** Forgets what is older than anybody looks back. */
  async forget(): Promise<void> {
    const since = await this.keptSince();
    await this.database.query('delete from connection_calls where starts < $1', [since]);
    await this.database.query('delete from connection_quota where starts < $1', [since]);
  }
}

const byConnection = (
  one: { readonly connection: string },
  other: { readonly connection: string },
): number => (one.connection < other.connection ? -1 : 1);

const byRow = (one: CallTally, other: CallTally): number =>
  `${one.connection} ${one.outcome}` < `${other.connection} ${other.outcome}` ? -1 : 1;
