import { at, start, stopAll, type Json } from './simulator/session.js';

afterEach(stopAll);

const messages = 'spaces/AAAAops/messages';
const reply = 'messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD';

/** The sample of Google's documents, put together. */
const incident = {
  text: 'INC-42 needs an owner',
  thread: { threadKey: 'inc-42' },
  cardsV2: [
    {
      cardId: 'inc-42',
      card: {
        header: { title: 'INC-42', subtitle: 'Checkout down' },
        sections: [
          {
            widgets: [
              { decoratedText: { topLabel: 'Severity', text: 'S1', wrapText: true } },
              { textParagraph: { text: '<b>Impact:</b> EU shop' } },
              {
                buttonList: {
                  buttons: [
                    {
                      text: 'Acknowledge',
                      onClick: {
                        action: {
                          function: 'https://app.example/gchat/events',
                          parameters: [
                            { key: 'action', value: 'ack' },
                            { key: 'id', value: '42' },
                          ],
                        },
                      },
                    },
                    { text: 'Open', onClick: { openLink: { url: 'https://app.example/i/42' } } },
                  ],
                },
              },
            ],
          },
        ],
      },
    },
  ],
};

const cardOf = (...widgets: readonly unknown[]): Json => ({
  cardsV2: [{ card: { sections: [{ widgets }] } }],
});

describe('an app that posts', () => {
  it('gets its message back, with names, times, sender and space', async () => {
    const { call } = await start({ now: () => new Date('2026-04-05T10:00:00.123Z') });

    const answer = await call(`POST ${messages}?requestId=r1&messageId=client-dlv-01j9z&${reply}`, incident);

    expect(answer).toEqual({
      status: 200,
      body: {
        name: `${messages}/client-dlv-01j9z`,
        clientAssignedMessageId: 'client-dlv-01j9z',
        sender: { name: 'users/114500000000000000001', displayName: 'Carillon', type: 'BOT' },
        createTime: '2026-04-05T10:00:00.123001Z',
        text: 'INC-42 needs an owner',
        formattedText: 'INC-42 needs an owner',
        thread: { name: expect.stringMatching(/^spaces\/AAAAops\/threads\/./), threadKey: 'inc-42' },
        space: {
          name: 'spaces/AAAAops',
          type: 'ROOM',
          spaceType: 'SPACE',
          displayName: 'Ops',
          spaceThreadingState: 'THREADED_MESSAGES',
          spaceUri: 'https://chat.google.com/room/AAAAops',
        },
        cardsV2: incident.cardsV2,
      },
    });
  });

  it('posts once, however often it repeats a requestId, also after a deletion', async () => {
    const { chat, call } = await start();
    const post = async () => call(`POST ${messages}?requestId=r1`, { text: 'x' });

    const first = await post();
    const second = await post();
    await call(`DELETE ${String(first.body['name'])}`);
    const third = await post();

    expect(second).toEqual(first);
    expect(third.body['name']).toBe(first.body['name']);
    expect(chat.timeline('spaces/AAAAops')).toHaveLength(1);
    expect(chat.messages('spaces/AAAAops')).toEqual([]);
  });

  it('finds its message by its own id and by that of Chat', async () => {
    const { call } = await start({ doubts: { clientIdInName: false } });
    const posted = await call(`POST ${messages}?messageId=client-1`, { text: 'x' });

    const byOwn = await call(`GET ${messages}/client-1`);
    const byChats = await call(`GET ${String(posted.body['name'])}`);

    expect(posted.body['name']).not.toBe(`${messages}/client-1`);
    expect(byOwn).toEqual(posted);
    expect(byChats).toEqual(posted);
  });

  it('replies by thread key or thread name, and begins a new thread without the option', async () => {
    const { chat, call } = await start();
    const post = async (query: string, thread: Json) =>
      (await call(`POST ${messages}?${query}`, { text: 'x', thread })).body;

    const first = await post(reply, { threadKey: 'k' });
    const byKey = await post(reply, { threadKey: 'k' });
    const byName = await post('messageReplyOption=REPLY_MESSAGE_OR_FAIL', {
      name: at(first, 'thread', 'name'),
    });
    const without = await post('', { threadKey: 'k' });
    const deprecated = await call(`POST ${messages}?${reply}&threadKey=k`, { text: 'x' });

    expect(first['threadReply']).toBeUndefined();
    for (const one of [byKey, byName, deprecated.body]) {
      expect(one['threadReply']).toBe(true);
      expect(one['thread']).toEqual(first['thread']);
    }
    expect(without['thread']).toEqual({
      name: expect.not.stringMatching(String(at(first, 'thread', 'name'))),
    });
    expect(chat.threads('spaces/AAAAops').map((thread) => thread.messages.length)).toEqual([4, 1]);
  });

  it('edits what the mask names and nothing else, and who looks sees what was there before', async () => {
    const { chat, call } = await start();
    await call(`POST ${messages}?messageId=client-1`, incident);

    const text = await call(`PATCH ${messages}/client-1?updateMask=text`, { text: 'solved' });
    const cards = await call(`PATCH ${messages}/client-1?updateMask=cardsV2`, {});

    expect(text.body).toMatchObject({
      text: 'solved',
      cardsV2: incident.cardsV2,
      lastUpdateTime: expect.any(String),
    });
    expect(cards.body).toMatchObject({ text: 'solved' });
    expect(cards.body).not.toHaveProperty('cardsV2');
    const [message] = chat.messages('spaces/AAAAops');
    expect(message?.versions.map(({ content }) => content.text)).toEqual(['INC-42 needs an owner', 'solved']);
  });

  it('creates with a patch that allows a missing message', async () => {
    const { chat, call } = await start();
    const patch = `PATCH ${messages}/client-9?updateMask=*&allowMissing=true`;

    await call(patch, { text: 'first' });
    const second = await call(patch, { text: 'second' });

    expect(second.body).toMatchObject({ name: `${messages}/client-9`, text: 'second' });
    expect(chat.messages('spaces/AAAAops')).toHaveLength(1);
  });

  it('deletes its message, which is then gone for the API alone', async () => {
    const { chat, call } = await start();
    await call(`POST ${messages}?messageId=client-1`, { text: 'x' });

    const deleted = await call(`DELETE ${messages}/client-1`);

    expect(deleted).toEqual({ status: 200, body: {} });
    expect((await call(`GET ${messages}/client-1`)).status).toBe(404);
    expect(chat.timeline('spaces/AAAAops')[0]?.deleteTime).toBeDefined();
  });

  it('says something to one person of the space alone', async () => {
    const { chat, call, olena } = await start();

    const answer = await call(`POST ${messages}`, { text: 'x', privateMessageViewer: { name: olena.name } });

    expect(answer.body).toMatchObject({ privateMessageViewer: { name: olena.name } });
    expect(chat.messages('spaces/AAAAops')[0]?.privateTo).toBe(olena.name);
  });
});

