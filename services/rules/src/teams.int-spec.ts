import { type Instant, type Message, type MessageBlock } from '#domain';
import { issue, team, TeamWorld } from './teams.fixture.js';

describe('rules about teams', () => {
  let world: TeamWorld;
  beforeEach(async () => {
    world = await TeamWorld.create();
  });
  afterEach(() => world.drop());

  const trendIn = (message: Message | undefined) =>
    message?.blocks.find((block): block is MessageBlock & { type: 'trend' } => block.type === 'trend');

  it('measure how things stand, and tell each team in its own place, language and with its own target', async () => {
    await world.read([
      team('ferrari'),
      team('tesla'),
      issue('a', { priority: 'Critical' }),
      issue('b'),
      issue('c', { priority: 'Blocker' }),
      issue('d', { subject: 'tesla' }),
      issue('e', { subject: 'nobody' }),
    ]);

    const run = await world.look();

    expect(run).toMatchObject({ state: 'done' });
    expect(await world.concluded(run, 'issue-index')).toMatchObject({
      outcome: 'fired',
      inputs: { open: { Critical: 1, High: 1, other: 1 }, score: 16, target: 10 },
    });
    expect(await world.concluded(run, 'issue-index', 'tesla')).toMatchObject({
      inputs: { open: { Critical: 0, High: 1, other: 0 }, score: 5, target: 20 },
    });
    const sent = await world.deliveries.ofOccurrence(run.id);
    expect(
      sent.map(({ target, message }) => [target['space'], (message as Message).locale]).toSorted(),
    ).toEqual([
      ['spaces/ferrari', 'en'],
      ['spaces/tesla', 'uk'],
    ]);
    expect((await world.said(run))?.title).toContain('Ferrari · issue index: 16 (target 10)');
    expect((await world.said(run))?.blocks).toContainEqual({
      type: 'table',
      columns: ['Priority', 'Issues', 'Weight', 'Points'],
      rows: [
        ['Critical', '1', '10', '10'],
        ['High', '1', '5', '5'],
        ['other', '1', '1', '1'],
      ],
    });
    expect((await world.said(run, 'tesla'))?.title).toContain('tesla · індекс задач: 5');
  });

  it('balance: every team is fired, quiet, suppressed or held', async () => {
    await world.read([team('ferrari')]);

    const run = await world.look();

    expect(
      await world.database.query(
        'select rule, subjects, fired, quiet, suppressed, held from evaluation where occurrence_id = $1 order by rule',
        [run.id],
      ),
    ).toEqual([
      { rule: 'issue-index', subjects: 2, fired: 1, quiet: 0, suppressed: 1, held: 0 },
      { rule: 'oldest-issue', subjects: 2, fired: 0, quiet: 1, suppressed: 1, held: 0 },
      { rule: 'overdue-share', subjects: 2, fired: 0, quiet: 1, suppressed: 1, held: 0 },
    ]);
  });

  it('take nothing for zero where the source knows the team, and for nothing where it does not', async () => {
    await world.read([team('ferrari')]);

    const run = await world.look();

    expect(await world.concluded(run, 'issue-index')).toMatchObject({
      outcome: 'fired',
      inputs: { score: 0 },
    });
    expect(await world.concluded(run, 'issue-index', 'tesla')).toMatchObject({
      outcome: 'suppressed',
      reason: 'no-identity',
      detail: 'vtiger',
      inputs: { target: 20 },
    });
    expect(await world.said(run, 'tesla')).toBeUndefined();
  });

  it('hold what was never read, or not lately, and tell the source’s owner', async () => {
    const never = await world.look();

    expect(never).toMatchObject({ state: 'held' });
    expect(await world.concluded(never, 'issue-index')).toMatchObject({
      outcome: 'held',
      reason: 'incomplete',
    });
    expect(await world.troubles.listOpen()).toMatchObject([{ kind: 'incomplete', owner: 'ops-room' }]);

    await world.read([team('ferrari'), issue('a')]);
    await world.database.query(`update pull set began_at = began_at - interval '40 minutes'`);
    expect(await world.look()).toMatchObject({ state: 'held' });

    await world.read([team('ferrari'), team('tesla'), issue('a')]);
    const read3 = await world.look();
    expect(read3).toMatchObject({ state: 'done' });
    expect(await world.concluded(read3, 'issue-index')).toMatchObject({
      outcome: 'fired',
      inputs: { score: 5 },
    });
    expect(await world.troubles.listOpen()).toEqual([]);
  });

  it('hold a team of which a record could not be read, and no other', async () => {
    const facts = [team('ferrari'), team('tesla'), issue('a'), issue('b', { subject: 'tesla' })];
    await world.read(facts, [
      { kind: 'kpi.openIssues', key: '9x7', subject: 'tesla', why: 'it has no status' },
      { kind: 'kpi.openIssues', key: '9x8', subject: 'nobody', why: 'it has no status' },
    ]);

    const run = await world.look();

    expect(await world.concluded(run, 'issue-index')).toMatchObject({ outcome: 'fired' });
    expect(await world.concluded(run, 'issue-index', 'tesla')).toMatchObject({
      outcome: 'held',
      reason: 'incomplete',
    });
    expect(run).toMatchObject({ state: 'held' });
    const [trouble, ...others] = await world.troubles.listOpen();
    expect(others).toEqual([]);
    expect(JSON.parse(trouble?.detail['records'] ?? '')).toEqual({
      count: 1,
      first: [
        {
          name: 'Tasks 9x7',
          url: 'https://acme.odx.vtiger.com/index.php?record=7',
          of: 'tesla',
          why: 'it has no status',
        },
      ],
    });

    await world.read([...facts, issue('x', { subject: 'tesla' }), issue('y')]);
    const again = await world.look();

    // What was concluded of the one stands, though there is more of it by now.
    expect(again).toMatchObject({ state: 'done' });
    expect(await world.concluded(again, 'issue-index')).toMatchObject({ inputs: { score: 5 } });
    expect(await world.concluded(again, 'issue-index', 'tesla')).toMatchObject({ inputs: { score: 10 } });
  });

  it('stand as they were concluded, whatever is read later', async () => {
    await world.read([team('ferrari'), team('tesla'), issue('a', { due: '2020-01-01' }), issue('b')]);
    const run = await world.look();
    const before = await world.deliveries.ofOccurrence(run.id);
    const history = await world.database.query('select id from decision order by id');

    await world.read([
      team('ferrari'),
      team('tesla'),
      issue('c', { priority: 'Critical', due: '2019-01-01' }),
    ]);
    await world.look();

    const after = await world.deliveries.ofOccurrence(run.id);
    expect(after.map(({ message, revision }) => [message, revision])).toEqual(
      before.map(({ message }) => [message, 1]),
    );
    expect(await world.database.query('select id from decision order by id')).toEqual(history);
  });

  it('count days as the clock on the wall has them, and name the issues that matter most', async () => {
    const now = await world.database.now();
    const today = now.toZonedDateTimeISO('Europe/Kyiv').startOfDay();
    const day = (ago: number): string => today.subtract({ days: ago }).toPlainDate().toString();
    await world.read([
      team('ferrari'),
      team('tesla'),
      // Late in the evening in UTC it is the next day in Kyiv.
      issue('oldest', { from: today.subtract({ days: 45 }).add({ minutes: 5 }).toInstant().toString() }),
      issue('due today', { due: day(0) }),
      issue('*late* <b>', { due: day(1), url: 'https://crm.acme.example/1', from: now.toString() }),
      issue('迟到', { due: day(9), from: now.add({ hours: 1 }).toString() }),
    ]);

    const run = await world.look();

    expect(await world.concluded(run, 'oldest-issue')).toMatchObject({
      outcome: 'fired',
      inputs: { score: 45 },
    });
    expect(await world.concluded(run, 'overdue-share')).toMatchObject({
      inputs: { late: 2, all: 4, score: 0.5 },
    });
    expect(await world.concluded(run, 'oldest-issue', 'tesla')).toMatchObject({
      outcome: 'quiet',
      inputs: { score: 0 },
    });
    const message = await world.said(run);
    const shown = JSON.stringify(message);
    expect(shown).toContain('ldest open issue: 45 days (target 30 days)');
    expect(shown).toContain('verdue issues: 50% (target 10%)');
    const lists = message?.blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])) ?? [];
    expect(
      lists.find(([heading]) => JSON.stringify(heading).includes('Overdue for longest'))?.slice(1),
    ).toEqual([
      expect.stringMatching(/^\n• Issue 迟到 – due .*\n• $/),
      { link: 'Issue *late* <b>', url: 'https://crm.acme.example/1' },
      expect.stringMatching(/^ – due [^\n]*$/),
    ]);
  });

  it('know what they said last: before the planned moment, to the same subscription, and never themselves', async () => {
    const both = [team('ferrari'), team('tesla')];
    await world.read([...both, issue('a')]);
    const first = await world.look(2);
    await world.read([...both, issue('a'), issue('b'), issue('c')]);
    const second = await world.look(1);
    await world.read([...both, issue('a'), issue('b'), issue('c')]);
    const same = await world.look();
    const earlierStill = await world.look(5);

    expect((await world.concluded(first, 'issue-index'))?.inputs).not.toHaveProperty('previous');
    expect(trendIn(await world.said(first))).toBeUndefined();
    expect(await world.concluded(second, 'issue-index')).toMatchObject({
      inputs: { score: 15, previous: { score: 5 } },
    });
    expect(trendIn(await world.said(second))).toMatchObject({
      values: [5, 15],
      text: expect.stringMatching(/^▲ 10 \(5 → 15\) since /) as string,
    });
    // Nothing has changed, so by its own words the rule says nothing.
    expect(await world.concluded(same, 'issue-index')).toMatchObject({
      outcome: 'quiet',
      inputs: { previous: { score: 15 } },
    });
    expect((await world.concluded(earlierStill, 'issue-index'))?.inputs).not.toHaveProperty('previous');
  });

  it('do not take for said what was only concluded', async () => {
    const both = [team('ferrari'), team('tesla')];
    await world.read([...both, issue('a')]);
    await world.look(2);
    await world.read([...both, issue('a')]);
    await world.look(1); // quiet: the same as before
    await world.read([...both, issue('a'), issue('b')]);
    const third = await world.look();

    const trend = trendIn(await world.said(third));

    expect(trend?.values).toEqual([5, 10]);
  });

  it('give a preview the same words', async () => {
    await world.read([team('ferrari'), team('tesla'), issue('a')]);
    await world.look(1);
    await world.read([team('ferrari'), team('tesla'), issue('a'), issue('b', { due: '2020-01-01' })]);
    const run = await world.look();
    const known = (await world.concluded(run, 'issue-index'))?.as_of as Instant;

    const then = { ...(await world.company()), asOf: known };
    const conclusions = await world.evaluator.conclude(then, run);
    const sayings = await world.say.sayings(then, run, conclusions);

    const sent = await world.deliveries.ofOccurrence(run.id);
    expect(sayings.map(({ id, message }) => [id, message]).toSorted()).toEqual(
      sent.map(({ id, message }) => [id, message]).toSorted(),
    );
  });
});
