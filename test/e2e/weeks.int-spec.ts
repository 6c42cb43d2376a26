import { createHash } from 'node:crypto';
import type { SimulatedMessage } from '#channels/simulators';
import { CompanyReader } from '#company';
import { addDays, type Message } from '#domain';
import { Decisions, Occurrences } from '#storage';
import { render } from '../../libs/channels/src/slack/render.js';
import { Previewer, type PreviewedOccasion } from '../../services/carillon/src/preview/previewer.js';
import { Evaluator } from '../../services/rules/src/evaluator.js';
import { Plan } from '../../services/rules/src/plan.js';
import { Say } from '../../services/rules/src/say.js';
import { World } from './world.js';

/** The Mondays of the three weekly runs; each is about the week before it. */
const [first, second, third] = ['2026-10-05', '2026-10-12', '2026-10-19'] as const;
const lived = { from: '2026-10-01', to: '2026-10-20' };

/** Hours from Monday on; the time of day does not matter here. */
const hoursOfEveryWeek: Readonly<Record<string, readonly number[]>> = {
  max: [8, 8, 8, 8, 8],
  nina: [8, 8, 8, 8, 8],
  petro: [8, 8, 8, 8, 8],
  olena: [8, 8, 4],
  ivan: [8, 8, 8],
  daria: [8, 8, 8, 8],
  sofia: [5, 5],
  bohdan: [6],
  marta: [9, 9, 9],
};

const daily = `
kind: Subscription
name: every-day
rules: [low-hours]
schedule: { cron: '0 0 * * *', timezone: UTC }
to: { channel: slack, room: { name: 'daily-{{ person.slug }}', members: [person, managers] } }
`;
const exemption = `
kind: Exception
rule: low-hours
person: bohdan@acme.example
exempt: true
until: ${second}
`;

