import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom a record that could not be read is about, where that much of it could: a number about them lacks it. */
export class RejectedSubject1800000000003 implements MigrationInterface {
  readonly name = 'RejectedSubject1800000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table rejection add column subject text');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
