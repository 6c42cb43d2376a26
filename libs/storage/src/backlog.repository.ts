import type { Database } from './database.js';
import { IS_DUE } from './due-deliveries.js';

/** How long something has waited, or how old it is. */
export interface Age {
  /** Pulls of a system, evaluations, deliveries of a channel, or what is known of a source. */
  readonly about: 'collect' | 'evaluate' | 'deliver' | 'source';
  /** Of the system, channel or source; empty for evaluations, which are one queue. */
  readonly name: string;
  readonly ageMs: number;
}

/** So many of a source's last pulls are looked at: those that were asked for by hand may read the past. */
const LAST_PULLS = 50;
const ageOf = (instant: string): string =>
  `(greatest(extract(epoch from clock_timestamp() - ${instant}), 0) * 1000)::float8`;

/** What waits, and how fresh facts are: for whoever watches. */
export class Backlog {
  constructor(private readonly database: Database) {}

  /**
   * The age of the oldest row that is due and unattended, of each queue that has one; and of each source's facts: how long ago the newest
   * complete pull began, or until when it read. By Postgres' clock. Each is read from the head of an index, however long the backlog is.
   */
  async ages(): Promise<readonly Age[]> {
    return this.database.query<Age>(
      `with recursive open (channel) as (
         select min(channel) from delivery where is_open
         union all select (select min(delivery.channel) from delivery where is_open and delivery.channel > open.channel) from open where open.channel is not null),
       read (system) as (
         select min(system) from pull where state = 'complete'
         union all select (select min(pull.system) from pull where state = 'complete' and pull.system > read.system) from read where read.system is not null)
       select 'collect' as about, system as name, max(${ageOf('due_at')}) as "ageMs" from pull
       where state in ('due', 'running') and due_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp()) group by system
       union all
       select 'evaluate', '', ${ageOf('first.wake_at')} from (
         select wake_at from occurrence where wake_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp()) order by wake_at limit 1) first
       union all
       select 'deliver', open.channel, ${ageOf('first.due_at')} from open cross join lateral (
         select due.due_at from delivery due where due.channel = open.channel and ${IS_DUE} order by due.due_at limit (select 1)) first
       union all
       select 'source', read.system, min(${ageOf('least(newest.began_at, newest.window_to)')}) from read cross join lateral (
         select began_at, window_to from pull where pull.system = read.system and what = 'facts' and state = 'complete'
         order by ended_at desc limit ${LAST_PULLS}) newest
       group by read.system`,
    );
  }
}
