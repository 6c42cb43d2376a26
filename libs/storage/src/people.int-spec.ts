import { People } from './people.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

describe('who is who', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase();
  });
  afterAll(() => test.drop());

  it('changes from one moment on: a link that is given up was one before', async () => {
    const people = new People(test.database);
    const personId = '00000000-0000-5000-8000-000000000001';
    const link = (externalId: string) => ({
      system: 'clockify',
      externalId,
      personId,
      origin: 'email' as const,
    });
    await test.database.transaction((tx) =>
      people.keepLinks(tx, [{ id: personId, slug: 'olena', email: null }], [link('c1')]),
    );
    const before = await test.database.asOf();

    await test.database.transaction((tx) => people.keepLinks(tx, [], [link('c2')], [link('c1')]));

    expect(await people.links(await test.database.asOf())).toEqual([link('c2')]);
    expect(await people.links(before)).toEqual([link('c1')]);
  });
});