describe('three weeks with late edits', () => {
  let world: World;
  const ids: Record<string, string> = {};
  const entries = new Map<string, string>();
  /** What each delivery said first, as the hash of the bytes that were kept. */
  const saidFirst = new Map<string, string>();

  const log = (who: string, day: string, hours: number): void => {
    const end = new Date(Date.parse(`${day}T07:00:00Z`) + hours * 3_600_000).toISOString();
    entries.set(
      `${who} ${day}`,
      world.clockify.addEntry({ userId: ids[who] ?? '', start: `${day}T07:00:00Z`, end }),
    );
  };
  /** The day of the week that the run of this Monday is about. */
  const dayOf = (monday: string, index: number): string => addDays(monday, index - 7);
  const entryOf = (who: string, monday: string, index: number): string =>
    entries.get(`${who} ${dayOf(monday, index)}`) ?? '';
  const live = async (monday: string): Promise<void> => {
    await world.run(`${monday}T12:00:00Z`, ['weekly-hours']);
    for (const { id, hash } of await world.test.database.query<{ id: string; hash: string }>(
      `select id, message_hash as hash from delivery where about = 'notification'`,
    ))
      if (!saidFirst.has(id)) saidFirst.set(id, hash);
  };
  /** Reads the first week again, as a source's own schedule does day by day. */
  const readAgain = (): Promise<void> => world.pull('2026-09-27T00:00:00Z', '2026-10-05T00:00:00Z');
  const inRoom = (name: string): readonly SimulatedMessage[] => {
    const channel = world.slack.channels().find((one) => one.name === name);
    return channel ? world.slack.messages(channel.id) : [];
  };
  const said = (): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(Object.entries(world.rooms()).map(([name, { messages }]) => [name, messages]));
  const decided = (who: string, rule = 'low-hours') =>
    world.test.database.query<{ version: number; outcome: string; week: string }>(
      `select evaluation.rule_version as version, decision.outcome, decision.period_from::text as week from decision
       join evaluation on evaluation.id = decision.evaluation_id join person on person.id = decision.subject
       where person.email = $1 and decision.rule = $2 order by decision.period_from, decision.as_of`,
      [`${who}@acme.example`, rule],
    );
  const preview = (rule: string, known: 'then' | 'now'): Promise<readonly PreviewedOccasion[]> => {
    const { app } = world.service;
    const { database } = world.test;
    return new Previewer(
      database,
      app.get(CompanyReader),
      app.get(Evaluator),
      app.get(Say),
      new Occurrences(database),
      new Decisions(database),
    ).preview(rule, { over: lived, known });
  };

  beforeAll(async () => {
    world = await World.start({ at: '2026-10-20T12:00:00Z' });
    const { clockify, slack } = world;
    const add = (who: string, name: string, managers: readonly string[]): void => {
      ids[who] = clockify.addUser({
        email: `${who}@acme.example`,
        name,
        zone: who === 'marta' ? 'Asia/Seoul' : 'Europe/Kyiv',
        managers: managers.map((manager) => ids[manager] ?? ''),
      });
      ids[`slack ${who}`] = slack.addUser({ email: `${who}@acme.example`, name }).id;
    };
    add('max', 'Max Muster', []);
    add('nina', 'Nina Nowak', []);
    add('petro', 'Petro Tykhyi', ['max']);
    add('olena', 'Olena Kovalenko', ['max']);
    add('ivan', 'Ivan Franko', ['max']);
    add('daria', 'Daria Lys', ['max']);
    add('sofia', 'Sofia Bilyk', ['max']);
    add('bohdan', 'Bohdan Hrab', ['max']);
    add('marta', 'Marta Zhuk', ['max']);
    for (const [who, hours] of Object.entries(hoursOfEveryWeek))
      for (const monday of [first, second, third])
        for (const [index, some] of hours.entries()) log(who, dayOf(monday, index), some);
    ids['time off'] = clockify.addPolicy({ name: 'Sick leave' });
    const off = { policyId: ids['time off'] };
    clockify.requestTimeOff({
      ...off,
      userId: ids['daria'] ?? '',
      firstDay: dayOf(first, 4),
      status: 'APPROVED',
    });
    ids['leave of ivan'] = clockify.requestTimeOff({
      ...off,
      userId: ids['ivan'] ?? '',
      firstDay: dayOf(first, 3),
      days: 2,
    });
    await world.apply(world.documents(exemption));
  });
  afterAll(() => world.stop());

  it('says what the first week gives, once to each', async () => {
    await live(first);

    expect(said()).toEqual({
      'hours-daria-lys': ['Daria Lys: days off (September 28 – October 4)'],
      'hours-ivan-franko': ['Ivan Franko: 24 of 40 h logged (September 28 – October 4)'],
      'hours-olena-kovalenko': ['Olena Kovalenko: 20 of 40 h logged (September 28 – October 4)'],
      'hours-sofia-bilyk': ['Sofia Bilyk: 10 of 40 h logged (September 28 – October 4)'],
    });
  });

  it('edits in place what later facts make wrong, and tells nobody late', async () => {
    const before = new Map(
      world.slack.channels().flatMap(({ id, name }) => world.slack.messages(id).map(({ ts }) => [name, ts])),
    );
    const { clockify } = world;
    // Leave that was waiting is approved; what was forgotten is entered; a day is shortened; a whole week is deleted.
    clockify.decideTimeOff(ids['leave of ivan'] ?? '', 'APPROVED');
    log('olena', dayOf(first, 3), 9);
    clockify.editEntry(entryOf('daria', first, 0), { end: `${dayOf(first, 0)}T07:30:00Z` });
    clockify.editEntry(entryOf('daria', first, 1), { end: `${dayOf(first, 1)}T07:15:00Z` });
    for (const index of [0, 1, 2, 3]) clockify.deleteEntry(entryOf('petro', first, index));

    await readAgain();

    expect(said()).toEqual({
      'hours-daria-lys': ['Daria Lys: 16.75 of 32 h logged and days off (September 28 – October 4)'],
      'hours-ivan-franko': ['Ivan Franko: days off (September 28 – October 4)'],
      'hours-olena-kovalenko': [
        'No longer applies: Olena Kovalenko: 20 of 40 h logged (September 28 – October 4)',
      ],
      'hours-sofia-bilyk': ['Sofia Bilyk: 10 of 40 h logged (September 28 – October 4)'],
    });
    for (const [name, ts] of before) {
      const [message, ...others] = inRoom(name);
      expect(others).toEqual([]);
      expect(message).toMatchObject({ ts });
      expect(message?.versions.length).toBe(name === 'hours-sofia-bilyk' ? 0 : 1);
    }
    expect((await decided('petro')).map(({ outcome }) => outcome)).toEqual(['quiet', 'fired']);
  });

  it('says again in the same place what was taken back and holds after all', async () => {
    world.clockify.deleteEntry(entryOf('olena', first, 3));

    await readAgain();

    const messages = inRoom('hours-olena-kovalenko');
    expect(messages.map(({ text, versions }) => [text, versions.length])).toEqual([
      ['Olena Kovalenko: 20 of 40 h logged (September 28 – October 4)', 2],
    ]);
  });

  it('lets the old manager go before the new one comes, and both before anything more is said', async () => {
    const { clockify, slack, slackServer } = world;
    clockify.editUser(ids['olena'] ?? '', { managers: [ids['nina'] ?? ''] });
    clockify.editUser(ids['sofia'] ?? '', { name: 'Sofia Bondar' });
    const already = slackServer.requests.length;

    await live(second);

    const room = slack.channels().find(({ name }) => name === 'hours-olena-kovalenko');
    const calls = slackServer.requests
      .slice(already)
      .map(({ path, body }) => ({ method: path.replace('/api/', ''), args: new URLSearchParams(body) }))
      .filter(({ args }) => args.get('channel') === room?.id)
      .map(({ method, args }) => [method, args.get('user') ?? args.get('users') ?? ''])
      .filter(([method]) => method !== 'conversations.info' && method !== 'conversations.members');
    expect(calls).toEqual([
      ['conversations.kick', ids['slack max']],
      ['conversations.invite', ids['slack nina']],
      ['chat.postMessage', ''],
    ]);
    expect(world.rooms()['hours-olena-kovalenko']?.members).toEqual([
      'Carillon',
      'Nina Nowak',
      'Olena Kovalenko',
    ]);
  });

  it('keeps a room through a change of name, and leaves what was said as it was said', () => {
    expect(inRoom('hours-sofia-bilyk').map(({ text, versions }) => [text, versions.length])).toEqual([
      ['Sofia Bilyk: 10 of 40 h logged (September 28 – October 4)', 0],
      ['Sofia Bondar: 10 of 40 h logged (October 5 – October 11)', 0],
    ]);
  });

  it('goes by a changed rule from then on, and by the old one for what was decided', async () => {
    const { clockify } = world;
    const changed = world.documents(exemption, daily).replace('threshold: 25.0', 'threshold: 30.0');
    await world.apply(changed);
    clockify.editEntry(entryOf('marta', first, 0), { end: `${dayOf(first, 0)}T15:00:00Z` });

    await live(third);
    await readAgain();

    expect(await decided('marta')).toEqual([
      { version: 1, outcome: 'quiet', week: '2026-09-28' },
      { version: 1, outcome: 'quiet', week: '2026-09-28' },
      { version: 1, outcome: 'quiet', week: '2026-10-05' },
      { version: 2, outcome: 'fired', week: '2026-10-12' },
    ]);
    expect(said()['hours-marta-zhuk']).toEqual(['Marta Zhuk: 27 of 40 h logged (October 12 – October 18)']);
    // Else everything that was ever said would be edited for a number in its small print.
    expect(inRoom('hours-sofia-bilyk').map(({ versions }) => versions.length)).toEqual([0, 0, 0]);
  });

  it('ends an exemption on its day', async () => {
    expect(said()['hours-bohdan-hrab']).toEqual(['Bohdan Hrab: 6 of 40 h logged (October 12 – October 18)']);
    expect((await decided('bohdan')).map(({ outcome }) => outcome)).toEqual([
      'suppressed',
      'suppressed',
      'fired',
    ]);
  });

  it('starts a new subscription with its next occurrence', async () => {
    await world.service.app.get(Plan).ahead();

    const planned = await new Occurrences(world.test.database).of('every-day');
    expect(planned.map(({ nominal_at, state }) => [nominal_at.toString(), state])).toEqual([
      ['2026-10-22T00:00:00Z', 'planned'],
      ['2026-10-21T00:00:00Z', 'planned'],
    ]);
  });

  it('previews, as known then, byte for byte what was sent', async () => {
    const runs = [...(await preview('low-hours', 'then')), ...(await preview('days-off', 'then'))];
    const previewed = runs.filter((run) => run.lived).flatMap(({ sayings }) => sayings);

    expect([...new Set(previewed.map(({ delivery }) => delivery))].toSorted()).toEqual(
      [...saidFirst.keys()].toSorted(),
    );
    for (const { delivery, message } of previewed) {
      expect(hashOf(message)).toBe(saidFirst.get(delivery));
      const { text, blocks } = render(message as Message);
      expect(posted(delivery)).toEqual({ text, blocks: JSON.stringify(blocks) });
    }
  });

  it('previews, by what is known now, what would be said today', async () => {
    const texts = (await preview('low-hours', 'now')).flatMap(({ sayings }) =>
      sayings.map(({ message }) => ('rows' in message ? '' : message.title)),
    );

    expect(texts).toContain('Petro Tykhyi: 8 of 40 h logged (September 28 – October 4)');
    expect(texts).toContain('Marta Zhuk: 27 of 40 h logged (October 5 – October 11)');
  });

  /** What Slack was given when the delivery was first sent. */
  const posted = (delivery: string): { text: string; blocks: string } | undefined =>
    world.slackServer.requests
      .filter(({ path }) => path === '/api/chat.postMessage')
      .map(({ body }) => new URLSearchParams(body))
      .filter((args) => args.get('metadata')?.includes(delivery))
      .map((args) => ({ text: args.get('text') ?? '', blocks: args.get('blocks') ?? '' }))[0];
});

const hashOf = (message: unknown): string =>
  createHash('sha256').update(JSON.stringify(message)).digest('base64url');
