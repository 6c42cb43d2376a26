import { slackIdentity } from '../simulator.js';
import { list, section, start, stopAll, type Fields } from './session.js';

afterEach(stopAll);

const table = {
  type: 'table',
  rows: [
    [
      { type: 'raw_text', text: 'Mon' },
      { type: 'raw_text', text: '8.0' },
    ],
  ],
};

describe('posting', () => {
  it('answers as in the reference, the same for a form and for JSON', async () => {
    const { form, json, room } = await start();
    const channel = await room('hours-ann');
    const message = { channel, text: 'Hello', blocks: [section('*Hello*')] };

    const answers = [await form('chat.postMessage', message), await json('chat.postMessage', message)];

    for (const answer of answers)
      expect(answer).toMatchObject({
        ok: true,
        channel,
        ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
        message: {
          type: 'message',
          bot_id: slackIdentity.bot,
          app_id: slackIdentity.app,
          user: slackIdentity.user,
          team: slackIdentity.team,
          text: 'Hello',
          blocks: [{ ...section('*Hello*'), block_id: expect.any(String) }],
        },
      });
  });

  it.each([
    ['an unknown channel', { channel: 'C404', text: 'x' }, 'channel_not_found'],
    ['a private channel without the bot', { channel: 'C3', text: 'x' }, 'channel_not_found'],
    ['an archived channel', { channel: 'C2', text: 'x' }, 'is_archived'],
    ['nothing to say', { channel: 'C1' }, 'no_text'],
    ['an empty text and no blocks', { channel: 'C1', text: '', blocks: [] }, 'no_text'],
    ['blocks that are no JSON', { channel: 'C1', blocks: '[' }, 'invalid_blocks_format'],
    ['markdown beside text', { channel: 'C1', text: 'x', markdown_text: '# x' }, 'markdown_text_conflict'],
    ['too many attachments', { channel: 'C1', attachments: Array(101).fill({}) }, 'too_many_attachments'],
    [
      'metadata without a type',
      { channel: 'C1', text: 'x', metadata: { event_payload: {} } },
      'invalid_metadata_format',
    ],
    [
      'metadata that is nested too deep',
      { channel: 'C1', text: 'x', metadata: { event_type: 'e', event_payload: { a: { b: { c: 1 } } } } },
      'invalid_metadata_schema',
    ],
    [
      "another sender's name without the scope",
      { channel: 'C1', text: 'x', username: 'Ann' },
      'missing_scope',
    ],
    ['a thread_ts that is none', { channel: 'C1', text: 'x', thread_ts: '12' }, 'invalid_arguments'],
    ['two tables', { channel: 'C1', text: 'x', blocks: [table, table] }, 'invalid_attachments'],
    [
      'too much text in all blocks together',
      { channel: 'C1', text: 'x', blocks: Array(5).fill(section('x'.repeat(3000))) },
      'msg_blocks_too_long',
    ],
  ])('is refused: %s', async (_, fields, error) => {
    const { slack, form } = await start();
    slack.addChannel({ id: 'C1', name: 'general', members: [slackIdentity.user] });
    slack.addChannel({ id: 'C2', name: 'old', members: [slackIdentity.user], archived: true });
    slack.addChannel({ id: 'C3', name: 'secret', private: true });

    expect(await form('chat.postMessage', fields)).toMatchObject({ ok: false, error });
    expect(slack.channels().flatMap((channel) => slack.messages(channel.id))).toEqual([]);
  });

  it('needs the bot in a public channel unless it was granted chat:write.public', async () => {
    const { slack, form } = await start();
    slack.addChannel({ id: 'C1', name: 'general' });

    expect(await form('chat.postMessage', { channel: '#general', text: 'x' })).toMatchObject({
      channel: 'C1',
    });
    slack.grant(['chat:write']);
    expect(await form('chat.postMessage', { channel: 'C1', text: 'x' })).toMatchObject({
      error: 'not_in_channel',
    });
  });

  it('to a user goes to the direct conversation, and is found there by its own id only', async () => {
    const { slack, form } = await start();
    const ann = slack.addUser({ name: 'Ann', email: 'ann@acme.example' });

    const posted = await form('chat.postMessage', { channel: ann.id, text: 'Hello' });

    expect(posted['channel']).toMatch(/^D/);
    expect(await form('chat.update', { channel: ann.id, ts: posted['ts'], text: 'y' })).toMatchObject({
      error: 'channel_not_found',
    });
    expect(
      await form('chat.update', { channel: posted['channel'], ts: posted['ts'], text: 'y' }),
    ).toMatchObject({ ok: true });
  });

  it('cuts a text above 40,000 characters without a word', async () => {
    const { slack, form, room } = await start();
    const channel = await room('long');

    await form('chat.postMessage', { channel, text: 'x'.repeat(40_001) });

    expect(slack.messages(channel)[0]?.text).toHaveLength(40_000);
  });

  it('gives every message its own ts, also within a millisecond', async () => {
    const { form, room } = await start({ now: () => new Date('2026-03-02T09:00:00Z') });
    const channel = await room('fast');

    const stamps: unknown[] = [];
    for (let i = 0; i < 5; i += 1)
      stamps.push((await form('chat.postMessage', { channel, text: 'x' }))['ts']);

    expect(new Set(stamps).size).toBe(5);
    expect([...stamps].sort()).toEqual(stamps);
  });

  it('keeps metadata and tells it only to those who ask', async () => {
    const { form, room } = await start();
    const channel = await room('hours-ann');
    const metadata = { event_type: 'digest_sent', event_payload: { delivery_id: '01J' } };
    const { ts } = await form('chat.postMessage', { channel, text: 'x', metadata });

    const plain = await form('conversations.history', { channel });
    const full = await form('conversations.history', { channel, include_all_metadata: true });

    expect(list(plain, 'messages')[0]).not.toHaveProperty('metadata');
    expect(list(full, 'messages')[0]).toMatchObject({ ts, metadata });
  });
});

