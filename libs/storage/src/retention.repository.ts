import { factBelongs, factKinds, type Instant } from '#domain';
import type { Database, Transaction } from './database.js';

/** What is removed, in the order in which it is: nothing before what stands on it. */
export type RemovedRows =
  | 'fact'
  | 'expected_day'
  | 'pull'
  | 'delivery'
  | 'notification'
  | 'decision'
  | 'evaluation'
  | 'forward_run'
  | 'occurrence'
  | 'trouble';

/** A run whose time is over, in the order in which they are looked at. */
export interface RunThatIsOver {
  readonly id: string;
  readonly nominal_at: Instant;
}

type Step = (tx: Transaction) => Promise<number>;

/** How long after it was announced facts are removed: whoever is deciding has decided by then. */
const ANNOUNCED_FOR = `interval '5 minutes'`;
/** How often it is moved. */
const MOVED_EVERY = `interval '1 hour'`;
/** A batch waits for no row that somebody holds for longer; it comes again. */
const PATIENCE = `set local lock_timeout = '2s'`;
/** Of how things stand every version that holds is needed, however long ago it began. */
const kindsThatEnd = factKinds.filter((kind) => factBelongs[kind] !== 'snapshot');

/**
 * Takes away what is over, a small batch in a transaction, by one process at a time: each method says how many rows it took, or undefined
 * where another process is at it. What was said and run leaves its key, so that nothing is ever said again.
 */
export class Retention {
  constructor(private readonly database: Database) {}

  /** Since when all facts are there; undefined where none was ever removed. */
  async factsSince(): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ at: Instant | null }>('select at from facts_horizon');
    return row?.at ?? undefined;
  }

  /**
   * Announces that facts older than `keepMs` are removed: nothing that begins before is decided any more. It never goes back.
   * Returns before which facts may be removed now, which was announced some minutes ago; undefined where none may.
   */
  async announce(keepMs: number): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ before: Instant | null }>(
      `with known as (select at, announced_at from facts_horizon),
       moved as (
         update facts_horizon set at = clock_timestamp() - $1 * interval '1 millisecond', announced_at = clock_timestamp()
         where at < clock_timestamp() - $1 * interval '1 millisecond' and announced_at < clock_timestamp() - ${MOVED_EVERY})
       select least(at, clock_timestamp() - $1 * interval '1 millisecond') as before from known
       where announced_at < clock_timestamp() - ${ANNOUNCED_FOR} and at > '-infinity'`,
      [keepMs],
    );
    return row?.before ?? undefined;
  }

  /** Versions that were superseded before, and all of what had ended by then. */
  async facts(before: Instant, limit: number): Promise<number | undefined> {
    return this.#alone(async (tx) => {
      const superseded = await tx.query(
        `delete from fact where id in (
           select id from fact where known_until < $1 and known_until < 'infinity' order by known_until limit $2) returning 1`,
        [before, limit],
      );
      if (superseded.length >= limit) return superseded.length;
      const ended = await tx.query(
        `with recursive source (name) as (
           select min(source) from fact
           union all select (select min(fact.source) from fact where fact.source > source.name) from source where source.name is not null),
         old as materialized (
           select fact.id from source cross join unnest($3::text[]) as kind(name)
           cross join lateral (
             select id from fact where fact.source = source.name and fact.kind = kind.name and starts < $1 and ends < $1 order by starts limit $2) fact
           limit $2)
         delete from fact where id in (select id from old) returning 1`,
        [before, limit - superseded.length, kindsThatEnd],
      );
      return superseded.length + ended.length;
    });
  }

  /** Expected hours of the days before. */
  async expectedDays(before: Instant, limit: number): Promise<number | undefined> {
    return this.#alone((tx) =>
      count(
        tx,
        `delete from expected_day where (person_id, day, known_since) in (
           select person_id, day, known_since from expected_day where day < ($1::timestamptz at time zone 'UTC')::date order by day limit $2) returning 1`,
        [before, limit],
      ),
    );
  }

  /** Reads that had ended before, and all of whose window lies before. The last complete one of each source stays, and what came after it. */
  async pulls(before: Instant, limit: number): Promise<number | undefined> {
    return this.#alone((tx) =>
      count(
        tx,
        `delete from pull where id in (
           select id from pull where state in ('complete', 'failed') and ended_at < $1 and coalesce(window_to, '-infinity') < $1
             and exists (select 1 from pull newer where newer.system = pull.system and newer.what = pull.what and newer.state = 'complete' and newer.ended_at > pull.ended_at)
           order by ended_at limit $2) returning 1`,
        [before, limit],
      ),
    );
  }

  /** Runs that were planned before and are over, after the one that was looked at last. */
  async runs(
    before: Instant,
    after: RunThatIsOver | undefined,
    limit: number,
  ): Promise<readonly RunThatIsOver[]> {
    return this.database.query<RunThatIsOver>(
      `select id, nominal_at from occurrence
       where nominal_at < $1 and until_at < $1 and state not in ('planned', 'held') and wake_at is null and lease_token is null
         and ($2::timestamptz is null or (nominal_at, id) > ($2::timestamptz, $3::uuid)) order by nominal_at, id limit $4`,
      [before, after?.nominal_at ?? null, after?.id ?? null, limit],
    );
  }

  /**
   * A part of what stands on a run that is over: what it said, then what it had decided, then itself. Of what it said that has changed
   * since `before`, or is a row of a table, all stays, with its ground.
   */
  async ofRun(
    run: RunThatIsOver,
    before: Instant,
    limit: number,
  ): Promise<ReadonlyMap<RemovedRows, number> | undefined> {
    const took = new Map<RemovedRows, number>();
    const done = await this.#alone(async (tx) => {
      for (const [what, step] of stepsOf(run.id, before, limit)) {
        const rows = await step(tx);
        if (rows > 0) took.set(what, rows);
        // One batch is enough for one transaction; and what stands on it comes first.
        if (rows > 0 || (what === 'delivery' && (await saysSomething(tx, run.id)))) break;
      }
      return took.size;
    });
    return done === undefined ? undefined : took;
  }

  /** What was said for no run, such as troubles that are over. */
  async ofNoRun(before: Instant, limit: number): Promise<number | undefined> {
    return this.#alone((tx) =>
      removeDeliveries(
        tx,
        `delivery.occurrence_id is null and delivery.created_at < $1
           and not (delivery.about = 'trouble' and exists (select 1 from trouble where trouble.closed_at is null and trouble.opened_at < $1))`,
        before,
        limit,
      ),
    );
  }

  /** Troubles that were over before, and told. */
  async troubles(before: Instant, limit: number): Promise<number | undefined> {
    return this.#alone((tx) =>
      count(
        tx,
        `delete from trouble where id in (select id from trouble where closed_at < $1 and told order by closed_at limit $2) returning 1`,
        [before, limit],
      ),
    );
  }

  async #alone(work: Step): Promise<number | undefined> {
    return this.database.transaction(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>(
        `select pg_try_advisory_xact_lock(hashtext('carillon.retention')) as mine`,
      );
      if (!lock?.mine) return undefined;
      await tx.query(PATIENCE);
      return work(tx);
    });
  }
}

