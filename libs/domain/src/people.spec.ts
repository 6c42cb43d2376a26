import fc from 'fast-check';
import type { Identity } from './identity.js';
import {
  linkIdentities,
  resolvePeople,
  slugOf,
  type KnownPerson,
  type Link,
  type PersonProfile,
} from './people.js';

const identity = (externalId: string, over: Partial<Identity> = {}): Identity => ({
  externalId,
  active: true,
  ...over,
});
const at = (system: string, ...identities: Identity[]) =>
  identities.map((one) => ({ system, identity: one }));
const link = (over: Partial<Parameters<typeof linkIdentities>[0]>) =>
  linkIdentities({
    people: [],
    links: [],
    identities: [],
    profiles: [],
    mentioned: new Set(),
    joinOnly: new Set(['slack']),
    ...over,
  });

/** Links in rounds, as the host does: what one round found is known to the next. */
const inRounds = (rounds: Partial<Parameters<typeof linkIdentities>[0]>[]) => {
  let people: readonly KnownPerson[] = [];
  let links: readonly Link[] = [];
  for (const round of rounds) {
    const found = link({ ...round, people, links });
    people = [...people, ...found.people];
    links = [
      ...links.filter(
        (old) =>
          ![...found.links, ...found.closed].some(
            (one) => one.system === old.system && one.externalId === old.externalId,
          ),
      ),
      ...found.links,
    ];
  }
  return { people, links };
};

