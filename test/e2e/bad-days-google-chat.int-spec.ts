import type { SimulatedRequest, Trouble } from '#http/simulation';
import { Temporal } from 'temporal-polyfill';
import { Notifier } from '../../services/notifier/src/notifier.module.js';
import { subscription, TeamKpis } from './team-kpis.js';

const daily = { cron: '0 10 * * *', zone: 'UTC' };
const inSpace = (name: string): string => `{ channel: google-chat, space: spaces/AAAA${name} }`;
const subscriptions = [
  subscription('ferrari', daily, inSpace('ferrari')),
  subscription('tesla', daily, inSpace('tesla')),
  subscription('porsche', daily, '{ channel: google-chat, webhook: porsche }'),
];

const posts = (team: string) => (request: SimulatedRequest) =>
  request.method === 'POST' && request.path === `/v1/spaces/AAAA${team}/messages`;
const answer = (status: number, headers: Readonly<Record<string, string>> = {}): Trouble => ({
  kind: 'answer',
  match: posts('ferrari'),
  answer: { status, headers, body: { error: { code: status, status: 'WHATEVER', message: 'no' } } },
});

/** Each test lives through a day of its own, at ten o'clock. */
describe('Google Chat on a bad day', () => {
  let kpis: TeamKpis;
  let days = 0;
  const heard = () => ({
    ferrari: kpis.titles('ferrari').length,
    tesla: kpis.titles('tesla').length,
    porsche: kpis.titles('porsche').length,
  });
  const before = () => ({ heard: heard(), told: kpis.told().length });
  const everybodyAfter = ({ heard: { ferrari, tesla, porsche } }: ReturnType<typeof before>) => ({
    ferrari: ferrari + 1,
    tesla: tesla + 1,
    porsche: porsche + 1,
  });
  const now = (): Temporal.Instant => Temporal.Instant.from('2026-11-02T10:00:05Z').add({ hours: 24 * days });
  const nextDay = async (): Promise<void> => {
    days += 1;
    await kpis.world.goTo(now().toString());
  };
  /** The states of what was said today. */
  const states = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      (await kpis.world.deliveries())
        .filter(
          ({ channel, created_at: at }) =>
            channel === 'google-chat' && at.epochMilliseconds >= now().epochMilliseconds,
        )
        .map(({ subscription: name, state }) => [name, state]),
    );
  /** Puts a webhook of the space where Carillon finds it. Returns its id. */
  const giveWebhook = (): string => {
    const { chat, chatServer, world } = kpis;
    const webhook = chat.addWebhook('spaces/AAAAporsche', 'Carillon');
    world.secrets['webhook-porsche'] = chat.webhookUrl(webhook, chatServer.url);
    return webhook.id;
  };
  const everything = (): string =>
    kpis
      .documents(...subscriptions)
      .replace('webhooks: {}', 'webhooks: { porsche: { secret: webhook-porsche } }');

  let webhook: string;
  beforeAll(async () => {
    kpis = await TeamKpis.start({ at: '2026-11-02T12:00:00Z', patienceMs: 2000 });
    webhook = giveWebhook();
    kpis.task('ferrari', { priority: 'Critical' });
    await kpis.world.apply(everything());
  });
  afterEach(() => kpis.chatServer.calm());
  afterAll(() => kpis.world.stop());

  it.each<[string, Trouble]>([
    ['429', answer(429)],
    ['503 that says when to come again', answer(503, { 'retry-after': '1' })],
    ['500', answer(500)],
    ['a connection that is cut before the message is there', { kind: 'cut-before', match: posts('ferrari') }],
    ['a connection that is cut when the message is there', { kind: 'cut-after', match: posts('ferrari') }],
    ['no answer', { kind: 'silence', match: posts('ferrari') }],
    ['an answer that comes too late', { kind: 'slow', delayMs: 3000, match: posts('ferrari') }],
    ['nonsense', { kind: 'nonsense', match: posts('ferrari') }],
  ])('%s: it is said once, and the other teams hear theirs meanwhile', async (_, trouble) => {
    const earlier = before();
    kpis.chatServer.plan(trouble);

    await nextDay();
    await kpis.world.until(
      () => heard().tesla > earlier.heard.tesla && heard().porsche > earlier.heard.porsche,
    );
    await kpis.world.settleNow();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(await states()).toEqual({ ferrari: 'sent', tesla: 'sent', porsche: 'sent' });
    const ids = kpis.chat.timeline('spaces/AAAAferrari').map(({ clientId }) => clientId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('the app was thrown out of a space: that card waits, the owner hears what to do, and the other teams hear theirs', async () => {
    const earlier = before();
    kpis.chat.removeApp('spaces/AAAAferrari');

    await nextDay();
    await kpis.world.until(
      async () => (await states())['ferrari'] === 'held' && kpis.told().length > earlier.told,
    );
    await kpis.world.settle();

    expect(await states()).toEqual({ ferrari: 'held', tesla: 'sent', porsche: 'sent' });
    expect(heard()).toEqual({ ...everybodyAfter(earlier), ferrari: earlier.heard.ferrari });
    expect(kpis.told().slice(earlier.told)).toEqual([
      expect.stringContaining(
        'the app is not in spaces/AAAAferrari, or may not write there; somebody in it can add it again',
      ),
    ]);

    kpis.chat.addApp('spaces/AAAAferrari');
    await kpis.world.service.app.get(Notifier).release();
    await kpis.world.settle();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(kpis.told().at(-1)).toMatch(/^No longer applies/);
  });

  it('a webhook was deleted: that card waits, the owner hears which, and it is said by the one that comes in its place', async () => {
    const earlier = before();
    kpis.chat.deleteWebhook(webhook);

    await nextDay();
    await kpis.world.until(
      async () => (await states())['porsche'] === 'held' && kpis.told().length > earlier.told,
    );
    await kpis.world.settle();

    expect(await states()).toEqual({ ferrari: 'sent', tesla: 'sent', porsche: 'held' });
    expect(heard()).toEqual({ ...everybodyAfter(earlier), porsche: earlier.heard.porsche });
    const [told, ...others] = kpis.told().slice(earlier.told);
    expect(others).toEqual([]);
    expect(told).toContain('the webhook porsche was deleted, or its URL is not the one that Chat shows');
    expect(told).not.toContain('key=');

    webhook = giveWebhook();
    const asked = kpis.chatServer.requests.length;
    await kpis.world.service.app.get(Notifier).releaseRenewed();
    await kpis.world.settle();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(kpis.chatServer.requests).toHaveLength(asked + 1);
  });

  it('a webhook and the key of the app were made anew: both are taken up at once, and nobody hears of it', async () => {
    const earlier = before();
    const { chat, world } = kpis;
    const key = (): { readonly private_key_id: string } =>
      JSON.parse(world.secrets['google-chat-service-account'] ?? '') as { private_key_id: string };
    chat.deleteWebhook(webhook);
    webhook = giveWebhook();
    chat.credentials.revokeKey(key().private_key_id);
    chat.credentials.expireTokens();
    world.secrets['google-chat-service-account'] = JSON.stringify(chat.credentials.issueKey());

    await nextDay();
    await world.settle();

    expect(heard()).toEqual(everybodyAfter(earlier));
    expect(await states()).toEqual({ ferrari: 'sent', tesla: 'sent', porsche: 'sent' });
    expect(kpis.told()).toHaveLength(earlier.told);
  });

  it('a space was deleted: that card fails, its owner hears, and the other teams hear theirs', async () => {
    const earlier = before();
    kpis.chat.deleteSpace('spaces/AAAAtesla');

    await nextDay();
    await kpis.world.until(
      async () => (await states())['tesla'] === 'failed' && kpis.told().length > earlier.told,
    );
    await kpis.world.settle();

    expect(await states()).toEqual({ ferrari: 'sent', tesla: 'failed', porsche: 'sent' });
    expect(kpis.told().at(-1)).toContain('there is no spaces/AAAAtesla, or the app is not in it');
  });

  it('a webhook does not answer: whether it was said nobody knows, it is not said again, and the owner hears', async () => {
    const earlier = before();
    kpis.chatServer.plan({ kind: 'cut-after', match: posts('porsche') });

    await nextDay();
    await kpis.world.until(async () => (await states())['porsche'] === 'unknown');
    await kpis.world.settleNow();

    expect(heard().porsche).toBe(earlier.heard.porsche + 1);
    expect((await states())['porsche']).toBe('unknown');
    await kpis.world.until(() => kpis.told().length > earlier.told);
  });

  it('cards that Chat kept as they were sent are left by all of them', () => {
    expect(kpis.remarks()).toEqual([]);
  });
});

describe('the limits of Google Chat', () => {
  it('are kept where a space hears every number by itself, at the same moment', async () => {
    const kpis = await TeamKpis.start({ at: '2026-11-02T09:59:00Z', limits: 'vendor' });
    try {
      const apart = subscription('ferrari', daily, inSpace('ferrari')).replace(
        'digest: true',
        'digest: false',
      );
      for (let issues = 0; issues < 4; issues += 1)
        kpis.task('ferrari', { createdAt: '2026-01-01T08:00:00Z', due: '2026-02-01' });
      await kpis.world.apply(kpis.documents(apart));

      await kpis.live('2026-11-02T10:00:05Z');

      const asked = kpis.chatServer.requests.filter(
        ({ method, path }) => method === 'POST' && path !== '/token',
      );
      expect(kpis.titles('ferrari')).toHaveLength(4);
      // None was refused because it came too early.
      expect(asked).toHaveLength(4);
    } finally {
      await kpis.world.stop();
    }
  });

  it('are kept where the app and a webhook write to one space', async () => {
    const kpis = await TeamKpis.start({ at: '2026-11-02T09:59:00Z', limits: 'vendor' });
    try {
      const { chat, chatServer, world } = kpis;
      world.secrets['webhook-ferrari'] = chat.webhookUrl(
        chat.addWebhook('spaces/AAAAferrari', 'Carillon'),
        chatServer.url,
      );
      kpis.task('ferrari');
      const twice = [
        subscription('ferrari', daily, inSpace('ferrari')),
        subscription('ferrari', daily, '{ channel: google-chat, webhook: ferrari }', 'ferrari-by-webhook'),
      ];
      await world.apply(
        kpis
          .documents(...twice)
          .replace('webhooks: {}', 'webhooks: { ferrari: { secret: webhook-ferrari } }'),
      );

      await kpis.live('2026-11-02T10:00:05Z');

      const asked = chatServer.requests.filter(({ method, path }) => method === 'POST' && path !== '/token');
      expect(kpis.titles('ferrari')).toHaveLength(2);
      expect(asked).toHaveLength(2);
    } finally {
      await kpis.world.stop();
    }
  });
});
