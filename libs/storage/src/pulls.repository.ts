import type { Fact, FactKind, Instant, TimeWindow } from '#domain';
import type { Database, Sql, Transaction } from './database.js';
import { closeGone, forgetPages, keepFacts } from './facts.repository.js';

/** A read of one system that somebody asked for. */
export interface PullRequest {
  readonly id: string;
  readonly system: string;
  readonly what: 'facts' | 'people';
  /** Absent for people, who have no window. */
  readonly window?: TimeWindow;
  readonly askedBy: string;
  readonly dueAt: Instant;
  readonly traceparent?: string;
}

/** What a pull has to cover, and from when on it must have begun. */
export interface PullWant {
  readonly system: string;
  readonly what: 'facts' | 'people';
  readonly window: TimeWindow | undefined;
  readonly begunAfter: Instant;
}

/** A pull that this process holds the lease of. */
export interface ClaimedPull {
  readonly id: string;
  readonly system: string;
  readonly what: 'facts' | 'people';
  readonly window: TimeWindow | undefined;
  readonly askedBy: string;
  readonly token: string;
  /** How often it was tried before this time. */
  readonly attempts: number;
  readonly cursor: string | undefined;
  readonly peopleDone: boolean;
  readonly traceparent: string | undefined;
}

export interface PullCounts {
  readonly fetched: number;
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  readonly rejected: number;
  readonly gone: number;
  readonly calls: number;
}

export interface StoredPull extends PullCounts {
  readonly id: string;
  readonly system: string;
  readonly what: 'facts' | 'people';
  readonly state: 'due' | 'running' | 'complete' | 'failed';
  readonly asked_by: string;
  readonly window_from: Instant | null;
  readonly window_to: Instant | null;
  readonly began_at: Instant | null;
  readonly ended_at: Instant | null;
  readonly due_at: Instant;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly traceparent: string | null;
}

/** What is done in the transaction of a pull's end; `changed` says whether something is known now that was not before the pull. */
export type Along = (tx: Transaction, changed: boolean) => Promise<void>;
const nothing: Along = () => Promise.resolve();

/** The lease of a pull was lost to another process: whatever this one still holds must not be written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

const LEASE = `interval '60 seconds'`;
const STORED = `id, system, what, state, asked_by, window_from, window_to, began_at, ended_at, due_at, fetched, new, changed, same, rejected, gone, calls, reason, detail, traceparent`;

interface ClaimedRow {
  readonly id: string;
  readonly system: string;
  readonly what: 'facts' | 'people';
  readonly window_from: Instant | null;
  readonly window_to: Instant | null;
  readonly asked_by: string;
  readonly attempts: number;
  readonly cursor: string | null;
  readonly people_done: boolean;
  readonly traceparent: string | null;
}

const CLAIM = `
  update pull set state = 'running', lease_token = $2, lease_until = clock_timestamp() + ${LEASE}, began_at = coalesce(began_at, clock_timestamp())
  where id = $1 and state in ('due', 'running') and due_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp())
    and not exists (select 1 from pull other where other.system = pull.system and other.id <> pull.id and other.state = 'running'
                    and other.lease_until > clock_timestamp())
  returning id, system, what, window_from, window_to, asked_by, attempts, people_done, traceparent,
    coalesce((select page.cursor from pull_page page where page.pull_id = pull.id order by page.id desc limit 1), cursor) as cursor`;

/** The books of what was read: the collector is their only writer. */
export class Pulls {
  constructor(private readonly database: Database) {}

