import { hash } from 'node:crypto';
import { factBelongs, type DateRange, type FactKind, type Instant, type TimeWindow } from '#domain';
import type { Database, Sql, Transaction } from './database.js';
import type { DeliveryState } from './delivery.js';
import type { StoredFact } from './facts.repository.js';

/** A record as it was known, and whom it is about. */
export interface ForwardedFact extends Pick<
  StoredFact,
  'key' | 'subject' | 'starts' | 'ends' | 'amount' | 'attributes'
> {
  readonly person_id: string | null;
}

/** A row that is to be in the table. */
export interface NewRow {
  readonly deliveryId: string;
  readonly key: string;
  readonly factKey: string;
  readonly personId: string | undefined;
  readonly destination: string;
  readonly row: unknown;
}

export interface RejectedRecord {
  readonly factKey: string;
  readonly key?: string;
  readonly why: string;
}

/** What one look of an occurrence found: all its records, each a row or rejected. */
export interface NewForwardRun {
  readonly id: string;
  readonly forward: string;
  readonly occurrenceId: string;
  readonly asOf: Instant;
  readonly period: DateRange;
  readonly source: string;
  readonly kind: FactKind;
  readonly target: Readonly<Record<string, unknown>>;
  readonly channel: string;
  readonly traceparent: string | undefined;
  readonly rows: readonly NewRow[];
  readonly rejected: readonly RejectedRecord[];
}

export type RowChange = 'created' | 'updated' | 'unchanged';

/** `read = created + updated + unchanged + rejected`; `vanished` stands beside them. */
export interface ForwardCounts {
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly vanished: number;
}

export interface StoredForwardRun extends ForwardCounts {
  readonly id: string;
  readonly forward: string;
  readonly occurrence_id: string;
  readonly as_of: Instant;
  readonly period_from: string;
  readonly period_to: string;
  readonly created_at: Instant;
}

/** Where a row came from, and what its last run made of it. */
export interface StoredForwardRow {
  readonly delivery_id: string;
  readonly forward: string;
  readonly key: string;
  readonly period_from: string;
  readonly period_to: string;
  readonly source: string;
  readonly kind: FactKind;
  readonly fact_key: string;
  readonly person_id: string | null;
  readonly run_id: string;
  readonly change: RowChange;
  readonly vanished: boolean;
}

/** A record that is not in the table, or a row that nothing stands for, with its reason. */
export interface ListedRecord {
  readonly factKey: string;
  readonly key: string | null;
  readonly why: string;
  readonly deliveryId: string | null;
}

/** A run as it stands by now: what the table's own system refused is rejected, too. */
export interface SettledForwardRun {
  readonly run: StoredForwardRun;
  readonly counts: ForwardCounts;
  /** Rows that are still on their way, or held: counted as what they will be. */
  readonly pending: number;
  readonly held: number;
  readonly rejected: readonly ListedRecord[];
  readonly vanished: readonly ListedRecord[];
}

interface Known {
  readonly id: string;
  readonly message_hash: string;
  readonly state: DeliveryState;
  readonly revision: number;
  readonly sent_revision: number;
  readonly period_from: string | null;
}

const RUN = `id, forward, occurrence_id, as_of, period_from::text, period_to::text, read, created, updated, unchanged, rejected, vanished, created_at`;
/** Rows that are written by one statement. */
const AT_ONCE = 1000;
/** Whether a fact belongs to the window from $3 to $4; what tells of a whole period, by the period's middle. */
const BELONGS: Readonly<Record<string, string>> = {
  'by-start': 'starts >= $3 and starts < $4',
  'by-overlap': 'starts < $4 and ends > $3',
  'by-period': 'starts + (ends - starts) / 2 >= $3 and starts + (ends - starts) / 2 < $4',
  snapshot: '$3::timestamptz is not null and $4::timestamptz is not null',
};
/** Nobody looks at it any more, until there is something else to write. */
const DONE_WITH = `(state in ('sent', 'held', 'failed', 'retracted') or (state = 'unknown' and due_at = 'infinity'))`;

