import fc from 'fast-check';
import { asJson, at, start, stopAll, type Json } from './session.js';

afterEach(stopAll);

const messages = 'spaces/AAAAops/messages';

const cardOf = (...widgets: readonly unknown[]): Json => ({
  cardsV2: [{ card: { sections: [{ widgets }] } }],
});

describe('a message is refused', () => {
  const widget = (one: unknown) => cardOf(one);
  const button = (fields: Json) => widget({ buttonList: { buttons: [{ text: 'x', ...fields }] } });
  const link = { openLink: { url: 'https://a.example' } };

  it.each<[string, unknown, RegExp]>([
    ['with an unknown field', { txt: 'x' }, /Unknown name "txt": Cannot find field/],
    ['with text that is no string', { text: 5 }, /Invalid value at 'text' \(TYPE_STRING\), 5/],
    ['with an output-only field', { text: 'x', sender: { name: 'users/app' } }, /Unknown name "sender"/],
    ['in names of another case', { cards_v2: [] }, /Unknown name "cards_v2"/],
    ['that is an array', [], /Root element must be a message/],
    ['that says nothing', {}, /cannot be empty/],
    ['with nothing but empty text', { text: '' }, /cannot be empty/],
    ['that has over 4,096 characters', { text: 'x'.repeat(4097) }, /at most 4096 characters/],
    ['of over 32,000 bytes', widget({ textParagraph: { text: 'я'.repeat(16_000) } }), /at most 32000 bytes/],
    [
      'with two cards and no ids',
      { cardsV2: [widget({ divider: {} }), widget({ divider: {} })].map((one) => at(one, 'cardsV2', 0)) },
      /card_id is required/,
    ],
    [
      'with two cards of one id',
      {
        cardsV2: [1, 2].map(() => ({ ...(at(widget({ divider: {} }), 'cardsV2', 0) as Json), cardId: 'a' })),
      },
      /card_id must be unique/,
    ],
    [
      'with a card beside its `card`',
      { cardsV2: [{ header: { title: 'x' } }] },
      /Unknown name "header" at 'cards_v2\[0\]'/,
    ],
    ['with an empty card', { cardsV2: [{ card: {} }] }, /needs a header or a section/],
    [
      'with an empty section',
      { cardsV2: [{ card: { sections: [{ widgets: [] }] } }] },
      /at least one widget/,
    ],
    [
      'with a footer, which dialogs have',
      { cardsV2: [{ card: { header: { title: 'x' }, fixedFooter: {} } }] },
      /"fixedFooter"/,
    ],
    [
      'with a widget that is not there',
      widget({ keyValue: { content: 'x' } }),
      /Unknown name "keyValue" at 'cards_v2\[0\].card.sections\[0\].widgets\[0\]'/,
    ],
    [
      'with two widgets in one',
      widget({ divider: {}, textParagraph: { text: 'x' } }),
      /Exactly one field of a widget/,
    ],
    ['with a widget that is nothing', widget({}), /Exactly one field of a widget/],
    [
      'with a decorated text without text',
      widget({ decoratedText: { topLabel: 'x' } }),
      /decorated_text.text' is required/,
    ],
    ['with a button that does nothing', button({}), /on_click' is required/],
    [
      'with a button that does two things',
      button({ onClick: { ...link, action: { function: 'f' } } }),
      /Exactly one field of onClick/,
    ],
    [
      'with a button of an unknown type',
      button({ onClick: link, type: 'PRIMARY' }),
      /TYPE_ENUM\), "PRIMARY"/,
    ],
    ['with a link that is none', button({ onClick: { openLink: { url: 'app/42' } } }), /Invalid URL/],
    [
      'with a parameter that is a number',
      button({ onClick: { action: { function: 'f', parameters: [{ key: 'id', value: 42 }] } } }),
      /parameters\[0\].value' \(TYPE_STRING\), 42/,
    ],
    ['with an input without a name', widget({ textInput: { label: 'x' } }), /text_input.name' is required/],
    [
      'with 101 items to select from',
      widget({ selectionInput: { name: 'a', items: Array.from({ length: 101 }, () => ({ text: 'x' })) } }),
      /at most 100 items/,
    ],
    [
      'with four items selected',
      widget({
        selectionInput: {
          name: 'a',
          type: 'MULTI_SELECT',
          items: [1, 2, 3, 4].map(() => ({ text: 'x', selected: true })),
        },
      }),
      /Too many items/,
    ],
    [
      'with three columns',
      widget({
        columns: { columnItems: [1, 2, 3].map(() => ({ widgets: [{ textParagraph: { text: 'x' } }] })) },
      }),
      /at most 2 items/,
    ],
    [
      'with a thread key that is too long',
      { text: 'x', thread: { threadKey: 'k'.repeat(4001) } },
      /at most 4000/,
    ],
    [
      'with a thread by key and name',
      { text: 'x', thread: { threadKey: 'k', name: 'spaces/AAAAops/threads/t' } },
      /not both/,
    ],
    [
      'for a thread of another space',
      { text: 'x', thread: { name: 'spaces/B/threads/t' } },
      /not in the space/,
    ],
    [
      'for somebody who is not there',
      { text: 'x', privateMessageViewer: { name: 'users/7' } },
      /not a member/,
    ],
    ['with an attachment that was never uploaded', { text: 'x', attachment: [{}] }, /not uploaded/],
    [
      'with a quote of a message that is not there',
      {
        text: 'x',
        quotedMessageMetadata: { name: `${messages}/a.a`, lastUpdateTime: '2026-04-05T10:00:00Z' },
      },
      /was not found/,
    ],
  ])('%s', async (_, body, message) => {
    const { chat, call } = await start();

    const answer = await call(`POST ${messages}`, body);

    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      error: expect.objectContaining({
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: expect.stringMatching(message),
      }),
    });
    expect(chat.timeline('spaces/AAAAops')).toEqual([]);
  });

  it('names every field that is wrong, also in the details', async () => {
    const { call } = await start();

    const answer = await call(`POST ${messages}`, { text: true, txt: 'x' });

    expect(at(answer.body, 'error', 'details', 0)).toEqual({
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [
        { field: 'text', description: "Invalid value at 'text' (TYPE_STRING), true" },
        { field: '', description: 'Invalid JSON payload received. Unknown name "txt": Cannot find field.' },
      ],
    });
  });

  it.each<[string, RequestInit]>([
    ['that is no JSON', { headers: asJson, body: '{' }],
    ['that is a form', { body: new URLSearchParams({ text: 'x' }) }],
  ])('%s', async (_, init) => {
    const { send, botToken } = await start();

    const headers = { authorization: `Bearer ${botToken}`, ...(init.headers as Record<string, string>) };
    const answer = await send(messages, { method: 'POST', ...init, headers });

    expect(at(answer.body, 'error', 'status')).toBe('INVALID_ARGUMENT');
  });

  it("whatever JSON it is, in Google's form, and the server goes on", async () => {
    const { call, send, botToken } = await start();
    const headers = { ...asJson, authorization: `Bearer ${botToken}` };

    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => {
        const { status, body: answer } = await send(messages, { method: 'POST', headers, body });
        expect([status, at(answer, 'error', 'code')]).toEqual([400, 400]);
      }),
      { numRuns: 50 },
    );
    expect((await call(`POST ${messages}`, { text: 'x' })).status).toBe(200);
  });
});

