import { randomUUID } from 'node:crypto';
import type { Instant } from '#domain';
import type { Database, Prepared, Sql, Transaction } from './database.js';
import type { Arrived, AttemptEnd, ClaimedDelivery, Delivery, StoredAttempt, Unarrived } from './delivery.js';
import { IS_DUE, IS_FREE, IS_LEFT, oldest, RESTS } from './due-deliveries.js';
import { LeaseLostError } from './claimed-pull.js';
import { Together } from './together.js';

interface Begin {
  readonly delivery: ClaimedDelivery;
  readonly address: { readonly id: string };
  readonly traceId: string | undefined;
}

interface Begun {
  readonly number: number;
  readonly beganAt: Instant;
}

const TAKEN = `delivery.id, delivery.subscription, delivery.channel, delivery.destination, delivery.subject, delivery.about, delivery.target, delivery.message, delivery.revision,
  delivery.sent_revision, delivery.receipt, delivery.attempts, delivery.reason, delivery.when_unknown, delivery.traceparent, delivery.doubted_since`;
/** Longer than any passage takes, so that whoever holds one is dead when it ends. */
const LEASE = `interval '90 seconds'`;
/** A sweep takes back no more at a time; the next one goes on. */
const LEFT_AT_ONCE = 1000;
/** Rows that share a statement, which names them by id and token: a token is set exactly while a row is in `sending`. */
const TOGETHER = 256;

const CLAIM: Prepared = {
  name: 'delivery-claims.claim',
  text: `with head as materialized (
         select due.id, due.destination, due.due_at, due.created_at, due.state from delivery due
         where due.channel = $1 and ${IS_DUE} and ${IS_FREE} and not ${RESTS}
         order by due.due_at ${oldest('$2::int')} for update of due skip locked),
       pick as materialized (select distinct on (destination) id, destination, state from head order by destination, due_at, created_at, id),
       held as (
         insert into destination as place (channel, destination, free_at, lease_until, lease_token)
         select $1, destination, '-infinity', clock_timestamp() + ${LEASE}, $3 from pick order by destination
         on conflict (channel, destination) do update set lease_until = excluded.lease_until, lease_token = excluded.lease_token
           where place.lease_until < clock_timestamp() and place.free_at <= clock_timestamp()
         returning destination)
       update delivery set state = 'sending', lease_until = clock_timestamp() + ${LEASE}, lease_token = $3
       -- Hashed, whatever the planner thinks of how many there are: a loop over both would compare each with each.
       from pick where delivery.id = pick.id and (pick.destination in (select destination from held)) is true returning ${TAKEN}, pick.state as was, extract(epoch from delivery.due_at)::float8 * 1000 as "dueMs"`,
};

const BEGIN: Prepared = {
  name: 'delivery-claims.begin',
  text: `insert into attempt (delivery_id, number, revision, address, trace_id)
       select mine.id, coalesce((select max(number) from attempt before where before.delivery_id = mine.id), 0) + 1, mine.held_revision, mine.address, mine.trace_id
       from (select delivery.id, incoming.revision as held_revision, incoming.address, incoming.trace_id
         from unnest($1::uuid[], $2::uuid[], $3::int[], $4::jsonb[], $5::text[]) as incoming(id, token, revision, address, trace_id)
         join delivery on delivery.id = incoming.id
         where delivery.lease_token = incoming.token and delivery.lease_until > clock_timestamp()) mine
       returning delivery_id, number, began_at`,
};

const ARRIVE: Prepared = {
  name: 'delivery-claims.arrive',
  text: `with incoming as materialized (select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::jsonb[], $5::int[], $6::float8[])
           as incoming(id, token, revision, receipt, attempt, pace_ms)),
       arrived as (
         update delivery set sent_revision = incoming.revision, receipt = incoming.receipt, doubted_since = null, reason = null, detail = null, attempts = 0,
           state = case when delivery.revision > incoming.revision then 'pending' else 'sent' end, due_at = clock_timestamp(),
           settled_at = case when delivery.revision > incoming.revision then null else clock_timestamp() end, lease_until = null, lease_token = null
         from incoming where delivery.id = incoming.id and delivery.lease_token = incoming.token
         returning delivery.id, delivery.channel, delivery.destination, incoming.token, incoming.attempt, incoming.pace_ms),
       ended as (
         update attempt set ended_at = clock_timestamp(), outcome = 'arrived', reason = null, code = null, detail = null
         from arrived where attempt.delivery_id = arrived.id and attempt.number = arrived.attempt),
       released as (
         update destination set lease_until = '-infinity', lease_token = null, free_at = clock_timestamp() + arrived.pace_ms * interval '1 millisecond'
         from arrived where destination.channel = arrived.channel and destination.destination = arrived.destination and destination.lease_token = arrived.token),
       over as (
         update trouble set closed_at = clock_timestamp(), told = false from arrived
         where trouble.closed_at is null and ((trouble.kind = 'delivery' and trouble.about = arrived.id::text) or (trouble.kind = 'room' and trouble.about = arrived.destination)))
       select id from arrived`,
};

