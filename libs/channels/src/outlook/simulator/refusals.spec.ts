import { codeOf, immutable, mail, start, stopAll, type Json } from './session.js';

afterEach(stopAll);

const to = (address: string): Json => ({ toRecipients: [{ emailAddress: { address } }] });
const header = (name: string): Json => ({ name, value: 'v' });
const file = (bytes: number): Json => ({
  '@odata.type': '#microsoft.graph.fileAttachment',
  name: 'a.txt',
  contentBytes: Buffer.alloc(bytes).toString('base64'),
});
const property = (id: string): Json => ({ singleValueExtendedProperties: [{ id, value: 'v' }] });
const guid = '{66f5a359-4659-4830-9070-00047ec6ac6e}';

describe('a message that is written', () => {
  it.each<[string, Json, number, string]>([
    ['a field that is not there', { subjekt: 'x' }, 400, 'RequestBodyRead'],
    ['a field that is not there, deeper', { body: { type: 'HTML', content: '' } }, 400, 'RequestBodyRead'],
    ['a conversation of its choice', { conversationId: 'x' }, 400, 'ErrorInvalidRequest'],
    ['an id of its choice', { id: 'x' }, 400, 'ErrorInvalidRequest'],
    ['another kind of body', { body: { contentType: 'Markdown', content: 'x' } }, 400, 'RequestBodyRead'],
    ['an importance that is not there', { importance: 'urgent' }, 400, 'RequestBodyRead'],
    ['recipients as text', { toRecipients: ['olena@acme.example'] }, 400, 'RequestBodyRead'],
    [
      'a header of mail itself',
      { internetMessageHeaders: [header('List-Id')] },
      400,
      'InvalidInternetMessageHeader',
    ],
    [
      'six headers',
      { internetMessageHeaders: [1, 2, 3, 4, 5, 6].map((number) => header(`x-${number}`)) },
      400,
      'InvalidInternetMessageHeaderCollection',
    ],
    ['a Message-ID without brackets', { internetMessageId: 'd1@acme.example' }, 400, 'ErrorInvalidRequest'],
    ['a property without a type', property(`${guid} Name Key`), 400, 'ErrorInvalidRequest'],
    ['a property without a set', property('String Name Key'), 400, 'ErrorInvalidRequest'],
    [
      'a property twice',
      {
        singleValueExtendedProperties: [
          { id: 'String 0x4001', value: '1' },
          { id: 'string 0X4001', value: '2' },
        ],
      },
      400,
      'ErrorInvalidRequest',
    ],
    [
      'an attachment without a type',
      { attachments: [{ name: 'a', contentBytes: '' }] },
      400,
      'RequestBodyRead',
    ],
    [
      'an attachment that is no base64',
      { attachments: [{ ...file(0), contentBytes: '%' }] },
      400,
      'RequestBodyRead',
    ],
    [
      'attachments of 3 MB',
      { attachments: [file(1_000_000), file(2_000_000)] },
      413,
      'ErrorMessageSizeExceeded',
    ],
    ['more than 4 MB', { subject: 'x'.repeat(4 * 1024 * 1024) }, 413, 'RequestEntityTooLarge'],
  ])('is refused with %s', async (_, more, status, code) => {
    const { outlook, call } = await start();

    for (const answer of [
      await call('POST messages', mail(more)),
      await call('POST sendMail', { message: mail(more) }),
    ])
      expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(outlook.messages('bot@acme.example')).toEqual([]);
  });

  it('has at most five headers of its own, which only those see who ask', async () => {
    const { call } = await start();
    const headers = [1, 2, 3, 4, 5].map((number) => header(`X-${number}`));

    const draft = await call('POST messages', mail({ internetMessageHeaders: headers }));
    const asked = await call(`GET messages/${draft.body['id']}?$select=internetMessageHeaders`);

    expect(draft.status).toBe(201);
    expect(draft.body).not.toHaveProperty('internetMessageHeaders');
    expect(asked.body['internetMessageHeaders']).toEqual(headers);
  });

  it.each([
    ['nobody', {}],
    ['half an address', to('olena')],
    ['two in one', to('a@b.example, c@d.example')],
  ])('to %s can be a draft, and is not sent', async (_, recipients) => {
    const { call } = await start();
    const message = { subject: 'x', ...recipients };

    const draft = await call('POST messages', message);

    expect(draft.status).toBe(201);
    for (const answer of [
      await call(`POST messages/${draft.body['id']}/send`),
      await call('POST sendMail', { message }),
    ])
      expect([answer.status, codeOf(answer)]).toEqual([400, 'ErrorInvalidRecipients']);
  });

  it('has to be JSON, in the wrapping of its method', async () => {
    const { call } = await start();

    const wrapped = await call('POST messages', { message: mail() });
    const bare = await call('POST sendMail', mail());
    const broken = await call('POST messages', '{');
    const untyped = await call('POST messages', '{}', { 'content-type': 'application/xml' });

    for (const answer of [wrapped, bare, broken]) expect(codeOf(answer)).toBe('RequestBodyRead');
    expect(untyped.status).toBe(415);
  });
});