describe('a call is refused', () => {
  it.each<[string, string, unknown, number, string]>([
    ['with an unknown parameter', `POST ${messages}?threadkey=k`, { text: 'x' }, 400, 'INVALID_ARGUMENT'],
    ["with a webhook's token", `POST ${messages}?token=t`, { text: 'x' }, 400, 'INVALID_ARGUMENT'],
    [
      'with a parameter sent twice',
      `POST ${messages}?requestId=a&requestId=b`,
      { text: 'x' },
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'with an unknown reply option',
      `POST ${messages}?messageReplyOption=REPLY`,
      { text: 'x' },
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'with an id of another form',
      `POST ${messages}?messageId=dlv-1`,
      { text: 'x' },
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'with capitals in the id',
      `POST ${messages}?messageId=client-A`,
      { text: 'x' },
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'with an id of 64 characters',
      `POST ${messages}?messageId=client-${'a'.repeat(57)}`,
      { text: 'x' },
      400,
      'INVALID_ARGUMENT',
    ],
    ['with an id that is taken', `POST ${messages}?messageId=client-1`, { text: 'x' }, 409, 'ALREADY_EXISTS'],
    [
      'that must reply and cannot',
      `POST ${messages}?messageReplyOption=REPLY_MESSAGE_OR_FAIL`,
      { text: 'x', thread: { threadKey: 'never' } },
      404,
      'NOT_FOUND',
    ],
    ['without an update mask', `PATCH ${messages}/client-1`, { text: 'x' }, 400, 'INVALID_ARGUMENT'],
    [
      'with a mask of what cannot change',
      `PATCH ${messages}/client-1?updateMask=thread`,
      { text: 'x' },
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'that leaves nothing of the message',
      `PATCH ${messages}/client-1?updateMask=text`,
      {},
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'to change one that is not there',
      `PATCH ${messages}/client-2?updateMask=text`,
      { text: 'x' },
      404,
      'NOT_FOUND',
    ],
    [
      "to change or make one by Chat's id",
      `PATCH ${messages}/a.a?updateMask=text&allowMissing=true`,
      { text: 'x' },
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'with a flag that is none',
      `PATCH ${messages}/client-1?updateMask=text&allowMissing=1`,
      { text: 'x' },
      400,
      'INVALID_ARGUMENT',
    ],
    ['to delete one that is not there', `DELETE ${messages}/client-2`, undefined, 404, 'NOT_FOUND'],
    ['to list messages with chat.bot', `GET ${messages}`, undefined, 403, 'PERMISSION_DENIED'],
    ['to set up a space as an app', 'POST spaces:setup', { space: {} }, 403, 'PERMISSION_DENIED'],
    ['to make a space with chat.bot', 'POST spaces', { spaceType: 'SPACE' }, 403, 'PERMISSION_DENIED'],
    ['to add a member with chat.bot', 'POST spaces/AAAAops/members', {}, 403, 'PERMISSION_DENIED'],
    ['for a space that is not there', 'GET spaces/AAAAnone', undefined, 404, 'NOT_FOUND'],
    ['with a filter of another kind', 'GET spaces?filter=displayName', undefined, 400, 'INVALID_ARGUMENT'],
    ['with a page that is too large', 'GET spaces?pageSize=1001', undefined, 400, 'INVALID_ARGUMENT'],
    ['with a page token from elsewhere', 'GET spaces?pageToken=abc', undefined, 400, 'INVALID_ARGUMENT'],
    [
      'for direct messages that are not there',
      'GET spaces:findDirectMessage?name=users/7',
      undefined,
      404,
      'NOT_FOUND',
    ],
    [
      'for direct messages by e-mail',
      'GET spaces:findDirectMessage?name=users/olena@acme.example',
      undefined,
      403,
      'PERMISSION_DENIED',
    ],
  ])('%s', async (_, request, body, code, status) => {
    const { call } = await start();
    await call(`POST ${messages}?messageId=client-1`, { text: 'x' });

    const answer = await call(request, body);

    expect(answer).toMatchObject({ status: code, body: { error: { code, status } } });
  });

  it('for a path that is not there, in HTML', async () => {
    const { call } = await start();

    const answer = await call('GET spaces/AAAAops/topics');

    expect(answer).toEqual({ status: 404, body: { text: expect.stringContaining('<title>') } });
  });

  it('to touch what others said', async () => {
    const { chat, call, olena, hook } = await start();
    const said = chat.say(olena.name, 'spaces/AAAAops', 'hello');
    const hooked = await hook(chat.webhookUrl(chat.addWebhook('spaces/AAAAops', 'CI')), { text: 'x' });

    for (const name of [said.name, String(hooked.body['name'])]) {
      expect((await call(`PATCH ${name}?updateMask=text`, { text: 'y' })).status).toBe(403);
      expect((await call(`DELETE ${name}`)).status).toBe(403);
      expect((await call(`GET ${name}`)).status).toBe(403);
    }
  });

  it.each([
    ['PERMISSION_DENIED', 403],
    ['NOT_FOUND', 404],
  ] as const)('in a space that the app was removed from: %s', async (notInSpace, status) => {
    const { chat, call } = await start({ doubts: { notInSpace } });
    await call(`POST ${messages}?messageId=client-1`, { text: 'x' });

    chat.removeApp('spaces/AAAAops');

    expect((await call(`POST ${messages}`, { text: 'x' })).status).toBe(status);
    expect((await call(`GET ${messages}/client-1`)).status).toBe(status);
    expect((await call('GET spaces/AAAAops')).status).toBe(status);
    expect((await call('GET spaces')).body).toEqual({});
    chat.addApp('spaces/AAAAops');
    expect((await call(`GET ${messages}/client-1`)).status).toBe(200);
  });
});