const count = async (tx: Transaction, text: string, parameters: readonly unknown[]): Promise<number> =>
  (await tx.query(text, parameters)).length;

/** Whether anything is left that the run said. */
const saysSomething = async (tx: Transaction, run: string): Promise<boolean> =>
  (await tx.query('select 1 from delivery where occurrence_id = $1 limit 1', [run])).length > 0;

/** What to take of a run, in order. */
const stepsOf = (run: string, before: Instant, limit: number): readonly (readonly [RemovedRows, Step])[] => [
  ['delivery', (tx) => removeDeliveries(tx, 'delivery.occurrence_id = $3', before, limit, run)],
  [
    'notification',
    (tx) =>
      count(
        tx,
        `delete from notification where id in (
           select notification.id from evaluation join decision on decision.evaluation_id = evaluation.id join notification on notification.decision_id = decision.id
           where evaluation.occurrence_id = $1 and not exists (select 1 from delivery_notification said where said.notification_id = notification.id)
           limit $2) returning 1`,
        [run, limit],
      ),
  ],
  [
    'decision',
    (tx) =>
      count(
        tx,
        `delete from decision where id in (
           select decision.id from evaluation join decision on decision.evaluation_id = evaluation.id
           where evaluation.occurrence_id = $1 and not exists (select 1 from notification where notification.decision_id = decision.id)
           limit $2) returning 1`,
        [run, limit],
      ),
  ],
  [
    'evaluation',
    (tx) =>
      count(
        tx,
        `delete from evaluation where occurrence_id = $1 and not exists (select 1 from decision where decision.evaluation_id = evaluation.id) returning 1`,
        [run],
      ),
  ],
  [
    'forward_run',
    (tx) =>
      count(
        tx,
        `delete from forward_run where occurrence_id = $1 and not exists (select 1 from forward_row where forward_row.run_id = forward_run.id) returning 1`,
        [run],
      ),
  ],
  [
    'occurrence',
    (tx) =>
      count(
        tx,
        `with gone as (
           delete from occurrence where id = $1 and wake_at is null and lease_token is null
             and not exists (select 1 from evaluation where evaluation.occurrence_id = occurrence.id)
             and not exists (select 1 from forward_run where forward_run.occurrence_id = occurrence.id) returning id)
         insert into removed (id) select id from gone on conflict do nothing returning 1`,
        [run],
      ),
  ],
];

/** With attempts and what they said; their keys stay. Not what was settled since, is under way, or shows in a table. */
async function removeDeliveries(
  tx: Transaction,
  which: string,
  before: Instant,
  limit: number,
  run?: string,
): Promise<number> {
  const rows = await tx.query<{ id: string }>(
    `with gone as materialized (
       select delivery.id from delivery where ${which} and not delivery.is_open and not delivery.is_held and delivery.lease_token is null
         and coalesce(delivery.settled_at, delivery.created_at) < $1
         and not exists (select 1 from forward_row where forward_row.delivery_id = delivery.id)
       limit $2 for update of delivery skip locked),
     kept as (insert into removed (id) select id from gone on conflict do nothing)
     select id from gone`,
    [before, limit, ...(run === undefined ? [] : [run])],
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  for (const table of ['attempt', 'delivery_notification'])
    await tx.query(`delete from ${table} where delivery_id = any($1::uuid[])`, [ids]);
  await tx.query('delete from delivery where id = any($1::uuid[])', [ids]);
  return rows.length;
}