describe('what Chat takes and quietly changes', () => {
  it('is the section that crosses a hundred widgets, and all after it', async () => {
    const { chat, call } = await start();
    const section = (count: number) => ({ widgets: Array.from({ length: count }, () => ({ divider: {} })) });
    const card = { sections: [section(60), section(40), section(1), section(1)] };

    const answer = await call(`POST ${messages}`, { cardsV2: [{ card }] });

    expect(at(answer.body, 'cardsV2', 0, 'card', 'sections')).toEqual([section(60), section(40)]);
    expect(chat.messages('spaces/AAAAops')[0]?.remarks).toEqual(['sections dropped: 2']);
  });

  it('is a tag in a card that it does not know', async () => {
    const { chat, call } = await start();

    await call(
      `POST ${messages}`,
      cardOf({ textParagraph: { text: '<script>x</script> <b>1</b> &lt;p&gt;' } }, { divider: {} }),
    );

    expect(chat.messages('spaces/AAAAops')[0]?.remarks).toEqual(['unknown tag: script']);
  });
});

describe('what the simulator holds', () => {
  it('comes back from what it saved, tokens and keys included', async () => {
    const { chat, call, botToken } = await start();
    const other = await start();
    await call(`POST ${messages}?requestId=r1&messageId=client-1`, incident);

    other.chat.load(JSON.parse(JSON.stringify(chat.save())));

    expect(other.chat.save()).toEqual(chat.save());
    const again = await other.call(`POST ${messages}?requestId=r1`, { text: 'y' }, botToken);
    expect(again.body['text']).toBe('INC-42 needs an owner');
    const fresh = await other.call(`POST ${messages}`, { text: 'y' }, botToken);
    expect(fresh.body['name']).not.toBe(again.body['name']);
  });

  it('is never a state of something else', async () => {
    const { chat } = await start();

    expect(() => {
      chat.load({ version: 2 });
    }).toThrow('no state of the Google Chat simulator');
  });
});
