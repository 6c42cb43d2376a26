import { createHash } from 'node:crypto';
import {
  nextDay,
  type DateRange,
  type ExpectedDay,
  type ExpectationStep,
  type Instant,
  type LocalDate,
} from '#domain';
import type { Database, Sql, Transaction } from './database.js';

/** One person's day as kept: what was expected, and the holiday that the sources miss. */
export interface KeptDay {
  readonly person: string;
  readonly expected: ExpectedDay;
  /** The public holiday that the calendar has on this working day while no source knows of it, nor of any leave. */
  readonly missingHoliday: string | undefined;
}

/** Sums over a range of days. */
export interface ExpectedSums {
  readonly hours: number;
  readonly contractHours: number;
  readonly holidayDays: number;
  readonly leaveDays: number;
  readonly missingHolidays: number;
}

/** What one person's days were made from, and which days those were. */
export interface ExpectedGround {
  /** A hash of all that they were made from. */
  readonly ground: string;
  readonly dates: DateRange;
}

/** One person's days as they are to be kept from now on: those that are to be looked at, whether they differ or not. */
export interface PersonDays extends ExpectedGround {
  readonly person: string;
  readonly days: readonly KeptDay[];
}

/** Done in the transaction that writes days: `corrected` is the hull of those that said something else before, if there are any. */
export type AlongDays = (tx: Transaction, corrected: DateRange | undefined) => Promise<void>;

/** How long it is kept from what days were made: decisions go back as far where a source was left half read. */
const RUNS_DAYS = 60;

/**
 * Expected hours as rows, so that SQL can sum them and `explain` can read their steps. The collector is their only writer: it begins by a
 * moment, keeps people a few at a time, each of them as a whole, and finishes; decisions wait for the end. Whoever begins by a newer moment
 * takes over: what others still hold is refused.
 */
export class ExpectedDays {
  constructor(private readonly database: Database) {}

