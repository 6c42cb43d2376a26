import { slackIdentity } from '../simulator.js';
import { list, start, stopAll } from './session.js';

afterEach(stopAll);

describe('rooms', () => {
  it.each([
    ['', 'invalid_name_required'],
    ['x'.repeat(81), 'invalid_name_maxlength'],
    ['---', 'invalid_name_punctuation'],
    ['Hours', 'invalid_name_specials'],
    ['hours ann', 'invalid_name_specials'],
    ['hours.ann', 'invalid_name_specials'],
    ['old', 'name_taken'],
    ['secret', 'name_taken'],
  ])('cannot be called %p: %s', async (name, error) => {
    const { slack, form } = await start();
    slack.addChannel({ name: 'old', archived: true });
    slack.addChannel({ name: 'secret', private: true });

    expect(await form('conversations.create', { name })).toEqual({ ok: false, error });
  });

  it('are made with the bot inside, private ones unseen by outsiders', async () => {
    const { slack, form } = await start();
    const secret = slack.addChannel({ name: 'secret', private: true });

    const made = await form('conversations.create', { name: 'inc-42-checkout', is_private: true });

    expect(made['channel']).toMatchObject({
      name: 'inc-42-checkout',
      is_private: true,
      is_member: true,
      is_archived: false,
      creator: slackIdentity.user,
      num_members: 1,
    });
    const listed = await form('conversations.list', { types: 'private_channel' });
    expect(list(listed, 'channels').map((channel) => channel['name'])).toEqual(['inc-42-checkout']);
    expect(await form('conversations.members', { channel: secret.id })).toMatchObject({
      error: 'channel_not_found',
    });
  });

  it('keep everybody out where one of those invited cannot come, unless forced', async () => {
    const { slack, form, room } = await start();
    const ann = slack.addUser({ name: 'Ann' });
    const channel = await room('hours-ann');
    const users = `${ann.id},U404,${slackIdentity.user}`;
    const errors = [
      { user: 'U404', ok: false, error: 'user_not_found' },
      { user: slackIdentity.user, ok: false, error: 'cant_invite_self' },
    ];

    expect(await form('conversations.invite', { channel, users })).toEqual({
      ok: false,
      error: 'user_not_found',
      errors,
    });
    expect((await form('conversations.members', { channel }))['members']).toEqual([slackIdentity.user]);
    expect(await form('conversations.invite', { channel, users, force: true })).toMatchObject({
      ok: false,
      errors,
    });
    expect((await form('conversations.members', { channel }))['members']).toEqual([
      slackIdentity.user,
      ann.id,
    ]);
    expect(await form('conversations.invite', { channel, users: ann.id })).toMatchObject({
      error: 'already_in_channel',
    });
  });

  it.each([
    ['nobody', '', 'no_user'],
    ['somebody who left', 'U2', 'cant_invite'],
    ['a guest of one other channel', 'U3', 'ura_max_channels'],
    ['more than a hundred', Array.from({ length: 101 }, (_, i) => `U9${i}`).join(), 'invalid_arguments'],
  ])('refuse to invite %s', async (_, users, error) => {
    const { slack, form, room } = await start();
    slack.addUser({ id: 'U2', name: 'Gone', deleted: true });
    slack.addUser({ id: 'U3', name: 'Guest', restricted: 'single-channel' });
    slack.addChannel({ name: 'guests', members: ['U3'] });
    const channel = await room('hours-ann');

    expect(await form('conversations.invite', { channel, users })).toMatchObject({ ok: false, error });
  });

  it('are out of reach once the bot was thrown out', async () => {
    const { slack, form, room } = await start();
    const secret = await room('secret');
    const open = await room('open', false);
    slack.removeBot(secret);
    slack.removeBot(open);

    expect(await form('conversations.history', { channel: secret })).toMatchObject({
      error: 'channel_not_found',
    });
    expect(await form('conversations.history', { channel: open })).toMatchObject({ error: 'not_in_channel' });
    expect(await form('conversations.setTopic', { channel: open, topic: 'x' })).toMatchObject({
      error: 'not_in_channel',
    });
    expect(await form('conversations.join', { channel: open })).toMatchObject({ ok: true });
    expect(await form('conversations.join', { channel: open })).toMatchObject({
      ok: true,
      warning: 'already_in_channel',
    });
  });

  it('lose a member by kicking, once', async () => {
    const { slack, form, room } = await start();
    const ann = slack.addUser({ name: 'Ann' });
    const channel = await room('hours-ann');
    await form('conversations.invite', { channel, users: ann.id });

    expect(await form('conversations.kick', { channel, user: slackIdentity.user })).toMatchObject({
      error: 'cant_kick_self',
    });
    expect(await form('conversations.kick', { channel, user: ann.id })).toMatchObject({ ok: true });
    expect(await form('conversations.kick', { channel, user: ann.id })).toMatchObject({
      error: 'not_in_channel',
    });
    expect(await form('conversations.kick', { channel, user: 'U404' })).toMatchObject({
      error: 'user_not_found',
    });
  });

  it('are archived once, and take nothing more', async () => {
    const { form, room } = await start();
    const channel = await room('done');

    expect(await form('conversations.archive', { channel })).toEqual({ ok: true });
    expect(await form('conversations.archive', { channel })).toMatchObject({ error: 'already_archived' });
    expect(await form('conversations.setPurpose', { channel, purpose: 'x' })).toMatchObject({
      error: 'is_archived',
    });
    expect(await form('conversations.unarchive', { channel })).toEqual({ ok: true });
    expect(await form('conversations.unarchive', { channel })).toMatchObject({ error: 'not_archived' });
  });

  it('have a topic of at most 250 characters', async () => {
    const { form, room } = await start();
    const channel = await room('hours-ann');

    expect(await form('conversations.setTopic', { channel, topic: 'x'.repeat(251) })).toMatchObject({
      error: 'too_long',
    });
    expect(await form('conversations.setTopic', { channel, topic: 'x'.repeat(250) })).toMatchObject({
      ok: true,
    });
  });

  it('for two are opened once and found again', async () => {
    const { slack, form } = await start();
    const ann = slack.addUser({ name: 'Ann' });

    const first = await form('conversations.open', { users: ann.id });
    const again = await form('conversations.open', { users: ann.id });

    expect(first).toEqual({ ok: true, channel: { id: expect.stringMatching(/^D/) } });
    expect(again).toEqual({ ...first, no_op: true, already_open: true });
    expect(await form('conversations.open')).toMatchObject({ error: 'users_list_not_supplied' });
    expect(await form('conversations.open', { users: 'U1,U2,U3,U4,U5,U6,U7,U8,U9' })).toMatchObject({
      error: 'too_many_users',
    });
  });
});
