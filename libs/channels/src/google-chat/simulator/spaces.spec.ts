import { at, bot, start, stopAll } from './session.js';

afterEach(stopAll);

const auth = 'https://www.googleapis.com/auth/';
const names = (list: unknown): unknown[] => (list as { name: string }[]).map(({ name }) => name);

describe('spaces', () => {
  it('are listed page by page, those of the app alone, with an empty answer for none', async () => {
    const { chat, call } = await start();
    for (const id of ['B', 'C']) chat.addSpace({ id, displayName: id });
    chat.addSpace({ id: 'D', displayName: 'D', app: false });

    const first = await call('GET spaces?pageSize=2');
    const token = String(first.body['nextPageToken']);
    const second = await call(`GET spaces?pageSize=2&pageToken=${token}`);
    const filter = encodeURIComponent('spaceType = "GROUP_CHAT" OR spaceType = "DIRECT_MESSAGE"');

    expect(names(first.body['spaces'])).toEqual(['spaces/AAAAops', 'spaces/B']);
    expect(second.body).toEqual({ spaces: [expect.objectContaining({ name: 'spaces/C' })] });
    expect((await call(`GET spaces?filter=${filter}`)).body).toEqual({});
    expect((await call(`GET spaces?filter=${filter}&pageToken=${token}`)).status).toBe(400);
  });

  it('with one person alone are found at once, and listed after the first message', async () => {
    const { chat, call, olena } = await start();
    const find = `GET spaces:findDirectMessage?name=${olena.name}`;
    expect((await call(find)).status).toBe(404);

    const dm = chat.openDirectMessage(olena.name);

    expect((await call(find)).body).toMatchObject({
      name: dm.name,
      spaceType: 'DIRECT_MESSAGE',
      type: 'DM',
      singleUserBotDm: true,
    });
    expect(names((await call('GET spaces')).body['spaces'])).toEqual(['spaces/AAAAops']);
    await call(`POST ${dm.name}/messages`, { text: 'x' });
    expect(names((await call('GET spaces')).body['spaces'])).toEqual(['spaces/AAAAops', dm.name]);
  });

  it('may be found by e-mail where Google would let an app', async () => {
    const { chat, call, olena } = await start({ doubts: { findByEmail: true } });
    const dm = chat.openDirectMessage(olena.name);

    const answer = await call('GET spaces:findDirectMessage?name=users/olena@acme.example');

    expect(answer.body['name']).toBe(dm.name);
  });

  it('of one person have no threads to answer in', async () => {
    const { chat, call, olena } = await start();
    const dm = chat.openDirectMessage(olena.name);
    const body = { text: 'x', thread: { threadKey: 'k' } };
    const post = `POST ${dm.name}/messages?messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD`;

    await call(post, body);
    const second = await call(post, body);

    expect(second.body['threadReply']).toBeUndefined();
  });

  it('are made once for a requestId, and only under a name that is free', async () => {
    const { chat, token, call } = await start();
    chat.credentials.approve(`${auth}chat.app.spaces.create`);
    const bearer = await token(bot, `${auth}chat.app.spaces.create`);
    const space = { spaceType: 'SPACE', displayName: 'INC-42', customer: 'customers/my_customer' };
    const make = async (query: string, body: unknown = space) => call(`POST spaces${query}`, body, bearer);

    const first = await make('?requestId=r1');

    expect(first.body).toMatchObject({ displayName: 'INC-42', spaceType: 'SPACE' });
    expect(await make('?requestId=r1')).toEqual(first);
    expect((await make('')).status).toBe(409);
    expect((await make('', { ...space, customer: undefined })).status).toBe(400);
    expect((await make('', { ...space, spaceType: 'DIRECT_MESSAGE' })).status).toBe(400);
  });
});

describe('members', () => {
  it('are people, without their addresses', async () => {
    const { call, olena } = await start();

    const answer = await call('GET spaces/AAAAops/members');

    expect(answer.body).toEqual({
      memberships: [
        {
          name: `spaces/AAAAops/members/${olena.name.slice('users/'.length)}`,
          state: 'JOINED',
          role: 'ROLE_MEMBER',
          member: { name: olena.name, displayName: 'Olena', type: 'HUMAN' },
        },
      ],
    });
  });

  it('are added by whom an administrator let, by id or e-mail, each once', async () => {
    const { chat, token, call } = await start();
    const ann = chat.addPerson({ displayName: 'Ann', email: 'ann@acme.example' });
    chat.credentials.approve(`${auth}chat.app.memberships`);
    const bearer = await token(`${auth}chat.app.memberships`);
    const add = async (name: string, type = 'HUMAN') =>
      (await call('POST spaces/AAAAops/members', { member: { name, type } }, bearer)).status;

    expect(await add('users/ann@acme.example')).toBe(200);
    expect(await add(ann.name)).toBe(409);
    expect(await add('users/7')).toBe(404);
    expect(await add(ann.name, 'BOT')).toBe(400);
    expect(chat.members('spaces/AAAAops').map(({ displayName }) => displayName)).toEqual(['Olena', 'Ann']);
  });
});

describe('messages', () => {
  const scope = `${auth}chat.app.messages.readonly`;

  it('are listed by whom an administrator let, by time and thread, either way round', async () => {
    let now = Date.parse('2026-04-05T12:00:00Z');
    const { chat, token, call, olena } = await start({ now: () => new Date(now) });
    chat.credentials.approve(scope);
    const bearer = await token(scope);
    const one = chat.say(olena.name, 'spaces/AAAAops', 'one');
    now += 1000;
    chat.say(olena.name, 'spaces/AAAAops', 'two');
    chat.say(olena.name, 'spaces/AAAAops', 'three', one.thread);
    const texts = async (query = '') => {
      const { body } = await call(`GET spaces/AAAAops/messages${query}`, undefined, bearer);
      return ((body['messages'] ?? []) as unknown[]).map((message) => at(message, 'text'));
    };
    const filtered = async (filter: string) => texts(`?filter=${encodeURIComponent(filter)}`);

    expect(await texts()).toEqual(['one', 'two', 'three']);
    expect(await texts('?orderBy=create_time%20DESC&pageSize=2')).toEqual(['three', 'two']);
    expect(await filtered(`thread.name = ${one.thread}`)).toEqual(['one', 'three']);
    expect(await filtered('create_time > "2026-04-05T14:00:00.5+02:00"')).toEqual(['two', 'three']);
    expect(await filtered(`create_time < "2026-04-05T12:00:01Z" AND thread.name = ${one.thread}`)).toEqual([
      'one',
    ]);
    expect((await call('GET spaces/AAAAops/messages?filter=text', undefined, bearer)).status).toBe(400);
    expect((await call(`GET ${one.name}`, undefined, bearer)).body['text']).toBe('one');
  });

  it('of people are seen by an app that they mention, and one to one', async () => {
    const { chat, call, olena } = await start();
    const mention = chat.say(olena.name, 'spaces/AAAAops', 'hello <users/114500000000000000001>');
    const direct = chat.say(olena.name, chat.openDirectMessage(olena.name).name, 'hello');

    const answers = [await call(`GET ${mention.name}`), await call(`GET ${direct.name}`)];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]?.body['sender']).toEqual({ name: olena.name, displayName: 'Olena', type: 'HUMAN' });
  });
});
