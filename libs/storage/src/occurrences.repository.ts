import type { Instant, TimeWindow } from '#domain';
import type { Database, Sql, Transaction } from './database.js';
import { LeaseLostError } from './claimed-pull.js';

export type OccurrenceState = 'planned' | 'held' | 'done' | 'late' | 'skipped' | 'failed' | 'missed';

/** One planned run of a subscription's schedule. */
export interface NewOccurrence {
  readonly id: string;
  readonly subscription: string;
  readonly zone: string;
  /** The calendar by which it is shifted; empty where it is not. */
  readonly calendar: string;
  readonly nominalAt: Instant;
  readonly dueAt: Instant;
  /** Until when a held decision may still be said. */
  readonly untilAt: Instant;
  readonly manual: boolean;
  readonly traceparent?: string;
}

export interface Occurrence {
  readonly id: string;
  readonly subscription: string;
  readonly zone: string;
  readonly calendar: string;
  readonly nominal_at: Instant;
  readonly due_at: Instant;
  readonly until_at: Instant;
  readonly state: OccurrenceState;
  readonly wake_at: Instant | null;
  readonly attempts: number;
  readonly manual: boolean;
  /** By what was known when it was last looked at, to be decided or corrected; see `Decisions.decidingLooks` for the first times. */
  readonly decided_as_of: Instant | null;
  readonly detail: string | null;
  readonly traceparent: string | null;
  readonly created_at: Instant;
}

export interface ClaimedOccurrence extends Occurrence {
  readonly token: string;
}

const STORED =
  'id, subscription, zone, calendar, nominal_at, due_at, until_at, state, wake_at, attempts, manual, decided_as_of, detail, traceparent, created_at';
const LEASE = `interval '120 seconds'`;
/** What is looked at again within this time is under way; what waits for a pull, or for its time to run out, waits for much longer. */
const IN_A_MOMENT = `interval '10 seconds'`;
/** A period ends up to a month after the planned instant that it belongs to, and begins up to so long before it; with some room. */
const LONGEST_PERIOD_DAYS = 100;

/** What was said that may have become wrong. */
export interface Corrections {
  /** Planned at or after this: older ones are not corrected any more. */
  readonly since: Instant;
  /** Of these, each with how many days lie between its planned instants and the ends of its periods at the most; of all where it is absent. */
  readonly subscriptions?: readonly { readonly name: string; readonly reachDays: number }[];
  /** About periods that may overlap this; about any where it is absent. */
  readonly window?: TimeWindow | undefined;
}

/** The planned runs: rows before they happen. */
export class Occurrences {
  constructor(private readonly database: Database) {}

  /**
   * Plans all of these or none, so that a pull for them is asked for once; whoever inserts first wins. Returns those that are new. A manual
   * one wakes one that was planned or missed before. What was removed because its time was over has had its run.
   */
  async plan(occurrences: readonly NewOccurrence[]): Promise<readonly string[]> {
    if (occurrences.length === 0) return [];
    const rows = await this.database.query<{ id: string }>(
      `insert into occurrence (id, subscription, zone, calendar, nominal_at, due_at, until_at, state, wake_at, manual, traceparent)
       select id, subscription, zone, calendar, nominal_at, due_at, until_at, 'planned', due_at, manual, traceparent
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::boolean[], $9::text[])
         as new (id, subscription, zone, calendar, nominal_at, due_at, until_at, manual, traceparent)
       where not exists (select 1 from removed where removed.id = new.id)
       order by id
       on conflict (id) do update set manual = true, wake_at = clock_timestamp(), until_at = greatest(occurrence.until_at, excluded.until_at),
         state = case when occurrence.state = 'missed' then 'planned' else occurrence.state end
         where excluded.manual and occurrence.state in ('planned', 'held', 'missed')
       returning id`,
      [
        occurrences.map((one) => one.id),
        occurrences.map((one) => one.subscription),
        occurrences.map((one) => one.zone),
        occurrences.map((one) => one.calendar),
        occurrences.map((one) => one.nominalAt),
        occurrences.map((one) => one.dueAt),
        occurrences.map((one) => one.untilAt),
        occurrences.map((one) => one.manual),
        occurrences.map((one) => one.traceparent ?? null),
      ],
    );
    return rows.map((row) => row.id);
  }

