import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When the database was last restored from a backup, and which deliveries may therefore have been sent without our knowing: since when they
 * may have been, until the channel was asked. What is found held is looked for by channel.
 */
export class Restored1800000000005 implements MigrationInterface {
  readonly name = 'Restored1800000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table restored (is_only boolean primary key default true check (is_only), at timestamptz not null)`,
    );
    await runner.query('alter table delivery add column doubted_since timestamptz');
    await runner.query(`create index delivery_held on delivery (channel) where state = 'held'`);
    // Which message to the owner tells of it: troubles of one kind that last at the same time share one.
    await runner.query('alter table trouble add column episode timestamptz');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