describe('who is who', () => {
  it('proposes one person for the same address in two systems, whatever its case', () => {
    const { people, links } = link({
      identities: [
        ...at('clockify', identity('c1', { email: 'Olena@Acme.example', name: 'Olena Kovalenko' })),
        ...at('slack', identity('U1', { email: 'olena@acme.example' })),
      ],
    });

    expect(people).toMatchObject([{ slug: 'olena-kovalenko', email: 'olena@acme.example' }]);
    expect(new Set(links.map((one) => one.personId)).size).toBe(1);
    expect(links.map((one) => one.externalId).sort()).toEqual(['U1', 'c1']);
  });

  it('leaves a link where it is when the address moves to somebody else', () => {
    const { people, links } = inRounds([
      {
        identities: at(
          'clockify',
          identity('c1', { email: 'a@acme.example' }),
          identity('c2', { email: 'b@acme.example' }),
        ),
      },
      {
        identities: at(
          'clockify',
          identity('c1', { email: 'b@acme.example' }),
          identity('c2', { email: 'a@acme.example' }),
        ),
      },
    ]);

    const owner = (externalId: string): string | null | undefined =>
      people.find((person) => person.id === links.find((one) => one.externalId === externalId)?.personId)
        ?.email;
    expect(owner('c1')).toBe('a@acme.example');
    expect(owner('c2')).toBe('b@acme.example');
  });

  it('holds and names a second identity of one system for the same person', () => {
    const found = link({
      identities: at(
        'clockify',
        identity('c1', { email: 'a@acme.example' }),
        identity('c2', { email: 'A@acme.example' }),
      ),
    });

    expect(found.links).toHaveLength(1);
    expect(found.conflicts).toEqual([
      { system: 'clockify', externalId: 'c2', heldBy: 'c1', email: 'a@acme.example' },
    ]);
  });

  it('moves a link only where a document names the identity', () => {
    const profiles: PersonProfile[] = [{ email: 'new@acme.example', identities: { clockify: 'c1' } }];
    const { people, links } = inRounds([
      { identities: at('clockify', identity('c1', { email: 'a@acme.example' })) },
      { identities: at('clockify', identity('c1', { email: 'a@acme.example' })), profiles },
    ]);

    const person = people.find((one) => one.email === 'new@acme.example');
    expect(links).toEqual([
      { system: 'clockify', externalId: 'c1', personId: person?.id, origin: 'document' },
    ]);
  });

  describe('where a document gives somebody another account of the same system', () => {
    const old = identity('c1', { email: 'a@acme.example', active: false });
    const fresh = identity('c2', { email: 'a.new@acme.example' });
    const profiles: PersonProfile[] = [{ email: 'a@acme.example', identities: { clockify: 'c2' } }];

    it.each([
      ['that nobody had', [{ identities: at('clockify', old) }]],
      ['that was somebody else’s by its address', [{ identities: at('clockify', old, fresh) }]],
    ])('%s, the one before is given up', (_, before) => {
      const { people, links } = inRounds([...before, { identities: at('clockify', old, fresh), profiles }]);

      const person = people.find(({ email }) => email === 'a@acme.example');
      expect(links).toEqual([
        { system: 'clockify', externalId: 'c2', personId: person?.id, origin: 'document' },
      ]);
    });

    it('it stays so, and nobody is asked who the one before is', () => {
      const active = at('clockify', { ...old, active: true }, fresh);
      const { people, links } = inRounds([
        { identities: at('clockify', old) },
        { identities: active, profiles },
      ]);

      expect(link({ people, links, identities: active, profiles })).toMatchObject({
        links: [],
        closed: [],
        conflicts: [],
      });
    });

    it('two people can change theirs', () => {
      const both = at(
        'clockify',
        identity('c1', { email: 'a@acme.example' }),
        identity('c2', { email: 'b@acme.example' }),
      );
      const { people, links } = inRounds([
        { identities: both },
        {
          identities: both,
          profiles: [
            { email: 'a@acme.example', identities: { clockify: 'c2' } },
            { email: 'b@acme.example', identities: { clockify: 'c1' } },
          ],
        },
      ]);

      const emailOf = new Map(people.map(({ id, email }) => [id, email]));
      expect(links.map(({ externalId, personId }) => [externalId, emailOf.get(personId)]).toSorted()).toEqual(
        [
          ['c1', 'b@acme.example'],
          ['c2', 'a@acme.example'],
        ],
      );
    });
  });

  it('lists whom nothing names, takes no programs, and lets a chat workspace create nobody', () => {
    const found = link({
      identities: [
        ...at(
          'clockify',
          identity('c1', { name: 'No Address' }),
          identity('c2', { name: 'Gone', active: false }),
        ),
        ...at(
          'slack',
          identity('U1', { email: 'stranger@acme.example' }),
          identity('B1', { email: 'bot@acme.example', bot: true }),
        ),
      ],
    });

    expect(found.people).toEqual([]);
    expect(found.unmatched).toEqual([{ system: 'clockify', externalId: 'c1', name: 'No Address' }]);
  });

  it('knows whom documents name, also where only a chat workspace has them', () => {
    const found = link({
      identities: at(
        'slack',
        identity('U1', { email: 'boss@acme.example', name: 'Berta Boss' }),
        identity('U2', { email: 'ops@acme.example', name: 'Otto Ops' }),
        identity('U3', { email: 'stranger@acme.example' }),
      ),
      profiles: [{ email: 'boss@acme.example' }],
      mentioned: new Set(['ops@acme.example']),
    });

    expect(found.people.map(({ slug }) => slug)).toEqual(['berta-boss', 'otto-ops']);
    expect(found.links.map(({ externalId }) => externalId)).toEqual(['U1', 'U2']);
  });

  it('names the slug after the person, whether the document or the identity came first', () => {
    const identities = at(
      'clockify',
      identity('c1', { email: 'olena@acme.example', name: 'Olena Kovalenko' }),
    );
    const profiles: PersonProfile[] = [{ email: 'olena@acme.example' }];

    expect(inRounds([{ profiles }, { profiles, identities }]).people).toEqual(
      inRounds([{ identities }, { profiles, identities }]).people,
    );
  });

  it('gives everybody a slug of their own, also from Hangul, Han and Cyrillic', () => {
    const found = link({
      identities: at(
        'clockify',
        identity('c1', { email: 'a@acme.example', name: 'Олена Коваленко' }),
        identity('c2', { email: 'b@acme.example', name: 'Olena Kovalenko' }),
        identity('c3', { email: 'c@acme.example', name: '김민준' }),
        identity('c4', { email: 'd@acme.example', name: '王小明' }),
        identity('c5', { email: 'e.f@acme.example', name: '🙂' }),
      ),
    });

    const slugs = found.people.map((person) => person.slug);
    expect(new Set(slugs).size).toBe(5);
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('comes to the same links whatever the order in which identities arrive', () => {
    const identities = fc.array(
      fc.record({
        system: fc.constantFrom('clockify', 'slack'),
        identity: fc.record({
          externalId: fc.constantFrom('1', '2', '3', '4'),
          active: fc.boolean(),
          email: fc.constantFrom('a@x.example', 'A@x.example', 'b@x.example'),
        }),
      }),
      { maxLength: 8 },
    );
    const unique = identities.map((all) => [
      ...new Map(all.map((one) => [`${one.system}${one.identity.externalId}`, one])).values(),
    ]);
    const sorted = (links: readonly Link[]): readonly Link[] =>
      links.toSorted((one, other) =>
        one.system + one.externalId < other.system + other.externalId ? -1 : 1,
      );
    fc.assert(
      fc.property(unique, (all) => {
        expect(sorted(link({ identities: all.toReversed() }).links)).toEqual(
          sorted(link({ identities: all }).links),
        );
      }),
    );
  });
});

describe('a person', () => {
  const people: KnownPerson[] = [
    { id: 'p1', slug: 'olena', email: 'olena@acme.example' },
    { id: 'p2', slug: 'max', email: 'max@acme.example' },
  ];
  const links: Link[] = [
    { system: 'clockify', externalId: 'c1', personId: 'p1', origin: 'email' },
    { system: 'clockify', externalId: 'c2', personId: 'p2', origin: 'email' },
    { system: 'slack', externalId: 'U1', personId: 'p1', origin: 'email' },
  ];
  const resolve = (profiles: PersonProfile[] = []) =>
    resolvePeople({
      people,
      links,
      identities: [
        ...at(
          'clockify',
          identity('c1', {
            name: 'Olena',
            zone: 'Europe/Kyiv',
            locale: 'en',
            dailyHours: 6,
            managers: ['c2', 'c1'],
          }),
          identity('c2', { locale: 'de' }),
        ),
        ...at('slack', identity('U1', { name: 'olena!', zone: 'America/New_York', locale: 'uk-UA' })),
      ],
      profiles,
      teams: [{ name: 'platform', members: ['olena@acme.example'] }],
      calendars: [
        { name: 'ua', zones: ['Europe/Kyiv'], isDefault: false },
        { name: 'de', zones: [], isDefault: true },
      ],
      sources: ['clockify'],
      channels: ['slack'],
    });

  it('takes the zone from the source and never from chat, the language first of all from chat', () => {
    const [olena, max] = resolve();

    expect(olena).toMatchObject({
      name: 'Olena',
      zone: 'Europe/Kyiv',
      locale: 'uk',
      calendar: 'ua',
      dailyHours: 6,
      teams: ['platform'],
      managers: ['p2'],
    });
    expect(max).toMatchObject({ zone: 'UTC', locale: 'en', calendar: 'de', dailyHours: 8, managers: [] });
  });

  it('believes a document before any system', () => {
    const [olena] = resolve([
      {
        email: 'olena@acme.example',
        zone: 'Asia/Seoul',
        managers: [],
        contract: { dailyHours: 4 },
        calendar: 'kr',
      },
    ]);

    expect(olena).toMatchObject({ zone: 'Asia/Seoul', managers: [], dailyHours: 4, calendar: 'kr' });
  });
});

describe('slugOf', () => {
  it.each([
    ['Anne-Marie  O’Neil', 'anne-marie-o-neil'],
    ['...', ''],
    ['x'.repeat(80), 'x'.repeat(60)],
  ])('%s → %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});