  /** Has those looked at once more that have had their time, by hand. */
  async wake(ids: readonly string[]): Promise<void> {
    await this.database.query(
      `update occurrence set wake_at = clock_timestamp() where id = any($1::uuid[]) and state in ('done', 'late', 'failed') and decided_as_of is not null`,
      [ids],
    );
  }

  /** Of these, those that are there. */
  async known(ids: readonly string[]): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      'select id from occurrence where id = any($1::uuid[])',
      [ids],
    );
    return rows.map((row) => row.id);
  }

  /** Takes out what a subscription's schedule planned and does not plan any more, before it is due. */
  async forgetPlanned(subscription: string, stillPlanned: readonly string[]): Promise<void> {
    await this.database.query(
      `delete from occurrence where subscription = $1 and state = 'planned' and not manual and decided_as_of is null and lease_token is null
         and due_at > clock_timestamp() and not id = any($2::uuid[])`,
      [subscription, stillPlanned],
    );
  }

  async get(id: string): Promise<Occurrence | undefined> {
    const [row] = await this.database.query<Occurrence>(`select ${STORED} from occurrence where id = $1`, [
      id,
    ]);
    return row;
  }

  /** Those to look at now, that nobody attends to. */
  async awake(limit = 100): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select id from occurrence where (wake_at <= clock_timestamp() or lease_token is not null) and (lease_until is null or lease_until < clock_timestamp())
       order by wake_at limit $1`,
      [limit],
    );
    return rows.map((row) => row.id);
  }

  /** How many are to be looked at now or in a moment, or are being looked at. */
  async underway(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from occurrence where wake_at <= clock_timestamp() + ${IN_A_MOMENT} or lease_token is not null`,
    );
    return row?.count ?? 0;
  }

  /** Not yet decided, and due within the lead: what the collector pulls for. In one order, so that whoever asks asks for the same. */
  async undecided(leadMs: number): Promise<readonly Occurrence[]> {
    return this.database.query<Occurrence>(
      `select ${STORED} from occurrence where state in ('planned', 'held') and wake_at is not null
         and due_at <= clock_timestamp() + $1 * interval '1 millisecond' and until_at > clock_timestamp() order by due_at, id`,
      [leadMs],
    );
  }

  /**
   * Takes the lease of one that is to be looked at. Meanwhile it sleeps until the lease's end, so that whoever wakes it while it is looked at
   * is heard: what they know may have come too late for this look.
   */
  async claim(id: string, token: string): Promise<ClaimedOccurrence | undefined> {
    const [row] = await this.database.query<Occurrence>(
      `update occurrence set lease_token = $2, lease_until = clock_timestamp() + ${LEASE}, wake_at = clock_timestamp() + ${LEASE}
       where id = $1 and (wake_at <= clock_timestamp() or lease_token is not null) and (lease_until is null or lease_until < clock_timestamp())
       returning ${STORED}`,
      [id, token],
    );
    return row && { ...row, token };
  }

  /** Ends this look at the occurrence; in the transaction of its effect. Throws where the lease is lost. */
  async settle(
    tx: Transaction | Sql,
    occurrence: ClaimedOccurrence,
    to: {
      state: OccurrenceState;
      wakeAt: Instant | null;
      decidedAsOf?: Instant;
      detail?: string;
      failed?: boolean;
    },
  ): Promise<void> {
    const [row] = await tx.query(
      `update occurrence set state = $3, wake_at = case when wake_at <= clock_timestamp() then wake_at else $4 end, decided_as_of = coalesce($5, decided_as_of), detail = $6,
         attempts = case when $7 then attempts + 1 else 0 end, lease_token = null, lease_until = null
       where id = $1 and lease_token = $2 returning id`,
      [
        occurrence.id,
        occurrence.token,
        to.state,
        to.wakeAt,
        to.decidedAsOf ?? null,
        to.detail ?? null,
        to.failed ?? false,
      ],
    );
    if (!row) throw new LeaseLostError(`the occurrence ${occurrence.id} is no longer ours`);
  }

  /**
   * Wakes occurrences that may have to be decided again: always those held, those that are due and wait for facts or expected hours (or are
   * being looked at for the first time, and may be held for what has just been brought), and of those said the ones that `corrections` names,
   * if it is there. One that failed for a few has been said for the others.
   */
  async wakeAfterPull(
    corrections: Corrections | undefined,
    sql: Sql = this.database,
  ): Promise<readonly string[]> {
    const rows = await sql.query<{ id: string }>(
      // In one order, since two systems' pulls may end at once.
      `update occurrence set wake_at = clock_timestamp() where id in (
         select id from occurrence where (wake_at is null or wake_at > clock_timestamp())
           and (state = 'held' or (state = 'planned' and due_at <= clock_timestamp()) or (state in ('done', 'late', 'failed') and decided_as_of is not null and nominal_at >= $1
             and ($2::text[] is null or exists (select 1 from unnest($2::text[], $5::int[]) as one(name, reach) where one.name = subscription
               and ($3::timestamptz is null or nominal_at between $3::timestamptz - (reach + 1) * interval '1 day' and $4::timestamptz + (reach + 1) * interval '1 day')))
             and ($3::timestamptz is null or nominal_at between $3::timestamptz - interval '45 days' and $4::timestamptz + interval '${LONGEST_PERIOD_DAYS} days')))
         order by id for update) returning id`,
      [
        corrections?.since ?? 'infinity',
        corrections?.subscriptions?.map(({ name }) => name) ?? null,
        corrections?.window?.from ?? null,
        corrections?.window?.to ?? null,
        corrections?.subscriptions?.map(({ reachDays }) => reachDays) ?? null,
      ],
    );
    return rows.map((row) => row.id);
  }

  /** Those of one subscription, newest first. */
  async of(subscription: string, limit = 50): Promise<readonly Occurrence[]> {
    return this.database.query<Occurrence>(
      `select ${STORED} from occurrence where subscription = $1 order by nominal_at desc limit $2`,
      [subscription, limit],
    );
  }

  /** Of these, those that are not decided, or are to be looked at again now or in a moment: what waits for expected hours to be made is not settled. */
  async unsettled(ids: readonly string[]): Promise<readonly Occurrence[]> {
    return this.database.query<Occurrence>(
      `select ${STORED} from occurrence where id = any($1::uuid[]) and (state = 'planned' or lease_token is not null or wake_at <= clock_timestamp() + ${IN_A_MOMENT})`,
      [ids],
    );
  }

  /** Those of one subscription that were decided, or at least looked at, and whose planned instant lies in the window, in order. */
  async decidedIn(subscription: string, window: TimeWindow): Promise<readonly Occurrence[]> {
    return this.database.query<Occurrence>(
      `select ${STORED} from occurrence where subscription = $1 and nominal_at >= $2 and nominal_at < $3 and decided_as_of is not null
       order by nominal_at, zone`,
      [subscription, window.from, window.to],
    );
  }

  /** The nominal instant of the last one that was planned for this group. */
  async lastPlanned(subscription: string, zone: string, calendar: string): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ at: Instant | null }>(
      'select max(nominal_at) as at from occurrence where subscription = $1 and zone = $2 and calendar = $3 and not manual',
      [subscription, zone, calendar],
    );
    return row?.at ?? undefined;
  }

  /**
   * Gives up those that nobody came for: older ones of a schedule of which a newer one has come due too, and those that are later than
   * `lateByMs`.
   */
  async miss(lateByMs: number, sql: Sql = this.database): Promise<readonly Occurrence[]> {
    return sql.query<Occurrence>(
      `update occurrence set state = 'missed', wake_at = null, detail = 'nobody came for it in time'
       where state = 'planned' and not manual and (lease_until is null or lease_until < clock_timestamp()) and due_at < clock_timestamp()
         and (due_at < clock_timestamp() - $1 * interval '1 millisecond' or ${NEWER_IS_DUE}) returning ${STORED}`,
      [lateByMs],
    );
  }

  /** For a one-shot run: takes the newest of each schedule that came due and was not decided, however late, and gives up the older ones. */
  async takeNewestDue(): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `update occurrence set manual = true, state = 'planned', wake_at = clock_timestamp(), until_at = greatest(until_at, clock_timestamp() + (until_at - due_at))
       where due_at <= clock_timestamp() and decided_as_of is null and state in ('planned', 'held', 'missed') and not ${NEWER_IS_DUE} returning id`,
    );
    await this.miss(0);
    return rows.map((row) => row.id);
  }
}

const NEWER_IS_DUE = `exists (select 1 from occurrence newer where newer.subscription = occurrence.subscription and newer.zone = occurrence.zone
           and newer.calendar = occurrence.calendar and newer.nominal_at > occurrence.nominal_at and newer.due_at > occurrence.due_at
           and newer.due_at <= clock_timestamp())`;
