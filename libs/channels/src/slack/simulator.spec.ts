import { WebClient } from '@slack/web-api';
import { slackIdentity } from './simulator.js';
import { list, section, start, stopAll } from './simulator/session.js';

afterEach(stopAll);

describe('the token', () => {
  it.each([
    ['none', {}, 'not_authed'],
    ['an unknown one', { authorization: 'Bearer xoxb-other' }, 'invalid_auth'],
    ["an app's own", { authorization: 'Bearer xapp-1-A1' }, 'not_allowed_token_type'],
  ])('is refused: %s', async (_, headers, error) => {
    const { server } = await start();

    const response = await fetch(`${server.url}/api/auth.test`, { method: 'POST', headers });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: false, error });
  });

  it('may be a form field, but in a JSON body it is not seen', async () => {
    const { server, slack } = await start();
    const body = JSON.stringify({ token: slack.token });
    const headers = { 'content-type': 'application/json; charset=utf-8' };

    const inForm = await fetch(`${server.url}/api/auth.test`, {
      method: 'POST',
      body: new URLSearchParams({ token: slack.token }),
    });
    const inJson = await fetch(`${server.url}/api/auth.test`, { method: 'POST', body, headers });

    expect(await inForm.json()).toMatchObject({ ok: true, user_id: slackIdentity.user });
    expect(await inJson.json()).toEqual({ ok: false, error: 'not_authed' });
  });

  it('can be revoked, expired, or belong to an account that was deactivated', async () => {
    const { slack, form } = await start();

    slack.revokeToken();
    expect(await form('auth.test')).toEqual({ ok: false, error: 'token_revoked' });
    slack.expireToken();
    expect(await form('auth.test')).toEqual({ ok: false, error: 'token_expired' });
    slack.deactivateBot();
    expect(await form('auth.test')).toEqual({ ok: false, error: 'account_inactive' });
    slack.restoreToken();
    expect(await form('auth.test')).toMatchObject({ ok: true });
  });

  it('needs the scope of the method, and of the kind of channel', async () => {
    const { form, send } = await start({ scopes: ['channels:read', 'commands'] });

    expect(await form('chat.postMessage', { channel: 'C1', text: 'x' })).toEqual({
      ok: false,
      error: 'missing_scope',
      needed: 'chat:write',
      provided: 'channels:read,commands',
    });
    expect(await form('conversations.list', { types: 'public_channel,private_channel' })).toMatchObject({
      error: 'missing_scope',
      needed: 'groups:read',
    });
    expect((await send('conversations.list')).headers.get('x-oauth-scopes')).toBe('channels:read,commands');
  });
});

describe('requests that Slack does not take', () => {
  const asJson = { 'content-type': 'application/json; charset=utf-8' };

  it.each<[string, string, RequestInit, string]>([
    ['a method that is not there', 'conversations.rename', {}, 'unknown_method'],
    [
      'a JSON body on a read',
      'conversations.list',
      { body: '{"limit":1}', headers: asJson },
      'invalid_post_type',
    ],
    ['a body that is no JSON', 'chat.postMessage', { body: '{', headers: asJson }, 'invalid_json'],
    ['a JSON array', 'chat.postMessage', { body: '[]', headers: asJson }, 'json_not_object'],
    [
      'another type',
      'chat.postMessage',
      { body: 'x', headers: { 'content-type': 'text/xml' } },
      'invalid_post_type',
    ],
    ['another HTTP method', 'auth.test', { method: 'PUT' }, 'invalid_post_type'],
    ['a missing argument', 'chat.postMessage', {}, 'invalid_arguments'],
    [
      'a ts as a number',
      'chat.delete',
      { body: '{"channel":"C1","ts":15034.000247}', headers: asJson },
      'invalid_arguments',
    ],
  ])('%s', async (_, method, init, error) => {
    const { slack, send } = await start();
    slack.addChannel({ id: 'C1', name: 'general' });

    const response = await send(method, init);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: false, error });
  });

  it('names the argument that is missing', async () => {
    const { form } = await start();

    expect(await form('conversations.setTopic', { channel: 'C1' })).toEqual({
      ok: false,
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: topic'] },
    });
  });

  it('takes JSON without a charset, and remarks on it', async () => {
    const { send } = await start();

    const response = await send('auth.test', { body: '{}', headers: { 'content-type': 'application/json' } });

    expect(await response.json()).toMatchObject({
      ok: true,
      warning: 'missing_charset',
      response_metadata: { warnings: ['missing_charset'] },
    });
  });
});

