/**
 * What is due, in words of SQL about a `delivery due`. By the statistics of a quiet moment Postgres takes it for very little, and would rather
 * sort it than read the oldest from the index, which is dear when it is a backlog. Of a `case` it expects that it holds for every other row,
 * and of a limit that it cannot see, that only a part of them is asked for. Destinations are asked for one by one, whatever it thinks of how
 * many there are.
 */
export const IS_DUE = `due.is_open and case when due.state in ('pending', 'retrying', 'unknown') then due.due_at <= clock_timestamp() end`;
/** Nobody writes to its destination, and it need not rest. */
export const IS_FREE = `coalesce((select place.free_at <= clock_timestamp() and place.lease_until < clock_timestamp() from destination place
  where place.channel = due.channel and place.destination = due.destination), true)`;
/** No more than so many, the first of an index. */
export const oldest = (limit: string): string => `limit (select ${limit})`;
/** Whose holder is gone. */
export const IS_LEFT = `case when state = 'sending' then lease_until < clock_timestamp() end`;
/** The account $4 rests. */
export const RESTS = `exists (select 1 from account where account.channel = $4 and account.scope = 'account' and account.paused_until > clock_timestamp())`;
