import { instant, responseTimeSteps } from '#domain';
import { ConnectionCalls, type CallTally } from './connection-calls.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

const times = (...steps: readonly number[]): readonly number[] => [
  ...steps,
  ...Array<number>(responseTimeSteps - steps.length).fill(0),
];

const tally = (calls: number, more: Partial<CallTally> = {}): CallTally => ({
  connection: 'clockify',
  outcome: 'ok',
  calls,
  times: times(calls),
  ...more,
});

describe('the calls of connections', () => {
  let test: TestDatabase;
  let calls: ConnectionCalls;
  const clockAt = (at: string): Promise<void> => test.moveClock(Date.parse(at) - Date.now());
  const day = { from: instant('2026-03-02T00:00:00Z'), to: instant('2026-03-03T00:00:00Z') };

  beforeAll(async () => {
    test = await testDatabase({ aheadMs: 0 });
    calls = new ConnectionCalls(test.database);
  });
  beforeEach(() => clockAt('2026-03-02T09:00:00Z'));
  afterEach(() =>
    test.database.query('truncate connection_calls, connection_quota, connection_credential, pull cascade'),
  );
  afterAll(() => test.drop());

  const add = (...some: readonly CallTally[]): Promise<void> =>
    calls.add({ calls: some, quotas: [], credentials: [] });

  it('of several processes and quarters of an hour are one sum, step by step', async () => {
    await Promise.all([
      add(tally(2), tally(1, { connection: 'slack' })),
      add(tally(1, { connection: 'slack' }), tally(3, { times: times(1, 2) })),
    ]);
    await clockAt('2026-03-02T10:00:00Z');
    await add(tally(4), tally(1, { outcome: 'timeout' }));

    expect(await calls.within(day)).toEqual([
      tally(9, { times: times(7, 2) }),
      tally(1, { outcome: 'timeout' }),
      tally(2, { connection: 'slack' }),
    ]);
    const [rows] = await test.database.query<{ count: number }>(
      'select count(*)::int as count from connection_calls',
    );
    expect(rows?.count).toBe(4);
  });

  it('belong to the day on which they were made', async () => {
    await clockAt('2026-03-01T23:59:50Z');
    await add(tally(1));
    await clockAt('2026-03-02T00:00:10Z');
    await add(tally(2));

    expect(await calls.within(day)).toEqual([tally(2)]);
  });

  it('are forgotten after forty days, quotas too', async () => {
    await calls.add({ calls: [tally(1)], quotas: [{ connection: 'clockify', used: 0.5 }], credentials: [] });
    await clockAt('2026-04-12T09:00:00Z');

    await calls.forget();

    expect(await calls.within(day)).toEqual([]);
    expect((await calls.quotasWithin(day)).size).toBe(0);
  });

  it('bring along the most that was used of a quota, and when the newest credentials expire', async () => {
    const expiresAt = instant('2026-03-05T00:00:00Z');
    const note = (used: number, ends: typeof expiresAt | null): Promise<void> =>
      calls.add({
        calls: [],
        quotas: [{ connection: 'clockify', used }],
        credentials: [{ connection: 'clockify', expiresAt: ends }],
      });
    await note(0.9, expiresAt);
    await note(0.2, expiresAt);

    expect(await calls.quotasWithin(day)).toEqual(new Map([['clockify', 0.9]]));
    expect(String((await calls.credentialsEnd()).get('clockify'))).toBe('2026-03-05T00:00:00Z');

    await note(0.2, null);
    expect((await calls.credentialsEnd()).size).toBe(0);
  });

  it('stand beside what was read as a whole, and which planned readings were begun', async () => {
    const [complete, failed, waiting] = [1, 2, 3].map((last) => `00000000-0000-5000-8000-00000000000${last}`);
    await test.database.query(
      `insert into pull (id, system, what, asked_by, state, due_at, began_at, ended_at) values
         ($1, 'clockify', 'facts', '1', 'complete', '2026-03-02T04:00Z', '2026-03-02T04:00Z', '2026-03-02T04:05Z'),
         ($2, 'clockify', 'facts', '2', 'failed', '2026-03-02T05:00Z', '2026-03-02T05:00Z', '2026-03-02T05:05Z'),
         ($3, 'clockify', 'facts', '3', 'due', '2026-03-02T06:00Z', null, null)`,
      [complete, failed, waiting],
    );

    expect(String((await calls.lastRead(['clockify'], day.to)).get('clockify'))).toBe('2026-03-02T04:05:00Z');
    expect((await calls.lastRead(['clockify'], instant('2026-03-02T04:00:00Z'))).size).toBe(0);
    expect(await calls.begun([complete ?? '', failed ?? '', waiting ?? ''])).toEqual(
      new Set([complete, failed]),
    );
  });
});