describe('a draft', () => {
  it('is sent by an empty request', async () => {
    const { call } = await start();
    const draft = await call('POST messages', mail());

    const answer = await call(`POST messages/${draft.body['id']}/send`, {});

    expect([answer.status, codeOf(answer)]).toEqual([400, 'BadRequest']);
  });

  it('can be changed while it is one, by whoever saw its last version', async () => {
    const { call } = await start();
    const draft = await call('POST messages', mail(), immutable);
    const path = `messages/${draft.body['id']}`;
    const etag = String(draft.body['@odata.etag']);
    const patch = async (change: Json, headers: Readonly<Record<string, string>> = {}) =>
      call(`PATCH ${path}`, change, { ...immutable, ...headers });

    expect((await patch({ subject: 'new' }, { 'if-match': etag })).body['subject']).toBe('new');
    expect((await patch({ subject: 'newer' }, { 'if-match': etag })).status).toBe(412);
    expect(codeOf(await patch({ internetMessageHeaders: [header('x-a')] }))).toBe('RequestBodyRead');
    await call(`POST ${path}/send`, undefined, immutable);
    expect(codeOf(await patch({ subject: 'late' }))).toBe('ErrorInvalidRequest');
    expect(codeOf(await patch({ internetMessageId: '<late@acme.example>' }))).toBe('ErrorInvalidRequest');
    expect((await patch({ categories: ['late'] })).body['categories']).toEqual(['late']);
  });

  it('goes to Deleted Items when it is deleted, and from there away', async () => {
    const { outlook, call } = await start();
    const draft = await call('POST messages', mail(), immutable);
    const remove = async () => call(`DELETE messages/${draft.body['id']}`, undefined, immutable);

    expect((await remove()).status).toBe(204);
    expect(outlook.messages('bot@acme.example', 'deleteditems')).toHaveLength(1);
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });

  it('is in its own mailbox only, and is not replied to', async () => {
    const { call } = await start();
    const draft = await call('POST messages', mail());

    const elsewhere = await call(`GET /users/olena@acme.example/messages/${draft.body['id']}`);
    const reply = await call(`POST messages/${draft.body['id']}/reply`, { comment: 'x' });

    expect([elsewhere.status, codeOf(elsewhere)]).toEqual([404, 'ErrorItemNotFound']);
    expect(codeOf(reply)).toBe('ErrorInvalidRequest');
  });
});

it('a reply has a comment or a body, not both', async () => {
  const { outlook, call } = await start();
  const incoming = outlook.receive('bot@acme.example', {
    from: { address: 'olena@acme.example' },
    subject: 'Hm',
    body: { contentType: 'text', content: '?' },
  });
  const message = { body: { contentType: 'Text', content: 'x' } };

  const both = await call(`POST messages/${incoming.id}/reply`, { comment: 'x', message });
  const one = await call(`POST messages/${incoming.id}/reply`, { message });

  expect([both.status, codeOf(both)]).toEqual([400, 'ErrorInvalidRequest']);
  expect(one.status).toBe(202);
});

describe('a path', () => {
  it.each([
    ['GET calendar', 400, 'BadRequest'],
    ['PATCH messages', 405, 'Request_BadRequest'],
    ['GET mailFolders/elsewhere/messages', 404, 'ErrorItemNotFound'],
    ['GET messages/AAMkAGI', 404, 'ErrorItemNotFound'],
    ['GET mailFolders/inbox/messages/delta', 400, 'BadRequest'],
  ])('%s leads nowhere', async (request, status, code) => {
    const { call } = await start();

    const answer = await call(request, request.startsWith('PATCH') ? {} : undefined);

    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });
});

describe('a batch', () => {
  const write = (id: string, more: Json = {}): Json => ({
    id,
    method: 'POST',
    url: '/users/bot@acme.example/sendMail',
    headers: { 'Content-Type': 'application/json' },
    body: { message: mail() },
    ...more,
  });

  it('answers each request by itself', async () => {
    const { outlook, call } = await start();

    const answer = await call('POST /$batch', {
      requests: [
        write('1'),
        write('2', { body: {} }),
        write('3', { dependsOn: ['2'] }),
        write('4', { dependsOn: ['1'] }),
      ],
    });

    expect(answer.status).toBe(200);
    expect((answer.body['responses'] as readonly Json[]).map(({ id, status }) => [id, status])).toEqual([
      ['1', 202],
      ['2', 400],
      ['3', 424],
      ['4', 202],
    ]);
    expect(outlook.arrived('olena@acme.example')).toHaveLength(2);
  });

  it('has at most twenty, with relative paths and ids of their own', async () => {
    const { outlook, call } = await start();

    for (const requests of [
      Array.from({ length: 21 }, (_, number) => write(String(number))),
      [write('1'), write('1')],
      [write('1', { url: '/v1.0/users/bot@acme.example/sendMail' })],
      [write('1', { url: '/$batch' })],
      [write('1', { dependsOn: ['2'] })],
    ])
      expect((await call('POST /$batch', { requests })).status).toBe(400);
    expect(outlook.arrived('olena@acme.example')).toEqual([]);
  });
});
