import { Desk } from './testing.js';

describe('a delivery', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open();
    desk.slack.addUser({ email: 'ops@acme.example', name: 'Ops', zone: 'UTC' });
    await desk.knowsInSlack('ops@acme.example');
  }, 60_000);
  afterAll(() => desk.close(), 60_000);

  it('keeps the words of what broke in ours to the log', async () => {
    // No conversation by that name: the answer of our own check is an error of ours.
    const id = await desk.say('hush', { target: { channel: 'slack', room: 'Olena earns 100' } });

    for (let tries = 0; tries < 5; tries += 1) await desk.drain();

    const [trouble] = await desk.troubles.listOpen();
    const delivery = await desk.delivery(id);
    expect(delivery).toMatchObject({ state: 'failed', detail: 'ZodError' });
    expect(trouble).toMatchObject({ about: id, owner: 'ops@acme.example', detail: { detail: 'ZodError' } });
  }, 30_000);

  it('is tried again where a vendor answered nonsense before anything was sent', async () => {
    desk.server.plan({ kind: 'nonsense', match: ({ path }) => path.endsWith('/conversations.create') });
    const room = { name: 'odd-room', members: [{ email: 'ops@acme.example' }], person: null };
    const id = await desk.say('hello', { target: { channel: 'slack', room } });

    await desk.drain();
    expect(await desk.delivery(id)).toMatchObject({ state: 'retrying', reason: 'unreadable' });
    await desk.drain();

    expect(await desk.delivery(id)).toMatchObject({ state: 'sent' });
    expect(desk.shownIn('odd-room')).toEqual(['hello']);
  }, 30_000);

  it('keeps the pace of its destination also where it was refused', async () => {
    const id = await desk.say('too soon');
    desk.server.plan({
      kind: 'answer',
      match: ({ path }) => path.endsWith('chat.postMessage'),
      answer: { status: 403, body: {} },
      times: 5,
    });

    await desk.drain();
    const [place] = await desk.database.query<{ rests: boolean }>(
      'select free_at > clock_timestamp() as rests from destination where destination = $1',
      [`to:${id}`],
    );
    desk.server.calm();

    expect(await desk.delivery(id)).toMatchObject({ state: 'retrying', reason: 'unauthorized' });
    expect(place).toEqual({ rests: true });
  }, 30_000);

  it('is said anew where its room was made anew since', async () => {
    const old = desk.slack.addChannel({ name: 'old-room' }).id;
    const id = await desk.say('before', { target: { channel: 'slack', channelId: old } });
    await desk.drain();
    const room = { name: 'team-room', members: [{ email: 'ops@acme.example' }], person: null };

    await desk.say('after', { id, destination: `to:${id}`, target: { channel: 'slack', room } });
    await desk.drain();

    expect(await desk.delivery(id)).toMatchObject({ state: 'sent', sent_revision: 2 });
    expect(desk.shownIn('team-room')).toEqual(['after']);
    expect(desk.shownIn('old-room')).toEqual(['before']);
  }, 30_000);

  it('goes to a room without somebody who is not known there, and the owner hears of it', async () => {
    const members = [{ email: 'ops@acme.example' }, { email: 'gone@acme.example' }];
    const room = { name: 'half-room', members, person: null };

    const id = await desk.say('hello', { target: { channel: 'slack', room } });
    await desk.drain();

    expect(desk.shownIn('half-room')).toEqual(['hello']);
    expect(await desk.troubles.listOpen()).toContainEqual(
      expect.objectContaining({
        kind: 'room',
        about: `to:${id}`,
        detail: {
          channel: 'slack',
          room: 'half-room',
          detail: 'not known there: gone@acme.example',
          used: 'yes',
        },
      }),
    );
  }, 30_000);

  it('that was left unknown is sent where there is something else to say', async () => {
    const id = await desk.say('one');
    desk.server.plan({ kind: 'cut-after', match: ({ path }) => path.endsWith('chat.postMessage') });
    desk.slack.failNext('conversations.history', 'missing_scope');
    await desk.drain();
    await desk.drain();
    expect(await desk.delivery(id)).toMatchObject({ state: 'unknown', due_at: null });

    desk.slack.failNext('conversations.history', 'missing_scope');
    await desk.say('two', { id });
    await desk.drain();

    expect(await desk.delivery(id)).toMatchObject({ state: 'sent', sent_revision: 2 });
    expect(desk.shown()).toContain('two');
  }, 30_000);
});
