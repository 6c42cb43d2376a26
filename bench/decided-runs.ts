import pg from 'pg';
import type { Running } from './processes.ts';
import type { World } from './stage.ts';

/**
 * Hears when runs are decided, from Postgres itself, by a trigger that only this database has: whoever asked every few milliseconds would take a part of
 * a core from what is measured, and see the end up to so much later.
 */
export class DecidedRuns {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async listen({ database }: World): Promise<DecidedRuns> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`
      create function carillon.bench_decided() returns trigger language plpgsql as $$ begin perform pg_notify('decided', new.id::text); return null; end $$;
      create trigger bench_decided after update on carillon.occurrence for each row
        when (new.state = 'done' and new.decided_as_of is not null) execute function carillon.bench_decided();
      listen decided`);
    return new DecidedRuns(client);
  }

  /** When the next run is decided, by `performance.now()`. Throws with its words where the service ends before, or where it takes too long. */
  next(service: Running, withinMs: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const heard = (): void => resolve(performance.now());
    const late = setTimeout(() => reject(new Error(`no run is decided within ${withinMs} ms`)), withinMs);
    const ended = (): void => reject(new Error(`${service.name} ended:\n${service.said}`));
    this.#client.once('notification', heard);
    service.exited.then(ended, ended);
    return promise.finally(() => {
      clearTimeout(late);
      this.#client.off('notification', heard);
    });
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
