import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  examinePostgres,
  troubleWith,
  UnusablePostgresError,
  type PostgresState,
} from './examine-postgres.js';
import { testDatabase, type TestDatabase } from './testing.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
  await test.database.query(`create role examined_${process.pid} login password 'right'`);
});
afterAll(async () => {
  await test.database.query(`drop owned by examined_${process.pid} cascade`);
  await test.database.query(`drop role examined_${process.pid}`);
  await test.drop();
});

const role = `examined_${process.pid}`;

/** The test's database, by another user, password or name. */
function changed(change: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'port'>>): string {
  return Object.assign(new URL(test.url), change).href;
}

const said = async (url: string): Promise<string> => {
  try {
    await examinePostgres(url, 'DATABASE_URL');
    return 'nothing wrong';
  } catch (error) {
    if (error instanceof UnusablePostgresError) return error.message.replace(/127\.0\.0\.1:\d+/, 'HOST');
    throw error;
  }
};

describe('a Postgres is refused in one sentence', () => {
  it.each<[string, () => string, string]>([
    [
      'wrong password',
      () => changed({ username: role, password: 'wrong-password' }),
      `Postgres at HOST (DATABASE_URL) refuses the password of ${role}: correct it there.`,
    ],
    [
      'no such database',
      () => changed({ pathname: '/nowhere' }),
      'Postgres at HOST (DATABASE_URL) has no database nowhere: `create database nowhere`, or correct the name.',
    ],
    [
      'nobody there',
      () => changed({ port: '1' }),
      'Postgres at HOST (DATABASE_URL) does not answer (ECONNREFUSED): start it, or correct host and port, or let the network through.',
    ],
    [
      'tables of somebody else',
      () => changed({ username: role, password: 'right' }),
      expect.stringContaining(
        `that ${role} may not read and write: connect as carillon, or grant it.`,
      ) as string,
    ],
    ['the right one', () => test.url, 'nothing wrong'],
  ])('%s', async (_, url, sentence) => {
    expect(await said(url())).toEqual(sentence);
  });

  it('something else that listens there', async () => {
    const server: Server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

    const sentence = await said(changed({ port: String((server.address() as AddressInfo).port) }));
    server.close();

    expect(sentence).toMatch(/^Postgres at HOST \(DATABASE_URL\) (cannot be used|does not answer)/);
  });
});

describe('what a server says of itself', () => {
  const good: PostgresState = {
    ...{ version: 150_004, database: 'carillon', username: 'app', read_only: false },
    ...{ may_create: true, owner: 'app', may_write: true },
  };

  it.each<[string, Partial<PostgresState>, string | undefined]>([
    ['the oldest that will do', { version: 150_000 }, undefined],
    [
      'too old',
      { version: 140_011 },
      'is version 14, and Carillon needs 15 or newer: upgrade it, or name another server.',
    ],
    ['a replica', { read_only: true }, 'takes no writes, as a replica does: name the primary.'],
    [
      'empty, and nothing may be made there',
      { owner: null, may_create: false },
      'lets app make no schema in carillon: `grant create on database carillon to app`, or let this user own it.',
    ],
    ['empty', { owner: null }, undefined],
    ['with a schema of ours, where nothing else may be made', { may_create: false }, undefined],
  ])('%s', (_, change, trouble) => {
    expect(troubleWith({ ...good, ...change })).toBe(trouble);
  });
});

it('a schema that a newer release has been at is known by what this one does not know', async () => {
  expect(await test.database.laterMigrations()).toEqual([]);

  await test.database.query(
    `insert into migration (timestamp, name) values (1900000000000, 'FromTheFuture1900000000000')`,
  );

  expect(await test.database.laterMigrations()).toEqual(['FromTheFuture1900000000000']);
  expect(await test.database.pendingMigrations()).toBe(false);
});
