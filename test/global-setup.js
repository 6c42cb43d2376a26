import process from 'node:process';
import { mkdtemp, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One real Postgres for the whole test run; every spec makes its own database on it. */
export default async function setup() {
  const { startEmbeddedPostgres } = await import('../dist/libs/storage/src/embedded/embedded-postgres.js');
  const directory = await mkdtemp(join(tmpdir(), 'carillon-test-'));
  await chmod(directory, 0o755);
  const server = await startEmbeddedPostgres({ directory, throwaway: true });
  process.env.CARILLON_TEST_POSTGRES = server.url;
  globalThis.carillonTest = { server, directory };
}
