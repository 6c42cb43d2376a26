import type { Instant } from '#domain';
import type { Database } from './database.js';

/** A room as it was last seen to be exact. */
export interface StoredRoom {
  readonly name: string;
  readonly address: { readonly id: string };
  /** The channel's own ids, sorted. */
  readonly members: readonly string[];
  /** Null where it is in doubt. */
  readonly verified_at: Instant | null;
}

/** The rooms that are kept for people. The notifier is the only writer. */
export class Rooms {
  constructor(private readonly database: Database) {}

  async get(channel: string, destination: string): Promise<StoredRoom | undefined> {
    const [row] = await this.database.query<StoredRoom>(
      'select name, address, members, verified_at from room where channel = $1 and destination = $2',
      [channel, destination],
    );
    return row;
  }

  /** It may no longer be what it was: it is looked at again before anything more is said there. */
  async doubt(channel: string, destination: string): Promise<void> {
    await this.database.query(
      `update room set verified_at = '-infinity' where channel = $1 and destination = $2`,
      [channel, destination],
    );
  }

  async keep(channel: string, destination: string, room: Omit<StoredRoom, 'verified_at'>): Promise<void> {
    await this.database.query(
      `insert into room (channel, destination, name, address, members, verified_at) values ($1, $2, $3, $4::jsonb, $5, clock_timestamp())
       on conflict (channel, destination) do update set name = excluded.name, address = excluded.address, members = excluded.members, verified_at = excluded.verified_at`,
      [channel, destination, room.name, JSON.stringify(room.address), [...room.members].sort()],
    );
  }
}