  /** Asks for pulls; those asked for already stay as they are. Returns the ids that are new. */
  async want(requests: readonly PullRequest[], sql: Sql = this.database): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const request of requests) {
      const rows = await sql.query<{ id: string }>(
        `insert into pull (id, system, what, window_from, window_to, asked_by, state, due_at, traceparent)
         values ($1, $2, $3, $4, $5, $6, 'due', $7, $8) on conflict do nothing returning id`,
        [
          request.id,
          request.system,
          request.what,
          request.window?.from ?? null,
          request.window?.to ?? null,
          request.askedBy,
          request.dueAt,
          request.traceparent ?? null,
        ],
      );
      ids.push(...rows.map((row) => row.id));
    }
    return ids;
  }

  /** Takes the lease of one pull that is due and unattended; undefined where somebody else has it, or there is nothing to do. One per system at a time. */
  async claim(id: string, token: string): Promise<ClaimedPull | undefined> {
    const [row] = await this.database.transaction(async (tx) => {
      // One read of a system at a time: two would write over each other what they saw at different moments.
      await tx.query(
        `select pg_advisory_xact_lock(hashtext('carillon.pull.' || system)) from pull where id = $1`,
        [id],
      );
      return tx.query<ClaimedRow>(CLAIM, [id, token]);
    });
    if (!row) return undefined;
    return {
      id: row.id,
      system: row.system,
      what: row.what,
      window: row.window_from && row.window_to ? { from: row.window_from, to: row.window_to } : undefined,
      askedBy: row.asked_by,
      token,
      attempts: row.attempts,
      cursor: row.cursor ?? undefined,
      peopleDone: row.people_done,
      traceparent: row.traceparent ?? undefined,
    };
  }

  /** Pulls that are due and that nobody attends to, oldest first. */
  async due(limit = 50): Promise<readonly { id: string; system: string }[]> {
    return this.database.query(
      `select id, system from pull where state in ('due', 'running') and due_at <= clock_timestamp()
         and (lease_until is null or lease_until < clock_timestamp()) order by due_at limit $1`,
      [limit],
    );
  }

  /** Those that somebody is doing now, and how many records they have brought so far. */
  async running(): Promise<readonly { system: string; fetched: number }[]> {
    return this.database.query(`select system, fetched from pull where state = 'running' order by system`);
  }

  /** Holds on to the lease; throws where it is lost. */
  async renew(pull: ClaimedPull): Promise<void> {
    await this.#mine(this.database, pull, `lease_until = clock_timestamp() + ${LEASE}`);
  }

  async peopleDone(pull: ClaimedPull): Promise<void> {
    await this.#mine(this.database, pull, 'people_done = true');
  }

  /** Keeps one page with its cursor: both or neither. */
  async keepPage(
    pull: ClaimedPull,
    page: {
      facts: readonly Fact[];
      rejected: readonly { kind: FactKind; key: string; subject?: string; why: string }[];
      cursor: string;
    },
  ): Promise<PullCounts> {
    return this.database.transaction(async (tx) => {
      await tx.moment();
      await holdPull(tx, pull);
      const changes = await keepFacts(tx, pull.system, pull.id, page.facts);
      if (page.rejected.length > 0)
        await tx.query(
          'insert into rejection (pull_id, kind, key, why, subject) select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[])',
          [
            pull.id,
            page.rejected.map((one) => one.kind),
            page.rejected.map((one) => one.key),
            page.rejected.map((one) => one.why),
            page.rejected.map((one) => one.subject ?? null),
          ],
        );
      const counts = {
        fetched: page.facts.length + page.rejected.length,
        ...changes,
        rejected: page.rejected.length,
        gone: 0,
        calls: 0,
      };
      await tx.query(
        `with page as (insert into pull_page (pull_id, cursor, seen) values ($1, $2, $3::jsonb))
         update pull set lease_until = clock_timestamp() + ${LEASE}, fetched = fetched + $4, new = new + $5, changed = changed + $6, same = same + $7, rejected = rejected + $8 where id = $1`,
        [
          pull.id,
          page.cursor,
          // A rejected record is there, whatever it says by now: that it cannot be read does not make it gone.
          JSON.stringify(keysByKind([...page.facts, ...page.rejected])),
          counts.fetched,
          counts.new,
          counts.changed,
          counts.same,
          counts.rejected,
        ],
      );
      return counts;
    });
  }

  /**
   * The source saw everything: what it did not see is closed, and the books with it; older pulls that are not through begin anew. What follows
   * from it is done `along` with it, or not at all.
   */
  async complete(
    pull: ClaimedPull,
    kinds: readonly FactKind[],
    calls: number,
    along: Along = nothing,
  ): Promise<StoredPull> {
    return this.database.transaction(async (tx) => {
      const gone = pull.window ? await closeGone(tx, pull.system, pull.id, pull.window, kinds) : 0;
      const books = await this.#mine(
        tx,
        pull,
        `state = 'complete', ended_at = clock_timestamp(), lease_until = null, lease_token = null, gone = $3, calls = calls + $4, reason = null, detail = null`,
        [gone, calls],
      );
      const behind = await this.#leftBehind(tx, books);
      await this.#overtake(tx, books);
      await along(tx, behind || books.new + books.changed + books.gone > 0);
      return books;
    });
  }

  /** A people pull has no facts; its counts are those of the identities. */
  async completePeople(
    pull: ClaimedPull,
    counts: Omit<PullCounts, 'calls' | 'rejected'>,
    calls: number,
    along: Along = nothing,
  ): Promise<StoredPull> {
    return this.database.transaction(async (tx) => {
      const books = await this.#mine(
        tx,
        pull,
        `state = 'complete', ended_at = clock_timestamp(), lease_until = null, lease_token = null, fetched = $3, new = $4, changed = $5, same = $6, gone = $7, rejected = 0, calls = calls + $8, reason = null, detail = null`,
        [counts.fetched, counts.new, counts.changed, counts.same, counts.gone, calls],
      );
      await along(tx, counts.new + counts.changed + counts.gone > 0);
      return books;
    });
  }

  /**
   * Puts the pull back to be tried again later; what follows from it is done `along` with it. `startOver` forgets where it was: what paging had
   * seen is no longer to be trusted.
   */
  async retryLater(
    pull: ClaimedPull,
    failure: {
      reason: string;
      detail: string;
      delayMs: number;
      spendsAttempt: boolean;
      calls: number;
      startOver: boolean;
    },
    along: Along = nothing,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.#mine(
        tx,
        pull,
        `state = 'due', due_at = clock_timestamp() + $3 * interval '1 millisecond', attempts = attempts + $4, lease_until = null, lease_token = null,
         reason = $5, detail = $6, calls = calls + $7`,
        [failure.delayMs, failure.spendsAttempt ? 1 : 0, failure.reason, failure.detail, failure.calls],
      );
      if (failure.startOver) await this.#startOver(tx, pull.id);
      await along(tx, false);
    });
  }

  /** Gives the pull up; what follows from it is done `along` with it. */
  async fail(
    pull: ClaimedPull,
    failure: { reason: string; detail: string; calls: number },
    along: Along = nothing,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.#mine(
        tx,
        pull,
        `state = 'failed', ended_at = clock_timestamp(), lease_until = null, lease_token = null, reason = $3, detail = $4, calls = calls + $5`,
        [failure.reason, failure.detail, failure.calls],
      );
      await forgetPages(tx, pull.id);
      await along(tx, false);
    });
  }

  async get(id: string): Promise<StoredPull | undefined> {
    const [row] = await this.database.query<StoredPull>(`select ${STORED} from pull where id = $1`, [id]);
    return row;
  }

  /** The first moment of all that complete pulls of the last `days` before `asOf` have read; undefined where there were none. */
  async readBackTo(asOf: Instant, days: number): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ read_from: Instant | null }>(
      `select min(window_from) as read_from from pull where what = 'facts' and state = 'complete'
         and ended_at <= $1 and ended_at > $1::timestamptz - $2 * interval '1 day'`,
      [asOf, days],
    );
    return row?.read_from ?? undefined;
  }

  /** The latest complete pull that covers the window, of what was known at `asOf`; undefined where there is none. */
  async latestComplete(
    system: string,
    what: 'facts' | 'people',
    window: TimeWindow | undefined,
    asOf: Instant | undefined,
    sql: Sql = this.database,
  ): Promise<StoredPull | undefined> {
    const [row] = await sql.query<StoredPull>(
      `select ${STORED} from pull where system = $1 and what = any($2) and state = 'complete'
         and ($3::timestamptz is null or (window_from <= $3 and window_to >= $4)) and ($5::timestamptz is null or ended_at <= $5)
       order by began_at desc limit 1`,
      // Whoever pulls facts has pulled people before them.
      [
        system,
        what === 'people' ? ['people', 'facts'] : ['facts'],
        window?.from ?? null,
        window?.to ?? null,
        asOf ?? null,
      ],
    );
    return row;
  }

  /** When the first complete pull of facts ended that covers the window and began late enough. */
  async firstCompleted(
    system: string,
    window: TimeWindow,
    begunAfter: Instant,
  ): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ at: Instant | null }>(
      `select min(ended_at) as at from pull where system = $1 and what = 'facts' and state = 'complete'
         and window_from <= $2 and window_to >= $3 and began_at >= $4`,
      [system, window.from, window.to, begunAfter],
    );
    return row?.at ?? undefined;
  }

  /**
   * Those of the wants for which no complete pull is there, and none is on its way that will do. All are looked at in one moment: whoever asks
   * in another finds all of them served, or none.
   */
  async unserved<Want extends PullWant>(wants: readonly Want[]): Promise<readonly Want[]> {
    if (wants.length === 0) return [];
    const rows = await this.database.query<{ place: number }>(
      `select want.place::int as place
       from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) with ordinality
         as want (system, what, window_from, window_to, begun_after, place)
       where not exists (
         select 1 from pull where pull.system = want.system and pull.what in (want.what, 'facts')
           and (want.window_from is null or (pull.window_from <= want.window_from and pull.window_to >= want.window_to))
           and (pull.began_at >= want.begun_after and pull.state = 'complete'
             or coalesce(pull.began_at, 'infinity') >= want.begun_after and pull.state in ('due', 'running')))
       order by want.place`,
      [
        wants.map(({ system }) => system),
        wants.map(({ what }) => what),
        wants.map(({ window }) => window?.from ?? null),
        wants.map(({ window }) => window?.to ?? null),
        wants.map(({ begunAfter }) => begunAfter),
      ],
    );
    return rows.flatMap(({ place }) => wants[place - 1] ?? []);
  }

  /** Whether a pull is asked for or running that will do when it is complete: it covers the window and begins late enough. */
  async underway(
    system: string,
    what: 'facts' | 'people',
    window: TimeWindow | undefined,
    begunAfter: Instant,
    options: { readonly firstTry: boolean } = { firstTry: false },
  ): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from pull where system = $1 and what = any($2) and state in ('due', 'running')
         and ($3::timestamptz is null or (window_from <= $3 and window_to >= $4)) and (began_at is null or began_at >= $5)
         and (not $6 or (attempts = 0 and due_at <= clock_timestamp() + interval '1 second')) limit 1`,
      [
        system,
        what === 'people' ? ['people', 'facts'] : ['facts'],
        window?.from ?? null,
        window?.to ?? null,
        begunAfter,
        options.firstTry,
      ],
    );
    return rows.length > 0;
  }

  /** Whether a pull of the system has failed for good since an instant, and none has been complete after it. */
  async failedSince(system: string, what: 'facts' | 'people', at: Instant): Promise<boolean> {
    const [row] = await this.database.query<{ state: string }>(
      `select state from pull where system = $1 and what = any($2) and state in ('complete', 'failed') and ended_at >= $3 order by ended_at desc limit 1`,
      [system, what === 'people' ? ['people', 'facts'] : ['facts'], at],
    );
    return row?.state === 'failed';
  }

  /** How many pulls that were asked for by this have failed for good. */
  async failures(system: string, what: 'facts' | 'people', askedBy: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from pull where system = $1 and what = $2 and state = 'failed' and starts_with(asked_by, $3)`,
      [system, what, askedBy],
    );
    return row?.count ?? 0;
  }

  /**
   * When the first pull began that had brought a part of the window by `now` and not the whole: one that was under way then, or one that was
   * given up or overtaken after it had kept pages, unless a complete pull that began later has read that part again. Without a window: a part
   * of how things stand, which every pull reads as a whole.
   */
  async unfinishedSince(
    system: string,
    window: TimeWindow | undefined,
    now: Instant,
  ): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ at: Instant | null }>(
      `select min(at) as at from (
         select began_at as at, began_at as latest, window_from, window_to, state in ('due', 'running') or ended_at > $4 as under_way
         from pull where system = $1 and what = 'facts' and began_at <= $4 and ($2::timestamptz is null or (window_from < $3 and window_to > $2))
           and (state in ('due', 'running') or ended_at > $4 or (state = 'failed' and (fetched > 0 or attempts > 0)))
         union all
         select cut_off_first, cut_off_last, window_from, window_to, false
         from pull where system = $1 and cut_off_first <= $4 and ($2::timestamptz is null or (window_from < $3 and window_to > $2))
       ) as half
       where under_way or not exists (select 1 from pull later where later.system = $1 and later.what = 'facts' and later.state = 'complete'
         and later.began_at >= half.latest and later.ended_at <= $4
         and ($2::timestamptz is null or (later.window_from <= greatest(half.window_from, $2) and later.window_to >= least(half.window_to, $3))))`,
      [system, window?.from ?? null, window?.to ?? null, now],
    );
    return row?.at ?? undefined;
  }

  /** When the newest complete pull of facts ended, of what was known at `asOf`. */
  async lastCompleted(asOf?: Instant): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ at: Instant | null }>(
      `select max(ended_at) as at from pull where state = 'complete' and what = 'facts' and ($1::timestamptz is null or ended_at <= $1)`,
      [asOf ?? null],
    );
    return row?.at ?? undefined;
  }

  /** Pulls asked for since an instant, for a run's report. */
  async since(at: Instant): Promise<readonly StoredPull[]> {
    return this.database.query<StoredPull>(
      `select ${STORED} from pull where created_at >= $1 or ended_at >= $1 order by created_at`,
      [at],
    );
  }

  /** Pulls that are under way or due; those that were put off for later without having begun are not. */
  async unsettled(system?: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from pull where state in ('due', 'running') and (began_at is not null or due_at <= clock_timestamp())
         and ($1::text is null or system = $1)`,
      [system ?? null],
    );
    return row?.count ?? 0;
  }

  /** Whom the records are about that a pull could not read. */
  async rejectedSubjects(pullId: string): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ subject: string }>(
      'select distinct subject from rejection where pull_id = $1 and subject is not null',
      [pullId],
    );
    return new Set(rows.map(({ subject }) => subject));
  }

  async rejections(pullId: string): Promise<readonly { kind: string; key: string; why: string }[]> {
    return this.database.query('select kind, key, why from rejection where pull_id = $1 order by kind, key', [
      pullId,
    ]);
  }

  /**
   * Whether a pull that was given up or overtaken had brought changes into this one's window, and this is the first complete one since: it
   * finds them the same, and yet nobody has looked at them.
   */
  async #leftBehind(tx: Transaction, books: StoredPull): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from pull half where half.system = $1 and half.what = 'facts'
         and (cut_off_last is not null or (state <> 'complete' and id <> $2 and began_at < $3 and new + changed > 0))
         and window_from < $5 and window_to > $4
         and not exists (select 1 from pull other where other.system = $1 and other.what = 'facts' and other.state = 'complete' and other.id <> $2
           and other.began_at >= greatest(half.cut_off_last, case when half.state <> 'complete' then half.began_at end)
           and other.window_from <= greatest(half.window_from, $4) and other.window_to >= least(half.window_to, $5))
       limit 1`,
      [books.system, books.id, books.began_at, books.window_from, books.window_to],
    );
    return rows.length > 0;
  }

  /**
   * Begins older pulls of the system that are not through anew: what they had seen by then is older than what is known now, so what they would
   * close might have been found since.
   */
  async #overtake(tx: Transaction, newer: StoredPull): Promise<void> {
    const rows = await tx.query<{ id: string }>(
      `update pull set state = 'due', lease_token = null, lease_until = null, began_at = null, cut_off_first = coalesce(cut_off_first, began_at), cut_off_last = began_at
       where system = $1 and what = 'facts' and id <> $2 and state in ('due', 'running') and began_at < $3 returning id`,
      [newer.system, newer.id, newer.began_at],
    );
    for (const { id } of rows) await this.#startOver(tx, id);
  }

  async #startOver(sql: Sql, id: string): Promise<void> {
    await forgetPages(sql, id);
    await sql.query('delete from rejection where pull_id = $1', [id]);
    await sql.query(
      `update pull set cursor = null, people_done = false, fetched = 0, new = 0, changed = 0, same = 0, rejected = 0 where id = $1`,
      [id],
    );
  }

  async #mine(
    sql: Sql,
    pull: ClaimedPull,
    set: string,
    parameters: readonly unknown[] = [],
  ): Promise<StoredPull> {
    const [row] = await sql.query<StoredPull>(
      `update pull set ${set} where id = $1 and lease_token = $2 and state = 'running' returning ${STORED}`,
      [pull.id, pull.token, ...parameters],
    );
    if (!row) throw leaseLost(pull);
    return row;
  }
}

