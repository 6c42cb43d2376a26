import { instant } from '#domain';
import { profilesRefreshed } from './people.js';
import { ClockifyFixture, failureOf, monday } from './workspace.fixture.js';

let fixture: ClockifyFixture;
beforeEach(async () => {
  fixture = await ClockifyFixture.open();
});
afterEach(() => fixture.server.close());

const profilesAsked = () => fixture.calls().flatMap((call) => /member-profile\/(\w+)/.exec(call)?.[1] ?? []);

describe('people', () => {
  it('have zone, language, contract and managers', async () => {
    const { simulator, owner } = fixture;
    const lead = simulator.addUser({ email: 'lead@acme.example', zone: 'Europe/Kyiv' });
    const lena = simulator.addUser({
      email: 'Lena@acme.example',
      name: 'Lena Vogt',
      zone: 'Europe/Berlin',
      lang: 'DE',
      capacity: 6.5,
      workingDays: ['MONDAY', 'TUESDAY', 'THURSDAY'],
      managers: [lead],
    });
    simulator.addGroup({ name: 'Platform', userIds: [lena, owner], managers: [owner] });

    const people = await fixture.people();

    expect(people.find(({ externalId }) => externalId === lena)).toEqual({
      externalId: lena,
      email: 'Lena@acme.example',
      name: 'Lena Vogt',
      active: true,
      zone: 'Europe/Berlin',
      locale: 'de',
      weekStart: 'MONDAY',
      workingDays: ['MONDAY', 'TUESDAY', 'THURSDAY'],
      dailyHours: 6.5,
      managers: [lead, owner].sort(),
    });
    // Nobody is their own manager.
    expect(people.find(({ externalId }) => externalId === owner)?.managers).toEqual([]);
    expect(fixture.calls().join()).not.toContain('/managers');
  });

  it('who never finished signing up have no zone, and who left are not active', async () => {
    const { simulator } = fixture;
    const invited = simulator.addUser({ email: 'new@acme.example', signedUp: false });
    const left = simulator.addUser({ email: 'left@acme.example' });
    simulator.deactivateUser(left);
    const kiosk = simulator.addUser({ email: 'kiosk@acme.example', status: 'LIMITED' });

    const people = new Map((await fixture.people()).map((person) => [person.externalId, person]));

    expect(people.get(invited)).toEqual({
      externalId: invited,
      email: 'new@acme.example',
      active: false,
      managers: [],
    });
    expect(people.get(left)).toMatchObject({ active: false });
    expect(people.get(kiosk)).toMatchObject({ active: true });
    expect(profilesAsked()).not.toContain(left);
  });

  it('come in all pages', async () => {
    for (let index = 0; index < 450; index += 1)
      fixture.simulator.addUser({ email: `p${index}@acme.example` });

    expect(new Set((await fixture.people()).map(({ externalId }) => externalId)).size).toBe(451);
  });
});

describe('profiles', () => {
  const fill = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      fixture.simulator.addUser({ email: `p${index}@acme.example` }),
    );

  it('are asked for once for each new person, then only the oldest few', async () => {
    fill(10);
    await fixture.people();
    expect(profilesAsked()).toHaveLength(11);

    const late = fixture.simulator.addUser({ email: 'late@acme.example' });
    await fixture.people({}, monday.add({ hours: 6 }));

    const asked = profilesAsked();
    expect(asked).toHaveLength(1 + profilesRefreshed);
    expect(asked).toContain(late);
  });

  it('are all asked for again in the course of time', async () => {
    const ids = fill(10);
    await fixture.people();
    for (const id of ids) fixture.simulator.editUser(id, { capacity: 4 });

    let people = await fixture.people();
    for (let run = 1; run <= 4; run += 1) people = await fixture.people({}, monday.add({ hours: 6 * run }));

    expect(ids.map((id) => people.find(({ externalId }) => externalId === id)?.dailyHours)).toEqual(
      ids.map(() => 4),
    );
  });

  it('that were asked for before a failure are not asked for again', async () => {
    fill(20);
    fixture.server.plan({
      kind: 'answer',
      answer: { status: 503 },
      match: ({ path }) => path.includes('profile'),
      after: 12,
    });
    await failureOf(fixture.people());
    fixture.calls();

    await fixture.people({}, monday.add({ minutes: 5 }));

    expect(profilesAsked().length).toBeLessThanOrEqual(21 - 12 + profilesRefreshed);
  });

  it.each([402, 403])('that are withheld by %i are left out for everybody', async (status) => {
    fill(3);
    fixture.server.plan({
      kind: 'answer',
      answer: { status },
      times: 99,
      match: ({ path }) => path.includes('profile'),
    });

    expect((await fixture.people()).every(({ dailyHours }) => dailyHours === undefined)).toBe(true);
  });

  it('of one person who is gone leaves the others theirs', async () => {
    fill(3);
    fixture.server.plan({
      kind: 'answer',
      answer: { status: 404 },
      match: ({ path }) => path.includes('profile'),
    });

    expect((await fixture.people()).filter(({ dailyHours }) => dailyHours === 8)).toHaveLength(3);
  });
});

describe('managers', () => {
  it('are asked for person by person, and kept, where the list has no roles', async () => {
    const { simulator, owner, server } = fixture;
    const lena = simulator.addUser({ email: 'lena@acme.example', managers: [owner] });
    const users = () => ({
      status: 200,
      headers: { 'last-page': 'true' },
      body: [owner, lena].map((id) => ({
        id,
        email: `${id}@acme.example`,
        status: 'ACTIVE',
        settings: null,
      })),
    });
    const withoutRoles = () =>
      server.plan({ kind: 'answer', answer: users(), match: ({ path }) => path.endsWith('/users') });

    withoutRoles();
    const people = await fixture.people();
    expect(people.find(({ externalId }) => externalId === lena)?.managers).toEqual([owner]);
    expect(fixture.calls().filter((call) => call.endsWith('/managers'))).toHaveLength(2);

    withoutRoles();
    server.plan({ kind: 'answer', answer: { status: 403 }, match: ({ path }) => path.endsWith('/managers') });
    const later = await fixture.people({}, instant('2026-03-09T14:00:00Z'));
    expect(later.find(({ externalId }) => externalId === lena)?.managers).toBeUndefined();
  });
});
