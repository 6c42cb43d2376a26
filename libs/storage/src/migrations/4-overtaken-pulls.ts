import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A pull that a newer one of its system has overtaken begins anew. When the first and the last of the runs that were given up for that had
 * begun is kept: what they brought is half of something until a complete pull has read it again.
 */
export class OvertakenPulls1800000000004 implements MigrationInterface {
  readonly name = 'OvertakenPulls1800000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table pull add column cut_off_first timestamptz, add column cut_off_last timestamptz',
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
