import {
  documentText,
  jiraError,
  JiraSimulator,
  jiraThrottled,
  type ThrottleReason,
} from '#channels/simulators';
import type { SimulatedRequest, SimulatedServer, Trouble } from '#http/simulation';
import { Temporal } from 'temporal-polyfill';
import { Notifier } from '../../services/notifier/src/notifier.module.js';
import { subscription, TeamKpis } from './team-kpis.js';

const account = 'carillon@acme.example';
const daily = { cron: '0 10 * * *', zone: 'UTC' };

const creates = ({ method, path, body }: SimulatedRequest): boolean =>
  method === 'POST' && path.endsWith('/rest/api/3/issue') && body.includes('"OPS"');
const looks = ({ path }: SimulatedRequest): boolean => path.endsWith('/search/jql');
const readsScreen = ({ path }: SimulatedRequest): boolean => path.includes('/createmeta/OPS');
const throttled = (reason: ThrottleReason, match = creates, withoutRetryAfter = false): Trouble => ({
  kind: 'answer',
  match,
  answer: jiraThrottled({
    reason,
    limit: 100,
    until: new Date(Date.now() + 7000),
    waitSeconds: 7,
    withoutRetryAfter,
  }),
});
const answer = (status: number, match = creates): Trouble => ({
  kind: 'answer',
  match,
  answer: jiraError(status, ['Olena earns 100']),
});

