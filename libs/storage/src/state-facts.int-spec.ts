import fc from 'fast-check';
import { always, instant, type Fact, type Instant } from '#domain';
import type { ClaimedPull } from './claimed-pull.js';
import { incomingPage } from './incoming-page.js';
import { PullClaims } from './pull-claims.repository.js';
import { Pulls } from './pulls.repository.js';
import { issuesOf, knownTeams, stateOfSubjects } from './state-facts.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

const issue = (key: string, over: Partial<Fact> & { priority?: string; due?: string | null } = {}): Fact => {
  const { priority = 'High', due = null, ...rest } = over;
  const from = over.from ?? instant('2026-10-05T08:00:00Z');
  return {
    kind: 'kpi.openIssues',
    key,
    subject: 'ferrari',
    from,
    to: from,
    amount: 1,
    attributes: { priority, due, title: `登录 ${key}`, status: 'Open' },
    ...rest,
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

describe('how things stand', () => {
  let test: TestDatabase;
  let pulls: Pulls;
  let claims: PullClaims;
  let asked = 0;

  beforeEach(async () => {
    test = await testDatabase();
    pulls = new Pulls(test.database);
    claims = new PullClaims(test.database);
  });
  afterEach(() => test.drop());

  const point = instant('2026-11-19T07:30:00Z');
  const begin = async (window = { from: point, to: point }, system = 'vtiger'): Promise<ClaimedPull> => {
    asked += 1;
    const id = `00000000-0000-4000-8000-${String(asked).padStart(12, '0')}`;
    await pulls.want([{ id, system, what: 'facts', window, askedBy: `test ${asked}`, dueAt: always }]);
    const pull = await claims.claim(id, id);
    if (!pull) throw new Error('not claimed');
    return pull;
  };
  const read = async (facts: readonly Fact[], system?: string) => {
    const pull = await begin(undefined, system);
    await claims.keepPage(pull, await incomingPage({ facts, rejected: [], cursor: '1' }));
    return claims.complete(pull, ['kpi.openIssues', 'team'], 1);
  };
  const question = async (asOf?: Instant) => ({
    kind: 'kpi.openIssues' as const,
    sources: ['vtiger'],
    subjects: ['ferrari', 'tesla'],
    asOf: asOf ?? (await test.database.asOf()),
  });
  const open = async (asOf?: Instant): Promise<number> =>
    (await stateOfSubjects(test.database, await question(asOf), { by: undefined, day: '2026-11-19' })).get(
      'ferrari',
    )?.sum ?? 0;

  it('is what the newest complete pull saw, whatever its window, and can be read as it was', async () => {
    await read([issue('a'), issue('b', { from: instant('2020-01-01T00:00:00Z') }), team('ferrari')]);
    const then = await test.database.asOf();

    const books = await read([issue('c'), team('ferrari')]);

    expect(books).toMatchObject({ fetched: 2, new: 1, same: 1, gone: 2 });
    expect([await open(then), await open()]).toEqual([2, 1]);
  });

  it('leaves what a pull brought that was cut off, until another has read the whole', async () => {
    await read([issue('a')]);
    const before = await test.database.asOf();
    const half = await begin({ from: instant('2026-10-01T00:00:00Z'), to: instant('2026-10-02T00:00:00Z') });
    await claims.keepPage(half, await incomingPage({ facts: [issue('b')], rejected: [], cursor: '1' }));
    const during = await test.database.asOf();

    const since = await pulls.unfinishedSince('vtiger', undefined, during);
    await claims.fail(half, { reason: 'unavailable', detail: 'down', calls: 1 });
    const failed = await pulls.unfinishedSince('vtiger', undefined, await test.database.asOf());
    await read([issue('a')]);

    // Of a state every pull reads the whole: that it was asked for other days helps nobody.
    expect(since).toEqual((await pulls.get(half.id))?.began_at);
    expect(failed).toEqual(since);
    expect(await pulls.unfinishedSince('vtiger', undefined, before)).toBeUndefined();
    expect(await pulls.unfinishedSince('vtiger', undefined, await test.database.asOf())).toBeUndefined();
    expect(await open()).toBe(1);
  });

  it('is summed by an attribute, with the oldest and what is overdue', async () => {
    await read([
      issue('a', { priority: 'Critical', due: '2026-11-18' }),
      issue('b', { due: '2026-11-19', from: instant('2026-01-01T00:00:00Z') }),
      issue('c', { due: null }),
      issue('d', { priority: '높음', due: '2025-12-31' }),
      issue('e', { subject: 'tesla' }),
      issue('f', { subject: 'unknown' }),
    ]);

    const states = await stateOfSubjects(test.database, await question(), {
      by: 'priority',
      day: '2026-11-19',
    });

    expect([...states.keys()].toSorted()).toEqual(['ferrari', 'tesla']);
    expect(states.get('ferrari')).toMatchObject({ sum: 4, overdue: 2 });
    expect(states.get('ferrari')?.oldest.toString()).toBe('2026-01-01T00:00:00Z');
    expect(Object.fromEntries(states.get('ferrari')?.parts ?? [])).toEqual({ Critical: 1, High: 2, 높음: 1 });
  });

  it('adds up, whatever there is', async () => {
    const some = fc.array(
      fc.record({
        subject: fc.constantFrom('ferrari', 'tesla'),
        priority: fc.constantFrom('Critical', 'High', '', '__proto__', '低'),
        due: fc.option(fc.constantFrom('2026-11-18', '2026-11-19', '2026-11-20')),
        from: fc.date({ min: new Date('2020-01-01'), max: new Date('2026-11-01'), noInvalidDate: true }),
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(some, async (records) => {
        await read(
          records.map(({ from, ...rest }, index) =>
            issue(String(index), { ...rest, from: instant(from.toISOString()) }),
          ),
        );

        const states = await stateOfSubjects(test.database, await question(), {
          by: 'priority',
          day: '2026-11-19',
        });

        for (const subject of ['ferrari', 'tesla']) {
          const mine = records.filter((one) => one.subject === subject);
          const state = states.get(subject);
          expect(state?.sum ?? 0).toBe(mine.length);
          expect([...(state?.parts.values() ?? [])].reduce((sum, part) => sum + part, 0)).toBe(mine.length);
          expect(state?.overdue ?? 0).toBe(mine.filter(({ due }) => due === '2026-11-18').length);
          expect(state?.oldest.epochMilliseconds).toBe(
            mine.length === 0 ? undefined : Math.min(...mine.map(({ from }) => from.getTime())),
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is known of the teams that a source names, and of nobody else', async () => {
    await read([team('ferrari'), team('tesla')]);
    const then = await test.database.asOf();
    await read([team('tesla')]);
    await read([team('ferrari')], 'jira');

    const known = async (asOf: Instant) =>
      Object.fromEntries(
        [...(await knownTeams(test.database, ['vtiger', 'jira', 'gitlab'], asOf))].map(([source, names]) => [
          source,
          [...names].toSorted(),
        ]),
      );

    expect(await known(then)).toEqual({ vtiger: ['ferrari', 'tesla'] });
    expect(await known(await test.database.asOf())).toEqual({ vtiger: ['tesla'], jira: ['ferrari'] });
  });

  it('names the issues that are open or overdue for longest, and how many there are', async () => {
    const at = (day: string) => instant(`2026-${day}T08:00:00Z`);
    await read([
      issue('new', { from: at('11-01'), due: '2026-11-02' }),
      issue('old', { from: at('01-01'), due: '2026-12-24' }),
      issue('older', { from: at('01-01'), due: '2026-11-18' }),
      issue('never', { from: at('05-01') }),
    ]);
    const { subjects: _, ...rest } = await question();
    const named = async (overdueOn: string | undefined) => {
      const found = await issuesOf(test.database, { ...rest, subject: 'ferrari' }, { overdueOn, limit: 2 });
      return found.map(({ key, total, attributes }) => [key, total, attributes.title]);
    };

    expect(await named(undefined)).toEqual([
      ['old', 4, '登录 old'],
      ['older', 4, '登录 older'],
    ]);
    expect(await named('2026-11-19')).toEqual([
      ['new', 2, '登录 new'],
      ['older', 2, '登录 older'],
    ]);
  });
});
