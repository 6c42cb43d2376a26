import { createHash } from 'node:crypto';
import type { DateRange, ExpectedDay, ExpectationStep, Instant, LocalDate } from '#domain';
import type { Database, Sql } from './database.js';

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

const CHUNK = 5_000;

/** Expected hours as rows, so that SQL can sum them and `explain` can read their steps. The collector is their only writer. */
export class ExpectedDays {
  constructor(private readonly database: Database) {}

  /** Keeps the days as versions, and notes from which configuration they were made. Returns how many changed. */
  async keep(days: readonly KeptDay[], madeFrom: { configuration: number; asOf: Instant }): Promise<number> {
    return this.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('carillon.expected'))`);
      const [last] = await tx.query('select 1 from expected_run where as_of > $1 limit 1', [madeFrom.asOf]);
      // Another process made them from newer ground: ours would take them back.
      if (last) return 0;
      const moment = await tx.moment();
      let changed = 0;
      for (let start = 0; start < days.length; start += CHUNK) {
        const chunk = days.slice(start, start + CHUNK);
        const columns = [
          chunk.map((one) => one.person),
          chunk.map((one) => one.expected.day),
          chunk.map((one) => one.expected.hours),
          chunk.map((one) => one.expected.contractHours),
          chunk.map((one) => one.expected.holidayShare),
          chunk.map((one) => one.expected.leaveShare),
          chunk.map((one) => one.missingHoliday ?? null),
          chunk.map((one) => JSON.stringify(one.expected.steps)),
          chunk.map(hashOf),
        ];
        await tx.query(
          `update expected_day set known_until = $1 from unnest($2::uuid[], $3::date[], $4::text[]) as incoming(person_id, day, hash)
           where expected_day.person_id = incoming.person_id and expected_day.day = incoming.day and expected_day.known_until = 'infinity'
             and expected_day.hash <> incoming.hash`,
          [moment, columns[0], columns[1], columns[8]],
        );
        const inserted = await tx.query(
          `insert into expected_day (person_id, day, hours, contract_hours, holiday_share, leave_share, missing_holiday, steps, hash, known_since)
           select incoming.*, $1 from unnest($2::uuid[], $3::date[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::text[], $9::jsonb[], $10::text[]) as incoming
           on conflict (person_id, day) where known_until = 'infinity' do nothing returning day`,
          [moment, ...columns],
        );
        changed += inserted.length;
      }
      await tx.query('insert into expected_run (known_since, configuration, as_of) values ($1, $2, $3)', [
        moment,
        madeFrom.configuration,
        madeFrom.asOf,
      ]);
      await tx.query(
        `delete from expected_run where known_since < clock_timestamp() - interval '1 day' and known_since < (select max(known_since) from expected_run)`,
      );
      return changed;
    });
  }

  /** From what the days that are known at `asOf` were made; undefined where none were. */
  async madeFrom(asOf: Instant): Promise<{ configuration: number; asOf: Instant } | undefined> {
    const [row] = await this.database.query<{ configuration: number; as_of: Instant }>(
      'select configuration, as_of from expected_run where known_since <= $1 order by known_since desc limit 1',
      [asOf],
    );
    return row && { configuration: row.configuration, asOf: row.as_of };
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