describe('limits', () => {
  it('answer the fourth message of a second with 429 and whole seconds to wait', async () => {
    let now = Date.parse('2026-03-02T09:00:00Z');
    const { slack, send } = await start({ limits: 'vendor', now: () => new Date(now) });
    slack.addChannel({ id: 'C1', name: 'general' });
    const body = new URLSearchParams({ channel: 'C1', text: 'x' });
    const post = async () => send('chat.postMessage', { body });

    const first = [await post(), await post(), await post()];
    const refused = await post();

    expect(first.map((response) => response.status)).toEqual([200, 200, 200]);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toEqual({ ok: false, error: 'ratelimited' });
    now += 1000;
    expect((await post()).status).toBe(200);
  });

  it('count each method by its tier', async () => {
    let now = Date.parse('2026-03-02T09:00:00Z');
    const { send } = await start({ limits: 'vendor', now: () => new Date(now) });

    const statuses: number[] = [];
    for (let i = 0; i < 21; i += 1) statuses.push((await send('conversations.list')).status);

    expect(statuses.lastIndexOf(200)).toBe(19);
    expect(statuses[20]).toBe(429);
    expect((await send('users.list')).status).toBe(200);
    now += 3000;
    expect((await send('conversations.list')).status).toBe(200);
  });
});

describe('for tests and the sandbox', () => {
  it('fails the next call of a method as planned, and only that', async () => {
    const { slack, form, room } = await start();
    const channel = await room('hours-ann');
    slack.failNext('chat.postMessage', 'internal_error');

    expect(await form('chat.postMessage', { channel, text: 'x' })).toEqual({
      ok: false,
      error: 'internal_error',
    });
    expect(slack.messages(channel)).toEqual([]);
    expect(await form('chat.postMessage', { channel, text: 'x' })).toMatchObject({ ok: true });
  });

  it('takes its whole state back', async () => {
    const first = await start();
    const channel = await first.room('hours-ann');
    const { ts } = await first.form('chat.postMessage', { channel, text: 'x' });
    const second = await start();

    second.slack.load(JSON.parse(JSON.stringify(first.slack.save())));

    expect(await second.form('chat.update', { channel, ts, text: 'y' })).toMatchObject({ ok: true });
    expect(() => second.slack.load({})).toThrow('no state');
  });
});

describe("Slack's own client", () => {
  it('posts, edits, pages and reads errors', async () => {
    const { slack, server } = await start();
    slack.addUser({ name: 'Ann', email: 'ann@acme.example' });
    const client = new WebClient(slack.token, {
      slackApiUrl: `${server.url}/api`,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });

    const { user_id } = await client.auth.test();
    const made = await client.conversations.create({ name: 'hours-ann', is_private: true });
    const channel = made.channel?.id ?? '';
    const posted = await client.chat.postMessage({ channel, text: 'one', blocks: [section('one')] });
    await client.chat.update({ channel, ts: posted.ts ?? '', text: 'two', blocks: [section('two')] });
    const history = await client.conversations.history({ channel, limit: 1 });
    const people: string[] = [];
    for await (const page of client.paginate('users.list', { limit: 1 }))
      people.push(...list({ ...page }, 'members').map(({ id }) => String(id)));

    expect(user_id).toBe(slackIdentity.user);
    expect(history.messages).toMatchObject([{ text: 'two', ts: posted.ts }]);
    expect(people).toHaveLength(3);
    await expect(client.conversations.invite({ channel, users: 'U404' })).rejects.toMatchObject({
      code: 'slack_webapi_platform_error',
      data: { error: 'user_not_found' },
    });
    slack.failNext('users.list', 'ratelimited');
    await expect(client.users.list({})).rejects.toMatchObject({
      code: 'slack_webapi_rate_limited_error',
      retryAfter: 1,
    });
  });
});
