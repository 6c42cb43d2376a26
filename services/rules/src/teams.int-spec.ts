import { CompanyReader, teamsOf, type Company } from '#company';
import { hashOf, readText } from '#documents';
import { always, instant, type Fact, type Instant, type Message, type MessageBlock } from '#domain';
import type { Queues } from '#queues';
import {
  Decisions,
  Deliveries,
  Documents,
  ExpectedDays,
  Occurrences,
  Pulls,
  Troubles,
  type Occurrence,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { Evaluate } from './evaluate.js';
import { Evaluator, occurrenceOf } from './evaluator.js';
import { KeepConclusions } from './keep-conclusions.js';
import { Say } from './say.js';

const documents = `
kind: Source
name: vtiger
type: vtiger
owner: ops-room
---
kind: Channel
name: google-chat
type: google-chat
audience: team
---
kind: Team
name: ferrari
title: Ferrari
---
kind: Team
name: tesla
locale: uk
---
kind: Rule
name: issue-index
each: team
over: latest
audience: team
needs: { vtiger: 30m }
measure: { open: { latest: kpi.openIssues, by: priority, keys: [Critical, High] } }
let: { score: open.Critical * 10.0 + open.High * 5.0 + open.other }
params: { target: 20.0 }
when: '!(has(previous.score) && previous.score == score)'
say: kpi-index
---
kind: Rule
name: oldest-issue
each: team
over: latest
audience: team
needs: { vtiger: 30m }
measure: { score: { oldest: kpi.openIssues } }
params: { target: 30.0 }
when: score > target
say: kpi-age
---
kind: Rule
name: overdue-share
each: team
over: latest
audience: team
needs: { vtiger: 30m }
measure: { late: { overdue: kpi.openIssues }, all: { latest: kpi.openIssues } }
let: { score: 'all > 0.0 ? late / all : 0.0' }
params: { target: 0.1 }
when: score > target
say: kpi-share
---
kind: Exception
rule: issue-index
team: ferrari
params: { target: 10.0 }
---
kind: Subscription
name: kpis
rules: [issue-index, oldest-issue, overdue-share]
digest: true
schedule: { cron: '0 10 * * *', timezone: Europe/Kyiv }
to: { channel: google-chat, space: 'spaces/{{ team.name }}' }
`;

const issue = (key: string, over: Partial<Fact['attributes']> & { from?: string; subject?: string } = {}) => {
  const { from = '2026-11-10T08:00:00Z', subject = 'ferrari', ...attributes } = over;
  return {
    kind: 'kpi.openIssues' as const,
    key,
    subject,
    from: instant(from),
    to: instant(from),
    amount: 1,
    attributes: { priority: 'High', title: `Issue ${key}`, due: null, status: 'Open', ...attributes },
  };
};
const team = (name: string): Fact => ({
  kind: 'team',
  key: name,
  subject: name,
  from: always,
  to: always,
  amount: 1,
  attributes: {},
});

describe('rules about teams', () => {
  let test: TestDatabase;
  let pulls: Pulls;
  let occurrences: Occurrences;
  let decisions: Decisions;
  let deliveries: Deliveries;
  let troubles: Troubles;
  let evaluator: Evaluator;
  let say: Say;
  let evaluate: Evaluate;
  let asked = 0;

  beforeEach(async () => {
    test = await testDatabase();
    const { database } = test;
    const expectedDays = new ExpectedDays(database);
    pulls = new Pulls(database);
    occurrences = new Occurrences(database);
    decisions = new Decisions(database);
    deliveries = new Deliveries(database);
    troubles = new Troubles(database);
    evaluator = new Evaluator(database, expectedDays, pulls);
    say = new Say(database, expectedDays);
    evaluate = new Evaluate(
      database,
      new CompanyReader(database),
      evaluator,
      say,
      new KeepConclusions(database, occurrences, decisions, deliveries, troubles),
      occurrences,
      decisions,
      expectedDays,
      pulls,
      troubles,
      silent,
    );
    await new Documents(database).apply(
      readText(documents, 'spec.yaml').documents.map((one) => ({
        kind: one.kind,
        name: one.name,
        content: one.content,
        hash: hashOf(one),
      })),
      'spec',
    );
  });
  afterEach(() => test.drop());

  /** A complete pull of all that is there. */
  const read = async (
    facts: readonly Fact[],
    rejected: readonly { kind: Fact['kind']; key: string; subject: string; why: string }[] = [],
  ): Promise<void> => {
    asked += 1;
    const id = `00000000-0000-4000-8000-${String(asked).padStart(12, '0')}`;
    const now = await test.database.now();
    await pulls.want([
      {
        id,
        system: 'vtiger',
        what: 'facts',
        window: { from: now.subtract({ hours: 500 }), to: now.add({ hours: 24 }) },
        askedBy: `test ${asked}`,
        dueAt: now,
      },
    ]);
    const pull = await pulls.claim(id, id);
    if (!pull) throw new Error('not claimed');
    await pulls.keepPage(pull, { facts, rejected, cursor: '1' });
    await pulls.complete(pull, ['kpi.openIssues', 'team'], 1);
  };

  /** Looks at the run that was planned so many days ago, asked for by hand just now. */
  const look = async (daysAgo = 0): Promise<Occurrence> => {
    const now = await test.database.now();
    const today = now.toZonedDateTimeISO('Europe/Kyiv').startOfDay();
    const nominal = today.subtract({ days: daysAgo }).add({ hours: 10 }).toInstant();
    const id = occurrenceOf({
      subscription: 'kpis',
      zone: 'Europe/Kyiv',
      calendar: '',
      nominal_at: nominal,
    });
    await occurrences.plan([
      {
        id,
        subscription: 'kpis',
        zone: 'Europe/Kyiv',
        calendar: '',
        nominalAt: nominal,
        dueAt: earlier(nominal, now.subtract({ minutes: 2 })),
        untilAt: now.add({ hours: 12 }),
        manual: true,
      },
    ]);
    await test.database.query(
      `update occurrence set wake_at = clock_timestamp(), created_at = created_at - interval '2 minutes' where id = $1`,
      [id],
    );
    await evaluate.run(id);
    const found = await occurrences.get(id);
    if (!found) throw new Error('the occurrence is gone');
    return found;
  };
  const company = async (): Promise<Company> =>
    new CompanyReader(test.database).asOf(await test.database.asOf());
  const idOf = async (name: string): Promise<string> =>
    teamsOf(await company()).find((one) => one.name === name)?.id ?? '';
  const of = async (run: Occurrence, rule: string, name = 'ferrari') => {
    const id = await idOf(name);
    return (await decisions.latest(run.id, rule)).find(({ subject }) => subject === id);
  };
  const saidIn = async (run: Occurrence, name = 'ferrari'): Promise<Message | undefined> => {
    const id = await idOf(name);
    return (await deliveries.ofOccurrence(run.id)).find(({ subject }) => subject === id)?.message as
      Message | undefined;
  };
  const trendIn = (message: Message | undefined) =>
    message?.blocks.find((block): block is MessageBlock & { type: 'trend' } => block.type === 'trend');

  it('measure how things stand, and tell each team in its own place, language and with its own target', async () => {
    await read([
      team('ferrari'),
      team('tesla'),
      issue('a', { priority: 'Critical' }),
      issue('b'),
      issue('c', { priority: 'Blocker' }),
      issue('d', { subject: 'tesla' }),
      issue('e', { subject: 'nobody' }),
    ]);

    const run = await look();

    expect(run).toMatchObject({ state: 'done' });
    expect(await of(run, 'issue-index')).toMatchObject({
      outcome: 'fired',
      inputs: { open: { Critical: 1, High: 1, other: 1 }, score: 16, target: 10 },
    });
    expect(await of(run, 'issue-index', 'tesla')).toMatchObject({
      inputs: { open: { Critical: 0, High: 1, other: 0 }, score: 5, target: 20 },
    });
    const sent = await deliveries.ofOccurrence(run.id);
    expect(
      sent.map(({ target, message }) => [target['space'], (message as Message).locale]).toSorted(),
    ).toEqual([
      ['spaces/ferrari', 'en'],
      ['spaces/tesla', 'uk'],
    ]);
    expect((await saidIn(run))?.title).toContain('Ferrari · issue index: 16 (target 10)');
    expect((await saidIn(run))?.blocks).toContainEqual({
      type: 'table',
      columns: ['Priority', 'Issues', 'Weight', 'Points'],
      rows: [
        ['Critical', '1', '10', '10'],
        ['High', '1', '5', '5'],
        ['other', '1', '1', '1'],
      ],
    });
    expect((await saidIn(run, 'tesla'))?.title).toContain('tesla · індекс задач: 5');
  });

  it('balance: every team is fired, quiet, suppressed or held', async () => {
    await read([team('ferrari')]);

    const run = await look();

    expect(
      await test.database.query(
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
    await read([team('ferrari')]);

    const run = await look();

    expect(await of(run, 'issue-index')).toMatchObject({ outcome: 'fired', inputs: { score: 0 } });
    expect(await of(run, 'issue-index', 'tesla')).toMatchObject({
      outcome: 'suppressed',
      reason: 'no-identity',
      detail: 'vtiger',
      inputs: { target: 20 },
    });
    expect(await saidIn(run, 'tesla')).toBeUndefined();
  });

  it('hold what was never read, or not lately, and tell the source’s owner', async () => {
    const never = await look();

    expect(never).toMatchObject({ state: 'held' });
    expect(await of(never, 'issue-index')).toMatchObject({ outcome: 'held', reason: 'incomplete' });
    expect(await troubles.listOpen()).toMatchObject([{ kind: 'incomplete', owner: 'ops-room' }]);

    await read([team('ferrari'), issue('a')]);
    await test.database.query(`update pull set began_at = began_at - interval '40 minutes'`);
    expect(await look()).toMatchObject({ state: 'held' });

    await read([team('ferrari'), team('tesla'), issue('a')]);
    const read3 = await look();
    expect(read3).toMatchObject({ state: 'done' });
    expect(await of(read3, 'issue-index')).toMatchObject({ outcome: 'fired', inputs: { score: 5 } });
    expect(await troubles.listOpen()).toEqual([]);
  });

  it('hold a team of which a record could not be read, and no other', async () => {
    const facts = [team('ferrari'), team('tesla'), issue('a'), issue('b', { subject: 'tesla' })];
    await read(facts, [{ kind: 'kpi.openIssues', key: 'x', subject: 'tesla', why: 'has no status' }]);

    const run = await look();

    expect(await of(run, 'issue-index')).toMatchObject({ outcome: 'fired' });
    expect(await of(run, 'issue-index', 'tesla')).toMatchObject({ outcome: 'held', reason: 'incomplete' });
    expect(run).toMatchObject({ state: 'held' });

    await read([...facts, issue('x', { subject: 'tesla' }), issue('y')]);
    const again = await look();

    // What was concluded of the one stands, though there is more of it by now.
    expect(again).toMatchObject({ state: 'done' });
    expect(await of(again, 'issue-index')).toMatchObject({ inputs: { score: 5 } });
    expect(await of(again, 'issue-index', 'tesla')).toMatchObject({ inputs: { score: 10 } });
  });

  it('stand as they were concluded, whatever is read later', async () => {
    await read([team('ferrari'), team('tesla'), issue('a', { due: '2020-01-01' }), issue('b')]);
    const run = await look();
    const before = await deliveries.ofOccurrence(run.id);
    const history = await test.database.query('select id from decision order by id');

    await read([team('ferrari'), team('tesla'), issue('c', { priority: 'Critical', due: '2019-01-01' })]);
    await look();

    const after = await deliveries.ofOccurrence(run.id);
    expect(after.map(({ message, revision }) => [message, revision])).toEqual(
      before.map(({ message }) => [message, 1]),
    );
    expect(await test.database.query('select id from decision order by id')).toEqual(history);
  });

  it('count days as the clock on the wall has them, and name the issues that matter most', async () => {
    const now = await test.database.now();
    const today = now.toZonedDateTimeISO('Europe/Kyiv').startOfDay();
    const day = (ago: number): string => today.subtract({ days: ago }).toPlainDate().toString();
    await read([
      team('ferrari'),
      team('tesla'),
      // Late in the evening in UTC it is the next day in Kyiv.
      issue('oldest', { from: today.subtract({ days: 45 }).add({ minutes: 5 }).toInstant().toString() }),
      issue('due today', { due: day(0) }),
      issue('*late* <b>', { due: day(1), url: 'https://crm.acme.example/1', from: now.toString() }),
      issue('迟到', { due: day(9), from: now.add({ hours: 1 }).toString() }),
    ]);

    const run = await look();

    expect(await of(run, 'oldest-issue')).toMatchObject({ outcome: 'fired', inputs: { score: 45 } });
    expect(await of(run, 'overdue-share')).toMatchObject({ inputs: { late: 2, all: 4, score: 0.5 } });
    expect(await of(run, 'oldest-issue', 'tesla')).toMatchObject({ outcome: 'quiet', inputs: { score: 0 } });
    const message = await saidIn(run);
    expect(message?.title).toContain('oldest open issue: 45 days (target 30 days)');
    expect(message?.title).toContain('overdue issues: 50% (target 10%)');
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
    await read([...both, issue('a')]);
    const first = await look(2);
    await read([...both, issue('a'), issue('b'), issue('c')]);
    const second = await look(1);
    await read([...both, issue('a'), issue('b'), issue('c')]);
    const same = await look();
    const earlierStill = await look(5);

    expect((await of(first, 'issue-index'))?.inputs).not.toHaveProperty('previous');
    expect(trendIn(await saidIn(first))).toBeUndefined();
    expect(await of(second, 'issue-index')).toMatchObject({ inputs: { score: 15, previous: { score: 5 } } });
    expect(trendIn(await saidIn(second))).toMatchObject({
      values: [5, 15],
      text: expect.stringMatching(/^▲ 10 \(5 → 15\) since /) as string,
    });
    // Nothing has changed, so by its own words the rule says nothing.
    expect(await of(same, 'issue-index')).toMatchObject({
      outcome: 'quiet',
      inputs: { previous: { score: 15 } },
    });
    expect((await of(earlierStill, 'issue-index'))?.inputs).not.toHaveProperty('previous');
  });

  it('do not take for said what was only concluded', async () => {
    const both = [team('ferrari'), team('tesla')];
    await read([...both, issue('a')]);
    await look(2);
    await read([...both, issue('a')]);
    await look(1); // quiet: the same as before
    await read([...both, issue('a'), issue('b')]);
    const third = await look();

    const trend = trendIn(await saidIn(third));

    expect(trend?.values).toEqual([5, 10]);
  });

  it('give a preview the same words', async () => {
    await read([team('ferrari'), team('tesla'), issue('a')]);
    await look(1);
    await read([team('ferrari'), team('tesla'), issue('a'), issue('b', { due: '2020-01-01' })]);
    const run = await look();
    const known = (await of(run, 'issue-index'))?.as_of as Instant;

    const then = { ...(await company()), asOf: known };
    const conclusions = await evaluator.conclude(then, run);
    const sayings = await say.sayings(then, run, conclusions);

    const sent = await deliveries.ofOccurrence(run.id);
    expect(sayings.map(({ id, message }) => [id, message]).toSorted()).toEqual(
      sent.map(({ id, message }) => [id, message]).toSorted(),
    );
  });
});

const earlier = (one: Instant, other: Instant): Instant =>
  one.epochMilliseconds < other.epochMilliseconds ? one : other;

/** Rings nobody: the spec looks by itself. */
const silent = { ring: () => Promise.resolve() } as unknown as Queues;
