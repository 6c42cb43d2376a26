import type { SimulatedRequest, Trouble } from '#http/simulation';
import { Temporal } from 'temporal-polyfill';
import { subscription, TeamKpis } from './team-kpis.js';

const daily = { cron: '0 10 * * *', zone: 'UTC' };
const subscriptions = ['ferrari', 'tesla'].map((team) =>
  subscription(team, daily, `{ channel: google-chat, space: spaces/AAAA${team} }`),
);

const asks = (what: string) => (request: SimulatedRequest) =>
  `${request.path} ${request.query.get('query') ?? ''}`.includes(what);
const answer = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Trouble & { kind: 'answer' } => ({ kind: 'answer', answer: { status, headers } });

/** Each test lives through a day of its own, at ten o'clock, with one more issue than the day before. */
describe('Vtiger on a bad day', () => {
  let kpis: TeamKpis;
  let days = 0;
  /** How many cards each team has been told. */
  const heard = () => ({ ferrari: kpis.titles('ferrari').length, tesla: kpis.titles('tesla').length });
  const state = () => ({ heard: heard(), told: kpis.told().length });
  /** The next morning, when the runs have been looked at and are not done. */
  const untilHeld = async (): Promise<readonly string[]> => {
    const at = nextDay();
    await kpis.world.goTo(at);
    const ids = async () =>
      (
        await kpis.world.test.database.query<{ id: string; state: string }>(
          'select id, state from occurrence where nominal_at = $1',
          [Temporal.Instant.from(at).subtract({ seconds: 5 })],
        )
      ).filter(({ state }) => state === 'held');
    await kpis.world.until(async () => (await ids()).length === subscriptions.length);
    return (await ids()).map(({ id }) => id);
  };
  /** The week's hours are looked at on no day of these, so that owners hear of Vtiger alone. */
  const documents = (): string =>
    kpis.documents(...subscriptions).replace(`cron: '0 9 * * MON'`, `cron: '0 9 1 1 *'`);
  const nextDay = (): string =>
    Temporal.Instant.from('2026-11-03T10:00:05Z')
      .add({ hours: 24 * days++ })
      .toString();

  beforeAll(async () => {
    kpis = await TeamKpis.start({ at: '2026-11-02T12:00:00Z', patienceMs: 2000 });
    kpis.task('ferrari', { priority: 'Critical' });
    await kpis.world.apply(documents());
  });
  beforeEach(() => {
    kpis.task('ferrari', { priority: 'Medium' });
  });
  afterEach(() => kpis.vtigerServer.calm());
  afterAll(() => kpis.world.stop());

  it.each<[string, readonly Trouble[]]>([
    ['429 until the minute is over', [answer(429, { 'x-floodcontrol-reset': '1800000000' })]],
    ['429 as the calls of the day are used up', [answer(429, { 'x-ratelimit-remaining': '0' })]],
    ['500', [{ ...answer(500), match: asks('FROM Groups') }]],
    ['503', [answer(503)]],
    ['a connection that is cut', [{ kind: 'cut-before', match: asks('FROM Calendar') }]],
    ['no answer', [{ kind: 'silence', match: asks('FROM Calendar') }]],
  ])('%s: nobody is told anything before it is read, and then once', async (_, troubles) => {
    const before = state();
    // As long as it is looked at: a retry may come before anybody has seen that the run waits.
    for (const trouble of troubles) kpis.vtigerServer.plan({ ...trouble, times: 100 });

    const ids = await untilHeld();

    expect(heard()).toEqual(before.heard);

    kpis.vtigerServer.calm();
    await kpis.world.settleNow(ids);

    expect(heard()).toEqual({ ferrari: before.heard.ferrari + 1, tesla: before.heard.tesla + 1 });
    expect(kpis.told()).toHaveLength(before.told);
  });

  it('its key was made anew: no team hears, the owner hears what to do, and that it is over', async () => {
    const before = state();
    kpis.setAccessKey('another');

    const ids = await untilHeld();
    await kpis.world.until(() => kpis.told().length > before.told);

    expect(heard()).toEqual(before.heard);
    const [told, ...others] = kpis.told().slice(before.told);
    expect(others).toEqual([]);
    expect(told).toContain('Source vtiger cannot be read');
    expect(told).toContain('Renew the key');
    expect(told).toContain('the user name or the access key is wrong');

    kpis.setAccessKey('the one we have');
    await kpis.world.settleNow(ids);

    expect(heard()).toEqual({ ferrari: before.heard.ferrari + 1, tesla: before.heard.tesla + 1 });
    expect(kpis.told().slice(before.told)).toEqual([
      expect.stringMatching(/^No longer applies: Source vtiger cannot be read/),
    ]);
  });

  it('its key was made anew and given to us: it is taken up at once, and nobody hears of it', async () => {
    const before = state();
    kpis.setAccessKey('another');
    kpis.world.secrets['vtiger-access-key'] = 'a'.repeat(16);

    await kpis.live(nextDay());

    expect(heard()).toEqual({ ferrari: before.heard.ferrari + 1, tesla: before.heard.tesla + 1 });
    expect(kpis.told()).toHaveLength(before.told);
  });

  it('a group was renamed: no team is told a number that lacks it, and the owner hears where it is named', async () => {
    const before = state();
    await kpis.world.apply(documents().replace('groups: [Tesla]', 'groups: [Tesla Motors]'));

    const ids = await untilHeld();
    await kpis.world.until(() => kpis.told().length > before.told);

    expect(heard()).toEqual(before.heard);
    expect(kpis.told().at(-1)).toContain('teams.tesla.groups[0]: there is no such group');

    await kpis.world.apply(documents());
    await kpis.world.settleNow(ids);

    expect(heard()).toEqual({ ferrari: before.heard.ferrari + 1, tesla: before.heard.tesla + 1 });
  });

  it('an issue cannot be read: its team is held and the owner hears; the other teams hear theirs', async () => {
    const before = state();
    const task = kpis.task('ferrari', { missing: ['createdtime'] });

    await kpis.live(nextDay());
    await kpis.world.until(() => kpis.told().length > before.told);

    expect(heard()).toEqual({ ...before.heard, tesla: before.heard.tesla + 1 });
    expect(kpis.told().at(-1)).toContain('Source vtiger: 1 record cannot be read');
    expect(kpis.told().at(-1)).toContain(
      `record=${task.split('x')[1]}|Tasks ${task}> (Ferrari): when it was created cannot`,
    );
    expect(kpis.told().at(-1)).not.toContain('Call back');

    // Nobody asks for it: the run waits, so it is read again by itself.
    kpis.vtiger.editRecord(task, { missing: [], shown: { surplus: { field: 1 } } });
    await kpis.live(Temporal.Instant.from(kpis.world.now().toISOString()).add({ minutes: 16 }).toString());
    await kpis.world.until(() => heard().ferrari > before.heard.ferrari);
    await kpis.world.settle();

    expect(heard()).toEqual({ ferrari: before.heard.ferrari + 1, tesla: before.heard.tesla + 1 });
    expect(kpis.told().at(-1)).toMatch(/^No longer applies/);
  });

  it('the session of the classic web service ends in mid-run: nobody notices', async () => {
    const before = state();
    await kpis.world.apply(documents().replace(kpis.source(), kpis.source('api: classic')));
    for (let more = 0; more < 150; more += 1) kpis.task('ferrari', { priority: 'Low' });
    kpis.vtiger.endSessions('SESSION_EXPIRED', 3);
    const logins = () => kpis.vtigerServer.requests.filter(({ body }) => body.includes('login')).length;
    const loginsBefore = logins();

    await kpis.live(nextDay());

    expect(logins() - loginsBefore).toBe(2);
    expect(heard()).toEqual({ ferrari: before.heard.ferrari + 1, tesla: before.heard.tesla + 1 });
    const index = 10 + 2 * days + 5 + 150;
    expect(kpis.titles('ferrari').at(-1)).toContain(`issue index: ${index} `);
    expect(kpis.told()).toHaveLength(before.told);
  });

  it('balanced books are left by all of them', async () => {
    expect((await kpis.world.books()).unbalanced).toEqual([]);
    expect(kpis.remarks()).toEqual([]);
  });
});
