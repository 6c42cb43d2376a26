import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Instant, Message } from '#domain';
import type { Database, Sql, Transaction } from './database.js';
import { LeaseLostError } from './pulls.repository.js';

export type DeliveryState =
  'pending' | 'held' | 'sending' | 'sent' | 'retrying' | 'unknown' | 'failed' | 'retracted';
export type DeliveryAbout = 'notification' | 'trouble' | 'record';

/** What is to be said or written to one logical destination. */
export interface NewDelivery {
  readonly id: string;
  readonly subscription: string;
  readonly occurrenceId?: string;
  readonly channel: string;
  readonly destination: string;
  readonly subject?: string;
  readonly about: DeliveryAbout;
  /** The subscription's target and what the notifier needs to find the room's members. */
  readonly target: Readonly<Record<string, unknown>>;
  /** A message, or the rows of a record channel. */
  readonly message: Message | { readonly rows: readonly unknown[] };
  readonly notifications: readonly string[];
  readonly whenUnknown: 'repeat' | 'leave';
  readonly traceparent?: string;
  /** Since when it may have been said, where no occurrence tells: what a restored database asks by. */
  readonly begunAt?: Instant;
}

export interface Delivery {
  readonly id: string;
  readonly subscription: string;
  readonly occurrence_id: string | null;
  readonly channel: string;
  readonly destination: string;
  readonly subject: string | null;
  readonly about: DeliveryAbout;
  readonly target: Readonly<Record<string, unknown>>;
  readonly message: Message | { readonly rows: readonly unknown[] };
  readonly revision: number;
  readonly sent_revision: number;
  readonly state: DeliveryState;
  readonly receipt: StoredReceipt | null;
  readonly due_at: Instant;
  readonly attempts: number;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly when_unknown: 'repeat' | 'leave';
  readonly traceparent: string | null;
  readonly created_at: Instant;
  readonly settled_at: Instant | null;
  /** It may have been sent since then without our knowing, because the database was restored from a backup; the channel is asked first. */
  readonly doubted_since: Instant | null;
}

export interface StoredReceipt {
  readonly id: string;
  readonly address: { readonly id: string };
  readonly url?: string;
}

export interface StoredAttempt {
  readonly delivery_id: string;
  readonly number: number;
  readonly revision: number;
  readonly began_at: Instant;
  readonly ended_at: Instant | null;
  readonly outcome: 'arrived' | 'refused' | 'unknown' | null;
  readonly reason: string | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly address: { readonly id: string };
  readonly trace_id: string | null;
}

/** A delivery that this process holds, with its destination's lease. `was` is the state it came from. */
export interface ClaimedDelivery extends Delivery {
  readonly was: 'pending' | 'retrying' | 'unknown';
  readonly token: string;
}

/** What became of an attempt. */
export interface AttemptEnd {
  readonly outcome: 'arrived' | 'refused' | 'unknown';
  readonly reason?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** Something that a delivery says, or said. */
export interface SaidNotification {
  readonly rule: string;
  readonly subject: string;
  readonly says: boolean;
  readonly occurrence_id: string;
}

interface KeyedRow {
  readonly key: string;
  readonly values: unknown;
}

const STORED = `delivery.id, subscription, occurrence_id, delivery.channel, delivery.destination, subject, about, target, message, revision, sent_revision, delivery.state,
  receipt, due_at, attempts, reason, detail, when_unknown, traceparent, created_at, settled_at, doubted_since`;
const LEASE = `interval '90 seconds'`;
/** Somebody who joins the chat in their second month gets no digests of their first. */
const HELD_FOR = `interval '7 days'`;
/** What goes back to work: to be asked for, where an attempt's outcome is still unknown. */
const PENDING_OR_UNKNOWN = `case when doubted_since is not null or exists (select 1 from attempt where attempt.delivery_id = delivery.id and (attempt.outcome is null or attempt.outcome = 'unknown')) then 'unknown' else 'pending' end`;
/** Since when a delivery that a restored database knows may have been sent. */
const SINCE_MADE = `least(delivery.created_at, (select occurrence.due_at from occurrence where occurrence.id = delivery.occurrence_id))`;
/** Nobody looks at it any more, until there is something else to say. */
const DONE_WITH = `(state in ('sent', 'held', 'failed', 'retracted') or (state = 'unknown' and due_at = 'infinity'))`;
const RESTORED_AT = '(select restored.at from restored)';

/** What is said where, and what became of it. */
export class Deliveries {
  constructor(private readonly database: Database) {}

