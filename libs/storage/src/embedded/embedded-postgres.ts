import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { GUESTS_LOCK } from './guests-lock.js';
import { makeFolder } from './make-folder.js';

/** A Postgres that came with npm: its URL, and how to end it. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** False where another process of ours had it running already; `stop` then leaves it alone. */
  readonly owned: boolean;
  stop(): Promise<void>;
}

/** The embedded server did not start; the message says what it said last, and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name: string = 'EmbeddedPostgresError';
}

/** Another server has the data: one that is starting, or one that has not quite ended. */
class DataInUseError extends EmbeddedPostgresError {
  override readonly name = 'DataInUseError';
}

interface EmbeddedPostgresOptions {
  /** Where the data live; made where it is not there. */
  readonly directory: string;
  /** Gives up durability for speed: for tests, whose data nobody misses. */
  readonly throwaway?: boolean;
}

/** How long another process may take to start or to end the same server before this one gives up. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 100;

/** Starts the embedded Postgres of a directory, or finds the one that already runs there. Throws {@link EmbeddedPostgresError}. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = resolve(options.directory);
  const until = performance.now() + PATIENCE_MS;
  await writable(home, () => makeFolder(home));
  for (;;) {
    const running = await joinRunning(home);
    if (running) return running;
    try {
      const started = await inTurn(home, () => start(home, options));
      if (started) return started;
    } catch (error) {
      // One that is just ending still holds its data; whatever else is wrong stays wrong.
      if (!(error instanceof DataInUseError) || performance.now() > until) throw error;
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** Joins the server that a process of ours runs for this directory, which from now on stays as long as it is used. */
async function joinRunning(home: string): Promise<EmbeddedPostgres | undefined> {
  const note = await readNote(home);
  if (!note) return undefined;
  const url = urlOf(note);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  // Its owner was killed: whoever works with the database finds out by the work.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1)', [GUESTS_LOCK]);
    return { url, owned: false, stop: () => client.end() };
  } catch {
    // Nothing of ours listens there, or it is just ending: that is the answer, not a failure.
    await client.end().catch(() => undefined);
    return undefined;
  }
}

async function start(home: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const data = join(home, 'data');
  const known = await readNote(home);
  if (!known && existsSync(data))
    throw new EmbeddedPostgresError(
      `${noteFile(home)} is missing or damaged, and with it the password of the database beside it. Put it back, or delete ${home} to begin with an empty database.`,
    );
  const note = { port: await freePort(), password: known?.password ?? randomBytes(18).toString('base64url') };
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
  // Before the data are: a database whose password nobody knows is of no use.
  await writable(home, () => writeNote(home, note));
  try {
    const keeper = await startKeeper({ directory: data, ...note, flags });
    return { url: urlOf(note), owned: true, stop: () => leave(keeper) };
  } catch (error) {
    // Where another server has the data, what is known of it still holds.
    if (known) await writeNote(home, known);
    throw error;
  }
}

/** Ends the server; where other processes still use it, it ends after the last of them. */
async function leave(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  await new Promise<void>((done) => {
    // Waiting for its end must keep this process alive, which may have nothing else left to do.
    keeper.ref();
    refStream(keeper.stdout, 'ref');
    keeper.once('exit', () => done());
    if (keeper.stdout) createInterface({ input: keeper.stdout }).once('line', () => done());
    keeper.stdin?.end();
  });
  keeper.unref();
  keeper.stdout?.destroy();
}

interface Note {
  readonly port: number;
  readonly password: string;
}

const noteFile = (home: string): string => join(home, 'server.json');

async function readNote(home: string): Promise<Note | undefined> {
  try {
    const { port, password } = JSON.parse(await readFile(noteFile(home), 'utf8')) as Partial<Note>;
    return typeof port === 'number' && typeof password === 'string' ? { port, password } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unwritable(home, error);
  }
}

