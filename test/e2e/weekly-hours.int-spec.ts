import { onEachQueue } from './on-each-queue.js';
import { World } from './world.js';

onEachQueue('a week with too few hours', (queueUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(await queueUrl());
    const { clockify, slack } = world;
    const manager = clockify.addUser({
      email: 'max@acme.example',
      name: 'Max Muster',
      zone: 'Europe/Berlin',
    });
    const olena = clockify.addUser({
      email: 'olena@acme.example',
      name: 'Olena Kovalenko',
      zone: 'Europe/Kyiv',
      managers: [manager],
    });
    clockify.addEntry({ userId: olena, start: '2026-10-06T08:00:00Z', end: '2026-10-06T15:30:00Z' });
    for (const day of ['05', '06', '07', '08', '09'])
      clockify.addEntry({
        userId: manager,
        start: `2026-10-${day}T08:00:00Z`,
        end: `2026-10-${day}T16:00:00Z`,
      });
    slack.addUser({ email: 'max@acme.example', name: 'Max Muster', zone: 'Europe/Berlin' });
    slack.addUser({ email: 'olena@acme.example', name: 'Olena Kovalenko', zone: 'Europe/Kyiv' });
    slack.addUser({ email: 'ops@acme.example', name: 'Ops', zone: 'Europe/Kyiv' });
    slack.addUser({ email: 'carillon-key@acme.example', name: 'Key Owner', zone: 'UTC' });
    await world.apply(world.documents());
  });
  afterAll(() => world.stop());

  it('tells the person and the manager, once, in a room of exactly the two', async () => {
    await world.run('2026-10-12T10:00:00Z');
    await world.run('2026-10-12T11:00:00Z');

    const { 'hours-olena-kovalenko': room, ...others } = world.rooms();
    expect(room?.members).toEqual(['Carillon', 'Max Muster', 'Olena Kovalenko']);
    expect(room?.messages).toEqual(['Olena Kovalenko: 7.5 of 40 h logged (October 5 – October 11)']);
    expect(Object.keys(others)).toEqual([]);
  });
});
