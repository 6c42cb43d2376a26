import { Explainer } from '../../services/carillon/src/explain/explainer.js';
import { explanationText } from '../../services/carillon/src/explain/text.js';
import { Retain } from '../../services/rules/src/retain.js';
import { World } from './world.js';

const monday = '2026-10-12T10:00:00Z';
const yearsLater = '2029-01-10T10:00:00Z';

const retention = `
kind: Retention
facts: 400d
deliveries: 800d
`;

describe('what was said years ago', () => {
  let world: World;
  let run: readonly string[];
  let delivery: string;

  beforeAll(async () => {
    world = await World.start({ at: monday });
    const { clockify, slack } = world;
    const userId = clockify.addUser({ email: 'olena@acme.example', name: 'Olena Kovalenko', zone: 'UTC' });
    clockify.addEntry({ userId, start: '2026-10-06T08:00:00Z', end: '2026-10-06T15:30:00Z' });
    slack.addUser({ email: 'olena@acme.example', name: 'Olena Kovalenko', zone: 'UTC' });
    await world.apply(world.documents(retention));
    run = await world.run(monday);
    const [said] = await world.test.database.query<{ id: string }>(
      `select id from delivery where about = 'notification'`,
    );
    delivery = said?.id ?? '';
  });
  afterAll(() => world.stop());

  const count = async (table: string): Promise<number> => {
    const [row] = await world.test.database.query<{ count: number }>(`select count(*) from ${table}`);
    return row?.count ?? 0;
  };
  const explained = async (): Promise<string> =>
    explanationText(await new Explainer(world.test.database).delivery(delivery));
  /** As the processes do while hours go by. */
  const remove = async (): Promise<void> => {
    const retain = world.service.app.get(Retain);
    for (let hour = 0; hour < 2; hour += 1) {
      await retain.remove(new AbortController().signal);
      await world.test.database.query(
        `update facts_horizon set announced_at = announced_at - interval '61 minutes' where announced_at > '-infinity'`,
      );
    }
  };

  it('is kept as long as it may, and says until when', async () => {
    await remove();

    expect(await count(`delivery where id = '${delivery}'`)).toBe(1);
    expect(await explained()).toMatch(/kept +until 2028-12-2\d.*, then removed by retention/);
  });

  it('is explained without its facts, once their time is over', async () => {
    await world.goTo('2028-02-01T10:00:00Z');
    await remove();

    expect(await count('fact')).toBe(0);
    const text = await explained();
    expect(text).toMatch(/removed +facts from before 2026-12-2\d.*, by the Retention document/);
    expect(text).toMatch(/facts +none are left/);
    expect(text).toMatch(/inputs +.*hours = 7\.5/);
  });

  it('is decided anew by nobody then: a number about a person is fair or unsaid', async () => {
    const before = world.rooms();

    const ids = await world.begin(monday);
    await world.wakeOccurrences();
    await world.settleNow(ids);

    expect(world.rooms()).toEqual(before);
  });

  it('is removed with its run, leaves its key, and is never said again', async () => {
    const before = world.rooms();
    await world.goTo(yearsLater);
    await remove();
    expect(await count('decision')).toBe(0);
    expect([
      await count(`occurrence where id = '${run[0] ?? ''}'`),
      await count(`removed where id = '${delivery}'`),
    ]).toEqual([0, 1]);

    const ids = await world.begin(monday);
    await world.settleNow();

    expect(ids).toEqual(run);
    expect(world.rooms()).toEqual(before);
    await expect(explained()).rejects.toThrow(
      /was removed at 2029-01-10.*, as the Retention document says\. Its key is kept, so it is never said again\./,
    );
  });
});