  /**
   * Says something, or corrects what was said: a delivery whose message is the same stays as it is; one whose message differs gets a new
   * revision, which the notifier edits in place. Records are never taken back: rows that are said to a delivery that is there join its own,
   * whoever said those. What was due before the database was restored from a backup may have been sent since the
   * backup, so it is asked for first. Returns whether there is something to send.
   */
  async say(tx: Transaction, delivery: NewDelivery): Promise<'new' | 'corrected' | 'same'> {
    const own = hashed(delivery.message);
    const [inserted] = await tx.query(
      `with doubt as (select least(begun.at, clock_timestamp()) as since
         from (select coalesce((select occurrence.due_at from occurrence where occurrence.id = $3), $13::timestamptz) as at) begun
         where begun.at < ${RESTORED_AT})
       insert into delivery (id, subscription, occurrence_id, channel, destination, subject, about, target, message, message_hash, state, due_at, when_unknown, traceparent, doubted_since)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10, case when exists (select 1 from doubt) then 'unknown' else 'pending' end, clock_timestamp(), $11, $12,
         (select since from doubt)) on conflict do nothing returning id`,
      [
        delivery.id,
        delivery.subscription,
        delivery.occurrenceId ?? null,
        delivery.channel,
        delivery.destination,
        delivery.subject ?? null,
        delivery.about,
        JSON.stringify(delivery.target),
        own.message,
        own.hash,
        delivery.whenUnknown,
        delivery.traceparent ?? null,
        delivery.begunAt ?? null,
      ],
    );
    const adds = 'rows' in delivery.message;
    const { message, hash } =
      !inserted && 'rows' in delivery.message
        ? await joined(tx, delivery.id, delivery.message.rows as readonly KeyedRow[])
        : own;
    const [corrected] = inserted
      ? []
      : await tx.query(
          `with known as (select id, ${DONE_WITH} as is_over,
             case when sent_revision = 0 and coalesce(settled_at, created_at) < ${RESTORED_AT} then coalesce(doubted_since, ${SINCE_MADE}) else doubted_since end as doubt,
             exists (select 1 from attempt where attempt.delivery_id = delivery.id and (attempt.outcome is null or attempt.outcome = 'unknown')) as asks
             from delivery where id = $1 and (message_hash <> $3 or state = 'retracted') and not (state = 'retracted' and reason is not distinct from 'expired') for update)
           update delivery set message = $2::jsonb, message_hash = $3, revision = revision + 1, target = $4::jsonb, doubted_since = known.doubt,
             state = case when not is_over and state <> 'retrying' then state when known.doubt is not null or asks then 'unknown' else 'pending' end,
             due_at = case when is_over then clock_timestamp() else due_at end,
             attempts = case when is_over then 0 else attempts end,
             settled_at = case when is_over then null else settled_at end
           from known where delivery.id = known.id returning delivery.id`,
          [delivery.id, message, hash, JSON.stringify(delivery.target)],
        );
    if (!adds)
      await tx.query(
        `update delivery_notification set says = false where delivery_id = $1 and says and not notification_id = any($2::uuid[])`,
        [delivery.id, delivery.notifications],
      );
    await tx.query(
      `insert into delivery_notification (delivery_id, notification_id) select $1, unnest($2::uuid[])
       on conflict (delivery_id, notification_id) do update set says = true where not delivery_notification.says`,
      [delivery.id, delivery.notifications],
    );
    return inserted ? 'new' : corrected ? 'corrected' : 'same';
  }

