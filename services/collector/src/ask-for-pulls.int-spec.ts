import { randomUUID } from 'node:crypto';
import { CompanyReader } from '#company';
import { readText } from '#documents';
import type { Instant } from '#domain';
import { migrateQueues, Queues } from '#queues';
import { Decisions, Documents, Occurrences, People, Pulls, type NewDocument } from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { AskForPulls } from './ask-for-pulls.js';

const configuration = `
kind: Source
name: clockify
type: clockify
settings: {}
---
kind: Channel
name: slack
type: slack
settings: {}
---
kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours } }
when: hours < 25.0
say: low-hours
---
kind: Subscription
name: weekly-hours
rules: [low-hours]
schedule: { cron: '0 9 * * MON', timezone: UTC }
to: { channel: slack, room: { name: ops, members: [{ email: ops@acme.example }] } }
`;

const wednesdayBefore = (now: Instant): Instant => {
  const today = now.toZonedDateTimeISO('UTC').startOfDay();
  return today.subtract({ days: today.dayOfWeek + 4 }).toInstant();
};

describe('what an occurrence needs', () => {
  let test: TestDatabase;
  let queues: Queues;
  let occurrence: string;

  beforeEach(async () => {
    // Its own clock, which the stories move on.
    test = await testDatabase({ aheadMs: 0 });
    await migrateQueues(test.url);
    queues = new Queues({ url: test.url });
    const { database } = test;
    await new Documents(database).apply(
      readText(configuration, 'x.yaml').documents.map((one) => ({
        ...one,
        hash: one.name,
      })) as readonly NewDocument[],
      'hash',
    );
    occurrence = randomUUID();
    await plan([occurrence, 'UTC']);
  });
  afterEach(async () => {
    await queues.close();
    await test.drop();
  });

  const plan = async (...occurrences: readonly (readonly [id: string, zone: string])[]): Promise<void> => {
    const now = await test.database.now();
    await new Occurrences(test.database).plan(
      occurrences.map(([id, zone]) => ({
        id,
        subscription: 'weekly-hours',
        zone,
        calendar: '',
        // The middle of a week, which is the same one everywhere.
        nominalAt: wednesdayBefore(now),
        dueAt: now,
        untilAt: now.add({ hours: 72 }),
        manual: false,
      })),
    );
  };
  /** Asks as another process would, which has read nothing yet. */
  const ask = (): Promise<void> => {
    const { database } = test;
    return new AskForPulls(
      database,
      new CompanyReader(database),
      new Occurrences(database),
      new Pulls(database),
      queues,
    ).ask({ schedules: false });
  };
  /** Asks; returns what was ever asked for on behalf of the occurrence. */
  const asked = async (what: 'facts' | 'people'): Promise<number> => {
    const { database } = test;
    await ask();
    const rows = await database.query('select 1 from pull where what = $1 and starts_with(asked_by, $2)', [
      what,
      `occurrence ${occurrence}`,
    ]);
    return rows.length;
  };
  const allComplete = (): Promise<unknown> =>
    test.database.query(
      `update pull set state = 'complete', began_at = clock_timestamp(), ended_at = clock_timestamp()`,
    );
  /** People whose weeks together begin earlier than UTC's, and end with it. */
  const know = async (...zones: readonly string[]): Promise<void> => {
    for (const zone of zones) {
      const person = { id: randomUUID(), slug: zone, email: `${zone}@acme.example` };
      await test.database.query(
        `insert into identity (system, external_id, data, hash, known_since) values ('clockify', $1, $2::jsonb, '', clock_timestamp())`,
        [zone, JSON.stringify({ externalId: zone, active: true, zone })],
      );
      await test.database.transaction((tx) =>
        new People(test.database).keepLinks(
          tx,
          [person],
          [{ system: 'clockify', externalId: zone, personId: person.id, origin: 'email' }],
        ),
      );
    }
  };

  it('is asked for once', async () => {
    expect([await asked('facts'), await asked('people')]).toEqual([1, 1]);

    await allComplete();

    expect([await asked('facts'), await asked('people')]).toEqual([1, 1]);
  });

  it('is asked for once for all, by however many at once, and however soon it is there', async () => {
    const { database } = test;
    await plan([randomUUID(), 'Europe/Kyiv'], [randomUUID(), 'Asia/Seoul']);
    for (let round = 0; round < 12; round += 1) {
      await database.query('delete from pull');

      let asking = true;
      const completed = (async () => {
        while (asking) await allComplete();
      })();
      await Promise.all([ask(), ask(), ask(), ask()]);
      asking = false;
      await completed;

      expect(await database.query(`select 1 from pull where what = 'facts'`)).toHaveLength(1);
    }
  });

  it('is asked for again where people become known whose weeks begin earlier', async () => {
    await asked('facts');
    await allComplete();
    await know('UTC', 'Pacific/Kiritimati');

    expect(await asked('facts')).toBe(2);
  });

  it('is asked for again where people have grown too old while it waited', async () => {
    await asked('people');
    await allComplete();
    await test.database.query(
      `create or replace function carillon.clock_timestamp() returns timestamptz language sql volatile
       as $$ select pg_catalog.clock_timestamp() + interval '14 hours' $$`,
    );

    expect(await asked('people')).toBe(2);
  });

  describe('held for a record that cannot be read', () => {
    /** The occurrence was looked at, and one of its decisions waits for the source. */
    const isHeldFor = async (detail: string): Promise<void> => {
      const { database } = test;
      const asOf = await database.now();
      const day = asOf.toZonedDateTimeISO('UTC').toPlainDate().toString();
      await database.transaction((tx) =>
        new Decisions(database).keep(tx, {
          occurrenceId: occurrence,
          rule: 'low-hours',
          ruleVersion: 1,
          asOf,
          period: { from: day, to: day },
          decisions: [
            {
              rule: 'low-hours',
              subject: occurrence,
              period: { from: day, to: day },
              outcome: 'held',
              reason: 'incomplete',
              detail,
              inputs: {},
            },
          ],
        }),
      );
      await database.query(
        `update occurrence set state = 'held', decided_as_of = $2, wake_at = until_at where id = $1`,
        [occurrence, asOf],
      );
    };
    /** In how many minutes the pulls are due that are asked for and not through. */
    const dueIn = async (): Promise<readonly number[]> => {
      const rows = await test.database.query<{ minutes: number }>(
        `select extract(epoch from due_at - clock_timestamp())::float8 / 60 as minutes from pull where state = 'due'`,
      );
      return rows.map(({ minutes }) => Math.round(minutes));
    };
    /** Asks as two processes would, twice. */
    const askTwice = async (): Promise<void> => {
      await Promise.all([ask(), ask()]);
      await Promise.all([ask(), ask()]);
    };

    beforeEach(async () => {
      await ask();
      await allComplete();
    });

    it('is asked for again, once, and twice as late each time', async () => {
      for (const minutes of [15, 30, 60, 120]) {
        await isHeldFor('clockify');
        await askTwice();

        expect(await dueIn()).toEqual([minutes]);
        await allComplete();
      }
    });

    it('is not before it was looked at, nor where something else is waited for', async () => {
      await askTwice();
      expect(await dueIn()).toEqual([]);

      await isHeldFor('expected hours');
      await askTwice();
      expect(await dueIn()).toEqual([]);

      await isHeldFor('clockify');
      await allComplete();
      await askTwice();
      expect(await dueIn()).toEqual([]);
    });

    it('is not where the time would be over by then', async () => {
      await isHeldFor('expected hours, clockify');
      await test.database.query(`update occurrence set until_at = clock_timestamp() + interval '14 minutes'`);
      await askTwice();

      expect(await dueIn()).toEqual([]);
    });
  });
});
