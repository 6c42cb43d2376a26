import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '#domain';
import type { Database, Sql, Transaction } from './database.js';
import type { Delivery, NewDelivery, SaidNotification, StoredAttempt } from './delivery.js';

interface KeyedRow {
  readonly key: string;
  readonly values: unknown;
}

const STORED = `delivery.id, subscription, occurrence_id, delivery.channel, delivery.destination, subject, about, target, message, revision, sent_revision, delivery.state,
  receipt, due_at, attempts, reason, detail, when_unknown, traceparent, created_at, settled_at, doubted_since`;
/** Somebody who joins the chat in their second month gets no digests of their first. */
const HELD_FOR = `interval '7 days'`;
/** What goes back to work: to be asked for, where an attempt's outcome is still unknown. */
const PENDING_OR_UNKNOWN = `case when doubted_since is not null or exists (select 1 from attempt where attempt.delivery_id = delivery.id and (attempt.outcome is null or attempt.outcome = 'unknown')) then 'unknown' else 'pending' end`;
/** Since when a delivery that a restored database knows may have been sent. */
const SINCE_MADE = `least(delivery.created_at, (select occurrence.due_at from occurrence where occurrence.id = delivery.occurrence_id))`;
/** Nobody looks at it any more, until there is something else to say. */
const DONE_WITH = `(state in ('sent', 'held', 'failed', 'retracted') or (state = 'unknown' and due_at = 'infinity'))`;
/** So many deliveries are made by one statement: some megabytes. */
const AT_ONCE = 500;
const RESTORED_AT = '(select restored.at from restored)';

/** What is said where, and what became of it. */
export class Deliveries {
  constructor(private readonly database: Database) {}

  /**
   * Says what nobody has said yet, hundreds at once, in the order of their ids, which all of them go by: a delivery that is there is left as it is, and so
   * is one that was removed since it was said. Returns the ids of the new ones. All are of one occurrence, so they are as old; see `say`.
   */
  async sayNew(
    tx: Transaction,
    occurrenceId: string,
    deliveries: readonly Omit<NewDelivery, 'occurrenceId' | 'begunAt'>[],
  ): Promise<ReadonlySet<string>> {
    const said = deliveries
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
      .map((delivery) => ({ ...delivery, ...hashed(delivery.message) }));
    const made = new Set<string>();
    for (let at = 0; at < said.length; at += AT_ONCE) {
      const some = said.slice(at, at + AT_ONCE);
      const pairs = some.flatMap(({ id, notifications }) =>
        notifications.map((notification) => ({ id, notification })),
      );
      const inserted = await tx.query<{ id: string }>(
        `with doubt as (select least(occurrence.due_at, clock_timestamp()) as since from occurrence where occurrence.id = $1 and occurrence.due_at < ${RESTORED_AT}),
         made as (
         insert into delivery (id, subscription, occurrence_id, channel, destination, subject, about, target, message, message_hash, state, due_at, when_unknown, traceparent, doubted_since)
         select said.id, said.subscription, $1, said.channel, said.destination, said.subject, said.about, said.target, said.message, said.message_hash,
           case when exists (select 1 from doubt) then 'unknown' else 'pending' end, clock_timestamp(), said.when_unknown, said.traceparent, (select since from doubt)
         from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::jsonb[], $9::jsonb[], $10::text[], $11::text[], $12::text[]) with ordinality
           as said(id, subscription, channel, destination, subject, about, target, message, message_hash, when_unknown, traceparent, place)
         where not exists (select 1 from removed where removed.id = said.id) order by said.place on conflict do nothing returning id),
         says as (
         insert into delivery_notification (delivery_id, notification_id)
         select pair.delivery, pair.notification from unnest($13::uuid[], $14::uuid[]) as pair(delivery, notification) join made on made.id = pair.delivery)
         select id from made`,
        [
          occurrenceId,
          some.map(({ id }) => id),
          some.map(({ subscription }) => subscription),
          some.map(({ channel }) => channel),
          some.map(({ destination }) => destination),
          some.map(({ subject }) => subject ?? null),
          some.map(({ about }) => about),
          some.map(({ target }) => JSON.stringify(target)),
          some.map(({ message }) => message),
          some.map(({ hash }) => hash),
          some.map(({ whenUnknown }) => whenUnknown),
          some.map(({ traceparent }) => traceparent ?? null),
          pairs.map(({ id }) => id),
          pairs.map(({ notification }) => notification),
        ],
      );
      for (const { id } of inserted) made.add(id);
    }
    return made;
  }

