import { hashOf, readText } from '#documents';
import { Documents, People } from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { CompanyReader } from './company.js';

describe('the company', () => {
  let test: TestDatabase;
  let companies: CompanyReader;
  beforeEach(async () => {
    test = await testDatabase();
    companies = new CompanyReader(test.database);
    await apply('olena');
  });
  afterEach(() => test.drop());

  const apply = (name: string) =>
    new Documents(test.database).apply(
      readText(`kind: Person\nemail: olena@acme.example\nname: ${name}`, 'spec.yaml').documents.map(
        (one) => ({
          kind: one.kind,
          name: one.name,
          content: one.content,
          hash: hashOf(one),
        }),
      ),
      name,
    );
  const person = { id: '00000000-0000-5000-8000-000000000001', slug: 'olena', email: 'olena@acme.example' };
  const link = { system: 'clockify', externalId: 'c1', personId: person.id, origin: 'email' as const };
  const keep = (...given: Parameters<People['keepLinks']> extends [unknown, ...infer Rest] ? Rest : never) =>
    test.database.transaction((tx) => new People(test.database).keepLinks(tx, ...given));
  const read = async () => companies.asOf(await test.database.asOf());

  it('is made anew only where documents or people have changed', async () => {
    await keep([person], [link]);

    const first = await read();
    const second = await read();

    expect(second.people).toBe(first.people);
    expect(second.asOf.toString()).not.toBe(first.asOf.toString());
  });

  it('is seen with whatever has changed, and as it was at any moment before', async () => {
    const nobody = await read();
    await keep([person], []);
    const known = await read();
    await apply('Olena Kovalenko');
    const renamed = await read();
    await keep([], [link]);
    const linked = await read();
    await keep([], [], [link]);
    const unlinked = await read();

    expect([nobody, known, renamed].map(({ people }) => people.map(({ name }) => name))).toEqual([
      [],
      ['olena'],
      ['Olena Kovalenko'],
    ]);
    expect(new Set([renamed, linked, unlinked].map(({ people }) => people)).size).toBe(3);
    expect((await companies.asOf(known.asOf)).people).toEqual(known.people);
  });

  it('has its documents at once when they are applied', async () => {
    const before = await companies.configured();
    expect(await companies.configured()).toBe(before);

    await apply('Olena Kovalenko');

    const after = await companies.configured();
    expect(after.revision).toBe(before.revision + 1);
    expect(after.configuration.people[0]?.name).toBe('Olena Kovalenko');
  });
});
