import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What forwards have read and written, row by row, and which calls added rows: kept before they are made, so that they can be repeated. */
export class Forwards1800000000009 implements MigrationInterface {
  readonly name = 'Forwards1800000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table forward_run (
        id uuid primary key,
        forward text not null,
        occurrence_id uuid not null references occurrence,
        as_of timestamptz not null,
        period_from date not null,
        period_to date not null,
        read integer not null,
        created integer not null,
        updated integer not null,
        unchanged integer not null,
        rejected integer not null,
        -- Rows of the period that are in the table, and no record stands for any more.
        vanished integer not null,
        created_at timestamptz not null default clock_timestamp(),
        check (read = created + updated + unchanged + rejected)
      );
      create index forward_run_newest on forward_run (forward, created_at);
      create index forward_run_occurrence on forward_run (occurrence_id);
      -- One for each row that a forward ever wrote; which run saw it last, and what that made of it.
      create table forward_row (
        delivery_id uuid primary key references delivery,
        forward text not null,
        key text not null,
        period_from date not null,
        period_to date not null,
        source text not null,
        kind text not null,
        fact_key text not null,
        person_id uuid,
        run_id uuid not null references forward_run,
        change text not null check (change in ('created', 'updated', 'unchanged')),
        vanished boolean not null default false
      );
      create index forward_row_run on forward_row (run_id);
      create index forward_row_period on forward_row (forward, period_from, period_to);
      create table forward_rejection (
        run_id uuid not null references forward_run on delete cascade,
        fact_key text not null,
        key text,
        why text not null
      );
      create index forward_rejection_run on forward_rejection (run_id);
      create table write_batch (
        id uuid primary key,
        channel text not null,
        address jsonb not null,
        deliveries uuid[] not null,
        rows jsonb not null,
        began_at timestamptz not null default clock_timestamp(),
        -- Not repeated any more: its outcome is known, or nobody can read it.
        closed_at timestamptz
      );
      create index write_batch_deliveries on write_batch using gin (deliveries);
      create index write_batch_began on write_batch (began_at);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
