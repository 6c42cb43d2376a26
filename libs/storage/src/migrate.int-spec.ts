import { Database } from './database.js';
import { testDatabase } from './testing.js';
import { migrations } from './migrations/index.js';

it('migrates once, whoever begins at the same time: the others wait, and find nothing left', async () => {
  const test = await testDatabase();
  await test.database.query('drop schema carillon cascade');
  const others = await Promise.all([1, 2].map(() => Database.open(test.url, { poolSize: 1 })));

  const done = await Promise.all([test.database, ...others].map((database) => database.migrate()));

  expect(done.flat()).toEqual(migrations.map((migration) => new migration().name));
  expect(await test.database.pendingMigrations()).toBe(false);
  await Promise.all(others.map((database) => database.close()));
  await test.drop();
});
