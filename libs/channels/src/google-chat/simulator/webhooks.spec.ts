import { asJson, at, start, stopAll, type Json } from './session.js';

afterEach(stopAll);

const messages = 'spaces/AAAAops/messages';
const reply = 'messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD';

const cardOf = (...widgets: readonly unknown[]): Json => ({
  cardsV2: [{ card: { sections: [{ widgets }] } }],
});

describe('a webhook', () => {
  it('hears what it sent and the names, and nothing more', async () => {
    const { chat, hook } = await start();
    const url = chat.webhookUrl(chat.addWebhook('spaces/AAAAops', 'CI'));

    const answer = await hook(`${url}&${reply}`, {
      text: '*Deploy failed* <https://ci.example/42|build 42>',
      thread: { threadKey: 'incident-42' },
    });

    const id = expect.stringMatching(/^spaces\/AAAAops\/messages\/([\w-]+)\.\1$/);
    expect(answer).toEqual({
      status: 200,
      body: {
        name: id,
        text: '*Deploy failed* <https://ci.example/42|build 42>',
        thread: { name: expect.stringMatching(/^spaces\/AAAAops\/threads\//), threadKey: 'incident-42' },
        space: { name: 'spaces/AAAAops' },
      },
    });
    expect(chat.messages('spaces/AAAAops')[0]?.sender).toMatchObject({ kind: 'webhook', displayName: 'CI' });
  });

  it('has thread keys of its own', async () => {
    const { chat, hook, call } = await start();
    const [one, other] = ['CI', 'Shop'].map((name) =>
      chat.webhookUrl(chat.addWebhook('spaces/AAAAops', name)),
    );
    const body = { text: 'x', thread: { threadKey: 'k' } };

    await hook(`${one}&${reply}`, body);
    await hook(`${other}&${reply}`, body);
    await call(`POST ${messages}?${reply}`, body);

    expect(chat.threads('spaces/AAAAops')).toHaveLength(3);
  });

  it.each([
    [true, 1],
    [false, 2],
  ])(
    'may repeat a requestId; where that means something (%s), %d messages are there',
    async (does, count) => {
      const { chat, hook } = await start({ doubts: { webhookIds: does } });
      const url = `${chat.webhookUrl(chat.addWebhook('spaces/AAAAops', 'CI'))}&requestId=r1`;

      await hook(url, { text: 'x' });
      await hook(url, { text: 'x' });

      expect(chat.messages('spaces/AAAAops')).toHaveLength(count);
    },
  );

  it('still works where the app was never added', async () => {
    const { chat, hook, olena } = await start();
    const space = chat.addSpace({ displayName: 'Shop', members: [olena.name], app: false });

    const answer = await hook(chat.webhookUrl(chat.addWebhook(space.name, 'CI')), { text: 'x' });

    expect(answer.status).toBe(200);
  });
});

describe('a webhook is refused', () => {
  const button = (onClick: Json) => cardOf({ buttonList: { buttons: [{ text: 'x', onClick }] } });

  it.each<[string, unknown, string]>([
    ['a button that calls back', button({ action: { function: 'f' } }), 'INVALID_ARGUMENT'],
    [
      'accessory widgets',
      {
        text: 'x',
        accessoryWidgets: [
          at(
            button({ openLink: { url: 'https://a.example' } }),
            'cardsV2',
            0,
            'card',
            'sections',
            0,
            'widgets',
            0,
          ),
        ],
      },
      'INVALID_ARGUMENT',
    ],
    ['a private message', { text: 'x', privateMessageViewer: { name: 'users/1' } }, 'INVALID_ARGUMENT'],
    ['an unknown field', { txt: 'x' }, 'INVALID_ARGUMENT'],
  ])('%s', async (_, body, status) => {
    const { chat, hook } = await start();

    const answer = await hook(chat.webhookUrl(chat.addWebhook('spaces/AAAAops', 'CI')), body);

    expect(at(answer.body, 'error', 'status')).toBe(status);
    expect(chat.messages('spaces/AAAAops')).toEqual([]);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('%s of a message', async (method) => {
    const { chat, hook, send } = await start();
    const url = chat.webhookUrl(chat.addWebhook('spaces/AAAAops', 'CI'));
    const posted = await hook(url, { text: 'x' });

    const { search } = new URL(url);
    const answer = await send(`${String(posted.body['name'])}${search}`, {
      method,
      ...(method === 'PATCH' ? { headers: asJson, body: '{"text":"y"}' } : {}),
    });

    expect(answer.status).toBe(401);
    expect(at(answer.body, 'error', 'status')).toBe('UNAUTHENTICATED');
  });

  it('after it was deleted, with a revoked key, with another token, in another space, in one that is gone', async () => {
    const { chat, hook } = await start();
    const shop = chat.addSpace({ id: 'AAAAshop', displayName: 'Shop' });
    const webhook = chat.addWebhook(shop.name, 'CI');
    const url = chat.webhookUrl(webhook);
    const post = async (to = url) => {
      const { status, body } = await hook(to, { text: 'x' });
      return [status, at(body, 'error', 'status')];
    };

    expect(await post(url.replace(/token=.*/, 'token=other'))).toEqual([403, 'PERMISSION_DENIED']);
    expect(await post(url.replace('AAAAshop', 'AAAAops'))).toEqual([403, 'PERMISSION_DENIED']);
    chat.deleteWebhook(webhook.id);
    expect(await post()).toEqual([403, 'PERMISSION_DENIED']);
    chat.deleteSpace(shop.name);
    expect(await post()).toEqual([404, 'NOT_FOUND']);
    chat.revokeWebhookKey(webhook.id);
    expect(await post()).toEqual([400, 'INVALID_ARGUMENT']);
  });
});