/** What a source remembers between pulls; it only saves calls. */
export class SourceMemories {
  constructor(private readonly database: Database) {}

  of(system: string): {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<void>;
  } {
    const { database } = this;
    return {
      async get(key) {
        const [row] = await database.query<{ value: unknown }>(
          'select value from source_memory where system = $1 and key = $2',
          [system, key],
        );
        return row?.value;
      },
      async set(key, value) {
        await database.query(
          `insert into source_memory (system, key, value) values ($1, $2, $3::jsonb) on conflict (system, key) do update set value = excluded.value`,
          [system, key, JSON.stringify(value)],
        );
      },
    };
  }
}

/** Throws where the pull is not this process's any more; until the transaction ends nobody takes it over. */
export async function holdPull(tx: Transaction, pull: ClaimedPull): Promise<void> {
  const [row] = await tx.query(
    `select 1 from pull where id = $1 and lease_token = $2 and state = 'running' for update`,
    [pull.id, pull.token],
  );
  if (!row) throw leaseLost(pull);
}

function keysByKind(
  records: readonly { readonly kind: FactKind; readonly key: string }[],
): Readonly<Partial<Record<FactKind, readonly string[]>>> {
  const keys: Partial<Record<FactKind, string[]>> = {};
  for (const { kind, key } of records) (keys[kind] ??= []).push(key);
  return keys;
}

const leaseLost = (pull: ClaimedPull): LeaseLostError =>
  new LeaseLostError(`the pull ${pull.id} of ${pull.system} is no longer ours`);