/** What processes hold of what is to be sent: every delivery on its way has one holder, who alone may say what became of it. */
export class DeliveryClaims {
  readonly #begins: Together<Begin, Begun | undefined>;
  readonly #arrivals: Together<{ readonly delivery: ClaimedDelivery; readonly arrived: Arrived }, boolean>;

  constructor(private readonly database: Database) {
    this.#begins = new Together((all) => this.#beginAll(all), TOGETHER);
    this.#arrivals = new Together((all) => this.#arriveAll(all), TOGETHER);
  }

  /**
   * Takes deliveries that are due, the oldest first and at most one per destination, each with the lease of its destination: nobody else
   * writes there meanwhile, and a destination that has to wait keeps nobody else waiting. What another process is just taking is passed over,
   * and nothing is taken while the channel's account rests.
   *
   * @param account whose budget it is, where that is not the channel's own
   */
  async claim(channel: string, limit: number, account = channel): Promise<readonly ClaimedDelivery[]> {
    const token = randomUUID();
    const rows = await this.database.query<Omit<ClaimedDelivery, 'token'>>(CLAIM, [
      channel,
      limit,
      token,
      account,
    ]);
    return rows.map((row) => ({ ...row, token }));
  }

  /**
   * Notes that an attempt begins, before anything leaves us: what is found begun and not ended after a kill is `unknown`. Throws where the
   * lease is lost. Those who begin at the same time share a statement.
   */
  async begin(
    delivery: ClaimedDelivery,
    address: { readonly id: string },
    traceId: string | undefined,
  ): Promise<Begun> {
    const begun = await this.#begins.do({ delivery, address, traceId });
    if (!begun) throw lost(delivery);
    return begun;
  }

