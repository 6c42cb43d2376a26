import { randomUUID } from 'node:crypto';
import type { Database } from './database.js';

/** Longer than anything that is said there takes. */
const LEASE = `interval '90 seconds'`;

/** The leases of destinations, for whoever says something there that is no delivery: nobody else writes there meanwhile. */
export class Destinations {
  constructor(private readonly database: Database) {}

  /** Takes a destination that is free. Returns the lease's token, or how long it rests or is held by somebody else at most, in ms. */
  async take(
    channel: string,
    destination: string,
  ): Promise<{ readonly token: string } | { readonly waitMs: number }> {
    const token = randomUUID();
    const [taken] = await this.database.query(
      `insert into destination as place (channel, destination, free_at, lease_until, lease_token)
       values ($1, $2, '-infinity', clock_timestamp() + ${LEASE}, $3)
       on conflict (channel, destination) do update set lease_until = excluded.lease_until, lease_token = excluded.lease_token
         where place.lease_until < clock_timestamp() and place.free_at <= clock_timestamp()
       returning 1`,
      [channel, destination, token],
    );
    if (taken) return { token };
    const [rests] = await this.database.query<{ ms: number }>(
      `select extract(epoch from greatest(free_at, lease_until, clock_timestamp()) - clock_timestamp())::float8 * 1000 as ms
       from destination where channel = $1 and destination = $2`,
      [channel, destination],
    );
    return { waitMs: Math.ceil(rests?.ms ?? 0) };
  }

  /** Gives it back; nothing else is written there for so long. Does nothing where the lease has ended meanwhile. */
  async giveBack(channel: string, destination: string, token: string, restsMs: number): Promise<void> {
    await this.database.query(
      `update destination set lease_until = '-infinity', lease_token = null,
         free_at = greatest(free_at, clock_timestamp() + $4 * interval '1 millisecond')
       where channel = $1 and destination = $2 and lease_token = $3`,
      [channel, destination, token, restsMs],
    );
  }
}