  /** Does the work while no other process does it. Waits for its turn. */
  async exclusively(work: () => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('carillon.expected'))`);
      await work();
    });
  }

  /** Begins to keep what is expected by what is known at `asOf`; false where somebody has begun by a newer moment. */
  async begin(asOf: Instant): Promise<boolean> {
    const begun = await this.database.query(
      'update expected_keeper set as_of = $1 where as_of < $1 returning as_of',
      [asOf],
    );
    return begun.length > 0;
  }

  /** What every person's days were made from the last time. */
  async grounds(): Promise<ReadonlyMap<string, ExpectedGround>> {
    const rows = await this.database.query<{
      person_id: string;
      ground: string;
      first_day: LocalDate;
      end_day: LocalDate;
    }>('select person_id, ground, first_day, end_day from expected_ground');
    return new Map(
      rows.map((row) => [
        row.person_id,
        { ground: row.ground, dates: { from: row.first_day, to: row.end_day } },
      ]),
    );
  }

  /** Keeps a few people's days as versions where they differ from those that are there. False where another has begun by a newer moment. */
  async keep(
    asOf: Instant,
    people: readonly PersonDays[],
    along: AlongDays = () => Promise.resolve(),
  ): Promise<boolean> {
    const differing = await this.#differing(people);
    return this.database.transaction(async (tx) => {
      if (!(await isKeeper(tx, asOf))) return false;
      if (differing.length > 0) await along(tx, await writeDays(tx, differing));
      await tx.query(
        `insert into expected_ground (person_id, ground, first_day, end_day) select * from unnest($1::uuid[], $2::text[], $3::date[], $4::date[])
         on conflict (person_id) do update set ground = excluded.ground, first_day = excluded.first_day, end_day = excluded.end_day`,
        [
          people.map(({ person }) => person),
          people.map(({ ground }) => ground),
          people.map(({ dates }) => dates.from),
          people.map(({ dates }) => dates.to),
        ],
      );
      return true;
    });
  }

  /** Everybody's days are made now: notes from which configuration. False where another has begun by a newer moment. */
  async finish(madeFrom: { configuration: number; asOf: Instant }): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await isKeeper(tx, madeFrom.asOf))) return false;
      await tx.query('insert into expected_run (known_since, configuration, as_of) values ($1, $2, $3)', [
        await tx.moment(),
        madeFrom.configuration,
        madeFrom.asOf,
      ]);
      await tx.query(
        `delete from expected_run where known_since < clock_timestamp() - interval '${RUNS_DAYS} days' and known_since < (select max(known_since) from expected_run)`,
      );
      return true;
    });
  }

  /** Those that differ from what is there. Only the keeper writes, so nothing changes between this and its own writing. */
  async #differing(people: readonly PersonDays[]): Promise<readonly DifferingDay[]> {
    const days = people.flatMap((one) => one.days).map((day) => ({ ...day, hash: hashOf(day) }));
    if (days.length === 0) return [];
    const names = days.map(({ expected }) => expected.day).toSorted();
    const rows = await this.database.query<{ person_id: string; day: LocalDate; hash: string }>(
      `select person_id, day, hash from expected_day where person_id = any($1::uuid[]) and day between $2 and $3 and known_until = 'infinity'`,
      [people.map(({ person }) => person), names.at(0), names.at(-1)],
    );
    const known = new Map(rows.map((row) => [`${row.person_id} ${row.day}`, row.hash]));
    return days.flatMap((day) => {
      const there = known.get(`${day.person} ${day.expected.day}`);
      return there === day.hash ? [] : [{ ...day, isNew: there === undefined }];
    });
  }

  /** From what the days that are known at `asOf` were made, and when the newest complete pull of facts had ended by then; undefined where none were made. */
  async madeFrom(
    asOf: Instant,
  ): Promise<{ configuration: number; asOf: Instant; lastCompleted: Instant | undefined } | undefined> {
    const [row] = await this.database.query<{
      configuration: number;
      as_of: Instant;
      last_completed: Instant | null;
    }>(
      `select configuration, as_of, (select max(ended_at) from pull where state = 'complete' and what = 'facts' and ended_at <= $1) as last_completed
       from expected_run where known_since <= $1 order by known_since desc limit 1`,
      [asOf],
    );
    return (
      row && {
        configuration: row.configuration,
        asOf: row.as_of,
        lastCompleted: row.last_completed ?? undefined,
      }
    );
  }

  /** Sums per person over each one's own range, as known at `asOf`. Whoever has no day in it is absent. */
  async sums(
    people: readonly { person: string; dates: DateRange }[],
    asOf: Instant,
    sql: Sql = this.database,
  ): Promise<ReadonlyMap<string, ExpectedSums & { days: number }>> {
    const rows = await sql.query<ExpectedSums & { person: string; days: number }>(
      `select subject.person_id as person, count(*)::int as days, sum(day.hours) as hours, sum(day.contract_hours) as "contractHours",
         sum(day.holiday_share) as "holidayDays", sum(day.leave_share) as "leaveDays", count(day.missing_holiday)::int as "missingHolidays"
       from unnest($1::uuid[], $2::date[], $3::date[]) as subject(person_id, starts, ends)
       join expected_day day on day.person_id = subject.person_id and day.day >= subject.starts and day.day < subject.ends
         and day.known_since <= $4 and day.known_until > $4
       group by 1`,
      [
        people.map((one) => one.person),
        people.map((one) => one.dates.from),
        people.map((one) => one.dates.to),
        asOf,
      ],
    );
    return new Map(rows.map(({ person, ...sums }) => [person, sums]));
  }

  /** Every day of the range for these people, as known at `asOf`, in order. */
  async days(
    people: readonly string[],
    dates: DateRange,
    asOf: Instant,
    sql: Sql = this.database,
  ): Promise<ReadonlyMap<string, readonly (ExpectedDay & { missingHoliday: string | null })[]>> {
    const rows = await sql.query<{
      person_id: string;
      day: LocalDate;
      hours: number;
      contract_hours: number;
      holiday_share: number;
      leave_share: number;
      missing_holiday: string | null;
      steps: ExpectationStep[];
    }>(
      `select person_id, day, hours, contract_hours, holiday_share, leave_share, missing_holiday, steps from expected_day
       where person_id = any($1::uuid[]) and day >= $2 and day < $3 and known_since <= $4 and known_until > $4 order by person_id, day`,
      [people, dates.from, dates.to, asOf],
    );
    const byPerson = new Map<string, (ExpectedDay & { missingHoliday: string | null })[]>();
    for (const row of rows) {
      const days = byPerson.get(row.person_id) ?? [];
      days.push({
        day: row.day,
        hours: row.hours,
        contractHours: row.contract_hours,
        holidayShare: row.holiday_share,
        leaveShare: row.leave_share,
        missingHoliday: row.missing_holiday,
        steps: row.steps,
      });
      byPerson.set(row.person_id, days);
    }
    return byPerson;
  }
}

type DifferingDay = KeptDay & { readonly hash: string; readonly isNew: boolean };

/** Whether nobody has begun by a newer moment; nobody does until the transaction ends. */
async function isKeeper(tx: Transaction, asOf: Instant): Promise<boolean> {
  const rows = await tx.query('select 1 from expected_keeper where as_of = $1 for share', [asOf]);
  return rows.length > 0;
}

/** Returns the hull of the days that said something else before. */
async function writeDays(tx: Transaction, days: readonly DifferingDay[]): Promise<DateRange | undefined> {
  const moment = await tx.moment();
  const columns = [
    days.map((one) => one.person),
    days.map((one) => one.expected.day),
    days.map((one) => one.expected.hours),
    days.map((one) => one.expected.contractHours),
    days.map((one) => one.expected.holidayShare),
    days.map((one) => one.expected.leaveShare),
    days.map((one) => one.missingHoliday ?? null),
    days.map((one) => JSON.stringify(one.expected.steps)),
    days.map((one) => one.hash),
  ];
  const others = days.filter(({ isNew }) => !isNew);
  const closed = await tx.query<{ day: LocalDate }>(
    `update expected_day set known_until = $1 from unnest($2::uuid[], $3::date[]) as incoming(person_id, day)
     where expected_day.person_id = incoming.person_id and expected_day.day = incoming.day and expected_day.known_until = 'infinity'
     returning expected_day.day`,
    [moment, others.map((one) => one.person), others.map((one) => one.expected.day)],
  );
  await tx.query(
    `insert into expected_day (person_id, day, hours, contract_hours, holiday_share, leave_share, missing_holiday, steps, hash, known_since)
     select incoming.*, $1 from unnest($2::uuid[], $3::date[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::text[], $9::jsonb[], $10::text[]) as incoming`,
    [moment, ...columns],
  );
  const corrected = closed.map(({ day }) => day).toSorted();
  const [first, last] = [corrected.at(0), corrected.at(-1)];
  return first !== undefined && last !== undefined ? { from: first, to: nextDay(last) } : undefined;
}

const hashOf = (one: KeptDay): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        one.expected.hours,
        one.expected.contractHours,
        one.expected.holidayShare,
        one.expected.leaveShare,
        one.missingHoliday ?? null,
        one.expected.steps,
      ]),
    )
    .digest('base64url');