  async #beginAll(all: readonly Begin[]): Promise<readonly (Begun | undefined)[]> {
    const rows = await this.database.query<{ delivery_id: string; number: number; began_at: Instant }>(
      BEGIN,
      [
        all.map(({ delivery }) => delivery.id),
        all.map(({ delivery }) => delivery.token),
        all.map(({ delivery }) => delivery.revision),
        all.map(({ address }) => JSON.stringify(address)),
        all.map(({ traceId }) => traceId ?? null),
      ],
    );
    const begun = new Map(
      rows.map((row) => [row.delivery_id, { number: row.number, beganAt: row.began_at }]),
    );
    return all.map(({ delivery }) => begun.get(delivery.id));
  }

  /** The attempt whose outcome has to be asked for. */
  async openAttempt(deliveryId: string): Promise<StoredAttempt | undefined> {
    const [attempt] = await this.database.query<StoredAttempt>(
      `select delivery_id, number, revision, began_at, ended_at, outcome, reason, code, detail, address, trace_id from attempt
       where delivery_id = $1 and (outcome is null or outcome = 'unknown') order by number desc limit 1`,
      [deliveryId],
    );
    return attempt;
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
    if (rows.length === 0) throw lost(delivery);
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
    if (rows.length === 0) throw lost(delivery);
  }

  /** It was asked for and is not there, or may be repeated. Throws where the lease is lost. */
  async believe(delivery: ClaimedDelivery): Promise<void> {
    const rows = await this.database.query(
      `update delivery set doubted_since = null where id = $1 and lease_token = $2 and state = 'sending' returning id`,
      [delivery.id, delivery.token],
    );
    if (rows.length === 0) throw lost(delivery);
  }

  /**
   * It arrived, and whatever was wrong with it or with its room is over. Where a newer revision was decided meanwhile, that is sent next.
   * Those that arrive at the same time share a statement. Throws where the lease is lost.
   */
  async arrived(delivery: ClaimedDelivery, arrived: Arrived): Promise<void> {
    if (!(await this.#arrivals.do({ delivery, arrived }))) throw lost(delivery);
  }

  async #arriveAll(
    all: readonly { readonly delivery: ClaimedDelivery; readonly arrived: Arrived }[],
  ): Promise<readonly boolean[]> {
    const rows = await this.database.query<{ id: string }>(ARRIVE, [
      all.map(({ delivery }) => delivery.id),
      all.map(({ delivery }) => delivery.token),
      all.map(({ arrived }) => arrived.revision),
      all.map(({ arrived }) => JSON.stringify(arrived.receipt)),
      all.map(({ arrived }) => arrived.attempt ?? null),
      all.map(({ arrived }) => arrived.paceMs),
    ]);
    const ours = new Set(rows.map(({ id }) => id));
    return all.map(({ delivery }) => ours.has(delivery.id));
  }

  /** As `arrived`, where something else has to be noted with it or not at all: troubles stay as they are. */
  async arrivedWith(
    delivery: ClaimedDelivery,
    arrived: Arrived,
    also: (tx: Sql) => Promise<unknown>,
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

  /** Ends this process' hold on a delivery that did not arrive. `also` is done with it or not at all. Throws where the lease is lost. */
  async settle(
    delivery: ClaimedDelivery,
    to: Unarrived,
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
      if (rows.length === 0) throw lost(delivery);
      await tx.query(
        `update destination set lease_until = '-infinity', lease_token = null, free_at = clock_timestamp() + $4 * interval '1 millisecond'
         where channel = $1 and destination = $2 and lease_token = $3`,
        [delivery.channel, delivery.destination, delivery.token, paceMs],
      );
      await also?.(tx);
    });
  }

  /** Gives back what was not begun: as if it had never been claimed. What is no longer ours stays as it is. */
  async release(deliveries: readonly ClaimedDelivery[]): Promise<void> {
    await this.database.query(
      `with released as (
         update delivery set state = incoming.was, lease_until = null, lease_token = null
         from unnest($1::uuid[], $2::uuid[], $3::text[]) as incoming(id, token, was)
         where delivery.id = incoming.id and delivery.lease_token = incoming.token
         returning delivery.channel, delivery.destination, incoming.token)
       update destination set lease_until = '-infinity', lease_token = null from released
       where destination.channel = released.channel and destination.destination = released.destination and destination.lease_token = released.token`,
      [
        deliveries.map(({ id }) => id),
        deliveries.map(({ token }) => token),
        deliveries.map(({ was }) => was),
      ],
    );
  }

  /**
   * Deliveries whose holder is gone: with an attempt begun the outcome is unknown and the attempt is spent, else nothing has happened.
   * Returns the channels to ring.
   */
  async sweep(): Promise<readonly string[]> {
    const rows = await this.database.query<{ channel: string }>(
      `with abandoned as materialized (
         select id from delivery where is_open and ${IS_LEFT} order by channel, due_at ${oldest(String(LEFT_AT_ONCE))} for update skip locked)
       update delivery set lease_until = null, lease_token = null, due_at = clock_timestamp(),
         attempts = attempts + (select count(*) from attempt where attempt.delivery_id = delivery.id and attempt.outcome is null),
         state = case when doubted_since is not null or exists (select 1 from attempt where attempt.delivery_id = delivery.id and (attempt.outcome is null or attempt.outcome = 'unknown'))
                 then 'unknown' when attempts > 0 then 'retrying' else 'pending' end
       from abandoned where delivery.id = abandoned.id returning channel`,
    );
    const due = await this.database.query<{ channel: string }>(
      // Channel by channel, no further than to the first that is due: the backlog may be long.
      `with recursive open (channel) as (
         select min(channel) from delivery where is_open
         union all select (select min(delivery.channel) from delivery where is_open and delivery.channel > open.channel) from open where open.channel is not null)
       select open.channel from open where exists (
         select 1 from delivery due where due.channel = open.channel and ${IS_DUE} and ${IS_FREE})`,
    );
    return [...new Set([...rows, ...due].map((row) => row.channel))];
  }
}

const lost = (delivery: Pick<Delivery, 'id'>): LeaseLostError =>
  new LeaseLostError(`the delivery ${delivery.id} is no longer ours`);
