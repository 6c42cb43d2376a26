import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each person's expected days were made from, so that any process knows which of them have to be made again; and who keeps them: only
 * whoever began by the newest moment writes.
 */
export class ExpectedGround1800000000006 implements MigrationInterface {
  readonly name = 'ExpectedGround1800000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table expected_ground (
        person_id uuid primary key references person,
        ground text not null,
        -- The days that were made from it, the last one not included.
        first_day date not null,
        end_day date not null
      );
      create table expected_keeper (
        one boolean primary key default true check (one),
        as_of timestamptz not null
      );
      insert into expected_keeper (as_of) values ('-infinity');
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
