import { GoogleChatSimulator } from '#channels/simulators';
import { SimulatedServer } from '#http/simulation';
import { Temporal } from 'temporal-polyfill';
import { Notifier } from '../../services/notifier/src/notifier.module.js';
import { World } from './world.js';

/** Long enough ago to be over, and not so long that nothing is corrected any more. */
const today = Temporal.Now.plainDateISO('UTC');
const day = today.subtract({ days: today.dayOfWeek - 1 + 7 });
const monday = `${day.toString()}T10:00:00Z`;
/** A time on a day of the week before that Monday; 1 is its Monday. */
const at = (weekday: number, time: string): string => `${day.add({ days: weekday - 8 }).toString()}T${time}Z`;

const channel = (url: string, audience?: string): string => `
kind: Channel
name: google-chat
type: google-chat
owner: ops-room
${audience === undefined ? '' : `audience: ${audience}`}
settings:
  serviceAccount: { secret: google-chat-service-account }
  baseUrl: ${url}/
  tokenUrl: ${url}/token
`;

/** The same rule, said in a space of one team's managers: one more subscription, and nothing else. */
const subscription = (space: string): string => `
kind: Subscription
name: ferrari-managers
rules: [low-hours]
for: { team: ferrari }
schedule: { cron: '0 9 * * MON', timezone: person }
to: { channel: google-chat, space: ${space} }
`;

const team = `
kind: Team
name: ferrari
members: [olena@acme.example, minjun@acme.example]
`;

describe('the weekly story in a space of Google Chat', () => {
  const chat = new GoogleChatSimulator();
  const { name: space } = chat.addSpace({ displayName: 'Ferrari managers' });
  const { name: plan } = chat.addSpace({ displayName: 'Plan' });
  let server: SimulatedServer;
  let world: World;
  let ids: readonly string[];
  let entry: { readonly userId: string; readonly start: string; readonly end: string };
  const isPost = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
    method === 'POST' && path.includes('/messages');
  const titles = (of = space): readonly string[] =>
    chat
      .messages(of)
      .map(({ content }) => content.cardsV2?.[0]?.card.header?.title ?? '')
      .toSorted();
  const state = async (): Promise<readonly string[]> =>
    (await world.deliveries()).filter((one) => one.channel === 'google-chat').map((one) => one.state);

  beforeAll(async () => {
    server = await SimulatedServer.listen(chat);
    world = await World.start({
      secrets: { 'google-chat-service-account': JSON.stringify(chat.credentials.issueKey()) },
    });
    const { clockify, slack } = world;
    const people = ['Olena', 'Minjun', 'Nobody'].map((name) =>
      clockify.addUser({ email: `${name.toLowerCase()}@acme.example`, name, zone: 'Europe/Kyiv' }),
    );
    entry = { userId: people[0] ?? '', start: at(2, '08:00:00'), end: at(2, '15:30:00') };
    clockify.addEntry(entry);
    slack.addUser({ email: 'ops@acme.example', name: 'Ops' });
  });
  afterAll(async () => {
    await world.stop();
    await server.close();
  });

  it('is not told there before somebody vouches for who reads in it', async () => {
    await expect(
      world.apply(world.documents(channel(server.url), team, subscription(space))),
    ).rejects.toThrow(
      '`low-hours` is for the person and the managers at the widest, but `google-chat` reaches anybody there',
    );
  });

  it('says each card once, a second apart, although an answer is lost', async () => {
    await world.apply(world.documents(channel(server.url, 'managers'), team, subscription(space)));
    server.plan({ kind: 'cut-after', match: isPost });

    await world.knowPeople();
    ids = await world.begin(monday, ['ferrari-managers']);
    await world.settle(ids);

    expect(titles()).toEqual([expect.stringContaining('Minjun'), expect.stringContaining('Olena')]);
    expect(await state()).toEqual(['sent', 'sent']);
    expect(chat.messages(space).flatMap(({ remarks }) => remarks)).toEqual([]);
  });

  it('corrects the card in its place when hours are entered late', async () => {
    const { clockify } = world;
    clockify.addEntry({ ...entry, start: at(3, '08:00:00'), end: at(3, '10:00:00') });

    await world.pull(at(0, '00:00:00'), at(9, '00:00:00'), ids);
    await world.settle(ids);

    const olena = chat.messages(space).find(({ content }) => JSON.stringify(content).includes('Olena'));
    expect(JSON.stringify(olena?.content)).toContain('9.5');
    expect(olena?.versions).toHaveLength(1);
    expect(titles()).toHaveLength(2);
  });

  it('is held while the app is not in the space, its owner is told, and it is said when the app is back', async () => {
    chat.removeApp(plan);
    await world.apply(
      world.documents(
        channel(server.url, 'managers'),
        team,
        subscription(plan).replace('name: ferrari-managers', 'name: ferrari-plan'),
      ),
    );

    const late = await world.begin(monday, ['ferrari-plan']);
    await world.settle(late);
    const held = await state();
    const told = world.rooms()['carillon-ops']?.messages ?? [];
    chat.addApp(plan);
    await world.service.app.get(Notifier).release();
    await world.settle(late);

    expect(held.toSorted()).toEqual(['held', 'held', 'sent', 'sent']);
    expect(told).toContainEqual(expect.stringMatching(/could not be delivered to google-chat$/));
    expect(titles(plan)).toEqual([expect.stringContaining('Minjun'), expect.stringContaining('Olena')]);
  });
});
