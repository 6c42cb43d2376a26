import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether a delivery is still to be looked at, or held, as columns of their own: indexes that named its state had every passage write all of
 * them twice. Now a claim touches no index (it is a HOT update, for which pages keep room), and settling takes the row out of one.
 */
export class OpenDeliveries1800000000008 implements MigrationInterface {
  readonly name = 'OpenDeliveries1800000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index delivery_due;
      drop index delivery_sending;
      drop index delivery_held;
      -- Nobody looks for deliveries by destination: claims begin with what is due.
      drop index delivery_destination;
      alter table delivery set (fillfactor = 50);
      alter table attempt set (fillfactor = 50);
      alter table destination set (fillfactor = 50);
      alter table delivery
        add column is_open boolean not null generated always as (state in ('pending', 'retrying', 'unknown', 'sending') and due_at < 'infinity') stored,
        add column is_held boolean not null generated always as (state = 'held') stored;
      create index delivery_open on delivery (channel, due_at) where is_open;
      create index delivery_held on delivery (channel) where is_held;
      -- An attempt is made from the delivery's own row, and no delivery is ever deleted: asking for each again only costs.
      alter table attempt drop constraint attempt_delivery_id_fkey;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