/** Whole or not at all: a note that is cut off would lose the password. */
async function writeNote(home: string, note: Note): Promise<void> {
  const draft = `${noteFile(home)}.new`;
  await writeFile(draft, JSON.stringify(note), { mode: 0o600 });
  await rename(draft, noteFile(home));
}

/** In a container that was started again, the number of the process that died may be this one's. */
const takingTurns = new Set<string>();

/** Does the work unless another process is at it; undefined then. A process that died at it is in nobody's way. */
async function inTurn<Result>(home: string, work: () => Promise<Result>): Promise<Result | undefined> {
  const file = join(home, 'starting.pid');
  if (takingTurns.has(file)) return undefined;
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(home, error);
    const [pid, since] = await Promise.all([
      readFile(file, 'utf8').then(Number, () => 0),
      stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      ),
    ]);
    // In another container the same number is another process, hence the age.
    const gone = pid === process.pid ? !takingTurns.has(file) : pid > 0 && !isAlive(pid);
    if (gone || Date.now() - since > PATIENCE_MS) await rm(file, { force: true });
    return undefined;
  }
  takingTurns.add(file);
  try {
    return await work();
  } finally {
    takingTurns.delete(file);
    await rm(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function writable(home: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw unwritable(home, error);
  }
}

const unwritable = (home: string, error: unknown): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    `The embedded Postgres keeps its data in ${home}, where this user may not write (${(error as NodeJS.ErrnoException).code ?? String(error)}). ` +
      'Let CARILLON_HOME name a folder of this user, or set DATABASE_URL to a Postgres of your own.',
    { cause: error },
  );

const urlOf = ({ port, password }: Note): string =>
  `postgres://carillon:${password}@127.0.0.1:${port}/carillon`;

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
  const keeper = spawn(process.execPath, ['--no-warnings', keeperFile()], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // It may have ended already: that is told by its exit.
  keeper.stdin?.on('error', () => undefined);
  keeper.stdin?.write(`${JSON.stringify(order)}\n`);
  const said = await new Promise<string>((done) => {
    if (keeper.stdout) createInterface({ input: keeper.stdout }).once('line', done);
    keeper.once('exit', () => done('{"ready":false,"log":[]}'));
    keeper.once('error', (error) => done(JSON.stringify({ ready: false, log: [error.message] })));
  });
  const { ready, log = [] } = JSON.parse(said) as { ready: boolean; log?: string[] };
  if (!ready) {
    const said = essence(log);
    throw new (
      /lock file "postmaster\.pid" already exists/.test(said) ? DataInUseError : EmbeddedPostgresError
    )(
      `The embedded Postgres did not start: ${said || 'it said nothing'}. ` +
        (process.getuid?.() === 0
          ? 'Started by root it runs as the user "postgres", who must be able to reach its files: let CARILLON_HOME name a folder that others may pass (chmod o+x), '
          : 'Its files must belong to this user: let CARILLON_HOME name another folder, ') +
        'or set DATABASE_URL to a Postgres of your own.',
    );
  }
  // The parent may end while the keeper finishes its own end.
  keeper.unref();
  refStream(keeper.stdout, 'unref');
  refStream(keeper.stdin, 'unref');
  return keeper;
}

/** What went wrong, out of all that the server and its set-up have said. */
function essence(log: readonly string[]): string {
  const lines = log.flatMap((text) => text.split('\n')).map((line) => line.replace('[STDERR]', '').trim());
  const grave = lines.filter((line) => /\b(?:error|fatal|panic|could not|denied)\b/i.test(line));
  return [...new Set(grave.length > 0 ? grave : lines)]
    .filter((line) => line !== '')
    .slice(-3)
    .join('; ');
}

/** Pipes of a child are sockets, which their type does not say. */
const refStream = (stream: unknown, how: 'ref' | 'unref'): void =>
  (stream as Partial<Record<'ref' | 'unref', () => void>> | null)?.[how]?.();
