import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How calls of each connection went, summed over quarters of an hour: so a day has at most some hundred rows of it, however many calls were made. */
export class ConnectionCalls1800000000010 implements MigrationInterface {
  readonly name = 'ConnectionCalls1800000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table connection_calls (
        -- The name of a Source or Channel document.
        connection text not null,
        starts timestamptz not null,
        -- 'ok', or the reason of the failure.
        outcome text not null,
        calls integer not null,
        -- How many calls took no longer than each of the steps of #domain's responseTimes.
        times integer[] not null,
        primary key (connection, starts, outcome)
      );
      create index connection_calls_starts on connection_calls (starts);
      -- The most of what a vendor allows that was used up in that quarter, where it tells.
      create table connection_quota (
        connection text not null,
        starts timestamptz not null,
        used double precision not null,
        primary key (connection, starts)
      );
      create index connection_quota_starts on connection_quota (starts);
      -- When the credentials that are in use expire, where they say so themselves.
      create table connection_credential (
        connection text primary key,
        expires_at timestamptz not null
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