/** Ferrari and Tesla have a project of one site each, Porsche a space in Google Chat. Each test lives through a day of its own, at ten o'clock. */
describe('Jira on a bad day', () => {
  let laterMs = 0;
  const jira = new JiraSimulator({
    limits: 'none',
    indexLagMs: 0,
    now: () => new Date(Date.now() + laterMs),
  });
  let kpis: TeamKpis;
  let server: SimulatedServer;
  let bot: string;
  let token: string;
  let days = 0;

  const everything = (to = '', ...more: readonly string[]): string =>
    kpis.documents(
      `
kind: Channel
name: jira
type: jira
owner: ops-room
audience: team
settings: { baseUrl: '${server.url}', email: ${account}, apiToken: { secret: jira-api-token }, searchLagSeconds: 0 }
`,
      // A subscription of its own each day: what is said first is an issue of its own.
      subscription('ferrari', daily, `{ channel: jira, project: OPS${to} }`, `ferrari-${String(days)}`),
      subscription('tesla', daily, '{ channel: jira, project: WEB }', `tesla-${String(days)}`),
      subscription('porsche', daily, '{ channel: google-chat, space: spaces/AAAAporsche }'),
      ...more,
    );
  const heard = () => ({
    ferrari: jira.issues('OPS').length,
    tesla: jira.issues('WEB').length,
    porsche: kpis.titles('porsche').length,
  });
  const everybodyAfter = ({ ferrari, tesla, porsche }: ReturnType<typeof heard>) => ({
    ferrari: ferrari + 1,
    tesla: tesla + 1,
    porsche: porsche + 1,
  });
  const now = (): Temporal.Instant => Temporal.Instant.from('2026-03-02T10:00:05Z').add({ hours: 24 * days });
  const nextDay = async (to?: string, ...more: readonly string[]): Promise<void> => {
    days += 1;
    await kpis.world.apply(everything(to, ...more));
    await kpis.world.goTo(now().toString());
  };
  const today = async () =>
    (await kpis.world.deliveries()).filter(
      ({ about, created_at: at }) =>
        about === 'notification' && at.epochMilliseconds >= now().epochMilliseconds,
    );
  const states = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries((await today()).map(({ subscription: name, state }) => [name.split('-')[0], state]));
  const allSent = { ferrari: 'sent', tesla: 'sent', porsche: 'sent' };
  const newest = (project: string) => jira.issues(project).at(-1);

  beforeAll(async () => {
    bot = jira.addPerson({ displayName: 'Carillon', emailAddress: account }).accountId;
    jira.addProject({ key: 'WEB' });
    jira.addProject({ key: 'OPS' });
    kpis = await TeamKpis.start({ at: '2026-03-02T12:00:00Z', patienceMs: 2000 });
    server = await kpis.world.bring(jira);
    token = jira.issueToken(bot);
    kpis.world.secrets['jira-api-token'] = token;
    kpis.task('ferrari', { priority: 'Critical' });
  });
  afterEach(() => server.calm());
  afterAll(() => kpis.world.stop());

  it.each<[string, Trouble]>([
    ['429 for the site, of a burst', throttled('jira-burst-based')],
    ['429 for one issue', throttled('jira-per-issue-on-write')],
    ['429 for the quota of the app', throttled('jira-quota-global-based')],
    ['429 for the quota of the tenant', throttled('jira-quota-tenant-based')],
    ['429 that says only when', throttled('jira-burst-based', creates, true)],
    ['429 while the project is looked at', throttled('jira-burst-based', readsScreen)],
    ['500 for nothing that was done', answer(500)],
    ['502 while the project is looked at', answer(502, readsScreen)],
    ['409', answer(409)],
    ['a connection that is cut before the issue is made', { kind: 'cut-before', match: creates }],
    ['a connection that is cut when the issue is made', { kind: 'cut-after', match: creates }],
    ['no answer', { kind: 'silence', match: creates }],
    ['an answer that comes too late', { kind: 'slow', delayMs: 3000, match: creates }],
    ['nonsense', { kind: 'nonsense', match: creates }],
  ])('%s: there is one issue, and the other teams have theirs', async (_, trouble) => {
    const earlier = heard();
    server.plan(trouble);

    await nextDay();
    await kpis.world.settleNow();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(await states()).toEqual(allSent);
  });

  it('an issue that was made and cannot be looked for: it is asked again, and nothing is made a second time', async () => {
    const earlier = heard();
    server.plan({ kind: 'cut-after', match: creates });
    server.plan({ ...answer(503, looks), times: 3 });

    await nextDay();
    await kpis.world.settleNow();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(await states()).toEqual(allSent);
  });

  it.each<[string, string, () => void, () => void, string, readonly string[]]>([
    [
      'the token was revoked',
      '',
      () => jira.revokeToken(token),
      () => (kpis.world.secrets['jira-api-token'] = token = jira.issueToken(bot)),
      'does not accept the API token',
      ['ferrari', 'tesla'],
    ],
    [
      'the token has expired',
      '',
      () => (laterMs += 366 * 24 * 3_600_000),
      () => (kpis.world.secrets['jira-api-token'] = token = jira.issueToken(bot)),
      'expired',
      ['ferrari', 'tesla'],
    ],
    [
      'the account has no access to Jira any more',
      '',
      () => jira.changePerson(bot, { hasAccess: false }),
      () => jira.changePerson(bot, { hasAccess: true }),
      'the account may not do this',
      ['ferrari', 'tesla'],
    ],
    [
      'the account may make no issues in the project',
      '',
      () => jira.permit('OPS', bot, ['browse']),
      () => jira.permit('OPS', bot, ['browse', 'create', 'edit', 'assign', 'transition', 'comment']),
      '',
      ['ferrari'],
    ],
  ])(
    '%s: issues wait, their owner hears why, and each is made once when that is mended',
    async (_, to, spoil, mend, why, waiting) => {
      const earlier = heard();
      const told = kpis.told().length;
      spoil();

      await nextDay(to);
      await kpis.world.until(
        async () =>
          kpis.told().length > told &&
          Object.values(await states()).filter((state) => state === 'held').length === waiting.length &&
          heard().porsche > earlier.porsche,
        'hurry',
      );

      expect(await states()).toEqual({
        ...allSent,
        ...Object.fromEntries(waiting.map((team) => [team, 'held'])),
      });
      expect(heard().ferrari).toBe(earlier.ferrari);
      expect(kpis.told().at(-1)).toContain(why);
      expect(JSON.stringify(kpis.told())).not.toContain(token);

      mend();
      const notifier = kpis.world.service.app.get(Notifier);
      await notifier.releaseRenewed();
      await notifier.release();
      await kpis.world.settleNow();

      expect(heard()).toEqual(everybodyAfter(earlier));
      expect(await states()).toEqual(allSent);
      for (const shown of kpis.told().slice(told)) expect(shown).toMatch(/^No longer applies/);
    },
  );

  it.each<[string, string, string]>([
    ['a priority that the project does not have', ', priority: Urgent', 'priority'],
    ['a field that is not on the screen', ', fields: { customfield_10099: x }', 'customfield_10099'],
    ['an issue type that is not there', ', issueType: Story', 'no issue type `Story`'],
  ])(
    '%s: the issue waits, its owner hears which, and it is made once when the document is mended',
    async (_, to, why) => {
      const earlier = heard();
      const told = kpis.told().length;

      await nextDay(to);
      await kpis.world.until(
        async () => (await states())['ferrari'] === 'held' && kpis.told().length > told,
        'hurry',
      );
      await kpis.world.settle();
      expect(await states()).toEqual({ ...allSent, ferrari: 'held' });
      expect(heard()).toEqual({ ...everybodyAfter(earlier), ferrari: earlier.ferrari });
      expect(kpis.told().at(-1)).toContain(why);

      await kpis.world.apply(everything());
      await kpis.world.service.app.get(Notifier).release();
      await kpis.world.settleNow();

      expect(heard()).toEqual(everybodyAfter(earlier));
      expect(await states()).toEqual(allSent);
      expect(kpis.told().at(-1)).toMatch(/^No longer applies/);
    },
  );

  it('a required custom field that nobody fills: the issue waits, and is made once when the document fills it', async () => {
    const { id } = jira.addField({ id: 'customfield_10010', name: 'Cost centre', kind: 'text' });
    jira.addProject({ key: 'FIN', screen: ['description', 'labels', { id, required: true }] });
    const isTold = (): boolean => kpis.told().some((shown) => /customfield_10010.*is required/.test(shown));
    const name = `fin-${String(days + 1)}`;
    const inFinance = (more = '') =>
      subscription('tesla', daily, `{ channel: jira, project: FIN${more} }`, name);
    await nextDay('', inFinance());
    await kpis.world.until(async () => (await states())['fin'] === 'held' && isTold(), 'hurry');
    expect(jira.issues('FIN')).toEqual([]);

    await kpis.world.apply(everything('', inFinance(', fields: { customfield_10010: "4711" }')));
    await kpis.world.service.app.get(Notifier).release();
    await kpis.world.settleNow();

    expect(await states()).toEqual({ ...allSent, fin: 'sent' });
    expect(isTold()).toBe(false);
    expect(jira.issues('FIN').map(({ fields }) => fields[id])).toEqual(['4711']);
  });

  it('an assignee without access to Jira: the issue is made without one, and says whom it was meant for', async () => {
    const earlier = heard();

    await nextDay(', assignee: nobody@acme.example');
    await kpis.world.settleNow();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(newest('OPS')?.fields['assignee']).toBeUndefined();
    expect(documentText(newest('OPS')?.fields['description'])).toContain('nobody@acme.example');
  });

  it.each(['en', 'uk', 'ko', 'zh', 'ru'])(
    'a title with markup, and more than a description holds, arrive in %s as they were written',
    async (locale) => {
      const earlier = heard();
      const title = 'Ferrari {x} *y* |z| <b>q</b> & [~olena] h1. “ü”';
      for (let issues = 0; issues < 3; issues += 1)
        kpis.task('ferrari', {
          title: `${'дуже довга назва '.repeat(4000)}{panel}${String(issues)}`,
          due: '2026-01-01',
          createdAt: '2026-01-01T08:00:00Z',
        });
      days += 1;
      await kpis.world.apply(
        everything().replace('title: Ferrari\n', `title: '${title}'\nlocale: ${locale}\n`),
      );
      await kpis.world.goTo(now().toString());
      await kpis.world.settleNow();

      expect(heard()).toEqual(everybodyAfter(earlier));
      const { summary = '', description } = newest('OPS')?.fields ?? {};
      expect(summary).toContain(title);
      expect(JSON.stringify(description).length).toBeLessThan(32_000);
      expect(documentText(description)).toContain('дуже довга назва');
    },
  );

  it('a project that is not there: the issue waits, and its owner hears that', async () => {
    const earlier = heard();
    const told = kpis.told().length;

    await nextDay(
      '',
      subscription('tesla', daily, '{ channel: jira, project: NOPE }', `nope-${String(days + 1)}`),
    );
    await kpis.world.until(
      async () => (await states())['nope'] === 'held' && kpis.told().length > told,
      'hurry',
    );
    await kpis.world.settle();

    expect(await states()).toEqual({ ...allSent, nope: 'held' });
    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(kpis.told().at(-1)).toContain('there is no project `NOPE`');
  });
});
