import { graphError, mailText, OutlookSimulator } from '#channels/simulators';
import type { SimulatedRequest, SimulatedServer, Trouble } from '#http/simulation';
import { Temporal } from 'temporal-polyfill';
import { Notifier } from '../../services/notifier/src/notifier.module.js';
import { subscription, TeamKpis } from './team-kpis.js';

const bot = 'carillon@acme.example';
const daily = { cron: '0 10 * * *', zone: 'UTC' };
const lists = { ferrari: 'ferrari@acme.example', tesla: 'tesla@acme.example' } as const;
const byMail = (team: keyof typeof lists): string =>
  subscription(team, daily, `{ channel: outlook, mail: [${lists[team]}] }`);

const makes = ({ method, path }: SimulatedRequest): boolean =>
  method === 'POST' && path.endsWith('/messages');
const sends = ({ method, path }: SimulatedRequest): boolean => method === 'POST' && path.endsWith('/send');
const signsIn = ({ path }: SimulatedRequest): boolean => path.endsWith('/token');
const answer = (
  match: Trouble['match'] & {},
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Trouble => ({ kind: 'answer', match, answer: graphError(status, code, 'olena@acme.example', headers) });

/** Ferrari and Tesla get mail from one mailbox, Porsche a card in Google Chat. Each test lives through a day of its own, at ten o'clock. */
describe('Outlook on a bad day', () => {
  const outlook = new OutlookSimulator({ limits: 'none', lagMs: 0 });
  let kpis: TeamKpis;
  let server: SimulatedServer;
  let days = 0;

  const channel = (): string => `
kind: Channel
name: outlook
type: outlook
owner: ops-room
audience: team
settings:
  tenant: ${outlook.entra.tenantId}
  clientId: ${outlook.entra.clientId}
  clientSecret: { secret: outlook-client-secret }
  mailbox: ${bot}
  baseUrl: ${server.url}/v1.0/
  authority: ${server.url}
`;
  const everything = (...more: readonly string[]): string =>
    kpis.documents(
      channel(),
      byMail('ferrari'),
      byMail('tesla'),
      subscription('porsche', daily, '{ channel: google-chat, space: spaces/AAAAporsche }'),
      ...more,
    );
  const heard = () => ({
    ferrari: outlook.arrived(lists.ferrari).length,
    tesla: outlook.arrived(lists.tesla).length,
    porsche: kpis.titles('porsche').length,
  });
  const everybodyAfter = ({ ferrari, tesla, porsche }: ReturnType<typeof heard>) => ({
    ferrari: ferrari + 1,
    tesla: tesla + 1,
    porsche: porsche + 1,
  });
  /** What its owner heard of Outlook; a slow machine may have them hear of others, too. */
  const told = (): readonly string[] => kpis.told().filter((shown) => shown.includes('to outlook'));
  const now = (): Temporal.Instant => Temporal.Instant.from('2026-03-02T10:00:05Z').add({ hours: 24 * days });
  const nextDay = async (): Promise<void> => {
    days += 1;
    await kpis.world.goTo(now().toString());
  };
  const today = async () =>
    (await kpis.world.deliveries()).filter(
      ({ about, created_at: at }) =>
        about === 'notification' && at.epochMilliseconds >= now().epochMilliseconds,
    );
  const states = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries((await today()).map(({ subscription: name, state }) => [name, state]));

  beforeAll(async () => {
    outlook.addMailbox({ userPrincipalName: bot, displayName: 'Carillon' });
    for (const list of Object.values(lists))
      outlook.addMailbox({ userPrincipalName: list, displayName: list });
    kpis = await TeamKpis.start({ at: '2026-03-02T12:00:00Z', patienceMs: 2000 });
    server = await kpis.world.bring(outlook);
    kpis.world.secrets['outlook-client-secret'] = outlook.entra.clientSecret;
    kpis.task('ferrari', { priority: 'Critical' });
    await kpis.world.apply(everything());
  });
  afterEach(() => server.calm());
  afterAll(() => kpis.world.stop());

  it.each<[string, Trouble]>([
    [
      '429 of the mailbox, with Retry-After',
      answer(sends, 429, 'ApplicationThrottled', { 'retry-after': '7' }),
    ],
    ['429 that does not say how long', answer(sends, 429, 'TooManyRequests')],
    ['429 of the whole app', answer(makes, 429, 'activityLimitReached', { 'retry-after': '30' })],
    ['429 while signing in', answer(signsIn, 429, 'throttled', { 'retry-after': '3' })],
    ['503 that says when to come again', answer(sends, 503, 'ServiceUnavailable', { 'retry-after': '1' })],
    ['500 while a draft is made', answer(makes, 500, 'InternalServerError')],
    ['500 while it is sent', answer(sends, 500, 'InternalServerError')],
    ['a connection that is cut before the draft is there', { kind: 'cut-before', match: makes }],
    ['a connection that is cut when the draft is there', { kind: 'cut-after', match: makes }],
    ['a connection that is cut before the mail is sent', { kind: 'cut-before', match: sends }],
    ['a connection that is cut when the mail is sent', { kind: 'cut-after', match: sends }],
    ['no answer', { kind: 'silence', match: sends }],
    ['an answer that comes too late', { kind: 'slow', delayMs: 3000, match: sends }],
    ['nonsense', { kind: 'nonsense', match: sends }],
    ['a token that was revoked before its time', answer(sends, 401, 'InvalidAuthenticationToken')],
    ['somebody who changes the draft at the same moment', answer(sends, 409, 'ErrorIrresolvableConflict')],
  ])('%s: it is said once, and so is everything else', async (_, trouble) => {
    const earlier = heard();
    // A token is asked for anew.
    outlook.entra.expireTokens();
    server.plan(trouble);

    await nextDay();
    await kpis.world.settleNow();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(await states()).toEqual({ ferrari: 'sent', tesla: 'sent', porsche: 'sent' });
  });

  it.each<[string, () => void, () => void, string]>([
    [
      'the secret has expired',
      () => {
        outlook.entra.expireTokens();
        kpis.world.secrets['outlook-client-secret'] = outlook.entra.issueSecret(new Date(0));
      },
      () => (kpis.world.secrets['outlook-client-secret'] = outlook.entra.issueSecret()),
      'invalid_client AADSTS7000222',
    ],
    [
      'the secret was deleted',
      () => {
        outlook.entra.expireTokens();
        outlook.entra.revokeSecret(kpis.world.secrets['outlook-client-secret'] ?? '');
      },
      () => (kpis.world.secrets['outlook-client-secret'] = outlook.entra.issueSecret()),
      'invalid_client AADSTS7000215',
    ],
    [
      'the app was deleted',
      () => {
        outlook.entra.expireTokens();
        outlook.entra.removeApp();
      },
      () => outlook.entra.restoreApp(),
      'unauthorized_client AADSTS700016',
    ],
    [
      'consent was withdrawn',
      () => outlook.entra.revokeConsent(),
      () => {
        outlook.entra.grant('Mail.Send', 'Mail.ReadWrite');
        outlook.entra.expireTokens();
      },
      'ErrorAccessDenied',
    ],
    [
      'a policy leads to other mailboxes',
      () => outlook.entra.restrictTo([lists.tesla]),
      () => outlook.entra.restrictTo(),
      'ErrorAccessDenied',
    ],
    [
      'Exchange lets the mailbox send nothing',
      () => outlook.changeMailbox(bot, { blocked: true }),
      () => outlook.changeMailbox(bot, { blocked: false }),
      'Exchange lets this mailbox send nothing',
    ],
    [
      'the mailbox is full',
      () => outlook.changeMailbox(bot, { full: true }),
      () => outlook.changeMailbox(bot, { full: false }),
      'the mailbox is full',
    ],
    [
      'the mailbox has no licence',
      () => outlook.changeMailbox(bot, { enabled: false }),
      () => outlook.changeMailbox(bot, { enabled: true }),
      'the mailbox is inactive',
    ],
  ])(
    '%s: mail waits, its owner hears why, and it is said once when that is mended',
    async (_, spoil, mend, why) => {
      const earlier = heard();
      const before = told().length;
      spoil();

      await nextDay();
      await kpis.world.until(
        async () =>
          told().length > before &&
          heard().porsche > earlier.porsche &&
          Object.values(await states()).filter((state) => state === 'held').length === 2,
        'hurry',
      );

      expect(await states()).toEqual({ ferrari: 'held', tesla: 'held', porsche: 'sent' });
      expect(heard()).toEqual({ ...earlier, porsche: earlier.porsche + 1 });
      for (const shown of told().slice(before)) {
        expect(shown).toContain(why);
        expect(shown).not.toContain(kpis.world.secrets['outlook-client-secret']);
      }

      mend();
      const notifier = kpis.world.service.app.get(Notifier);
      await notifier.releaseRenewed();
      await notifier.release();
      await kpis.world.settleNow();

      expect(heard()).toEqual(everybodyAfter(earlier));
      expect(await states()).toEqual({ ferrari: 'sent', tesla: 'sent', porsche: 'sent' });
      for (const shown of told().slice(before)) expect(shown).toMatch(/^No longer applies/);
    },
  );

  it('a recipient that Exchange refuses: that mail fails, its owner hears, and the others get theirs', async () => {
    const earlier = heard();
    const before = told().length;
    server.plan({
      ...answer(
        (request) => makes(request) && request.body.includes(lists.ferrari),
        400,
        'ErrorInvalidRecipients',
      ),
      times: 9,
    });

    await nextDay();
    await kpis.world.until(() => told().length > before, 'hurry');
    await kpis.world.settleNow();

    expect(await states()).toEqual({ ferrari: 'failed', tesla: 'sent', porsche: 'sent' });
    expect(heard()).toEqual({ ...everybodyAfter(earlier), ferrari: earlier.ferrari });
    expect(told().at(-1)).toContain('a recipient is no address that Exchange takes');
  });

  it('a mail that Exchange has and nobody can find: nothing is sent a second time', async () => {
    const earlier = heard();
    server.plan({ kind: 'cut-after', match: sends });
    server.plan({
      ...answer(
        ({ method, path }) => method === 'GET' && path.endsWith('/messages'),
        503,
        'ServiceUnavailable',
      ),
      times: 3,
    });

    await nextDay();
    await kpis.world.settleNow();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect((await today()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
  });

  it('rests the mailbox, and nothing else, for as long as it is asked to', async () => {
    const earlier = heard();
    server.plan(answer(sends, 429, 'ApplicationThrottled', { 'retry-after': '600' }));

    await nextDay();
    await kpis.world.until(async () => {
      const waiting = Object.values(await states()).filter((state) => state === 'retrying');
      return waiting.length === 2 && heard().porsche > earlier.porsche;
    });
    const asked = server.requests.length;
    await kpis.world.sweep();
    const rests = await kpis.world.test.database.query<{ scope: string; seconds: number }>(
      `select scope, extract(epoch from paused_until - clock_timestamp())::float8 as seconds from account where channel = 'lanes of outlook'`,
    );

    expect(server.requests).toHaveLength(asked);
    expect(heard()).toEqual({ ...earlier, porsche: earlier.porsche + 1 });
    expect(rests).toEqual([{ scope: bot, seconds: expect.any(Number) as number }]);
    expect(rests[0]?.seconds).toBeGreaterThan(500);

    await kpis.world.settleNow();
    expect(heard()).toEqual(everybodyAfter(earlier));
  });

  it.each(['en', 'uk', 'ko', 'zh', 'ru'])(
    'a title with markup, and more than a mail holds, arrive in %s as they were written',
    async (locale) => {
      const earlier = heard();
      const title = 'Ferrari {x} *y* |z| <b>q</b> & “ü”';
      for (let issues = 0; issues < 3; issues += 1)
        kpis.task('ferrari', {
          title: `${'дуже довга назва '.repeat(4000)}<script>${String(issues)}`,
          due: '2026-01-01',
          createdAt: '2026-01-01T08:00:00Z',
        });
      await kpis.world.apply(
        everything().replace('title: Ferrari\n', `title: '${title}'\nlocale: ${locale}\n`),
      );

      await nextDay();
      await kpis.world.settleNow();

      expect(heard()).toEqual(everybodyAfter(earlier));
      const mail = outlook.arrived(lists.ferrari).at(-1);
      const { subject = '', body } = mail?.content ?? {};
      expect(subject).toContain(title);
      expect(body?.content).toContain(`lang="${locale}"`);
      expect(body?.content).not.toMatch(/<b>q|<script/);
      expect(mail && mailText(mail)).toContain(title);
      expect(Buffer.byteLength(body?.content ?? '')).toBeLessThan(102_000);
    },
  );
});