/** The facts of a window, as a complete pull of it has them, with the person whom each is about. */
export async function forwardedFacts(
  sql: Sql,
  source: string,
  kind: FactKind,
  window: TimeWindow,
  asOf: Instant,
): Promise<readonly ForwardedFact[]> {
  const belongs = BELONGS[factBelongs[kind]] ?? '';
  return sql.query<ForwardedFact>(
    `select fact.key, fact.subject, fact.starts, fact.ends, fact.amount, fact.attributes, link.person_id from fact
     left join identity_link link on link.system = fact.source and link.external_id = fact.subject and link.known_since <= $5 and link.known_until > $5
     where fact.source = $1 and fact.kind = $2 and ${belongs} and fact.known_since <= $5 and fact.known_until > $5 order by fact.key`,
    [source, kind, window.from, window.to, asOf],
  );
}

/** What forwards have read and written. The rules service is the only writer. */
export class Forwards {
  constructor(private readonly database: Database) {}

  /**
   * Keeps a run: a delivery for each row that is new or says something else by now, the rest left alone. What failed before is tried again.
   * Where the occurrence found exactly this before, that run stands and nothing is written. Returns its counts.
   */
  async keep(tx: Transaction, run: NewForwardRun): Promise<ForwardCounts> {
    // Two runs of one forward would find the same rows new.
    await tx.query(`select pg_advisory_xact_lock(hashtext('carillon.forward.' || $1))`, [run.forward]);
    const known = await this.#known(tx, run.rows);
    const rejected = [...run.rejected];
    const rows: (NewRow & { readonly change: RowChange; readonly message: string; readonly hash: string })[] =
      [];
    for (const row of run.rows) {
      const message = JSON.stringify({ rows: [row.row] });
      const hashed = hash('sha256', message, 'base64url');
      const there = known.get(row.deliveryId);
      if (there?.period_from && there.period_from > run.period.from)
        rejected.push({ factKey: row.factKey, key: row.key, why: 'a later period has this row by now' });
      else rows.push({ ...row, change: changeOf(there, hashed), message, hash: hashed });
    }
    const count = (change: RowChange): number => rows.filter((row) => row.change === change).length;
    const vanished = await this.#vanish(tx, run, rows, rejected);
    const counts = {
      read: rows.length + rejected.length,
      created: count('created'),
      updated: count('updated'),
      unchanged: count('unchanged'),
      rejected: rejected.length,
      vanished: vanished.now,
    };
    const before = await this.newestOf(run.occurrenceId, tx);
    const isAsBefore =
      before &&
      counts.created + counts.updated + vanished.new === 0 &&
      before.read === counts.read &&
      before.rejected === counts.rejected &&
      before.vanished === counts.vanished;
    if (isAsBefore) return counts;
    await tx.query(
      `insert into forward_run (id, forward, occurrence_id, as_of, period_from, period_to, read, created, updated, unchanged, rejected, vanished)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        run.id,
        run.forward,
        run.occurrenceId,
        run.asOf,
        run.period.from,
        run.period.to,
        counts.read,
        counts.created,
        counts.updated,
        counts.unchanged,
        counts.rejected,
        counts.vanished,
      ],
    );
    for (let begin = 0; begin < rows.length; begin += AT_ONCE) {
      const some = rows.slice(begin, begin + AT_ONCE);
      await this.#write(
        tx,
        run,
        some.filter(({ change }) => change !== 'unchanged'),
      );
      await this.#note(tx, run, some);
    }
    if (rejected.length > 0)
      await tx.query(
        `insert into forward_rejection (run_id, fact_key, key, why) select $1, * from unnest($2::text[], $3::text[], $4::text[])`,
        [
          run.id,
          rejected.map(({ factKey }) => factKey),
          rejected.map(({ key }) => key ?? null),
          rejected.map(({ why }) => why),
        ],
      );
    return counts;
  }

  async #known(tx: Sql, rows: readonly NewRow[]): Promise<ReadonlyMap<string, Known>> {
    const known = await tx.query<Known>(
      `select delivery.id, message_hash, state, revision, sent_revision, forward_row.period_from::text from delivery
       left join forward_row on forward_row.delivery_id = delivery.id where delivery.id = any($1::uuid[])`,
      [rows.map(({ deliveryId }) => deliveryId)],
    );
    return new Map(known.map((one) => [one.id, one]));
  }

  /** Rows of the period that no record stands for any more are said to have vanished, and stay in the table. */
  async #vanish(
    tx: Transaction,
    { forward, period }: NewForwardRun,
    rows: readonly NewRow[],
    rejected: readonly RejectedRecord[],
  ): Promise<{ readonly now: number; readonly new: number }> {
    const [counts] = await tx.query<{ now: number; new: number }>(
      `with gone as (
         select delivery_id, vanished from forward_row where forward = $1 and period_from = $2 and period_to = $3
           and not delivery_id = any($4::uuid[]) and not fact_key = any($5::text[]) and not key = any($6::text[])),
       marked as (update forward_row set vanished = true from gone where forward_row.delivery_id = gone.delivery_id and not gone.vanished returning 1)
       select (select count(*) from gone)::int as now, (select count(*) from marked)::int as new`,
      [
        forward,
        period.from,
        period.to,
        rows.map(({ deliveryId }) => deliveryId),
        rejected.map(({ factKey }) => factKey),
        rejected.flatMap(({ key }) => key ?? []),
      ],
    );
    return counts ?? { now: 0, new: 0 };
  }

  /** New rows become deliveries; changed ones get a new revision, which goes to the row that is there. */
  async #write(
    tx: Transaction,
    run: NewForwardRun,
    rows: readonly (NewRow & { readonly message: string; readonly hash: string })[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(
      `with incoming as materialized (select * from unnest($6::uuid[], $7::text[], $8::uuid[], $9::jsonb[], $10::text[])
         as incoming(id, destination, subject, message, hash)),
       corrected as (
         update delivery set message = incoming.message, message_hash = incoming.hash, target = $4::jsonb,
           revision = case when delivery.message_hash = incoming.hash then delivery.revision else delivery.revision + 1 end,
           state = case when not ${DONE_WITH} and state <> 'retrying' then state
             when exists (select 1 from attempt where attempt.delivery_id = delivery.id and (attempt.outcome is null or attempt.outcome = 'unknown')) then 'unknown'
             else 'pending' end,
           due_at = case when ${DONE_WITH} then clock_timestamp() else due_at end,
           attempts = case when ${DONE_WITH} then 0 else attempts end,
           settled_at = case when ${DONE_WITH} then null else settled_at end
         from incoming where delivery.id = incoming.id)
       insert into delivery (id, subscription, occurrence_id, channel, destination, subject, about, target, message, message_hash, state, due_at, when_unknown, traceparent)
       select id, $1, $2, $3, destination, subject, 'record', $4::jsonb, message, hash, 'pending', clock_timestamp(), 'leave', $5 from incoming
       on conflict do nothing`,
      [
        run.forward,
        run.occurrenceId,
        run.channel,
        JSON.stringify(run.target),
        run.traceparent ?? null,
        rows.map(({ deliveryId }) => deliveryId),
        rows.map(({ destination }) => destination),
        rows.map(({ personId }) => personId ?? null),
        rows.map(({ message }) => message),
        rows.map((row) => row.hash),
      ],
    );
  }

  async #note(
    tx: Transaction,
    run: NewForwardRun,
    rows: readonly (NewRow & { readonly change: RowChange })[],
  ): Promise<void> {
    await tx.query(
      `insert into forward_row (delivery_id, forward, key, period_from, period_to, source, kind, fact_key, person_id, run_id, change)
       select delivery_id, $1, key, $2, $3, $4, $5, fact_key, person_id, $6, change
       from unnest($7::uuid[], $8::text[], $9::text[], $10::uuid[], $11::text[]) as incoming(delivery_id, key, fact_key, person_id, change)
       on conflict (delivery_id) do update set period_from = excluded.period_from, period_to = excluded.period_to, source = excluded.source, kind = excluded.kind,
         fact_key = excluded.fact_key, person_id = excluded.person_id, run_id = excluded.run_id, change = excluded.change, vanished = false`,
      [
        run.forward,
        run.period.from,
        run.period.to,
        run.source,
        run.kind,
        run.id,
        rows.map(({ deliveryId }) => deliveryId),
        rows.map(({ key }) => key),
        rows.map(({ factKey }) => factKey),
        rows.map(({ personId }) => personId ?? null),
        rows.map(({ change }) => change),
      ],
    );
  }

  /** What an occurrence last found; undefined while it has found nothing. */
  async newestOf(occurrenceId: string, sql: Sql = this.database): Promise<StoredForwardRun | undefined> {
    const [run] = await sql.query<StoredForwardRun>(
      `select ${RUN} from forward_run where occurrence_id = $1 order by created_at desc limit 1`,
      [occurrenceId],
    );
    return run;
  }

  /** Whether a later occurrence has found what the period holds: then only that one is corrected. */
  async isOvertaken(forward: string, period: DateRange, nominal: Instant): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from forward_run join occurrence on occurrence.id = forward_run.occurrence_id
       where forward_run.forward = $1 and period_from = $2 and period_to = $3 and occurrence.nominal_at > $4 limit 1`,
      [forward, period.from, period.to, nominal],
    );
    return rows.length > 0;
  }