  /** Gives up what nobody has seen yet, since there is nothing to say any more. False where it may have been seen: then it has to be corrected. */
  async retract(tx: Transaction, id: string): Promise<boolean> {
    const [retracted] = await tx.query(
      `update delivery set state = 'retracted', settled_at = clock_timestamp(), reason = null, detail = null
       where id = $1 and sent_revision = 0 and state in ('pending', 'held', 'retrying') returning id`,
      [id],
    );
    if (retracted)
      await tx.query('update delivery_notification set says = false where delivery_id = $1', [id]);
    return retracted !== undefined;
  }

  /**
   * What it says, and what it said before it was corrected: by rule and subject, each with the run of its subscription that concluded it.
   * Of a message that is its own run; rows may have come from several.
   */
  async notifications(id: string): Promise<readonly SaidNotification[]> {
    return this.database.query<SaidNotification>(
      `select notification.rule, notification.subject, said.says, concluded.occurrence_id from delivery_notification said
       join notification on notification.id = said.notification_id join delivery on delivery.id = said.delivery_id
       cross join lateral (
         select occurrence.id as occurrence_id from decision join evaluation on evaluation.id = decision.evaluation_id
         join occurrence on occurrence.id = evaluation.occurrence_id
         where decision.rule = notification.rule and decision.subject = notification.subject and decision.period_from = notification.period_from
           and decision.period_to = notification.period_to and occurrence.subscription = delivery.subscription
         order by occurrence.id is not distinct from delivery.occurrence_id desc, decision.as_of desc limit 1) concluded
       where said.delivery_id = $1 order by notification.rule, notification.subject`,
      [id],
    );
  }

  /** Whether it says anything now; what was taken back does not. */
  async saysSomething(id: string, sql: Sql = this.database): Promise<boolean> {
    const rows = await sql.query(
      'select 1 from delivery_notification where delivery_id = $1 and says limit 1',
      [id],
    );
    return rows.length > 0;
  }

  /** Those of an occurrence. */
  async ofOccurrence(occurrenceId: string, sql: Sql = this.database): Promise<readonly Delivery[]> {
    return sql.query<Delivery>(
      `select ${STORED} from delivery where occurrence_id = $1 order by destination`,
      [occurrenceId],
    );
  }

  async get(id: string): Promise<Delivery | undefined> {
    const [row] = await this.database.query<Delivery>(`select ${STORED} from delivery where id = $1`, [id]);
    return row;
  }

  /** By its id or an unambiguous beginning of it. */
  async find(idOrPrefix: string): Promise<Delivery | undefined> {
    const rows = await this.database.query<Delivery>(
      `select ${STORED} from delivery where starts_with(id::text, lower($1)) limit 2`,
      [idOrPrefix],
    );
    return rows.length === 1 ? rows[0] : undefined;
  }

  /** Those that say something about a person by a rule, newest first. */
  async about(subject: string, rule: string): Promise<readonly Delivery[]> {
    return this.database.query<Delivery>(
      `select ${STORED} from delivery where id in (
         select said.delivery_id from delivery_notification said join notification on notification.id = said.notification_id
         where notification.subject = $1 and notification.rule = $2) order by created_at desc`,
      [subject, rule],
    );
  }

