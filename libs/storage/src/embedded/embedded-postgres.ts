import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** A Postgres that came with npm: its URL, and how to end it. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** False where another process of ours had it running already; `stop` then leaves it alone. */
  readonly owned: boolean;
  stop(): Promise<void>;
}

/** The embedded server did not start; the message says what it said last, and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

export interface EmbeddedPostgresOptions {
  /** Where the data live; made where it is not there. */
  readonly directory: string;
  /** Gives up durability for speed: for tests, whose data nobody misses. */
  readonly throwaway?: boolean;
}

/** Starts the embedded Postgres of a directory, or finds the one that already runs there. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = resolve(options.directory);
  const noteFile = join(home, 'server.json');
  const note = existsSync(noteFile)
    ? (JSON.parse(await readFile(noteFile, 'utf8')) as { port: number; password: string })
    : undefined;
  if (note && (await answers(urlOf(note.port, note.password)))) {
    return { url: urlOf(note.port, note.password), owned: false, stop: () => Promise.resolve() };
  }
  await mkdir(home, { recursive: true });
  const data = join(home, 'data');
  if (!existsSync(join(data, 'PG_VERSION'))) await rm(data, { recursive: true, force: true });
  const password = note?.password ?? randomBytes(18).toString('base64url');
  const port = await freePort();
  await writeFile(noteFile, JSON.stringify({ port, password }), { mode: 0o600 });
  const flags = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'max_connections=200',
    '-c',
    'unix_socket_directories=',
  ];
  if (options.throwaway)
    flags.push('-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off');
  const keeper = await startKeeper({ directory: data, port, password, flags });
  return {
    url: urlOf(port, password),
    owned: true,
    stop: () =>
      new Promise<void>((done) => {
        if (keeper.exitCode !== null || keeper.signalCode !== null) return done();
        keeper.once('exit', () => done());
        keeper.stdin?.end();
      }),
  };
}

const urlOf = (port: number, password: string): string =>
  `postgres://carillon:${password}@127.0.0.1:${port}/carillon`;

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    // Nothing of ours listens there: that is the answer, not a failure.
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? done(address.port) : fail(new Error('no port')),
      );
    });
  });
}

/** The keeper is compiled code also where specs run from sources: it is a process of its own. */
function keeperFile(): string {
  const here = fileURLToPath(new URL('./keeper.js', import.meta.url));
  return here.includes('/dist/')
    ? here
    : resolve(here.slice(0, here.indexOf('/libs/')), 'dist/libs/storage/src/embedded/keeper.js');
}

async function startKeeper(order: object): Promise<ChildProcess> {
  const keeper = spawn(process.execPath, ['--no-warnings', keeperFile(), JSON.stringify(order)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((done) => {
    if (keeper.stdout) createInterface({ input: keeper.stdout }).once('line', done);
    keeper.once('exit', () => done('{"ready":false,"log":[]}'));
    keeper.once('error', (error) => done(JSON.stringify({ ready: false, log: [error.message] })));
  });
  const { ready, log = [] } = JSON.parse(said) as { ready: boolean; log?: string[] };
  if (!ready) {
    throw new EmbeddedPostgresError(
      `The embedded Postgres did not start. ${log.join(' | ') || 'It said nothing.'} ` +
        'Its files must be readable for the user it runs as (when started by root: "postgres"); or set DATABASE_URL to a Postgres of your own.',
    );
  }
  // The parent may end while the keeper finishes its own end.
  keeper.unref();
  (keeper.stdout as unknown as { unref?: () => void })?.unref?.();
  (keeper.stdin as unknown as { unref?: () => void })?.unref?.();
  return keeper;
}
