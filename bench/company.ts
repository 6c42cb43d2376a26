import { evaluateQueue } from '#queues';
import { occurrenceId, type Instant } from '#domain';
import { Occurrences, type NewOccurrence } from '#storage';
import { hookDocument } from './decided.ts';
import { apply, type World } from './stage.ts';

/** How much a company has. */
interface Size {
  readonly people: number;
  /** Weeks of facts, five entries of work a person and week. One is the week that is decided about. */
  readonly weeks: number;
  /** Subscriptions to the one rule there is: a run of each is a message of its own to everybody whom the rule is about. */
  readonly subscriptions: number;
  /** Each subscription is for one person alone, one after another; else for everybody. */
  readonly single: boolean;
  readonly sinkUrl: string;
}

const DAY_MS = 86_400_000;

/** The Monday of this week at nine, UTC: "last week" is the one before it. */
const thisMonday = (now: Instant): Instant => {
  const day = now.toZonedDateTimeISO('UTC').startOfDay();
  return day
    .subtract({ days: day.dayOfWeek - 1 })
    .add({ hours: 9 })
    .toInstant();
};

const emailOf = (index: number): string => `person-${index}@acme.example`;
const nameOf = (subscription: number): string => `weekly-${subscription}`;

const documents = ({ subscriptions, people, single, sinkUrl }: Size): string =>
  [
    hookDocument,
    `
kind: Source
name: clockify
type: clockify
owner: ops@acme.example
settings: { workspaceId: 64a687e29ae1f428e7ebe303, apiKey: { secret: clockify-key } }
`,
    `
kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours } }
params: { threshold: 25.0 }
when: hours < threshold
say: low-hours
`,
    ...Array.from(
      { length: subscriptions },
      (_, index) => `
kind: Subscription
name: ${nameOf(index)}
rules: [low-hours]
${single ? `for: { person: ${emailOf(index % people)} }` : ''}
schedule: { cron: '0 9 1 1 *', timezone: UTC }
to: { channel: hook, url: '${sinkUrl}/${nameOf(index)}/{{ person.slug }}' }
`,
    ),
  ].join('\n---\n');

/**
 * Fills a database as if everything had been read a minute ago: people, their work by weeks, and a complete pull of all of it. Of twenty people
 * one has logged too little (everybody, where subscriptions are for single people).
 */
export async function employ(world: World, size: Size): Promise<void> {
  const { database } = world;
  await apply(database, documents(size));
  const monday = thisMonday(await database.now()).epochMilliseconds;
  await database.query(
    `insert into person (id, slug, email, known_since)
     select gen_random_uuid(), 'person-' || n, 'person-' || n || '@acme.example', clock_timestamp() from generate_series(0, $1::int - 1) n`,
    [size.people],
  );
  await database.query(
    `insert into identity (system, external_id, data, hash, known_since)
     select 'clockify', slug, jsonb_build_object('externalId', slug, 'email', email, 'name', slug, 'active', true, 'zone', 'UTC'), slug, clock_timestamp() from person`,
  );
  await database.query(
    `insert into identity_link (system, external_id, person_id, origin, known_since) select 'clockify', slug, id, 'email', clock_timestamp() from person`,
  );
  await database.query(
    `insert into pull (id, system, what, window_from, window_to, asked_by, state, due_at, began_at, ended_at)
     values (gen_random_uuid(), 'clockify', 'facts', now() - interval '2 years', clock_timestamp(), 'bench', 'complete', now(), clock_timestamp(), clock_timestamp())`,
  );
  await database.query(
    `insert into fact (source, kind, key, subject, starts, ends, amount, attributes, hash, pull_id, known_since)
     select 'clockify', 'work.hours', who || '/' || week || '/' || day, 'person-' || who, at, at + interval '1 hour',
       case when $3 or who % 20 = 0 then 4 else 8 end * 3600000.0, '{"billable":false,"project":null}', 'hash', pull.id, clock_timestamp()
     from pull, generate_series(1, $2::int) week, generate_series(0, $1::int - 1) who, generate_series(0, 4) day,
       lateral (select to_timestamp($4 / 1000.0) - week * interval '7 days' + day * interval '1 day' as at) placed`,
    [size.people, size.weeks, size.single, monday],
  );
  await database.query(
    `insert into expected_run (known_since, configuration, as_of) select clock_timestamp(), max(revision), clock_timestamp() from configuration`,
  );
  // What autovacuum would have done by the time that so much had come in.
  await database.query('vacuum analyze');
}

/** Plans runs of the company's subscriptions as the rules do: rows alone, for which nobody has rung yet. */
export async function planRuns(
  world: World,
  runs: readonly { readonly subscription: number; readonly dueAt: Instant }[],
): Promise<readonly NewOccurrence[]> {
  const nominal = thisMonday(await world.database.now());
  const rows = runs.map(({ subscription, dueAt }): NewOccurrence => {
    const run = { subscription: nameOf(subscription), zone: 'UTC', calendar: '' };
    return {
      ...run,
      id: occurrenceId({ ...run, nominal }),
      nominalAt: nominal,
      dueAt,
      untilAt: dueAt.add({ milliseconds: DAY_MS }),
      manual: true,
    };
  });
  await new Occurrences(world.database).plan(rows);
  return rows;
}

/** Rings for each run at the moment that it is due, by what time it is now. */
export const ringForRuns = async (
  { queues }: World,
  runs: readonly Pick<NewOccurrence, 'id' | 'dueAt'>[],
  now: Instant,
): Promise<void> => {
  await queues.ringMany(
    evaluateQueue,
    runs.map(({ id, dueAt }) => ({
      job: { v: 1, occurrenceId: id },
      jobId: id,
      delayMs: dueAt.epochMilliseconds - now.epochMilliseconds,
    })),
  );
};
