import { start, stopAll } from './session.js';

afterEach(stopAll);

const exhausted = {
  status: 429,
  body: {
    error: {
      code: 429,
      message: 'Resource has been exhausted (e.g. check quota).',
      status: 'RESOURCE_EXHAUSTED',
    },
  },
};

describe('quotas', () => {
  it('let one write a second into a space, whoever writes, and promise no time to wait', async () => {
    let now = Date.parse('2026-04-05T12:00:00Z');
    const { chat, server, botToken, call, hook } = await start({
      limits: 'vendor',
      now: () => new Date(now),
    });
    const shop = chat.addSpace({ displayName: 'Shop' });
    const url = chat.webhookUrl(chat.addWebhook('spaces/AAAAops', 'CI'));
    const post = async (space = 'spaces/AAAAops') => call(`POST ${space}/messages`, { text: 'x' });

    expect((await post()).status).toBe(200);
    expect(await hook(url, { text: 'x' })).toEqual(exhausted);
    expect((await post(shop.name)).status).toBe(200);
    now += 999;
    expect(await post()).toEqual(exhausted);
    now += 1;
    expect((await hook(url, { text: 'x' })).status).toBe(200);
    const refused = await fetch(`${server.url}/v1/spaces/AAAAops/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${botToken}` },
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
    expect(chat.messages('spaces/AAAAops')).toHaveLength(2);
  });

  it('count edits, deletions, repetitions and what is refused as writes', async () => {
    let now = Date.parse('2026-04-05T12:00:00Z');
    const { call } = await start({ limits: 'vendor', now: () => new Date(now) });
    const messages = 'spaces/AAAAops/messages';
    const post = `POST ${messages}?messageId=client-1&requestId=r1`;
    await call(post, { text: 'x' });

    for (const [request, body] of [
      [post, { text: 'x' }],
      [`PATCH ${messages}/client-1?updateMask=text`, { text: 'y' }],
      [`DELETE ${messages}/client-1`, undefined],
    ] as const) {
      expect(await call(request, body)).toEqual(exhausted);
      now += 1000;
      expect((await call(request, body)).status).toBe(200);
    }
    now += 1000;
    expect((await call(`POST ${messages}`, {})).status).toBe(400);
    expect(await call(`POST ${messages}`, { text: 'x' })).toEqual(exhausted);
  });

  it('let fifteen reads a second out of a space, and reading takes nothing from writing', async () => {
    const { call } = await start({ limits: 'vendor', now: () => new Date('2026-04-05T12:00:00Z') });

    const reads = [];
    for (let number = 0; number < 16; number += 1)
      reads.push((await call('GET spaces/AAAAops/members')).status);

    expect(reads).toEqual([...Array.from({ length: 15 }, () => 200), 429]);
    expect((await call('POST spaces/AAAAops/messages', { text: 'x' })).status).toBe(200);
  });

  it('let a project make so many calls a minute over all spaces, but not webhooks', async () => {
    let now = Date.parse('2026-04-05T12:00:00Z');
    const quotas = { messageWrites: 3 };
    const { chat, call, hook } = await start({ limits: 'vendor', quotas, now: () => new Date(now) });
    const spaces = ['a', 'b', 'c', 'd', 'e'].map((id) => chat.addSpace({ id, displayName: id }).name);
    const post = async (index: number) =>
      (await call(`POST ${spaces[index]}/messages`, { text: 'x' })).status;

    expect([await post(0), await post(1), await post(2), await post(3)]).toEqual([200, 200, 200, 429]);
    const url = chat.webhookUrl(chat.addWebhook('spaces/e', 'CI'));
    expect((await hook(url, { text: 'x' })).status).toBe(200);
    now += 20_000;
    expect([await post(0), await post(1)]).toEqual([200, 429]);
  });
});