  /**
   * Takes deliveries that are due, at most one per destination, each with the lease of its destination: nobody else writes there meanwhile,
   * and a destination that has to wait keeps nobody else waiting.
   */
  async claim(channel: string, limit: number, token: string): Promise<readonly ClaimedDelivery[]> {
    return this.database.transaction(async (tx) => {
      const free = await tx.query<{ destination: string }>(
        `insert into destination as held (channel, destination, free_at, lease_until, lease_token)
         select $1, candidate.destination, '-infinity', clock_timestamp() + ${LEASE}, $3 from (
           select due.destination from delivery due left join destination known on known.channel = due.channel and known.destination = due.destination
           where due.channel = $1 and due.state in ('pending', 'retrying', 'unknown') and due.due_at <= clock_timestamp()
             and (known.destination is null or (known.free_at <= clock_timestamp() and known.lease_until < clock_timestamp()))
           group by due.destination order by min(due.due_at), due.destination limit $2) candidate
         order by candidate.destination
         on conflict (channel, destination) do update set lease_until = excluded.lease_until, lease_token = excluded.lease_token
           where held.lease_until < clock_timestamp() and held.free_at <= clock_timestamp()
         returning destination`,
        [channel, limit, token],
      );
      if (free.length === 0) return [];
      const rows = await tx.query<Delivery & { was: ClaimedDelivery['was'] }>(
        `with pick as (
           select distinct on (destination) id, state from delivery
           where channel = $1 and destination = any($2) and state in ('pending', 'retrying', 'unknown') and due_at <= clock_timestamp()
           order by destination, due_at, created_at, id)
         update delivery set state = 'sending', lease_until = clock_timestamp() + ${LEASE}, lease_token = $3
         from pick where delivery.id = pick.id and delivery.state = pick.state returning ${STORED}, pick.state as was`,
        [channel, free.map((row) => row.destination), token],
      );
      const taken = new Set(rows.map((row) => row.destination));
      const unused = free.map((row) => row.destination).filter((destination) => !taken.has(destination));
      if (unused.length > 0) await releaseDestinations(tx, channel, unused, token, 0);
      return rows.map((row) => ({ ...row, token }));
    });
  }

  /** Notes that an attempt begins, before anything leaves us: what is found begun and not ended after a kill is `unknown`. Throws where the lease is lost. */
  async begin(
    delivery: ClaimedDelivery,
    address: { id: string },
    traceId: string | undefined,
  ): Promise<{ number: number; beganAt: Instant }> {
    const [row] = await this.database.query<{ number: number; began_at: Instant }>(
      `with mine as (update delivery set attempts = attempts + 1, lease_until = clock_timestamp() + ${LEASE}
                     where id = $1 and lease_token = $2 and state = 'sending' returning id)
       insert into attempt (delivery_id, number, revision, address, trace_id)
       select mine.id, coalesce((select max(number) from attempt where delivery_id = $1), 0) + 1, $3, $4::jsonb, $5 from mine returning number, began_at`,
      [delivery.id, delivery.token, delivery.revision, JSON.stringify(address), traceId ?? null],
    );
    if (!row) throw new LeaseLostError(`the delivery ${delivery.id} is no longer ours`);
    return { number: row.number, beganAt: row.began_at };
  }

  async attempts(deliveryId: string): Promise<readonly StoredAttempt[]> {
    return this.database.query<StoredAttempt>(
      `select delivery_id, number, revision, began_at, ended_at, outcome, reason, code, detail, address, trace_id from attempt where delivery_id = $1 order by number`,
      [deliveryId],
    );
  }

  /** The attempt whose outcome has to be asked for. */
  async openAttempt(deliveryId: string): Promise<StoredAttempt | undefined> {
    const attempts = await this.attempts(deliveryId);
    return attempts.findLast((attempt) => attempt.outcome === null || attempt.outcome === 'unknown');
  }

  /** Notes what became of an attempt. Throws where the lease is lost: whoever has it now may know better. */
  async endAttempt(
    delivery: ClaimedDelivery,
    number: number,
    end: AttemptEnd,
    sql: Sql = this.database,
  ): Promise<void> {
    const rows = await sql.query(
      `update attempt set ended_at = clock_timestamp(), outcome = $3, reason = $4, code = $5, detail = $6
       from delivery where delivery.id = $1 and delivery.lease_token = $7 and delivery.state = 'sending' and attempt.delivery_id = $1 and attempt.number = $2
       returning number`,
      [
        delivery.id,
        number,
        end.outcome,
        end.reason ?? null,
        end.code ?? null,
        end.detail ?? null,
        delivery.token,
      ],
    );
    if (rows.length === 0) throw new LeaseLostError(`the delivery ${delivery.id} is no longer ours`);
  }