  /** The newest run of a forward; undefined where there was none. */
  async newest(forward: string): Promise<StoredForwardRun | undefined> {
    const [run] = await this.database.query<StoredForwardRun>(
      `select ${RUN} from forward_run where forward = $1 order by created_at desc limit 1`,
      [forward],
    );
    return run;
  }

  /** A run with what became of its rows since: what the table's system refused is rejected with its reason. */
  async settled(run: StoredForwardRun): Promise<SettledForwardRun> {
    const [changes, rejected, refused, vanished] = await Promise.all([
      this.database.query<{ change: RowChange; state: DeliveryState; count: number }>(
        `select forward_row.change, delivery.state, count(*)::int as count from forward_row join delivery on delivery.id = forward_row.delivery_id
         where forward_row.run_id = $1 group by 1, 2`,
        [run.id],
      ),
      this.database.query<ListedRecord>(
        `select fact_key as "factKey", key, why, null as "deliveryId" from forward_rejection where run_id = $1 order by fact_key`,
        [run.id],
      ),
      this.database.query<ListedRecord>(
        `select forward_row.fact_key as "factKey", forward_row.key, coalesce(delivery.detail, delivery.reason, 'refused') as why, delivery.id as "deliveryId"
         from forward_row join delivery on delivery.id = forward_row.delivery_id
         where forward_row.run_id = $1 and delivery.state = 'failed' order by forward_row.key`,
        [run.id],
      ),
      this.database.query<ListedRecord>(
        `select fact_key as "factKey", key, 'it is in the table, and the source has no record of it any more' as why, delivery_id as "deliveryId"
         from forward_row where forward = $1 and period_from = $2 and period_to = $3 and vanished order by key`,
        [run.forward, run.period_from, run.period_to],
      ),
    ]);
    const count = (change: RowChange | undefined, ...states: readonly DeliveryState[]): number =>
      changes
        .filter((one) => change === undefined || one.change === change)
        .filter((one) => states.includes(one.state))
        .reduce((sum, one) => sum + one.count, 0);
    const failed = (change: RowChange): number => count(change, 'failed');
    return {
      run,
      counts: {
        read: run.read,
        created: run.created - failed('created'),
        updated: run.updated - failed('updated'),
        unchanged: run.unchanged - failed('unchanged'),
        rejected: run.rejected + refused.length,
        vanished: run.vanished,
      },
      pending: count(undefined, 'pending', 'sending', 'retrying', 'unknown'),
      held: count(undefined, 'held'),
      rejected: [...rejected, ...refused],
      vanished,
    };
  }

  /** Where the row of a delivery came from; undefined where it is no forward's. */
  async rowOf(deliveryId: string): Promise<StoredForwardRow | undefined> {
    const [row] = await this.database.query<StoredForwardRow>(
      `select delivery_id, forward, key, period_from::text, period_to::text, source, kind, fact_key, person_id, run_id, change, vanished
       from forward_row where delivery_id = $1`,
      [deliveryId],
    );
    return row;
  }

  /** All versions of the record that a row is made of, oldest first. */
  async recordOf({ source, kind, fact_key }: StoredForwardRow): Promise<readonly StoredFact[]> {
    return this.database.query<StoredFact>(
      `select source, kind, key, subject, starts, ends, amount, attributes, known_since, pull_id from fact
       where source = $1 and kind = $2 and key = $3 order by known_since`,
      [source, kind, fact_key],
    );
  }
}

/** What was never written is new, whatever became of it; what is to be written again, since it failed, is what it was. */
function changeOf(known: Known | undefined, hashed: string): RowChange {
  if (!known || known.sent_revision === 0) return 'created';
  const isThere = known.message_hash === hashed && known.sent_revision === known.revision;
  return isThere && known.state === 'sent' ? 'unchanged' : 'updated';
}
