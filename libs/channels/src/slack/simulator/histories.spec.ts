import { slackIdentity } from '../simulator.js';
import { list, start, stopAll, type Answer } from './session.js';

afterEach(stopAll);

describe('reading back', () => {
  it('pages by cursor, newest first, between exclusive bounds', async () => {
    const { form, room } = await start();
    const channel = await room('hours-ann');
    const stamps: string[] = [];
    for (const text of ['a', 'b', 'c', 'd'])
      stamps.push(String((await form('chat.postMessage', { channel, text }))['ts']));

    const first = await form('conversations.history', { channel, limit: 2 });
    const cursor = (first['response_metadata'] as { next_cursor: string }).next_cursor;
    const second = await form('conversations.history', { channel, limit: 2, cursor });
    const between = await form('conversations.history', { channel, oldest: stamps[0], latest: stamps[3] });
    const inclusive = await form('conversations.history', { channel, oldest: stamps[0], inclusive: true });

    const texts = (answer: Answer) => list(answer, 'messages').map((message) => message['text']);
    expect([texts(first), first['has_more']]).toEqual([['d', 'c'], true]);
    expect(texts(second)).toEqual(['b', 'a']);
    expect(texts(between)).toEqual(['c', 'b']);
    expect(texts(inclusive)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('keeps replies out of the channel unless they are broadcast', async () => {
    const { form, room } = await start();
    const channel = await room('hours-ann');
    const { ts } = await form('chat.postMessage', { channel, text: 'parent' });
    const reply = await form('chat.postMessage', { channel, text: 'reply', thread_ts: ts });
    await form('chat.postMessage', { channel, text: 'loud', thread_ts: ts, reply_broadcast: true });

    const history = list(await form('conversations.history', { channel, limit: 2 }), 'messages');
    const thread = list(await form('conversations.replies', { channel, ts }), 'messages');

    expect(history).toMatchObject([
      { text: 'loud', subtype: 'thread_broadcast' },
      { text: 'parent', reply_count: 2, thread_ts: ts },
    ]);
    expect(thread.map((message) => message['text'])).toEqual(['parent', 'reply', 'loud']);
    expect(await form('chat.postMessage', { channel, text: 'x', thread_ts: reply['ts'] })).toMatchObject({
      error: 'cannot_reply_to_message',
    });
    expect(await form('conversations.replies', { channel, ts: '1.000000' })).toMatchObject({
      error: 'thread_not_found',
    });
  });

  it.each([
    ['conversations.list', { cursor: 'nonsense' }, 'invalid_cursor'],
    ['conversations.list', { limit: 1000 }, 'invalid_limit'],
    ['conversations.list', { types: 'secret' }, 'invalid_types'],
    ['users.list', { cursor: 'dXNlcjpVNDA0' }, 'invalid_cursor'],
    ['conversations.history', { channel: 'C1', oldest: 'yesterday' }, 'invalid_ts_oldest'],
    ['users.info', { user: 'U404' }, 'user_not_found'],
    ['users.lookupByEmail', { email: 'nobody@acme.example' }, 'users_not_found'],
    ['users.lookupByEmail', { email: 'gone@acme.example' }, 'users_not_found'],
    ['chat.getPermalink', { channel: 'C1', message_ts: '1.000000' }, 'message_not_found'],
  ])('%s refuses %j', async (method, fields, error) => {
    const { slack, form } = await start();
    slack.addUser({ name: 'Gone', email: 'gone@acme.example', deleted: true });
    slack.addChannel({ id: 'C1', name: 'general', members: [slackIdentity.user] });

    expect(await form(method, fields)).toMatchObject({ ok: false, error });
  });

  it('filters after paging, so that a page may be empty before the end', async () => {
    const { slack, form } = await start();
    slack.addChannel({ name: 'old-1', archived: true });
    slack.addChannel({ name: 'old-2', archived: true });
    slack.addChannel({ name: 'general' });

    const first = await form('conversations.list', { limit: 2, exclude_archived: true });

    expect(first['channels']).toEqual([]);
    expect(first['response_metadata']).toEqual({ next_cursor: expect.stringMatching(/.+/) });
  });

  it('tells an address only to those with users:read.email, and a locale only to those who ask', async () => {
    const { slack, form } = await start();
    const hana = slack.addUser({
      name: '김하나',
      email: 'hana@acme.example',
      zone: 'Asia/Seoul',
      locale: 'ko-KR',
    });

    expect(
      await form('users.lookupByEmail', { email: 'HANA@acme.example', include_locale: true }),
    ).toMatchObject({
      user: {
        id: hana.id,
        name: 'hana',
        real_name: '김하나',
        tz: 'Asia/Seoul',
        tz_offset: 32_400,
        locale: 'ko-KR',
        profile: { email: 'hana@acme.example' },
      },
    });
    slack.grant(['users:read']);
    const listed = list(await form('users.list'), 'members');
    expect(listed.map((user) => user['id'])).toEqual(['USLACKBOT', slackIdentity.user, hana.id]);
    expect(listed[2]).not.toHaveProperty('locale');
    expect(listed[2]?.['profile']).not.toHaveProperty('email');
  });
});
