import type { Database } from './database.js';

/** What a source remembers between pulls; it only saves calls. */
export class SourceMemories {
  constructor(private readonly database: Database) {}

  of(system: string): {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<void>;
  } {
    const { database } = this;
    return {
      async get(key) {
        const [row] = await database.query<{ value: unknown }>(
          'select value from source_memory where system = $1 and key = $2',
          [system, key],
        );
        return row?.value;
      },
      async set(key, value) {
        await database.query(
          `insert into source_memory (system, key, value) values ($1, $2, $3::jsonb) on conflict (system, key) do update set value = excluded.value`,
          [system, key, JSON.stringify(value)],
        );
      },
    };
  }
}
