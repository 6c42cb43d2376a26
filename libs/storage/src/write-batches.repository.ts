import type { Instant } from '#domain';
import type { Database } from './database.js';

/** A call that adds rows, exactly as it is made: the rows of these deliveries, in this order. */
export interface WriteBatch {
  /** A UUID, by which the vendor tells its repetition. */
  readonly id: string;
  readonly channel: string;
  readonly address: { readonly id: string };
  readonly deliveries: readonly string[];
  readonly rows: readonly unknown[];
}

export interface StoredWriteBatch extends WriteBatch {
  readonly began_at: Instant;
  /** How long ago it began, by Postgres' clock. */
  readonly ageMs: number;
}

/** They are repeated within the hour, and looked at by whoever wonders what happened today. */
const KEPT_FOR = `interval '2 days'`;

/** Calls that add rows to tables: kept before they are made, so that whoever does not know the outcome makes the very same call again. */
export class WriteBatches {
  constructor(private readonly database: Database) {}

  async keep({ id, channel, address, deliveries, rows }: WriteBatch): Promise<void> {
    await this.database.query(
      `with old as (delete from write_batch where began_at < clock_timestamp() - ${KEPT_FOR})
       insert into write_batch (id, channel, address, deliveries, rows) values ($1, $2, $3::jsonb, $4::uuid[], $5::jsonb)`,
      [id, channel, JSON.stringify(address), deliveries, JSON.stringify(rows)],
    );
  }

  /** The last call that was to add a delivery's row since an attempt began, and may be repeated still. */
  async of(deliveryId: string, since: Instant): Promise<StoredWriteBatch | undefined> {
    const [batch] = await this.database.query<StoredWriteBatch>(
      `select id, channel, address, deliveries, rows, began_at, extract(epoch from clock_timestamp() - began_at)::float8 * 1000 as "ageMs" from write_batch
       where deliveries @> array[$1::uuid] and began_at >= $2 and closed_at is null order by began_at desc limit 1`,
      [deliveryId, since],
    );
    return batch;
  }

  /** The calls that were to add rows of a forward's run, and how many rows they had. */
  async ofRun(runId: string): Promise<{ readonly calls: number; readonly rows: number }> {
    const [counts] = await this.database.query<{ calls: number; rows: number }>(
      `select count(*)::int as calls, coalesce(sum(cardinality(deliveries)), 0)::int as rows from write_batch
       where id in (select batch.id from forward_row join write_batch batch on batch.deliveries @> array[forward_row.delivery_id]
         join forward_run on forward_run.id = forward_row.run_id and batch.began_at >= forward_run.created_at where forward_row.run_id = $1)`,
      [runId],
    );
    return counts ?? { calls: 0, rows: 0 };
  }

  /** It is not repeated any more. */
  async close(id: string): Promise<void> {
    await this.database.query(
      'update write_batch set closed_at = coalesce(closed_at, clock_timestamp()) where id = $1',
      [id],
    );
  }
}
