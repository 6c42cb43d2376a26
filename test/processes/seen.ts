import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Database } from '#storage';

/** What can be seen of processes from the outside, by where it was seen. */
export type Seen = Map<string, string>;

/** The command lines of all processes, as `ps` shows them to everybody on the machine. */
export const processList = (): string => execFileSync('ps', ['-eww', '-o', 'args'], { encoding: 'utf8' });

/** Every table of every schema, each with all its rows as text. */
export async function seeTables(database: Database, seen: Seen): Promise<void> {
  const tables = await database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables) {
    const [row] = await database.query<{ text: string | null }>(
      `select string_agg(one::text, E'\\n') as text from ${name} one`,
    );
    seen.set(`table ${name}`, row?.text ?? '');
  }
}

/** Every command that Redis is given from now on, jobs included; returns the end of it. */
export async function watchRedis(url: string, seen: Seen): Promise<() => void> {
  const client = new Redis(url);
  const monitor = await client.monitor();
  const commands: string[] = [];
  monitor.on('monitor', (_time: string, words: readonly string[]) => commands.push(words.join(' ')));
  return () => {
    monitor.disconnect();
    client.disconnect();
    seen.set('commands of Redis', commands.join('\n'));
  };
}

/** Every file of a folder. */
export async function seeFiles(folder: string, seen: Seen): Promise<void> {
  for (const file of await readdir(folder))
    seen.set(`file ${file}`, await readFile(join(folder, file), 'utf8'));
}
