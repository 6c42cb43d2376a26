import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether a delivery says a notification still. A digest that is corrected may lose one of those that it said, and two subscriptions may say
 * the same one, so it can be read neither from the notification nor from the message.
 */
export class SaidNow1800000000002 implements MigrationInterface {
  readonly name = 'SaidNow1800000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table delivery_notification add column says boolean not null default true');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