  /** Holds the delivery and its destination for the whole time of a lease from now on. Throws where either lease is lost. */
  async renew(delivery: ClaimedDelivery): Promise<void> {
    const rows = await this.database.query(
      `with place as (update destination set lease_until = clock_timestamp() + ${LEASE}
         where channel = $3 and destination = $4 and lease_token = $2 returning 1)
       update delivery set lease_until = clock_timestamp() + ${LEASE}
       where id = $1 and lease_token = $2 and state = 'sending' and exists (select 1 from place) returning id`,
      [delivery.id, delivery.token, delivery.channel, delivery.destination],
    );
    if (rows.length === 0) throw new LeaseLostError(`the delivery ${delivery.id} is no longer ours`);
  }

  /** It arrived: the destination shows `revision`. Where a newer one was decided meanwhile, it is sent next. `also` is done with it or not at all. */
  async sent(
    delivery: ClaimedDelivery,
    arrived: { revision: number; receipt: StoredReceipt; attempt?: number; paceMs: number },
    also?: (tx: Sql) => Promise<unknown>,
  ): Promise<void> {
    await this.#settle(delivery, arrived.paceMs, also, async (tx) => {
      if (arrived.attempt !== undefined)
        await this.endAttempt(delivery, arrived.attempt, { outcome: 'arrived' }, tx);
      return tx.query(
        `update delivery set sent_revision = $3, receipt = $4::jsonb, doubted_since = null, reason = null, detail = null, attempts = 0,
           state = case when revision > $3 then 'pending' else 'sent' end, due_at = clock_timestamp(),
           settled_at = case when revision > $3 then null else clock_timestamp() end, lease_until = null, lease_token = null
         where id = $1 and lease_token = $2 returning id`,
        [delivery.id, delivery.token, arrived.revision, JSON.stringify(arrived.receipt)],
      );
    });
  }

  /** Ends this process' hold on a delivery that did not arrive. `also` is done with it or not at all. */
  async settle(
    delivery: ClaimedDelivery,
    to: {
      state: 'pending' | 'retrying' | 'unknown' | 'held' | 'failed';
      delayMs: number;
      reason?: string;
      detail?: string;
      attempt?: { number: number; end: AttemptEnd };
      /** How many attempts are spent by now; as many as before by default. */
      attempts?: number;
      /** Nobody looks at it any more: it stays in this state. */
      left?: boolean;
      paceMs: number;
    },
    also?: (tx: Sql) => Promise<unknown>,
  ): Promise<void> {
    await this.#settle(delivery, to.paceMs, also, async (tx) => {
      if (to.attempt) await this.endAttempt(delivery, to.attempt.number, to.attempt.end, tx);
      return tx.query(
        `update delivery set state = $3, due_at = case when $8 then 'infinity' else clock_timestamp() + $4 * interval '1 millisecond' end, reason = $5, detail = $6,
           attempts = $7, lease_until = null, lease_token = null,
           settled_at = case when $8 or $3 in ('held', 'failed') then clock_timestamp() else null end
         where id = $1 and lease_token = $2 returning id`,
        [
          delivery.id,
          delivery.token,
          to.state,
          to.delayMs,
          to.reason ?? null,
          to.detail ?? null,
          to.attempts ?? delivery.attempts,
          to.left ?? false,
        ],
      );
    });
  }

  async #settle(
    delivery: ClaimedDelivery,
    paceMs: number,
    also: ((tx: Sql) => Promise<unknown>) | undefined,
    work: (tx: Transaction) => Promise<readonly unknown[]>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const rows = await work(tx);
      if (rows.length === 0) throw new LeaseLostError(`the delivery ${delivery.id} is no longer ours`);
      await releaseDestinations(tx, delivery.channel, [delivery.destination], delivery.token, paceMs);
      await also?.(tx);
    });
  }

  /** Deliveries whose holder is gone: with an attempt begun the outcome is unknown, else nothing has happened. Returns the channels to ring. */
  async sweep(): Promise<readonly string[]> {
    const rows = await this.database.query<{ channel: string }>(
      `update delivery set lease_until = null, lease_token = null, due_at = clock_timestamp(),
         state = case when doubted_since is not null or exists (select 1 from attempt where attempt.delivery_id = delivery.id and (attempt.outcome is null or attempt.outcome = 'unknown'))
                 then 'unknown' when attempts > 0 then 'retrying' else 'pending' end
       where state = 'sending' and lease_until < clock_timestamp() returning channel`,
    );
    const due = await this.database.query<{ channel: string }>(
      `select distinct due.channel from delivery due left join destination known on known.channel = due.channel and known.destination = due.destination
       where due.state in ('pending', 'retrying', 'unknown') and due.due_at <= clock_timestamp()
         and (known.destination is null or (known.free_at <= clock_timestamp() and known.lease_until < clock_timestamp()))`,
    );
    return [...new Set([...rows, ...due].map((row) => row.channel))];
  }

  /** Puts held deliveries of a channel back to work, when what held them may have changed; all of them, or those held for one reason. */
  async releaseHeld(channel: string, reason?: string): Promise<number> {
    const rows = await this.database.query(
      `update delivery set state = ${PENDING_OR_UNKNOWN}, due_at = clock_timestamp(), settled_at = null
       where channel = $1 and state = 'held' and ($2::text is null or reason = $2) returning id`,
      [channel, reason ?? null],
    );
    return rows.length;
  }

  /**
   * Gives up what was held longer than it is worth reading: its occurrence's time is over, and a week has gone by in which somebody could
   * have put it right. It is not said again. Closes what owners hear of it, where nothing else waits for the same.
   */
  async expireHeld(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.query<{ id: string; destination: string }>(
        `update delivery set state = 'retracted', settled_at = clock_timestamp(), reason = 'expired', detail = 'it was held until it was too old to be said'
         from occurrence where occurrence.id = delivery.occurrence_id and delivery.state = 'held' and delivery.sent_revision = 0
           and clock_timestamp() > greatest(occurrence.until_at, delivery.created_at + ${HELD_FOR}) returning delivery.id, delivery.destination`,
      );
      if (rows.length === 0) return 0;
      await tx.query('update delivery_notification set says = false where delivery_id = any($1::uuid[])', [
        rows.map(({ id }) => id),
      ]);
      await tx.query(
        `update trouble set closed_at = clock_timestamp(), told = false where closed_at is null and ((kind = 'delivery' and about = any($1))
           or (kind = 'room' and about = any($2) and not exists (select 1 from delivery where delivery.destination = trouble.about and delivery.state = 'held')))`,
        [rows.map(({ id }) => id), rows.map(({ destination }) => destination)],
      );
      return rows.length;
    });
  }

  /** Which scopes of a channel rest, and for how long still: `account`, or `method:send`, `method:update`, `method:room`. */
  async paused(channel: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ scope: string; ms: number }>(
      `select scope, extract(epoch from paused_until - clock_timestamp()) * 1000 as ms from account where channel = $1 and paused_until > clock_timestamp()`,
      [channel],
    );
    return new Map(rows.map((row) => [row.scope, Math.ceil(row.ms)]));
  }

  /** Pauses a whole channel's account (or a method of it) for everybody. */
  async pauseAccount(channel: string, scope: string, forMs: number): Promise<void> {
    await this.database.query(
      `insert into account (channel, scope, tokens, filled_at, paused_until) values ($1, $2, 0, clock_timestamp(), clock_timestamp() + $3 * interval '1 millisecond')
       on conflict (channel, scope) do update set paused_until = greatest(account.paused_until, excluded.paused_until)`,
      [channel, scope, forMs],
    );
  }

  /**
   * Takes up to `wanted` calls from a channel's account, shared by all replicas. Returns how many were granted, and how long to wait where it was none.
   */
  async takeBudget(
    channel: string,
    limit: { requests: number; perSeconds: number },
    wanted: number,
  ): Promise<{ granted: number; waitMs: number }> {
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

  async returnBudget(channel: string, unused: number): Promise<void> {
    if (unused > 0)
      await this.database.query(
        `update account set tokens = tokens + $2 where channel = $1 and scope = 'account'`,
        [channel, unused],
      );
  }

  /** Deliveries made or settled since an instant, for a run's report. */
  async since(at: Instant): Promise<readonly Delivery[]> {
    return this.database.query<Delivery>(
      `select ${STORED} from delivery where created_at >= $1 or settled_at >= $1 or (state in ('pending', 'sending', 'retrying', 'unknown') and due_at < 'infinity') order by channel, destination`,
      [at],
    );
  }

  /** Counts of what is not settled yet. */
  async unsettled(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from delivery where state in ('pending', 'sending', 'retrying', 'unknown') and due_at < 'infinity'`,
    );
    return row?.count ?? 0;
  }

  /**
   * After a restore from a backup: what was not sent yet may have been since, also what was held. Remembers the moment, since whatever was
   * due before it may have been said too, though the backup knows nothing of it. Returns how many are asked for.
   */
  async distrustPending(): Promise<number> {
    return this.database.transaction(async (tx) => {
      await tx.query(
        'insert into restored (at) values (clock_timestamp()) on conflict (is_only) do update set at = excluded.at',
      );
      // A correction of what was sent edits in place: doing it twice shows it once.
      const rows = await tx.query(
        `update delivery set state = 'unknown', due_at = clock_timestamp(), doubted_since = ${SINCE_MADE}, settled_at = null, lease_until = null, lease_token = null
         where sent_revision = 0 and (state in ('pending', 'retrying', 'sending', 'held') or (state = 'unknown' and due_at < 'infinity')) returning id`,
      );
      return rows.length;
    });
  }

  /** It was asked for and is not there, or may be repeated. Throws where the lease is lost. */
  async believe(delivery: ClaimedDelivery): Promise<void> {
    const rows = await this.database.query(
      `update delivery set doubted_since = null where id = $1 and lease_token = $2 and state = 'sending' returning id`,
      [delivery.id, delivery.token],
    );
    if (rows.length === 0) throw new LeaseLostError(`the delivery ${delivery.id} is no longer ours`);
  }
}

async function releaseDestinations(
  tx: Transaction,
  channel: string,
  destinations: readonly string[],
  token: string,
  paceMs: number,
): Promise<void> {
  await tx.query(
    `update destination set lease_until = '-infinity', lease_token = null, free_at = clock_timestamp() + $4 * interval '1 millisecond'
     where channel = $1 and destination = any($2) and lease_token = $3`,
    [channel, destinations, token, paceMs],
  );
}

const hashed = (said: NewDelivery['message']): { readonly message: string; readonly hash: string } => {
  const message = JSON.stringify(said);
  return { message, hash: createHash('sha256').update(message).digest('base64url') };
};

/** The rows of a delivery and those that join it; as it was, to the letter, where all of them are there. Nobody else adds any until the transaction ends. */
async function joined(
  tx: Transaction,
  id: string,
  rows: readonly KeyedRow[],
): Promise<{ readonly message: string; readonly hash: string }> {
  const [there] = await tx.query<{ message: { rows: readonly KeyedRow[] }; message_hash: string }>(
    'select message, message_hash from delivery where id = $1 for update',
    [id],
  );
  const known = new Map((there?.message.rows ?? []).map((row) => [row.key, row]));
  const news = rows.filter((row) => !isDeepStrictEqual(known.get(row.key), row));
  if (there && news.length === 0) return { message: JSON.stringify(there.message), hash: there.message_hash };
  for (const row of news) known.set(row.key, row);
  return hashed({ rows: [...known.values()] });
}
