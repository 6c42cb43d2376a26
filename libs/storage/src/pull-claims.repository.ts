import type { FactKind, Instant } from '#domain';
import { leaseLost, type ClaimedPull } from './claimed-pull.js';
import type { Database, Sql, Transaction } from './database.js';
import { closeGone, forgetPages } from './facts.repository.js';
import type { IncomingPage } from './incoming-page.js';
import { keepPage, LEASE } from './keep-page.js';
import { STORED, type PullCounts, type StoredPull } from './pulls.repository.js';

/** What is done in the transaction of a pull's end; `changed` says whether something is known now that was not before the pull. */
export type Along = (tx: Transaction, changed: boolean) => Promise<void>;
const nothing: Along = () => Promise.resolve();

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

/** Who does a pull, what it has brought, and how it ended: the books of what was read. The collector is their only writer. */
export class PullClaims {
  constructor(private readonly database: Database) {}

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

  /** Holds on to the lease; throws where it is lost. */
  async renew(pull: ClaimedPull): Promise<void> {
    await this.#mine(this.database, pull, `lease_until = clock_timestamp() + ${LEASE}`);
  }

  async peopleDone(pull: ClaimedPull): Promise<void> {
    await this.#mine(this.database, pull, 'people_done = true');
  }

  /** Keeps one page with its cursor: both or neither. */
  async keepPage(pull: ClaimedPull, page: IncomingPage): Promise<PullCounts> {
    return keepPage(this.database, pull, page);
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
