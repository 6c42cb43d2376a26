import type { SimulatedRequest, SimulatedResponse, Trouble } from '#http/simulation';
import { Troubles, type Delivery } from '#storage';
import { Temporal } from 'temporal-polyfill';
import { World } from './world.js';

const firstMonday = Temporal.PlainDate.from('2026-11-02');
/** The day of a week, 0 being its Monday. */
const day = (week: number, ahead: number): string => firstMonday.add({ days: week * 7 + ahead }).toString();
/** The Monday after, when the week is looked back upon. */
const after = (week: number): string => `${day(week, 7)}T10:00:00Z`;

const refusal = (code: string): SimulatedResponse => ({ status: 200, body: { ok: false, error: code } });
const tooMany: SimulatedResponse = {
  status: 429,
  headers: { 'retry-after': '60' },
  body: { ok: false, error: 'ratelimited' },
};

/** What a bad day does to one delivery, while it lasts and afterwards. */
interface Fate {
  readonly state: Delivery['state'];
  readonly attempts: number;
  /** Whether it is said after all, once the trouble is over. */
  readonly then: 'sent' | 'failed';
}
/** Nothing mends it: the owner hears of it. */
const given = (attempts: number): Fate => ({ state: 'failed', attempts, then: 'failed' });
const held: Fate = { state: 'held', attempts: 0, then: 'sent' };
const again = (attempts: number): Fate => ({ state: 'retrying', attempts, then: 'sent' });
const asked: Fate = { state: 'unknown', attempts: 1, then: 'sent' };

/** Codes that any method may answer with, and that no other try would change: it waits for a better token. */
const unauthorized = [
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'not_allowed_token_type',
  'org_login_required',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'team_access_not_granted',
  'two_factor_setup_required',
  'accesslimited',
  'access_denied',
];

const posting: readonly (readonly [code: string, fate: Fate])[] = [
  ...unauthorized.map((code) => [code, held] as const),
  // The room is looked at and mended before the second try.
  ...[
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'no_text',
    'msg_blocks_too_long',
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_metadata_format',
    'metadata_too_large',
    'restricted_action',
    'restricted_action_read_only_channel',
    'message_limit_exceeded',
    'invalid_arguments',
    'a_code_of_next_year',
  ].map((code) => [code, given(2)] as const),
  ['rate_limited', again(0)],
  ['service_unavailable', again(1)],
  ['team_added_to_org', again(1)],
  ['internal_error', asked],
  ['fatal_error', asked],
  ['request_timeout', asked],
];

const making: readonly (readonly [method: string, code: string, fate: Fate])[] = [
  ...['restricted_action', 'cannot_create_channel', 'no_channel', 'invalid_name_specials', 'name_taken'].map(
    (code) => ['conversations.create', code, held] as const,
  ),
  ['conversations.create', 'missing_scope', held],
  ['conversations.create', 'internal_error', again(1)],
  ...[
    'cant_invite',
    'cant_invite_self',
    'user_not_found',
    'user_is_restricted',
    'ura_max_channels',
    'org_user_not_in_team',
    'invitee_cant_see_channel',
    'no_external_invite_permission',
    'is_archived',
  ].map((code) => ['conversations.invite', code, held] as const),
  ['conversations.invite', 'no_permission', held],
  ['conversations.invite', 'external_channel_migrating', again(1)],
  ['conversations.members', 'fetch_members_failed', again(1)],
  ['conversations.members', 'channel_not_found', held],
  ['conversations.setPurpose', 'too_long', held],
];

/** Where the message cannot be edited, the correction follows it. */
const correcting: readonly (readonly [code: string, becomes: 'edited' | 'followed'])[] = [
  ['message_not_found', 'followed'],
  ['cant_update_message', 'followed'],
  ['edit_window_closed', 'followed'],
  ['msg_too_long', 'followed'],
  ['channel_not_found', 'followed'],
  ['is_inactive', 'followed'],
  ['update_failed', 'edited'],
  ['internal_error', 'edited'],
  ['external_channel_migrating', 'edited'],
  ['token_expired', 'edited'],
];