describe('editing and deleting', () => {
  it('replaces what is sent, keeps the rest, and remembers the earlier versions', async () => {
    const { slack, form, room } = await start();
    const channel = await room('hours-ann');
    const metadata = { event_type: 'e', event_payload: { n: 1 } };
    const { ts } = await form('chat.postMessage', {
      channel,
      text: 'one',
      blocks: [section('one')],
      metadata,
    });

    const updated = await form('chat.update', { channel, ts, text: 'two' });

    expect(updated).toMatchObject({ ok: true, channel, ts, text: 'two' });
    expect(slack.messages(channel)[0]).toMatchObject({
      text: 'two',
      blocks: [section('one')],
      metadata,
      edited: { user: slackIdentity.user },
      versions: [{ text: 'one' }],
    });
    await form('chat.update', { channel, ts, text: 'three', blocks: [], metadata: {} });
    expect(slack.messages(channel)[0]).not.toHaveProperty('metadata');
    expect(slack.messages(channel)[0]?.blocks).toEqual([]);
  });

  it('is refused where it cannot be', async () => {
    let now = new Date('2026-03-02T09:00:00Z');
    const { slack, form, room } = await start({ now: () => now });
    const ann = slack.addUser({ name: 'Ann' });
    const channel = await room('hours-ann');
    const { ts } = await form('chat.postMessage', { channel, text: 'x' });
    const hers = slack.say(ann.id, channel, 'mine');
    const refused = async (fields: Fields) => (await form('chat.update', { channel, ...fields }))['error'];

    expect(await refused({ ts: '1.000000', text: 'y' })).toBe('message_not_found');
    expect(await refused({ ts: hers.ts, text: 'y' })).toBe('cant_update_message');
    expect(await refused({ ts, text: 'y'.repeat(4001) })).toBe('msg_too_long');
    expect(await refused({ ts })).toBe('no_text');
    slack.editWindowSeconds = 60;
    now = new Date('2026-03-02T09:01:01Z');
    expect(await refused({ ts, text: 'y' })).toBe('edit_window_closed');
    expect(slack.messages(channel)[0]?.text).toBe('x');
  });

  it('takes a message away once', async () => {
    const { slack, form, room } = await start();
    const channel = await room('hours-ann');
    const { ts } = await form('chat.postMessage', { channel, text: 'x' });

    expect(await form('chat.delete', { channel, ts })).toEqual({ ok: true, channel, ts });
    expect(await form('chat.delete', { channel, ts })).toEqual({ ok: false, error: 'message_not_found' });
    expect(slack.messages(channel)).toEqual([]);
    expect(slack.timeline(channel).at(-1)).toMatchObject({ text: 'x', deleted: expect.any(String) });
  });
});
