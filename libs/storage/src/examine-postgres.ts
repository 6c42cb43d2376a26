import pg from 'pg';

/** What is connected to, or who connects, is not as it must be; the message says what to do. Trying again changes nothing before that. */
export class UnusablePostgresError extends Error {
  override readonly name = 'UnusablePostgresError';
}

/** The oldest that still gets corrections for long enough; the queue's own tables need 13. https://www.postgresql.org/support/versioning/ */
const OLDEST_MAJOR = 15;
const CONNECT_MS = 10_000;

/** What a server says of itself and of who asks. */
export interface PostgresState {
  /** `server_version_num`: 150004 for 15.4. */
  readonly version: number;
  readonly database: string;
  readonly username: string;
  readonly read_only: boolean;
  /** Whether the user may make schemas in the database. */
  readonly may_create: boolean;
  /** Who owns our schema; null where there is none yet. */
  readonly owner: string | null;
  /** Whether the user may read and write every table of it. */
  readonly may_write: boolean;
}

const state = `
select current_setting('server_version_num')::int as version, current_database() as database, current_user as username,
  current_setting('transaction_read_only') = 'on' as read_only,
  has_database_privilege(current_database(), 'create') as may_create,
  (select pg_get_userbyid(nspowner) from pg_namespace where nspname = 'carillon') as owner,
  not exists (select from pg_class where relnamespace = to_regnamespace('carillon') and relkind = 'r'
    and relname <> 'migration'
    and not (has_schema_privilege(relnamespace, 'usage') and has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
      and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete'))) as may_write`;

/**
 * Connects once and asks whether this Postgres can be worked with, before anything else does. `setting` is where its address came from.
 * Throws {@link UnusablePostgresError}, in one sentence without the password.
 */
export async function examinePostgres(url: string, setting: string): Promise<void> {
  const { hostname, port, username, pathname } = new URL(url);
  const place = `Postgres at ${hostname}:${port || '5432'} (${setting})`;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // One that breaks off while it is asked is told by the question.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<PostgresState>(state);
    const [found] = rows;
    const trouble = found && troubleWith(found);
    if (trouble) throw new UnusablePostgresError(`${place} ${trouble}`);
  } catch (error) {
    if (error instanceof UnusablePostgresError) throw error;
    const who = { user: decodeURIComponent(username), database: decodeURIComponent(pathname.slice(1)) };
    throw new UnusablePostgresError(`${place} ${refusal(error, who)}`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Why such a server, or such a user, will not do; undefined where they will. */
export function troubleWith(found: PostgresState): string | undefined {
  const { version, database, username, owner } = found;
  const major = Math.floor(version / 10_000);
  if (major < OLDEST_MAJOR)
    return `is version ${major}, and Carillon needs ${OLDEST_MAJOR} or newer: upgrade it, or name another server.`;
  if (found.read_only) return 'takes no writes, as a replica does: name the primary.';
  if (owner === null && !found.may_create)
    return `lets ${username} make no schema in ${database}: \`grant create on database ${database} to ${username}\`, or let this user own it.`;
  if (!found.may_write)
    return `has tables of Carillon in ${database} that ${username} may not read and write: connect as ${owner ?? 'their owner'}, or grant it.`;
  return undefined;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
function refusal(error: unknown, { user, database }: { user: string; database: string }): string {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const [first] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  const reason = code || first?.code || '';
  if (reason === '28P01') return `refuses the password of ${user}: correct it there.`;
  if (reason === '28000')
    return `does not let ${user} in from here: correct the user, or what its pg_hba.conf says.`;
  if (reason === '3D000')
    return `has no database ${database}: \`create database ${database}\`, or correct the name.`;
  if (reason === '42501')
    return `does not let ${user} connect to ${database}: \`grant connect on database ${database} to ${user}\`.`;
  if (reason === '53300') return 'has no connection left: raise max_connections, or run fewer pods.';
  if (reason === '57P03') return 'is starting up or shutting down: try again in a moment.';
  if (/^E[A-Z_]+$/.test(reason) || /timeout/i.test(message))
    return `does not answer (${reason || 'no answer in 10 s'}): start it, or correct host and port, or let the network through.`;
  return `cannot be used: ${message}${reason ? ` (${reason})` : ''}.`;
}