interface Somebody {
  readonly name: string;
  readonly slug: string;
  readonly clockify: string;
  readonly slack: string;
  readonly entries: readonly string[];
}

/** Everything in which Slack looks for marks: plain texts are shown as they are. */
const marked = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && 'type' in part && part.type === 'plain_text' ? null : part,
  );

/** One Slack in which everything goes wrong for somebody, and for each something else; each has their own room. */
describe('Slack on a bad day', () => {
  let world: World;
  const people = new Map<string, Somebody>();
  const who = (key: string): Somebody => {
    const found = people.get(key);
    if (!found) throw new Error(`nobody is called ${key}`);
    return found;
  };

  const somebody = (key: string, name: string): void => {
    const { clockify, slack } = world;
    const number = String(people.size).padStart(3, '0');
    const email = `p${number}@acme.example`;
    const id = clockify.addUser({ email, name, zone: 'UTC' });
    people.set(key, {
      name,
      slug: `p${number}`,
      clockify: id,
      slack: slack.addUser({ id: `UP${number}`, email, name, zone: 'UTC' }).id,
      entries: [0, 1].map((week) => addEntry(id, week)),
    });
  };
  const addEntry = (userId: string, week: number): string =>
    world.clockify.addEntry({
      userId,
      start: `${day(week, 0)}T06:00:00Z`,
      end: `${day(week, 0)}T07:00:00Z`,
    });

  /** What stands in somebody's room about a week. */
  const messages = (key: string, week: number) =>
    world.slack
      .channels()
      .filter(({ members, name }) => members.includes(who(key).slack) || name.includes(who(key).slug))
      .flatMap(({ id }) => world.slack.messages(id))
      .filter(({ text }) => text.includes(said(week)));
  const said = (week: number): string =>
    Temporal.PlainDate.from(day(week, 0)).toLocaleString('en', { month: 'long', day: 'numeric' });
  const concerns = (key: string, { body }: SimulatedRequest): boolean => {
    const form = new URLSearchParams(body);
    const { slack, slug } = who(key);
    return (
      form.get('users') === slack ||
      (form.get('name') ?? '').includes(slug) ||
      world.slack
        .channels()
        .some(
          ({ id, name, members }) =>
            id === form.get('channel') && (name.includes(slug) || members.includes(slack)),
        )
    );
  };
  const plan = (key: string, method: string, trouble: Trouble): void =>
    world.slackServer.plan({
      times: Infinity,
      ...trouble,
      match: (request) =>
        request.path.endsWith(`/${method}`) && concerns(key, request) && (trouble.match?.(request) ?? true),
    });
  const answering = (answer: SimulatedResponse): Trouble => ({ kind: 'answer', answer });

  /** What is to be said to these about a week, in their order. */
  const deliveriesOf = async (
    keys: readonly string[],
    week: number,
  ): Promise<readonly (Delivery | undefined)[]> => {
    const ofWeek = (await world.deliveries()).filter(
      ({ message }) => 'title' in message && message.title.includes(said(week)),
    );
    const byRoom = new Map(
      ofWeek.map((one) => [(one.target['room'] as { readonly name: string }).name, one]),
    );
    return keys.map((key) => byRoom.get(`hours-${who(key).slug}`));
  };
  const fatesOf = async (keys: readonly string[], week: number) =>
    (await deliveriesOf(keys, week)).map((one, index) => ({
      key: keys[index],
      state: one?.state,
      attempts: one?.attempts,
    }));
  /**
   * Each comes to what is expected of it, though not all at one moment: what is held for credentials is tried again with every message that
   * arrives elsewhere, and on a slow machine a second try of others may be under way already.
   */
  const expectToReach = async (
    fates: () => ReturnType<typeof fatesOf>,
    expected: readonly { readonly key: string; readonly state: string; readonly attempts: number }[],
  ): Promise<void> => {
    const reached = new Map<string, number>();
    try {
      await world.until(async () => {
        for (const [index, { state, attempts = 0 }] of (await fates()).entries()) {
          const wanted = expected[index];
          if (wanted && state === wanted.state && !reached.has(wanted.key)) reached.set(wanted.key, attempts);
        }
        return reached.size === expected.length;
      }, 'hurry turns');
    } catch {
      // The comparison below says which.
    }
    const missed = (await fates()).filter(({ key }) => !reached.has(key ?? ''));
    expect(missed).toEqual([]);
    for (const { key, attempts } of expected) {
      expect([key, attempts === 0 ? reached.get(key) : Math.min(reached.get(key) ?? 0, attempts)]).toEqual([
        key,
        attempts,
      ]);
    }
  };
  const openTroubles = async () =>
    (await new Troubles(world.test.database).listOpen()).filter(
      ({ kind }) => kind === 'delivery' || kind === 'room',
    );
  /** Each of these is a trouble that the owner was told of, and what failed alike in one message. */
  const expectOwnerTold = async (keys: readonly string[], week: number): Promise<void> => {
    await world.until(async () => (await openTroubles()).every(({ told }) => told), 'hurry turns');
    const about = new Set((await openTroubles()).map((trouble) => trouble.about));
    for (const [index, one] of (await deliveriesOf(keys, week)).entries())
      expect([keys[index], one && (about.has(one.id) || about.has(one.destination))]).toEqual([
        keys[index],
        true,
      ]);
    await world.until(() => (world.rooms()['carillon-ops']?.messages.length ?? 0) > 0, 'hurry turns');
  };

  beforeAll(async () => {
    world = await World.start({
      at: '2026-11-23T12:00:00Z',
      patienceMs: 2000,
      clockify: { reportsShowType: true },
    });
    for (const name of ['ops', 'carillon-key'])
      world.slack.addUser({ email: `${name}@acme.example`, name, zone: 'UTC' });
    somebody('well', 'Olena Kovalenko');
    somebody('odd', '<!channel> *Bob* & _Eve_ <@U1|x> `🎉` ~~');
    somebody('long', `Maximilian ${'von und zu '.repeat(60)}`);
    for (const [code] of posting) somebody(`post ${code}`, `Post ${code}`);
    for (const [method, code] of making) somebody(`${method} ${code}`, `Make ${method} ${code}`);
    for (const key of [
      'limited',
      'cut-before',
      'cut-after',
      'silence',
      '500',
      '500 accepted',
      'cut-after update',
    ])
      somebody(key, key);
    await world.apply(
      world
        .documents()
        .replace(
          "name: 'hours-{{ person.slug }}'",
          'name: \'hours-{{ person.email | split: "@" | first }}\'',
        ),
    );
    await world.knowPeople();
  });
  afterEach(() => {
    world.slackServer.calm();
    world.slack.restoreToken();
  });
  afterAll(() => world.stop());

  it('keeps whom it gives no room, and nobody else', async () => {
    for (const [method, code] of making) plan(`${method} ${code}`, method, answering(refusal(code)));
    const fates = () =>
      fatesOf(
        making.map(([method, code]) => `${method} ${code}`),
        0,
      );

    const ids = await world.begin(after(0));
    await expectToReach(
      fates,
      making.map(([method, code, { state, attempts }]) => ({ key: `${method} ${code}`, state, attempts })),
    );
    await world.until(() => messages('well', 0).length > 0);

    await expectOwnerTold(
      making.flatMap(([method, code, { state }]) => (state === 'held' ? [`${method} ${code}`] : [])),
      0,
    );
    world.slackServer.calm();
    await world.settleNow(ids);

    for (const [method, code, fate] of making)
      expect([method, code, messages(`${method} ${code}`, 0).length]).toEqual([
        method,
        code,
        fate.then === 'sent' ? 1 : 0,
      ]);
    expect(await openTroubles()).toEqual([]);
    // Whoever is in a room is the one whom it is for.
    for (const { name, members } of world.slack.channels().filter((one) => one.name.startsWith('hours-')))
      for (const member of members.filter((one) => one.startsWith('UP')))
        expect(name).toBe(`hours-${[...people.values()].find(({ slack }) => slack === member)?.slug}`);
  });

  it('escapes what people are called, and cuts what is too long', () => {
    const [odd] = messages('odd', 0);
    const [long] = messages('long', 0);

    expect(odd?.text).toContain('&lt;!channel&gt;');
    expect(marked([odd?.text, odd?.blocks])).not.toMatch(/<!|<@U1|<x/);
    expect(JSON.stringify(odd?.blocks)).toContain('🎉');
    expect(JSON.stringify(long?.blocks)).toMatch(/von und zu von[^"]*…/);
  });

  it('gives up, tries again or asks by what Slack answers to a message, and everybody else hears in time', async () => {
    for (const [code] of posting) plan(`post ${code}`, 'chat.postMessage', answering(refusal(code)));
    plan('limited', 'chat.postMessage', answering(tooMany));
    const accept = (request: SimulatedRequest): boolean => Boolean(world.slack.handle(request));
    plan('500', 'chat.postMessage', { ...answering({ status: 500, body: 'oops' }), times: 1 });
    plan('500 accepted', 'chat.postMessage', {
      ...answering({ status: 500, body: 'oops' }),
      match: accept,
      times: 1,
    });
    plan('cut-before', 'chat.postMessage', { kind: 'cut-before', times: 1 });
    plan('cut-after', 'chat.postMessage', { kind: 'cut-after', times: 1 });
    plan('silence', 'chat.postMessage', { kind: 'silence', times: 1 });
    const fates = [
      ...posting.map(([code, fate]) => [`post ${code}`, fate] as const),
      ['limited', again(0)] as const,
    ];
    const lost = ['500', '500 accepted', 'cut-before', 'cut-after', 'silence'];

    const ids = await world.begin(after(1));
    const keys = fates.map(([key]) => key);
    await expectToReach(
      () => fatesOf(keys, 1),
      fates.map(([key, { state, attempts }]) => ({ key, state, attempts })),
    );
    expect(messages('well', 1)).toHaveLength(1);

    await expectOwnerTold(
      fates.flatMap(([key, { state }]) => (state === 'failed' || state === 'held' ? [key] : [])),
      1,
    );
    world.slackServer.calm();
    await world.settleNow(ids);

    for (const [key, { then }] of fates)
      expect([key, messages(key, 1).length]).toEqual([key, then === 'sent' ? 1 : 0]);
    for (const key of ['well', 'odd', 'long', ...lost])
      expect([key, messages(key, 1).length]).toEqual([key, 1]);
    expect(await openTroubles()).toHaveLength(fates.filter(([, { then }]) => then === 'failed').length);
    expect((await world.books()).unbalanced).toEqual([]);
  });

  it('edits what it said, and follows it up where it can no longer be edited', async () => {
    const keys = posting.map(([code]) => `post ${code}`);
    const cases = correcting.map(([code, becomes], index) => ({ code, becomes, key: keys[index] ?? '' }));
    for (const { key, code } of cases) {
      plan(key, 'chat.update', answering(refusal(code)));
      world.clockify.editEntry(who(key).entries[0] ?? '', { end: `${day(0, 0)}T08:00:00Z` });
    }
    world.clockify.editEntry(who('cut-after update').entries[0] ?? '', { end: `${day(0, 0)}T08:00:00Z` });
    plan('cut-after update', 'chat.update', { kind: 'cut-after', times: 1 });

    const pulling = world.pull(`${day(0, -1)}T00:00:00Z`, `${day(0, 8)}T00:00:00Z`);
    await world.until(async () => {
      const now = await deliveriesOf(
        cases.map(({ key }) => key),
        0,
      );
      return cases.every(({ becomes }, index) => {
        const one = now[index];
        return becomes === 'followed' ? one?.sent_revision === 2 : one?.reason !== null;
      });
    }, 'hurry turns');
    world.slackServer.calm();
    await world.settleNow();
    await pulling;

    for (const { key, code, becomes } of [
      ...cases,
      { key: 'cut-after update', code: 'cut', becomes: 'edited' },
    ]) {
      const shown = messages(key, 0).map(({ text }) => /: (\d) of/.exec(text)?.[1]);
      expect([code, shown]).toEqual([code, becomes === 'edited' ? ['2'] : ['1', '2']]);
    }
  });
});

describe('a Slack workspace that people live in', () => {
  let world: World;
  let olena: string;

  beforeAll(async () => {
    world = await World.start({ at: '2026-11-23T12:00:00Z', clockify: { reportsShowType: true } });
    const { clockify, slack } = world;
    for (const name of ['ops', 'carillon-key', 'olena', 'pavlo'])
      slack.addUser({ id: `U${name.toUpperCase()}`, email: `${name}@acme.example`, name, zone: 'UTC' });
    olena = clockify.addUser({ email: 'olena@acme.example', name: 'Olena', zone: 'UTC' });
    for (const [index, userId] of [
      olena,
      clockify.addUser({ email: 'pavlo@acme.example', name: 'Pavlo', zone: 'UTC' }),
      clockify.addUser({ email: 'newcomer@acme.example', name: 'Newcomer', zone: 'UTC' }),
    ].entries())
      for (const week of [-4, -3, -2, -1, 0, 1])
        clockify.addEntry({
          userId,
          start: `${day(week, index)}T06:00:00Z`,
          end: `${day(week, index)}T07:00:00Z`,
        });
    // Somebody's own channel has the name that Pavlo's room would get.
    slack.addChannel({ name: 'hours-pavlo', private: true, creator: 'UOPS', members: ['UOPS'] });
    await world.apply(world.documents());
    await world.knowPeople();
  });
  afterEach(() => {
    world.slackServer.calm();
    world.slack.restoreToken();
  });
  afterAll(() => world.stop());

  const withMember = (user: string) =>
    world.slack
      .channels()
      .filter(({ members, archived }) => members.includes(user) && !archived)
      .map(({ name, id }) => ({ name, texts: world.slack.messages(id).map(({ text }) => text) }));
  const room = (name: string) => {
    const found = world.slack.channels().find((one) => one.name === name);
    if (!found) throw new Error(`there is no room ${name}`);
    return found;
  };
  const live = async (week: number): Promise<void> => {
    const ids = await world.begin(after(week));
    await world.settleNow(ids);
  };

  it('keeps its own channels to itself, and whoever is not in it is held until they are', async () => {
    await live(-4);

    expect(withMember('UOLENA')).toEqual([
      { name: 'hours-olena', texts: [expect.stringContaining('Olena: 1')] },
    ]);
    expect(withMember('UPAVLO')).toEqual([
      { name: 'hours-pavlo-2', texts: [expect.stringContaining('Pavlo: 1')] },
    ]);
    expect(room('hours-pavlo').members).toEqual(['UOPS']);
    expect((await world.deliveries()).filter(({ state }) => state === 'held')).toHaveLength(1);
    expect(world.rooms()['carillon-ops']?.messages.toSorted()).toEqual([
      'Room hours-newcomer is not as it should be',
      'slack: 1 person not matched',
    ]);

    world.slack.addUser({ id: 'UNEW', email: 'newcomer@acme.example', name: 'Newcomer', zone: 'UTC' });
    await world.readPeopleAgain('slack');
    await world.settleNow();

    expect(withMember('UNEW')).toEqual([
      { name: 'hours-newcomer', texts: [expect.stringContaining('Newcomer: 1')] },
    ]);
    expect(world.rooms()['carillon-ops']?.messages).toEqual([
      expect.stringMatching(/^No longer applies/),
      expect.stringMatching(/^No longer applies/),
    ]);
  });

  it('may throw the bot out, archive a room and delete a message: the next one finds a place again', async () => {
    world.slack.removeBot(room('hours-olena').id);
    world.slack.archiveChannel(room('hours-newcomer').id);

    await live(-3);

    // A private room that the bot is not in is out of reach for ever, and its name is taken.
    expect(withMember('UOLENA').map(({ name, texts }) => [name, texts.length])).toEqual([
      ['hours-olena', 1],
      ['hours-olena-2', 1],
    ]);
    expect(withMember('UNEW').map(({ texts }) => texts.length)).toEqual([2]);
    expect((await world.deliveries()).filter(({ state }) => state !== 'sent')).toEqual([]);
  });

  it('lets nobody else wait where its limit is about making rooms', async () => {
    await world.test.database.query(`delete from room where name = 'hours-pavlo'`);
    world.slackServer.plan({
      kind: 'answer',
      match: ({ path }) => path.endsWith('/conversations.create'),
      answer: tooMany,
    });

    const ids = await world.begin(after(-2));
    await world.until(
      () => withMember('UOLENA').at(-1)?.texts.length === 2 && withMember('UNEW')[0]?.texts.length === 3,
    );
    const unsent = async () => (await world.deliveries()).filter(({ state }) => state !== 'sent');
    await world.until(async () => {
      const [one, ...more] = await unsent();
      return one?.reason === 'rate-limited' && more.length === 0;
    });

    const [waiting] = await unsent();
    expect(waiting).toMatchObject({ state: 'retrying', attempts: 0, reason: 'rate-limited' });
    expect(
      (waiting?.due_at.epochMilliseconds ?? 0) - (await world.test.database.now()).epochMilliseconds,
    ).toBeGreaterThan(50_000);

    await world.settleNow(ids);

    expect(withMember('UPAVLO').map(({ name, texts }) => [name, texts.length])).toEqual([
      ['hours-pavlo-2', 3],
    ]);
  });

  it('may revoke the token in the middle of a run: loud, without going round in circles, and told when it can be', async () => {
    const told = world.rooms()['carillon-ops']?.messages.length ?? 0;
    let posts = 0;
    world.slackServer.plan({
      kind: 'slow',
      // It is revoked before the second of three messages is looked at.
      match: ({ path }) => {
        if (path.endsWith('/chat.postMessage') && ++posts === 2) world.slack.revokeToken();
        return false;
      },
    });
    const ids = await world.begin(after(-1));
    await world.settle(ids);
    const calls = world.slackServer.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 1500));

    const waiting = (await world.deliveries()).filter(({ state }) => state !== 'sent');
    expect(new Set(waiting.map(({ state, reason }) => `${state} ${reason}`))).toEqual(
      new Set(['held unauthorized']),
    );
    expect(waiting.filter(({ about }) => about === 'notification')).toHaveLength(2);
    expect(waiting.filter(({ about }) => about === 'trouble')).not.toHaveLength(0);
    expect(world.slackServer.requests.length).toBe(calls);

    world.slack.restoreToken();
    await world.settleNow();

    expect((await world.deliveries()).filter(({ state }) => state !== 'sent')).toEqual([]);
    expect(world.rooms()['carillon-ops']?.messages.slice(told)).toEqual([
      expect.stringMatching(/^No longer applies/),
    ]);
    for (const user of ['UOLENA', 'UPAVLO', 'UNEW'])
      expect(
        withMember(user)
          .flatMap(({ texts }) => texts)
          .filter((text) => text.includes(`October 26`)),
      ).toHaveLength(1);
  });

  it.each<[string, Trouble]>([
    ['missing_scope', { kind: 'answer', answer: refusal('missing_scope') }],
    ['limit_required', { kind: 'answer', answer: refusal('limit_required') }],
    ['nonsense', { kind: 'nonsense' }],
  ])('may refuse its list of members with %s: whoever is known goes on hearing', async (_, trouble) => {
    world.slackServer.plan({
      ...trouble,
      times: Infinity,
      match: ({ path }) => path.endsWith('/users.list'),
    });
    const told = world.rooms()['carillon-ops']?.messages.length ?? 0;
    await world.readPeopleAgain('slack');
    await world.until(() => (world.rooms()['carillon-ops']?.messages.length ?? 0) > told);

    expect(world.rooms()['carillon-ops']?.messages.slice(told)).toEqual(['Source slack cannot be read']);

    world.slackServer.calm();
    await world.readPeopleAgain('slack');
    await world.settle();

    expect(world.rooms()['carillon-ops']?.messages.slice(told)).toEqual([
      'No longer applies: Source slack cannot be read',
    ]);
  });
});