  /**
   * Says something, or corrects what was said: a delivery whose message is the same stays as it is; one whose message differs gets a new
   * revision, which the notifier edits in place. Records are never taken back: rows that are said to a delivery that is there join its own,
   * whoever said those. What was due before the database was restored from a backup may have been sent since the
   * backup, so it is asked for first. What was removed since it was said stays said. Returns whether there is something to send.
   */
  async say(tx: Transaction, delivery: NewDelivery): Promise<'new' | 'corrected' | 'same'> {
    const own = hashed(delivery.message);
    const [inserted] = await tx.query(
      `with doubt as (select least(begun.at, clock_timestamp()) as since
         from (select coalesce((select occurrence.due_at from occurrence where occurrence.id = $3), $13::timestamptz) as at) begun
         where begun.at < ${RESTORED_AT})
       insert into delivery (id, subscription, occurrence_id, channel, destination, subject, about, target, message, message_hash, state, due_at, when_unknown, traceparent, doubted_since)
       select $1::uuid, $2, $3::uuid, $4, $5, $6::uuid, $7, $8::jsonb, $9::jsonb, $10, case when exists (select 1 from doubt) then 'unknown' else 'pending' end, clock_timestamp(), $11, $12,
         (select since from doubt) where not exists (select 1 from removed where removed.id = $1) on conflict do nothing returning id`,
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
      `insert into delivery_notification (delivery_id, notification_id) select delivery.id, unnest($2::uuid[]) from delivery where delivery.id = $1
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

  /** What a subscription's runs until an instant have said and still say, the newest run's first, each with its rules. */
  async ongoing(
    subscription: string,
    until: Instant,
    sql: Sql = this.database,
  ): Promise<readonly (Delivery & { readonly rules: readonly string[] })[]> {
    return sql.query(
      `select stored.*, said.rules from (
         select ${STORED}, (select nominal_at from occurrence where occurrence.id = delivery.occurrence_id) as nominal_at from delivery
         where about = 'notification' and state not in ('retracted', 'failed')
           and occurrence_id in (select id from occurrence where occurrence.subscription = $1 and occurrence.nominal_at <= $2)) stored
       cross join lateral (
         select array_agg(distinct notification.rule) as rules from delivery_notification said join notification on notification.id = said.notification_id
         where said.delivery_id = stored.id and said.says) said
       where said.rules is not null order by stored.nominal_at desc, stored.id`,
      [subscription, until],
    );
  }

  /** What an earlier run has said is this run's from now on: the earlier one changes it no more. */
  async takeOver(tx: Transaction, id: string, occurrenceId: string): Promise<void> {
    await tx.query(
      'update delivery set occurrence_id = $2 where id = $1 and occurrence_id is distinct from $2',
      [id, occurrenceId],
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

  /** When the delivery of an id, or of an unambiguous beginning of it, was removed because its time was over; undefined where none was. */
  async removedAt(idOrPrefix: string): Promise<Instant | undefined> {
    const rows = await this.database.query<{ removed_at: Instant }>(
      `select removed_at from removed where starts_with(id::text, lower($1)) limit 2`,
      [idOrPrefix],
    );
    return rows.length === 1 ? rows[0]?.removed_at : undefined;
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

  async attempts(deliveryId: string): Promise<readonly StoredAttempt[]> {
    return this.database.query<StoredAttempt>(
      `select delivery_id, number, revision, began_at, ended_at, outcome, reason, code, detail, address, trace_id from attempt where delivery_id = $1 order by number`,
      [deliveryId],
    );
  }

  /** Puts held deliveries of a channel back to work, when what held them may have changed; all of them, or those held for one reason. */
  async releaseHeld(channel: string, reason?: string): Promise<number> {
    const rows = await this.database.query(
      `update delivery set state = ${PENDING_OR_UNKNOWN}, due_at = clock_timestamp(), settled_at = null
       where channel = $1 and is_held and ($2::text is null or reason = $2) returning id`,
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
         from occurrence where occurrence.id = delivery.occurrence_id and delivery.is_held and delivery.sent_revision = 0
           and clock_timestamp() > greatest(occurrence.until_at, delivery.created_at + ${HELD_FOR}) returning delivery.id, delivery.destination`,
      );
      if (rows.length === 0) return 0;
      await tx.query('update delivery_notification set says = false where delivery_id = any($1::uuid[])', [
        rows.map(({ id }) => id),
      ]);
      await tx.query(
        `update trouble set closed_at = clock_timestamp(), told = false where closed_at is null and ((kind = 'delivery' and about = any($1))
           or (kind = 'room' and about = any($2) and not exists (select 1 from delivery where delivery.is_held and delivery.destination = trouble.about)))`,
        [rows.map(({ id }) => id), rows.map(({ destination }) => destination)],
      );
      return rows.length;
    });
  }

  /** Deliveries made or settled since an instant, for a run's report. */
  async since(at: Instant): Promise<readonly Delivery[]> {
    return this.database.query<Delivery>(
      `select ${STORED} from delivery where created_at >= $1 or settled_at >= $1 or is_open order by channel, destination`,
      [at],
    );
  }

  /** Counts of what is not settled yet. */
  async unsettled(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from delivery where is_open`,
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
         where sent_revision = 0 and (is_open or is_held) returning id`,
      );
      return rows.length;
    });
  }
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
