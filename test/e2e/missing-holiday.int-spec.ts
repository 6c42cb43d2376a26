import { CompanyReader } from '#company';
import { Decisions, Occurrences } from '#storage';
import { Explainer } from '../../services/carillon/src/explain/explainer.js';
import { explanationText } from '../../services/carillon/src/explain/text.js';
import { Previewer } from '../../services/carillon/src/preview/previewer.js';
import { Evaluator } from '../../services/rules/src/evaluator.js';
import { Say } from '../../services/rules/src/say.js';
import { World } from './world.js';

const monday = '2026-10-12T12:00:00Z';
const days = ['2026-10-05', '2026-10-06', '2026-10-08', '2026-10-09'];
/** So many miss the holiday in the first zone; one more does in the other. */
const MANY = 40;

const documents = (workspaceId: string, url: string): string => `
kind: Channel
name: clockify-holidays
type: clockify
audience: managers
settings: { workspaceId: ${workspaceId}, apiKey: { secret: clockify-api-key }, baseUrl: ${url}/api }
---
kind: Calendar
name: company
for: { default: true }
holidays: [{ day: 2026-10-07, name: Founders Day }]
---
kind: Rule
name: missing-holiday
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { missing: { calendar: missingHolidays } }
when: missing > 0.0
say: missing-holiday
---
kind: Subscription
name: enter-holidays
rules: [missing-holiday]
schedule: { cron: '0 8 * * MON', timezone: person }
to: { channel: clockify-holidays, enter: workspaceHoliday }
`;

describe('a holiday that many people miss', () => {
  let world: World;
  const run = (): Promise<readonly string[]> => world.run(monday, ['enter-holidays']);
  const records = async () =>
    (await world.deliveries()).filter(({ channel }) => channel === 'clockify-holidays');
  const holidays = () => world.clockify.save().workspaces[0]?.holidays ?? [];
  /** The calls that enter holidays. */
  const writes = (): readonly string[] =>
    world.clockifyServer.requests
      .filter(({ method, path }) => method !== 'GET' && path.includes('/holidays'))
      .map(({ method }) => method);
  const hire = (name: string, zone: string): string => {
    const userId = world.clockify.addUser({ email: `${name}@acme.example`, name, zone });
    for (const day of days)
      world.clockify.addEntry({ userId, start: `${day}T08:00:00Z`, end: `${day}T16:00:00Z` });
    return userId;
  };

  beforeAll(async () => {
    world = await World.start({ at: monday });
    for (let index = 0; index < MANY; index += 1) hire(`Person ${index}`.replace(' ', '-'), 'Europe/Kyiv');
    hire('Person-elsewhere', 'Europe/Warsaw');
    await world.apply(world.documents(documents(world.workspaceId, world.clockifyServer.url)));
    await run();
  });
  afterAll(() => world.stop());

  it('is entered once, by one delivery, for the people of all zones', async () => {
    const [delivery, ...others] = await records();

    expect(others).toEqual([]);
    expect(delivery).toMatchObject({ state: 'sent', about: 'record', subject: null });
    expect(holidays()).toMatchObject([{ name: 'Founders Day', startDate: '2026-10-07' }]);
    expect(holidays()[0]?.userIds).toHaveLength(MANY + 1);
    // At most once for each zone: the second joins what the first has written, or comes with it.
    expect(writes().length).toBeLessThanOrEqual(2);
  });

  it('is explained by every decision behind it, and from every person', async () => {
    const [delivery] = await records();
    const explainer = new Explainer(world.test.database);

    const explanation = await explainer.delivery(delivery?.id ?? '');
    const person = await explainer.person('person-elsewhere@acme.example', 'missing-holiday');

    expect(explanation.decisions.map(({ outcome }) => outcome)).toEqual(Array(MANY + 1).fill('fired'));
    expect(explanationText(explanation)).toContain(`Why: rule missing-holiday, about ${MANY + 1} people`);
    expect(explanationText(explanation)).toContain('Europe/Kyiv (done), ');
    expect(explanationText(person)).toContain(`said, delivery ${delivery?.id ?? ''} is sent`);
  });

  it('is previewed as what it was', async () => {
    const { app } = world.service;
    const { database } = world.test;
    const previewer = new Previewer(
      database,
      app.get(CompanyReader),
      app.get(Evaluator),
      app.get(Say),
      new Occurrences(database),
      new Decisions(database),
    );

    const occasions = await previewer.preview('missing-holiday', { over: 'thisMonth', known: 'then' });

    const [delivery] = await records();
    const lived = occasions.filter((one) => one.lived).flatMap(({ sayings }) => sayings);
    expect(new Set(lived.map((one) => one.delivery))).toEqual(new Set([delivery?.id]));
    expect(new Set(lived.flatMap(({ people }) => people)).size).toBe(MANY + 1);
  });

  it('gets whoever is known later, and is entered no second time', async () => {
    const late = hire('Person-late', 'Europe/Berlin');
    await world.readPeopleAgain('clockify');
    await world.settle();
    await run();

    const delivered = await records();
    expect(delivered).toMatchObject([{ state: 'sent' }]);
    expect(holidays()).toHaveLength(1);
    expect(holidays()[0]?.userIds).toContain(late);
    expect(
      (await new Explainer(world.test.database).delivery(delivered[0]?.id ?? '')).decisions,
    ).toHaveLength(MANY + 2);
  });

  it('leaves the books balanced', async () => {
    expect((await world.books()).unbalanced).toEqual([]);
    const unsaid = await world.test.database.query('select 1 from notification where not holds');
    expect(unsaid).toEqual([]);
  });
});
