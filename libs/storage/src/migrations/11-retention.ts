import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is removed because it is over, and what stays of it: the keys of what was said and run, so that none of it is ever said again; and from
 * when on facts are there. A release before this one removes nothing, and asks neither.
 */
export class Retention1800000000011 implements MigrationInterface {
  readonly name = 'Retention1800000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table removed (
        -- Of a delivery or an occurrence.
        id uuid primary key,
        removed_at timestamptz not null default clock_timestamp()
      );
      create table facts_horizon (
        is_only boolean primary key default true check (is_only),
        -- Facts of the time before may be gone; nothing is decided from them any more.
        at timestamptz not null,
        -- They are removed a while after everybody can know.
        announced_at timestamptz not null
      );
      insert into facts_horizon (at, announced_at) values ('-infinity', '-infinity');
      create index fact_superseded on fact (known_until) where known_until < 'infinity';
      -- A decision is removed when nothing stands on it any more.
      create index notification_decision on notification (decision_id);
      create index delivery_of_no_run on delivery (created_at) where occurrence_id is null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
