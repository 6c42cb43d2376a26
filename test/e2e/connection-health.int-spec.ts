import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showConnections } from '#connections';
import { Explainer } from '../../services/carillon/src/explain/explainer.js';
import { explanationText } from '../../services/carillon/src/explain/text.js';
import { World } from './world.js';

/** The documents that are shipped as an example. */
const health = ['sources', 'rules', 'subscriptions'].map((name) =>
  readFileSync(join(import.meta.dirname, `../../examples/connection-health/${name}.yaml`), 'utf8'),
);

/** Tuesday, ten to nine in Kyiv. */
const tuesday = '2026-03-03T06:50:00Z';

/** A moment after each of the first runs: later than a minute after it, what is missing would be told as a trouble. */
const hours = ['2026-03-03T07:00:10Z', '2026-03-03T07:20:10Z', '2026-03-03T08:20:10Z'];

describe('the health of the connections', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({ at: tuesday });
    for (const name of ['ops', 'carillon-key']) world.slack.addUser({ email: `${name}@acme.example`, name });
  });
  afterEach(() => world.stop());

  /** The titles of what stands in a room. */
  const told = (room = 'carillon-ops'): readonly string[] => world.rooms()[room]?.messages ?? [];

  const live = async (at: string): Promise<void> => {
    await world.goTo(at);
    await world.settle();
  };

  const apply = async (text: string): Promise<void> => {
    await world.apply(text);
    await world.settle();
  };

  /** The documents of the story with something added to one that is there. */
  const withMore = (document: string, more: string, ...others: readonly string[]): string => {
    const text = world.documents(...others);
    const place = `name: ${document}\ntype: ${document}\nowner: ops-room\n`;
    expect(text).toContain(place);
    return text.replace(place, `${place}${more}\n`);
  };

  /** Reads Clockify once more, through whatever comes. */
  const readClockify = async (): Promise<void> => {
    await world.readPeopleAgain('clockify');
    await world.settleNow();
  };

  /** The message of a rule, down to the facts. */
  const explained = async (title: string): Promise<string> => {
    const delivery = (await world.deliveries()).find(
      ({ message }) => 'title' in message && message.title === title,
    );
    return explanationText(await new Explainer(world.test.database).delivery(delivery?.id ?? ''));
  };

  it('is not spoken of while all is well, though all of it is looked at', async () => {
    await apply(withMore('slack', 'expiresOn: 2027-03-07\ncallsPerDay: 1000', ...health));
    await readClockify();

    for (const at of hours) await live(at);

    expect(told()).toEqual([]);
    const looked = await world.test.database.query<{ rule: string; quiet: number }>(
      `select rule, max(quiet)::int as quiet from evaluation group by rule having sum(held) = 0 order by rule`,
    );
    expect(looked).toEqual([
      { rule: 'connection-errors', quiet: 2 },
      { rule: 'connection-slow', quiet: 2 },
      { rule: 'quota-low', quiet: 1 },
      // Clockify has no schedule here, so no reading of it is ever late.
      { rule: 'run-missing', quiet: 0 },
      { rule: 'stale-source', quiet: 0 },
      { rule: 'token-expires', quiet: 1 },
    ]);
    expect((await world.books()).unbalanced).toEqual([]);
    const why = await new Explainer(world.test.database).connection('clockify', 'stale-source');
    expect(explanationText(why)).toMatch(/nothing said; there is no record of connection\.freshness/);
  });

  it('has its owner hear once of calls that fail, with the way back to the facts', async () => {
    await apply(world.documents(...health));
    world.clockifyServer.plan({ kind: 'answer', answer: { status: 503 }, times: 12 });
    await readClockify();

    for (const at of hours) await live(at);

    expect(told().filter((title) => title.includes('failed'))).toEqual(['clockify · 12 calls failed']);
    const why = await explained('clockify · 12 calls failed');
    expect(why).toContain('Why: rule connection-errors');
    expect(why).toContain('fires when errors >= atLeast && errors > calls * share');
    expect(why).toMatch(/connection\.calls clockify 2026-03-03 in carillon: .*"unavailable":12/);
    expect(await showConnections(world.test.database)).toMatchObject([
      { name: 'clockify', kind: 'source', owner: 'ops-room', errors: 12 },
      { name: 'slack', kind: 'channel', owner: 'ops-room', state: 'well', errors: 0 },
    ]);
  });

  it('has its owner hear once of answers that are slow, by the limit that an Exception sets for a connection', async () => {
    const patient = `
kind: Exception
rule: connection-slow
connection: clockify
params: { limit: 0.25, atLeast: 1.0 }
`;
    await apply(world.documents(...health, patient));
    world.clockifyServer.plan({ kind: 'slow', delayMs: 320, times: 100 });
    await readClockify();

    for (const at of hours) await live(at);

    expect(told()).toEqual([expect.stringMatching(/^clockify · slow answers: [\d.]+ seconds?$/)]);
  });

  it('has its owner hear once a week of a token that is about to expire, and that it is well again', async () => {
    await apply(withMore('slack', 'expiresOn: 2026-03-08', ...health));

    await live('2026-03-03T07:00:10Z');
    await live('2026-03-04T07:00:10Z');

    const news = (): readonly string[] => told().filter((title) => title.includes('token'));
    expect(news()).toEqual(['slack · the token expires in 4 days']);
    await apply(withMore('slack', 'expiresOn: 2027-03-07', ...health));
    await live('2026-03-05T07:00:10Z');
    expect(news()).toEqual(['No longer applies: slack · the token expires in 4 days']);
  });

  it('has its owner hear once of a source that nobody reads any more, and of the readings that never came', async () => {
    const hourly = "schedule: { cron: '0 * * * *', timezone: Europe/Kyiv }";
    await apply(withMore('clockify', hourly));
    // Nobody is there until ten past two in the afternoon.
    await world.goTo('2026-03-03T12:11:00Z');
    await apply(withMore('clockify', hourly, ...health));

    await live('2026-03-03T12:20:10Z');

    expect(told().toSorted()).toEqual(['clockify · 5 runs did not come', 'clockify · not read for 5 hours']);
    await world.pull('2026-03-02T00:00:00Z', '2026-03-03T12:00:00Z');
    await live('2026-03-03T13:20:10Z');
    expect(told().toSorted()).toEqual([
      'No longer applies: clockify · not read for 5 hours',
      // That of noon is an hour late by now, too.
      'clockify · 6 runs did not come',
    ]);
  });

  it('is told in the language of a person who owns the connection, in a room of their own', async () => {
    world.slack.addUser({ email: 'olena@acme.example', name: 'olena' });
    const olena = `
kind: Person
email: olena@acme.example
name: Olena Kovalenko
zone: Europe/Kyiv
locale: uk
`;
    const text = withMore('slack', 'expiresOn: 2026-03-03', ...health, olena);
    await apply(text.replace('type: slack\nowner: ops-room', 'type: slack\nowner: olena@acme.example'));

    await live('2026-03-03T07:00:10Z');

    expect(told('carillon-olena-kovalenko')).toEqual(['slack · токен закінчується сьогодні']);
  });
});
