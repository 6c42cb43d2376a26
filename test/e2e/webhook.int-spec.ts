import { WebhookSimulator } from '#channels/simulators';
import { SimulatedServer } from '#http/simulation';
import { World } from './world.js';

const monday = '2026-10-12T10:00:00Z';

/** The same rules, said to a receiver of one's own: one more subscription, and nothing else. */
const subscription = (name: string, url: string, whenUnknown: 'leave' | 'repeat'): string => `
kind: Subscription
name: ${name}
rules: [low-hours]
whenUnknown: ${whenUnknown}
schedule: { cron: '0 9 * * MON', timezone: person }
to: { channel: hr-system, url: '${url}/${name}/{{ person.slug }}' }
`;

const channel = `
kind: Channel
name: hr-system
type: webhook
owner: ops-room
audience: managers
settings: { signingSecret: { secret: hr-system-key }, allowPrivateAddresses: true }
`;

describe('the weekly story at a web hook', () => {
  const receiver = new WebhookSimulator();
  let server: SimulatedServer;
  let world: World;

  beforeAll(async () => {
    server = await SimulatedServer.listen(receiver);
    world = await World.start({ secrets: { 'hr-system-key': receiver.secret } });
    const { clockify, slack } = world;
    const olena = clockify.addUser({
      email: 'olena@acme.example',
      name: 'Olena Kovalenko',
      zone: 'Europe/Kyiv',
    });
    clockify.addEntry({ userId: olena, start: '2026-10-06T08:00:00Z', end: '2026-10-06T15:30:00Z' });
    slack.addUser({ email: 'ops@acme.example', name: 'Ops' });
    await world.apply(
      world.documents(
        channel,
        subscription('repeated', server.url, 'repeat'),
        subscription('left', server.url, 'leave'),
      ),
    );
  });
  afterAll(async () => {
    await world.stop();
    await server.close();
  });

  it('repeats what may have arrived where the subscription says so, under the same id, and leaves it where it says that', async () => {
    const cut = (name: string): void => {
      server.plan({ kind: 'cut-after', match: ({ path }) => path.startsWith(`/${name}/`) });
    };
    cut('repeated');
    cut('left');

    await world.knowPeople();
    await world.begin(monday, ['repeated', 'left']);
    await world.until(async () => {
      await world.sweep();
      await world.hurry();
      const settled = (await world.deliveries()).filter(
        ({ channel: name, settled_at }) => name === 'hr-system' && settled_at !== null,
      );
      return settled.length === 2;
    });

    const deliveries = await world.deliveries();
    const state = (name: string): string | undefined =>
      deliveries.find((one) => one.subscription === name)?.state;
    expect({ repeated: state('repeated'), left: state('left') }).toEqual({
      repeated: 'sent',
      left: 'unknown',
    });
    // Each once: the receiver knows a repeat by its id.
    expect(receiver.received.map(({ path }) => path).toSorted()).toEqual([
      '/left/olena-kovalenko',
      '/repeated/olena-kovalenko',
    ]);
    expect(receiver.repeated).toBe(1);
    expect(receiver.received[0]?.event.data.text).toContain('7.5');
  });

  it('refuses addresses inside the network where no document allows them', async () => {
    const receivedBefore = receiver.received.length;
    await world.apply(
      world.documents(
        channel.replace(', allowPrivateAddresses: true', ''),
        subscription('inside', server.url.replace('http:', 'https:'), 'leave'),
      ),
    );

    await world.run(monday, ['inside']);

    const delivery = (await world.deliveries()).find((one) => one.subscription === 'inside');
    expect(delivery?.state).toBe('failed');
    expect(receiver.received).toHaveLength(receivedBefore);
  });
});
