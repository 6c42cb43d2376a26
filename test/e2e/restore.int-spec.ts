import { Deliveries, type Database } from '#storage';
import { World } from './world.js';

/** A copy of every table of ours beside the originals: what a backup has. Returns how the database is restored from it, at one stroke. */
async function backUp(database: Database): Promise<() => Promise<void>> {
  // What Postgres generates from other columns is no part of a backup.
  const tables = await database.query<{ name: string; columns: string }>(
    `select table_name as name, string_agg(format('%I', column_name), ', ') filter (where is_generated = 'NEVER') as columns
     from information_schema.tables join information_schema.columns using (table_schema, table_name)
     where table_schema = 'carillon' and table_type = 'BASE TABLE' and table_name <> 'migration' group by table_name`,
  );
  await database.query('create schema backup');
  for (const { name, columns } of tables)
    await database.query(`create table backup.${name} as select ${columns} from carillon.${name}`);
  return () =>
    database.transaction(async (tx) => {
      // Without looking at foreign keys, as a restore does.
      await tx.query(`set local session_replication_role = replica`);
      for (const { name, columns } of tables) {
        await tx.query(`delete from carillon.${name}`);
        await tx.query(
          `insert into carillon.${name} (${columns}) overriding system value table backup.${name}`,
        );
      }
    });
}

describe('restored from a backup that is older than what was said', () => {
  const monday = '2026-10-12T10:00:00Z';
  let world: World;

  beforeAll(async () => {
    world = await World.start({ at: monday });
    const { clockify, slack } = world;
    for (const [email, name] of [
      ['olena@acme.example', 'Olena Kovalenko'],
      ['nadia@acme.example', 'Nadia Petrenko'],
    ] as const) {
      const userId = clockify.addUser({ email, name, zone: 'UTC' });
      clockify.addEntry({ userId, start: '2026-10-06T08:00:00Z', end: '2026-10-06T15:30:00Z' });
      slack.addUser({ email, name, zone: 'UTC' });
    }
    slack.addUser({ email: 'carillon-key@acme.example', name: 'Key Owner', zone: 'UTC' });
    await world.apply(world.documents());
  });
  afterAll(() => world.stop());

  it('says nothing twice that the backup knows nothing of', async () => {
    await world.knowPeople();
    // A pull that a backup finds under way would be left alone until its lease runs out.
    await world.settle();
    const restore = await backUp(world.test.database);
    await world.run(monday);
    const shown = world.rooms();
    expect(Object.keys(shown).toSorted()).toEqual(['hours-nadia-petrenko', 'hours-olena-kovalenko']);

    await restore();
    await new Deliveries(world.test.database).distrustPending();
    await world.run(monday);
    await world.settleNow();

    expect(world.rooms()).toEqual(shown);
  });
});
