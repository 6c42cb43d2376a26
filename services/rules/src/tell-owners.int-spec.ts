import { CompanyReader } from '#company';
import { hashOf, readText } from '#documents';
import type { Message } from '#domain';
import { migrateQueues, Queues } from '#queues';
import { Deliveries, Documents, Pulls, triedAgain, Troubles, type Delivery } from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { TellOwners } from './tell-owners.js';

const documents = `
kind: Channel
name: slack
type: slack
owner: ops-room
settings: { token: { secret: slack-bot-token } }
---
kind: Subscription
name: weekly-hours
rules: []
to: { channel: slack, room: { name: 'hours-{{ person.slug }}', members: [person] } }
---
kind: Subscription
name: ops-room
to: { channel: slack, room: { name: carillon-ops, members: [{ email: ops@acme.example }] } }
`;

describe('telling owners', () => {
  let test: TestDatabase;
  let queues: Queues;
  let troubles: Troubles;
  let companies: CompanyReader;
  let tell: TellOwners;

  beforeAll(async () => {
    test = await testDatabase();
    await migrateQueues(test.url);
    queues = new Queues({ url: test.url });
    const { database } = test;
    troubles = new Troubles(database);
    companies = new CompanyReader(database);
    tell = new TellOwners(
      database,
      companies,
      troubles,
      new Deliveries(database),
      new Pulls(database),
      queues,
    );
    await apply(documents);
  }, 60_000);
  afterEach(() => test.database.query('truncate trouble, delivery, restored cascade'));
  afterAll(async () => {
    await queues.close();
    await test.drop();
  }, 60_000);

  const apply = (text: string): Promise<unknown> => {
    const read = readText(text, 'spec.yaml').documents;
    return new Documents(test.database).apply(
      read.map((one) => ({ kind: one.kind, name: one.name, content: one.content, hash: hashOf(one) })),
      text,
    );
  };
  const failed = (about: string, owner = 'ops-room'): Promise<string> =>
    troubles.open({
      kind: 'delivery',
      about,
      owner,
      detail: { channel: 'slack', reason: 'rejected', outcome: 'refused' },
    });
  const told = async (): Promise<readonly Delivery[]> =>
    test.database.query<Delivery>('select * from delivery order by created_at');
  const titles = async (): Promise<readonly string[]> =>
    (await told()).map(({ message }) => (message as Message).title);

  it('is one message about many failures, with their number and the first of them', async () => {
    await test.database.query(
      `insert into trouble (id, kind, about, owner, detail) select gen_random_uuid(), 'delivery', 'd-' || lpad(number::text, 4, '0'), 'ops-room',
         '{"channel":"slack","reason":"rejected","outcome":"refused"}' from generate_series(1, 5000) number`,
    );

    await tell.tell();

    const [message, ...others] = await told();
    expect(others).toEqual([]);
    const text = JSON.stringify(message?.message);
    expect(text).toContain('5,000');
    expect(text.match(/d-\d{4}/g)).toHaveLength(20);
    expect(await troubles.untold()).toEqual([]);
  });

  it('edits it while it lasts, and says anew what comes after it was over', async () => {
    await failed('one');
    await tell.tell();
    await failed('two');
    await tell.tell();
    expect(await titles()).toEqual(['Messages could not be delivered to slack']);

    await troubles.close('delivery', 'one');
    await troubles.close('delivery', 'two');
    await tell.tell();
    await failed('three');
    await tell.tell();

    expect(await titles()).toEqual([
      'No longer applies: Messages could not be delivered to slack',
      'A message could not be delivered to slack',
    ]);
  });

  it('says anew what comes more than a day later, though the rest still lasts', async () => {
    await failed('one');
    await tell.tell();

    const id = await failed('two');
    await test.database.query(
      `update trouble set opened_at = opened_at + interval '25 hours' where id = $1`,
      [id],
    );
    await tell.tell();

    expect(await titles()).toEqual([
      'A message could not be delivered to slack',
      'A message could not be delivered to slack',
    ]);
  });

  describe('of a source', () => {
    const cannotBeRead = (reason: string, next: { readonly next?: string } = triedAgain): Promise<string> =>
      troubles.open({ kind: 'source', about: 'clockify', owner: 'ops-room', detail: { reason, ...next } });
    const decisionsWait = (next: { readonly next?: string } = triedAgain): Promise<string> =>
      troubles.open({
        kind: 'incomplete',
        about: 'clockify one',
        owner: 'ops-room',
        detail: { source: 'clockify', held: '3', ...next },
      });
    const recordsWait = (...names: readonly string[]): Promise<string> =>
      troubles.open({
        kind: 'incomplete',
        about: 'clockify one',
        owner: 'ops-room',
        detail: {
          source: 'clockify',
          held: '1',
          records: JSON.stringify({
            count: names.length,
            first: names.map((name) => ({ name, why: 'it has no status' })),
          }),
        },
      });
    const secondsPass = (seconds: number): Promise<unknown> =>
      test.database.query(
        `update trouble set opened_at = opened_at - $1 * interval '1 second', closed_at = closed_at - $1 * interval '1 second'`,
        [seconds],
      );
    const isRead = (): Promise<void> => troubles.closeOfSource('clockify', 'facts');

    it('names records that cannot be read at once, and edits it where they are others by now', async () => {
      await recordsWait('Tasks 9x7', 'Tasks 9x8');
      await tell.tell();
      expect(await titles()).toEqual(['Source clockify: 2 records cannot be read']);
      expect(JSON.stringify((await told())[0]?.message)).toContain('Tasks 9x7');

      await recordsWait('Tasks 9x8');
      await tell.tell();

      expect(await titles()).toEqual(['Source clockify: 1 record cannot be read']);
      expect(JSON.stringify((await told())[0]?.message)).not.toContain('Tasks 9x7');
    });

    it('says nothing of what is tried again and succeeds within a minute', async () => {
      await cannotBeRead('unavailable');
      await decisionsWait();
      await tell.tell();
      await secondsPass(50);
      await tell.tell();
      await isRead();
      await tell.tell();

      expect(await told()).toEqual([]);
      expect(await troubles.untold()).toEqual([]);
    });

    it.each(['unavailable', 'timeout', 'rate-limited', 'internal'])(
      'says that it lasts: %s, tried again for a minute',
      async (reason) => {
        await cannotBeRead(reason);
        await tell.tell();
        await secondsPass(61);
        await tell.tell();
        expect(await titles()).toEqual(['Source clockify cannot be read']);

        await isRead();
        await tell.tell();

        expect(await titles()).toEqual(['No longer applies: Source clockify cannot be read']);
      },
    );

    it('counts the minute from the first of what follows upon one another', async () => {
      await cannotBeRead('unavailable');
      await secondsPass(40);
      await decisionsWait();
      await troubles.close('source', 'clockify');
      await tell.tell();
      expect(await titles()).toEqual([]);

      await secondsPass(25);
      await tell.tell();
      expect(await titles()).toEqual(['Source clockify cannot be read']);
    });

    it.each(['unauthorized', 'rejected', 'unreadable', 'unavailable'])(
      'says at once that it is given up: %s, with what waits for it',
      async (reason) => {
        await decisionsWait();
        await cannotBeRead(reason, {});

        await tell.tell();

        expect(await titles()).toEqual(['Source clockify cannot be read']);
        expect(JSON.stringify((await told())[0]?.message)).toContain('3 decisions');
      },
    );

    it('says at once that decisions wait for what nobody reads', async () => {
      await decisionsWait({});

      await tell.tell();

      expect(await titles()).toEqual(['Source clockify cannot be read']);
    });

    it('says at once what comes to a trouble of which its owner knows', async () => {
      await cannotBeRead('unavailable');
      await secondsPass(61);
      await tell.tell();
      await decisionsWait();
      await tell.tell();
      expect(JSON.stringify((await told())[0]?.message)).toContain('3 decisions');

      await cannotBeRead('unauthorized', {});
      await tell.tell();

      const [message, ...others] = await told();
      expect(JSON.stringify(message?.message)).toContain('does not accept the credentials');
      expect(others).toEqual([]);
    });

    it('says that one is over, though another has begun', async () => {
      await cannotBeRead('unauthorized', {});
      await tell.tell();
      await isRead();
      await cannotBeRead('unauthorized', {});
      await tell.tell();

      expect(await titles()).toEqual([
        'No longer applies: Source clockify cannot be read',
        'Source clockify cannot be read',
      ]);
    });
  });

  it('tells of the rest where an owner cannot be told', async () => {
    await troubles.open({ kind: 'source', about: 'clockify', owner: 'weekly-hours', detail: {} });
    await failed('one');

    await tell.tell();

    expect(await titles()).toEqual(['A message could not be delivered to slack']);
    expect(await troubles.untold()).toMatchObject([{ about: 'clockify' }]);
  });

  it('tells an owner whose documents it has not read yet', async () => {
    await failed('one');
    await tell.tell();
    await apply(documents.replaceAll('ops-room', 'new-room'));
    await failed('two', 'new-room');

    await tell.tell();

    expect(await told()).toMatchObject([{ subscription: 'ops-room' }, { subscription: 'new-room' }]);
    await apply(documents);
  });

  it('asks before it tells again of what may have been told since a backup', async () => {
    await failed('one');
    await new Deliveries(test.database).distrustPending();

    await tell.tell();

    expect(await told()).toMatchObject([{ state: 'unknown' }]);
  });

  it('waits until it is known who is in the channel, and says it then', async () => {
    const { database } = test;
    await database.query(
      `insert into pull (id, system, what, asked_by, state, due_at) values (gen_random_uuid(), 'slack', 'people', 'spec', 'due', clock_timestamp())`,
    );
    await failed('a');

    await tell.tell();
    expect(await new Deliveries(database).unsettled()).toBe(0);

    await database.query(
      `update pull set state = 'complete', began_at = clock_timestamp(), ended_at = clock_timestamp()`,
    );
    await companies.fresh();
    await tell.tell();
    expect(await new Deliveries(database).unsettled()).toBe(1);
  });
});
