import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a running pull has seen is a row for each page, with the place to go on from, and no longer one for each record: half of what keeping a
 * page cost. `pull_seen` and `pull.cursor` are what a release before this one writes. It finds no cursor where this one has read, so it begins
 * such a pull anew, and this one counts what stands in `pull_seen` as seen too.
 *
 * That a fact's pull is there is known without asking for each: the pull is locked while a page of it is kept, and nothing ever deletes one.
 */
export class PagesOfPulls1800000000007 implements MigrationInterface {
  readonly name = 'PagesOfPulls1800000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table pull_page (
        id bigint primary key generated always as identity,
        pull_id uuid not null references pull on delete cascade,
        -- Where the source goes on after this page.
        cursor text not null,
        -- The keys that were on it, by kind of fact.
        seen jsonb not null
      );
      create index pull_page_pull on pull_page (pull_id);
      -- Keys do not compress; trying costs more than they take.
      alter table pull_page alter column seen set storage external;
      alter table fact drop constraint fact_pull_id_fkey;
      create unique index fact_current_key on fact (key, kind, source) where known_until = 'infinity';
      drop index fact_current;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
