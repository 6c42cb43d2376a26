import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { always, notificationId, occurrenceId, type FactKind, type Instant, type TimeWindow } from '#domain';
import { Decisions } from './decisions.repository.js';
import { Deliveries } from './deliveries.repository.js';
import { attributesOf, factsOf, sumFacts } from './facts.repository.js';
import { Occurrences } from './occurrences.repository.js';
import { Pulls } from './pulls.repository.js';
import { Retention, type RemovedRows } from './retention.repository.js';
import { stateFactsOf } from './state-facts.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

const DAY_MS = 86_400_000;

let test: TestDatabase;
let retention: Retention;
let now: Instant;
beforeEach(async () => {
  test = await testDatabase();
  retention = new Retention(test.database);
  now = await test.database.now();
});
afterEach(() => test.drop());

const daysAgo = (days: number): Instant => now.subtract({ hours: Math.round(days * 24) });

describe('facts', () => {
  const person = randomUUID();

  beforeEach(async () => {
    await test.database.query(
      `insert into person (id, slug, known_since) values ($1, 'olena-kovalenko', '-infinity')`,
      [person],
    );
    await test.database.query(
      `insert into identity_link (system, external_id, person_id, origin, known_since) values ('one', 'u1', $1, 'email', '-infinity')`,
      [person],
    );
  });

  interface Version {
    readonly kind: FactKind;
    readonly key: string;
    /** Days ago. */
    readonly starts: number;
    readonly ends: number;
    readonly knownSince: number;
    readonly knownUntil: number | undefined;
  }
  const keep = (versions: readonly Version[]): Promise<unknown> =>
    test.database.query(
      `insert into fact (source, kind, key, subject, starts, ends, amount, attributes, hash, pull_id, known_since, known_until)
       select 'one', kind, key, 'u1', starts, ends, 1, jsonb_build_object('key', key), 'h', gen_random_uuid(), known_since, coalesce(known_until, 'infinity')
       from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
         as version(kind, key, starts, ends, known_since, known_until)`,
      [
        versions.map(({ kind }) => kind),
        versions.map(({ key }) => key),
        versions.map(({ starts }) => daysAgo(starts)),
        versions.map(({ ends }) => daysAgo(ends)),
        versions.map(({ knownSince }) => daysAgo(knownSince)),
        versions.map(({ knownUntil }) => (knownUntil === undefined ? null : daysAgo(knownUntil))),
      ],
    );
  const removeBefore = async (before: Instant): Promise<number> => {
    let all = 0;
    for (;;) {
      const removed = (await retention.facts(before, 3)) ?? 0;
      all += removed;
      if (removed < 3) return all;
    }
  };

  /** All that rules, previews and explanations read of a window and a moment. */
  const read = async (window: TimeWindow, asOf: Instant): Promise<unknown> => [
    ...(await sumFacts(test.database, { kind: 'work.hours' }, ['one'], [{ person, window }], asOf)),
    await attributesOf(test.database, ['one'], ['leave'], window, asOf),
    await factsOf(test.database, ['work.hours', 'leave'], window, asOf, person),
    (await stateFactsOf(test.database, ['kpi.openIssues'], { sources: ['one'], subject: 'u1', asOf })).map(
      ({ key }) => key,
    ),
  ];

  const one = (kind: FactKind, days: Partial<Version>): Version => ({
    kind,
    key: kind,
    starts: 50,
    ends: 50,
    knownSince: 45,
    knownUntil: undefined,
    ...days,
  });

  it.each<[string, Version, number]>([
    ['of what had ended', one('work.hours', {}), 1],
    [
      'that were superseded, whatever they tell of',
      one('work.hours', { starts: 9, ends: 9, knownUntil: 41 }),
      1,
    ],
    ['but not of what goes on', one('leave', { ends: 39 }), 0],
    ['but not of how things stand, however long ago it began', one('kpi.openIssues', {}), 0],
    ['but of how things stood', one('kpi.openIssues', { knownUntil: 41 }), 1],
    ['but not what was known since', one('work.hours', { starts: 9, ends: 9, knownUntil: 39 }), 0],
  ])('are removed %s', async (_, version, removed) => {
    await keep([version]);

    expect(await removeBefore(daysAgo(40))).toBe(removed);
  });

  it('of what is still looked at are all there afterwards, whatever was removed', async () => {
    const day = fc.integer({ min: 0, max: 100 });
    const version = fc
      .record({
        kind: fc.constantFrom<FactKind>('work.hours', 'leave', 'kpi.openIssues'),
        starts: day,
        lasts: fc.integer({ min: 0, max: 30 }),
        known: fc.uniqueArray(day, { minLength: 1, maxLength: 4 }),
        isGone: fc.boolean(),
      })
      .map(({ kind, starts, lasts, known, isGone }) => {
        const moments = known.toSorted((first, second) => second - first);
        const key = randomUUID();
        return moments.flatMap((knownSince, index): Version[] => {
          const knownUntil = moments[index + 1];
          if (isGone && knownUntil === undefined && index > 0) return [];
          return [{ kind, key, starts, ends: starts - lasts, knownSince, knownUntil }];
        });
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(version, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 99 }),
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
          {
            minLength: 3,
            maxLength: 3,
          },
        ),
        async (versions, keptDays, looks) => {
          await test.database.query('truncate fact');
          await keep(versions.flat());
          const questions = looks.map(
            ([from, asOf]) =>
              [{ from: daysAgo(keptDays * from), to: now }, daysAgo(keptDays * asOf)] as const,
          );
          const before = await Promise.all(questions.map((question) => read(...question)));

          await removeBefore(daysAgo(keptDays));

          expect(await Promise.all(questions.map((question) => read(...question)))).toEqual(before);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('are removed a while after everybody could know, and nothing is decided from what may be gone', async () => {
    const pulls = new Pulls(test.database);
    await test.database.query(
      `insert into pull (id, system, what, window_from, window_to, asked_by, state, due_at, began_at, ended_at)
       values ($1, 'one', 'facts', $2, $3, 'test', 'complete', $3, $3, $3)`,
      [randomUUID(), daysAgo(60), now],
    );
    const covers = async (from: Instant, asOf?: Instant): Promise<boolean> =>
      (await pulls.latestComplete('one', 'facts', { from, to: now }, asOf)) !== undefined;
    expect([await covers(daysAgo(50)), await retention.factsSince()]).toEqual([true, undefined]);

    expect(await retention.announce(40 * DAY_MS)).toBeUndefined();
    expect([await covers(daysAgo(50)), await covers(daysAgo(39))]).toEqual([false, true]);
    expect(await retention.announce(40 * DAY_MS)).toBeUndefined();

    await test.database.query(`update facts_horizon set announced_at = announced_at - interval '6 minutes'`);
    const before = await retention.announce(40 * DAY_MS);
    expect(before?.toString()).toBe((await retention.factsSince())?.toString());
    const shorter = await retention.announce(50 * DAY_MS);
    expect(shorter && Temporal.Instant.compare(shorter, daysAgo(49.9))).toBe(-1);
  });

  it('are removed by one process at a time', async () => {
    await keep([one('work.hours', {})]);
    let second: number | undefined = 0;

    await test.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('carillon.retention'))`);
      second = await retention.facts(now, 10);
    });

    expect(second).toBeUndefined();
    expect(await retention.facts(now, 10)).toBe(1);
  });
});

describe('reads', () => {
  it('are removed when they are over, but for the last complete one and what came after it', async () => {
    const add = (askedBy: string, state: string, days: number, windowTo = days): Promise<unknown> =>
      test.database.query(
        `insert into pull (id, system, what, window_from, window_to, asked_by, state, due_at, began_at, ended_at) values ($1, 'one', 'facts', $2, $3, $4, $5, $6, $6, $6)`,
        [randomUUID(), always, daysAgo(windowTo), askedBy, state, daysAgo(days)],
      );
    await add('an old one', 'complete', 90);
    await add('one that failed', 'failed', 80);
    await add('one that reads ahead', 'complete', 75, 10);
    await add('the last complete one', 'complete', 70);
    await add('what failed since', 'failed', 60);

    expect(await retention.pulls(daysAgo(40), 10)).toBe(2);
    const left = await test.database.query<{ asked_by: string }>(
      'select asked_by from pull order by ended_at',
    );
    expect(left.map(({ asked_by }) => asked_by)).toEqual([
      'one that reads ahead',
      'the last complete one',
      'what failed since',
    ]);
  });
});

describe('what was said', () => {
  let deliveries: Deliveries;
  let occurrences: Occurrences;
  beforeEach(() => {
    deliveries = new Deliveries(test.database);
    occurrences = new Occurrences(test.database);
  });

  const planned = (nominal: Instant) => ({
    id: occurrenceId({ subscription: 'weekly', zone: 'UTC', calendar: '', nominal }),
    subscription: 'weekly',
    zone: 'UTC',
    calendar: '',
    nominalAt: nominal,
    dueAt: nominal,
    untilAt: nominal.add({ hours: 12 }),
    manual: false,
  });
  const saying = (id: string, occurrence: string | undefined, notifications: readonly string[] = []) => ({
    id,
    subscription: 'weekly',
    ...(occurrence === undefined ? {} : { occurrenceId: occurrence }),
    channel: 'slack',
    destination: 'room:person:1',
    about: 'notification' as const,
    target: {},
    message: { locale: 'en' as const, title: 'hello', blocks: [] },
    notifications,
    whenUnknown: 'leave' as const,
  });

  /** A run that said something so long ago to each of some people, and to nobody else. Returns what it said. */
  const run = async (days: number, subjects: readonly string[], state = 'sent') => {
    const occurrence = planned(daysAgo(days));
    await occurrences.plan([occurrence]);
    const decisions = new Decisions(test.database);
    const period = { from: '2026-01-01', to: '2026-01-08' };
    const said = subjects.map((subject) => ({
      rule: 'low-hours',
      subject,
      period,
      outcome: 'fired' as const,
      inputs: {},
    }));
    const quiet = {
      ...said[0],
      rule: 'low-hours',
      subject: randomUUID(),
      period,
      outcome: 'quiet' as const,
      inputs: {},
    };
    const ids = subjects.map(() => randomUUID());
    await test.database.transaction(async (tx) => {
      const asOf = now;
      await decisions.keep(tx, {
        occurrenceId: occurrence.id,
        rule: 'low-hours',
        ruleVersion: 1,
        asOf,
        period,
        decisions: [...said, quiet],
      });
      for (const [index, decision] of said.entries()) {
        await decisions.notify(tx, [decision], asOf, occurrence.id);
        await deliveries.say(tx, saying(ids[index] ?? '', occurrence.id, [notificationId(decision)]));
      }
    });
    await test.database.query(
      `update occurrence set state = 'done', wake_at = null, decided_as_of = due_at where id = $1`,
      [occurrence.id],
    );
    await test.database.query(
      `update delivery set created_at = $2, settled_at = $2, state = $3, due_at = $2 where occurrence_id = $1`,
      [occurrence.id, daysAgo(days), state],
    );
    await test.database.query(
      `insert into attempt (delivery_id, number, revision, address) select id, 1, 1, '{}' from delivery where occurrence_id = $1`,
      [occurrence.id],
    );
    return { occurrence, ids, said };
  };
  const counts = async (): Promise<Readonly<Record<string, number>>> => {
    const tables = [
      'occurrence',
      'evaluation',
      'decision',
      'notification',
      'delivery',
      'delivery_notification',
      'attempt',
    ];
    const [row] = await test.database.query<Record<string, number>>(
      `select ${tables.map((table) => `(select count(*) from ${table}) as ${table}`).join(', ')}`,
    );
    return row ?? {};
  };
  const removeBefore = async (before: Instant): Promise<Readonly<Record<string, number>>> => {
    const all = new Map<RemovedRows, number>();
    for (const one of await retention.runs(before, undefined, 100))
      for (;;) {
        const took = await retention.ofRun(one, before, 2);
        if (!took || took.size === 0) break;
        for (const [what, rows] of took) all.set(what, (all.get(what) ?? 0) + rows);
        if (took.has('occurrence')) break;
      }
    return Object.fromEntries(all);
  };

  it('is removed with all that it stands on, in small batches, and leaves its keys', async () => {
    const old = await run(50, [randomUUID(), randomUUID(), randomUUID()]);
    await run(30, [randomUUID()]);
    const kept = {
      occurrence: 1,
      evaluation: 1,
      decision: 2,
      notification: 1,
      delivery: 1,
      delivery_notification: 1,
      attempt: 1,
    };

    expect(await removeBefore(daysAgo(40))).toEqual({
      delivery: 3,
      notification: 3,
      decision: 4,
      evaluation: 1,
      occurrence: 1,
    });
    expect(await counts()).toEqual(kept);
    expect(await deliveries.removedAt(old.ids[0]?.slice(0, 13) ?? '')).toBeDefined();
  });

  it('is never said again, and its run never again planned', async () => {
    const { occurrence, ids } = await run(50, [randomUUID()]);
    await removeBefore(daysAgo(40));

    expect(await occurrences.plan([{ ...occurrence, manual: true }])).toEqual([]);
    const again = await test.database.transaction((tx) =>
      deliveries.say(tx, saying(ids[0] ?? '', undefined, [randomUUID()])),
    );

    expect(again).toBe('same');
    await occurrences.plan([planned(daysAgo(1))]);
    const made = await test.database.transaction((tx) =>
      deliveries.sayNew(tx, planned(daysAgo(1)).id, [saying(ids[0] ?? '', undefined, [randomUUID()])]),
    );
    expect([...made]).toEqual([]);
    expect(await counts()).toMatchObject({ occurrence: 1, delivery: 0, delivery_notification: 0 });
  });

  it.each(['pending', 'held', 'retrying', 'sending'])(
    'stays with its ground while a part of it is %s',
    async (state) => {
      const { occurrence } = await run(50, [randomUUID()], state);

      expect(await removeBefore(daysAgo(40))).toEqual({});
      expect(await occurrences.get(occurrence.id)).toBeDefined();
    },
  );

  it('stays with its ground where it was corrected since', async () => {
    const { ids } = await run(50, [randomUUID(), randomUUID()]);
    await test.database.query(`update delivery set settled_at = $2 where id = $1`, [ids[0], daysAgo(30)]);

    expect(await removeBefore(daysAgo(40))).toEqual({ delivery: 1 });
    expect(await counts()).toMatchObject({ delivery: 1, notification: 2, decision: 3, occurrence: 1 });
  });

  it('stays where it is a row of a table, by which the row is found again', async () => {
    const { occurrence, ids } = await run(50, [randomUUID()]);
    const runId = randomUUID();
    await test.database.query(
      `insert into forward_run (id, forward, occurrence_id, as_of, period_from, period_to, read, created, updated, unchanged, rejected, vanished)
       values ($1, 'weekly', $2, now(), '2026-01-01', '2026-01-08', 1, 1, 0, 0, 0, 0)`,
      [runId, occurrence.id],
    );
    await test.database.query(
      `insert into forward_row (delivery_id, forward, key, period_from, period_to, source, kind, fact_key, run_id, change)
       values ($1, 'weekly', 'k', '2026-01-01', '2026-01-08', 'one', 'work.hours', 'f', $2, 'created')`,
      [ids[0], runId],
    );

    expect(await removeBefore(daysAgo(40))).toEqual({});
  });

  it('for no run is removed too, but what is told of a trouble stays while any lasts from then', async () => {
    const [told, other] = [randomUUID(), randomUUID()];
    await test.database.transaction(async (tx) => {
      await deliveries.say(tx, { ...saying(told, undefined), about: 'trouble' });
      await deliveries.say(tx, saying(other, undefined));
    });
    await test.database.query(`update delivery set state = 'sent', created_at = $1, settled_at = $1`, [
      daysAgo(50),
    ]);
    await test.database.query(
      `insert into trouble (id, kind, about, detail, opened_at) values ($1, 'source', 'clockify', '{}', $2)`,
      [randomUUID(), daysAgo(55)],
    );

    expect(await retention.ofNoRun(daysAgo(40), 10)).toBe(1);
    await test.database.query(`update trouble set closed_at = $1, told = true`, [daysAgo(45)]);
    expect([await retention.ofNoRun(daysAgo(40), 10), await retention.troubles(daysAgo(40), 10)]).toEqual([
      1, 1,
    ]);
  });
});
