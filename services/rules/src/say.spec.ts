import type { RoomTarget, Subscription } from '#domain';
import { route } from './say.js';
import { personOf } from './testing.js';

const olena = personOf('olena');
const max = personOf('max', { id: '00000000-0000-5000-8000-000000000002' });
const room = (members: RoomTarget['members'], name = 'hours-{{ person.slug }}'): Subscription => ({
  name: 'weekly-hours',
  rules: ['low-hours'],
  digest: true,
  to: { channel: 'slack', room: { name, members } },
  untilMs: 1,
  whenUnknown: 'leave',
});

describe('where something is said', () => {
  it('is a room of its own for each circle of people', () => {
    const alone = route(room(['person']), olena).destination;
    const withManagers = route(room(['person', 'managers']), olena).destination;

    expect(alone).not.toBe(withManagers);
    expect(route(room(['managers', 'person']), olena).destination).toBe(withManagers);
  });

  it('is a room of its own for each person, also where its name is fixed', () => {
    expect(route(room(['person'], 'hours'), olena).destination).not.toBe(
      route(room(['person'], 'hours'), max).destination,
    );
  });

  it('is one room where its members are fixed', () => {
    const fixed = room([{ email: 'hr@acme.example' }], 'hours');

    expect(route(fixed, olena).destination).toBe(route(fixed, max).destination);
  });
});
