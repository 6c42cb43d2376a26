import { randomUUID } from 'node:crypto';
import { Backlog, type Age } from './backlog.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

let test: TestDatabase;
let backlog: Backlog;
beforeEach(async () => {
  test = await testDatabase();
  backlog = new Backlog(test.database);
});
afterEach(() => test.drop());

const ago = (seconds: number): string => `clock_timestamp() - interval '${seconds} seconds'`;
/** By queue, in seconds; the query itself takes a moment. */
const waiting = async (about: Age['about']): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(
    (await backlog.ages())
      .filter((age) => age.about === about)
      .map(({ name, ageMs }) => [name, Math.floor(ageMs / 10_000) * 10]),
  );

const delivery = (channel: string, state: string, dueAt: string, leaseUntil = 'null'): Promise<unknown> =>
  test.database.query(
    `insert into delivery (id, subscription, channel, destination, about, target, message, message_hash, state, due_at, lease_until)
     values ($1, 'weekly', $2, 'room:a', 'notification', '{}', '{}', 'h', $3, ${dueAt}, ${leaseUntil})`,
    [randomUUID(), channel, state],
  );
const occurrence = (wakeAt: string, leaseUntil = 'null'): Promise<unknown> =>
  test.database.query(
    `insert into occurrence (id, subscription, zone, nominal_at, due_at, until_at, state, wake_at, lease_until)
     values ($1, $2, 'Europe/Kyiv', now(), now(), now(), 'planned', ${wakeAt}, ${leaseUntil})`,
    [randomUUID(), randomUUID()],
  );
const pull = (system: string, columns: Readonly<Record<string, string>>): Promise<unknown> =>
  test.database.query(
    `insert into pull (id, system, what, asked_by, ${Object.keys(columns).join()})
     values ($1, $2, 'facts', $3, ${Object.values(columns).join()})`,
    [randomUUID(), system, randomUUID()],
  );

it('says nothing of an empty database', async () => {
  expect(await backlog.ages()).toEqual([]);
});

it('finds the oldest delivery of each channel that is due and in nobody’s hands', async () => {
  await delivery('slack', 'pending', ago(60));
  await delivery('slack', 'retrying', ago(130));
  await delivery('slack', 'sending', ago(600), ago(-60));
  await delivery('slack', 'sent', ago(900));
  await delivery('slack', 'held', ago(900));
  await delivery('slack', 'unknown', `'infinity'`);
  await delivery('jira', 'unknown', ago(50));
  await delivery('mail', 'pending', ago(-60));

  expect(await waiting('deliver')).toEqual({ slack: 130, jira: 50 });
});

it('finds the oldest occurrence that is awake and that nobody looks at', async () => {
  await occurrence(ago(30));
  await occurrence(ago(90));
  await occurrence(ago(300), ago(-60));
  await occurrence(ago(-60));
  await occurrence('null');

  expect(await waiting('evaluate')).toEqual({ '': 90 });
});

it('finds the oldest pull of each system that is due and that nobody does', async () => {
  await pull('clockify', { state: `'due'`, due_at: ago(40) });
  await pull('clockify', { state: `'running'`, due_at: ago(80), lease_until: ago(10) });
  await pull('clockify', { state: `'running'`, due_at: ago(500), lease_until: ago(-10) });
  await pull('vtiger', { state: `'due'`, due_at: ago(-10) });
  await pull('wecom', { state: `'failed'`, due_at: ago(900) });

  expect(await waiting('collect')).toEqual({ clockify: 80 });
});

it('counts facts as old as the beginning of the newest complete pull, and as what it read', async () => {
  const complete = (began: number, to: number): Readonly<Record<string, string>> => ({
    state: `'complete'`,
    due_at: ago(began),
    began_at: ago(began),
    ended_at: ago(began - 5),
    window_from: ago(100_000),
    window_to: ago(to),
  });
  await pull('clockify', complete(700, 700));
  await pull('clockify', complete(300, -3600));
  // By hand, of the past; and one that was cut off.
  await pull('clockify', complete(100, 90_000));
  await pull('clockify', { ...complete(50, 50), state: `'failed'` });
  await pull('vtiger', complete(20, 20));

  expect(await waiting('source')).toEqual({ clockify: 300, vtiger: 20 });
});
