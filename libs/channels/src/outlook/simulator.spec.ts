import { mailText } from './simulator.js';
import { codeOf, having, immutable, key, mail, start, stopAll, valueOf } from './simulator/session.js';

afterEach(stopAll);

const noon = Date.parse('2026-04-05T12:00:00.500Z');
const keyed = (value: string) => mail({ singleValueExtendedProperties: [{ id: key, value }] });

describe('a draft that is sent', () => {
  it('is answered whole, waits in the drafts, and goes once', async () => {
    const { outlook, call } = await start({ now: () => new Date(noon) });

    const draft = await call('POST messages', keyed('d1'), immutable);
    const sent = await call(`POST messages/${draft.body['id']}/send`, undefined, immutable);

    expect(draft.status).toBe(201);
    expect(draft.body).toMatchObject({
      id: expect.stringMatching(/^AAk/),
      isDraft: true,
      subject: 'INC-42',
      body: { contentType: 'html', content: '<p>Checkout <b>down</b></p>' },
      bodyPreview: 'Checkout down',
      createdDateTime: '2026-04-05T12:00:00Z',
      internetMessageId: expect.stringMatching(/^<.+@.+>$/),
      conversationId: expect.stringMatching(/^AAQk/),
      toRecipients: [{ emailAddress: { address: 'olena@acme.example', name: 'Olena' } }],
    });
    expect(draft.body).not.toHaveProperty('singleValueExtendedProperties');
    expect(sent.status).toBe(202);
    expect(sent.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(outlook.messages('bot@acme.example', 'drafts')).toEqual([]);
    expect(outlook.messages('bot@acme.example', 'sentitems')).toHaveLength(1);
    const [arrived, ...more] = outlook.arrived('olena@acme.example');
    expect(more).toEqual([]);
    expect(arrived?.content).toMatchObject({ subject: 'INC-42', from: { address: 'bot@acme.example' } });
    expect(arrived && mailText(arrived)).toBe('Checkout down');
  });

  it('is found by its extended property before and after, and by nothing that is another', async () => {
    const { call } = await start();
    const draft = await call('POST messages', keyed('d1'), immutable);
    const look = async (value: string, id?: string) =>
      valueOf(await call(`GET messages?${having(value, id)}&$select=id,isDraft`, undefined, immutable));

    const before = await look('d1');
    await call(`POST messages/${draft.body['id']}/send`, undefined, immutable);
    const after = await look(
      'd1',
      key.toUpperCase().replace('DELIVERYID', 'DeliveryId').replace('NAME', 'Name'),
    );

    expect(before).toMatchObject([{ id: draft.body['id'], isDraft: true }]);
    expect(after).toMatchObject([{ id: draft.body['id'], isDraft: false }]);
    expect(after[0]).not.toHaveProperty('subject');
    expect(await look('d2')).toEqual([]);
    expect(await look('d1', key.replace('DeliveryId', 'Other'))).toEqual([]);
  });

  it('shows the value of a property to those who expand it', async () => {
    const { call } = await start();
    const draft = await call('POST messages', keyed('d1'));

    const answer = await call(
      `GET messages/${draft.body['id']}?$select=id&$expand=singleValueExtendedProperties($filter=id eq '${key}')`,
    );

    expect(answer.body['singleValueExtendedProperties']).toEqual([{ id: key, value: 'd1' }]);
  });

  it('cannot be sent twice, by either kind of id', async () => {
    const { outlook, call } = await start();
    const usual = await call('POST messages', mail());
    const lasting = await call('POST messages', mail(), immutable);
    const sendUsual = async () => call(`POST messages/${usual.body['id']}/send`);
    const sendLasting = async () => call(`POST messages/${lasting.body['id']}/send`, undefined, immutable);
    await sendUsual();
    await sendLasting();

    const [again, lastingAgain] = [await sendUsual(), await sendLasting()];

    expect([again.status, codeOf(again)]).toEqual([404, 'ErrorItemNotFound']);
    expect([lastingAgain.status, codeOf(lastingAgain)]).toEqual([400, 'ErrorInvalidRequest']);
    expect(outlook.arrived('olena@acme.example')).toHaveLength(2);
  });

  it('gets another usual id with each move, and none of the two kinds opens where the other is asked for', async () => {
    const { outlook, call } = await start();
    const draft = await call('POST messages', mail());
    const [message] = outlook.messages('bot@acme.example');

    const moved = await call(`POST messages/${draft.body['id']}/move`, { destinationId: 'archive' });

    expect(moved.status).toBe(201);
    expect(moved.body['id']).not.toBe(draft.body['id']);
    expect((await call(`GET messages/${draft.body['id']}`)).status).toBe(404);
    expect((await call(`GET messages/${moved.body['id']}`)).status).toBe(200);
    expect((await call(`GET messages/${moved.body['id']}`, undefined, immutable)).status).toBe(404);
    expect((await call(`GET messages/${message?.immutableId}`)).status).toBe(404);
    expect((await call(`GET messages/${message?.immutableId}`, undefined, immutable)).status).toBe(200);
  });

  it('may have another Message-ID than the draft was given', async () => {
    const message = mail({ internetMessageId: '<d1@acme.example>' });
    const sentIds = async (keepsMessageId: boolean) => {
      const { outlook, call } = await start({ doubts: { keepsMessageId } });
      const draft = await call('POST messages', message);
      expect(draft.body['internetMessageId']).toBe('<d1@acme.example>');
      await call(`POST messages/${draft.body['id']}/send`);
      return outlook.arrived('olena@acme.example').map(({ content }) => content.internetMessageId);
    };

    expect(await sentIds(true)).toEqual(['<d1@acme.example>']);
    expect(await sentIds(false)).not.toEqual(['<d1@acme.example>']);
  });

  it('is in the outbox for a while, or nowhere, and only then with who reads it', async () => {
    for (const whileSending of ['outbox', 'nowhere'] as const) {
      let now = noon;
      const { outlook, call } = await start({
        now: () => new Date(now),
        lagMs: 2000,
        doubts: { whileSending },
      });
      const draft = await call('POST messages', keyed('d1'), immutable);
      await call(`POST messages/${draft.body['id']}/send`, undefined, immutable);
      const look = async () =>
        valueOf(await call(`GET messages?${having('d1')}`, undefined, immutable)).length;

      now += 1999;
      expect(await look()).toBe(whileSending === 'outbox' ? 1 : 0);
      expect(outlook.arrived('olena@acme.example')).toEqual([]);
      now += 1;
      expect(await look()).toBe(1);
      expect(outlook.messages('bot@acme.example', 'sentitems')).toHaveLength(1);
      expect(outlook.arrived('olena@acme.example')).toHaveLength(1);
    }
  });
});

describe('a message sent in one call', () => {
  it('is answered by nothing, and is in Sent Items after a while where that is wanted', async () => {
    let now = noon;
    const { outlook, call } = await start({ now: () => new Date(now), lagMs: 2000 });

    const answer = await call('POST sendMail', { message: keyed('d1') });
    await call('POST sendMail', { message: keyed('d2'), saveToSentItems: 'false' });

    expect([answer.status, answer.body]).toEqual([202, {}]);
    expect(valueOf(await call(`GET messages?${having('d1')}`))).toEqual([]);
    now += 2000;
    expect(valueOf(await call(`GET messages?${having('d1')}`))).toHaveLength(1);
    expect(valueOf(await call(`GET messages?${having('d2')}`))).toEqual([]);
    expect(outlook.arrived('olena@acme.example')).toHaveLength(2);
  });

  it('may be MIME', async () => {
    const { outlook, call } = await start();
    const mime = [
      'From: Carillon <bot@acme.example>',
      'To: "Olena, the first" <olena@acme.example>, max@other.example',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'X-Delivery-Id: d1',
      'Content-Type: multipart/alternative; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'plain',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<p>rich</p>').toString('base64'),
      '--b--',
    ].join('\r\n');
    const text = { 'content-type': 'text/plain' };

    const answer = await call('POST sendMail', Buffer.from(mime).toString('base64'), text);
    const bad = await call('POST sendMail', 'not base64!', text);

    expect(answer.status).toBe(202);
    expect([bad.status, codeOf(bad)]).toEqual([400, 'ErrorMimeContentInvalidBase64String']);
    expect(outlook.arrived('olena@acme.example')[0]?.content).toMatchObject({
      subject: 'Grüße',
      body: { contentType: 'html', content: '<p>rich</p>' },
      headers: [{ name: 'x-delivery-id', value: 'd1' }],
    });
    expect(outlook.arrived('MAX@other.example')).toHaveLength(1);
  });

  it('comes back as a mail where it cannot be delivered, and Graph says nothing of it', async () => {
    const { outlook, call } = await start();
    const to = (...addresses: readonly string[]) => ({
      message: mail({ toRecipients: addresses.map((address) => ({ emailAddress: { address } })) }),
    });
    outlook.addMailbox({ userPrincipalName: 'max@acme.example', displayName: 'Max' });
    outlook.changeMailbox('max@acme.example', { full: true });

    const answer = await call(
      'POST sendMail',
      to('nobody@acme.example', 'max@acme.example', 'olena@acme.example'),
    );

    expect(answer.status).toBe(202);
    expect(outlook.arrived('olena@acme.example')).toHaveLength(1);
    expect(outlook.arrived('max@acme.example')).toEqual([]);
    const [ndr] = outlook.messages('bot@acme.example', 'inbox');
    expect(ndr?.content.subject).toBe('Undeliverable: INC-42');
    expect(ndr && mailText(ndr)).toMatch(/nobody@acme\.example\nmax@acme\.example/);
  });
});

describe('a thread', () => {
  it('is made by replies alone, over both mailboxes', async () => {
    const { outlook, call } = await start();
    const draft = await call('POST messages', mail(), immutable);
    await call(`POST messages/${draft.body['id']}/send`, undefined, immutable);
    await call('POST sendMail', { message: mail({ subject: 'INC-42' }) });
    const [first] = outlook.arrived('olena@acme.example');
    outlook.receive('bot@acme.example', {
      from: { address: 'olena@acme.example' },
      subject: 'Re: INC-42',
      body: { contentType: 'text', content: 'ok' },
      inReplyTo: first?.content.internetMessageId ?? '',
    });

    const reply = await call(`POST messages/${draft.body['id']}/reply`, { comment: 'a < b' }, immutable);
    const [inbox] = valueOf(
      await call('GET mailFolders/inbox/messages?$select=conversationId', undefined, immutable),
    );
    const created = await call(`POST messages/${inbox?.['id']}/createReply`, {}, immutable);

    expect(reply.status).toBe(202);
    expect(created.body).toMatchObject({
      isDraft: true,
      subject: 'Re: INC-42',
      conversationId: draft.body['conversationId'],
      toRecipients: [{ emailAddress: { address: 'olena@acme.example' } }],
    });
    expect(inbox?.['conversationId']).toBe(draft.body['conversationId']);
    expect(outlook.threads('bot@acme.example').map(({ messages }) => messages.length)).toEqual([4, 1]);
    expect(outlook.threads('olena@acme.example').map(({ messages }) => messages.length)).toEqual([2, 1]);
    expect(outlook.arrived('olena@acme.example')[2]?.content).toMatchObject({
      subject: 'RE: INC-42',
      inReplyTo: first?.content.internetMessageId,
      body: { content: expect.stringContaining('a &lt; b') },
    });
  });
});

describe('what the simulator holds', () => {
  it('takes scripts out without a word, and leaves cards in', async () => {
    const { outlook, call } = await start();
    const card = '<script type="application/adaptivecard+json">{}</script>';
    const content = `<html>${card}<p>x</p><script>alert(1)</script></html>`;

    await call('POST sendMail', { message: mail({ body: { contentType: 'html', content } }) });

    expect(outlook.arrived('olena@acme.example')[0]?.content).toMatchObject({
      body: { content: `<html>${card}<p>x</p></html>` },
      remarks: ['scripts removed: 1'],
    });
  });

  it('gives text for HTML to those who prefer it', async () => {
    const { call } = await start();
    const content = '<p>a &amp; b</p><p>c</p>';
    const draft = await call('POST messages', mail({ body: { contentType: 'HTML', content } }));

    const answer = await call(`GET messages/${draft.body['id']}?$select=body`, undefined, {
      prefer: 'outlook.body-content-type="text"',
    });

    expect(answer.body['body']).toEqual({ contentType: 'text', content: 'a & b\nc' });
  });

  it('comes back from what it saved: mail, tokens, what was allowed and what is on its way', async () => {
    let now = noon;
    const options = { now: () => new Date(now), lagMs: 2000 };
    const one = await start(options);
    const other = await start({ ...options });
    await one.call('POST sendMail', { message: keyed('d1') });
    one.outlook.entra.withdraw('User.Read.All');
    const bearer = { authorization: `Bearer ${await one.token()}` };

    other.outlook.load(JSON.parse(JSON.stringify(one.outlook.save())));

    expect(other.outlook.save()).toEqual(one.outlook.save());
    now += 2000;
    expect(valueOf(await other.call(`GET messages?${having('d1')}`, undefined, bearer))).toHaveLength(1);
    expect((await other.call('GET /users/bot@acme.example', undefined, bearer)).status).toBe(403);
    expect(() => {
      other.outlook.load({ version: 2 });
    }).toThrow('no state of the Outlook simulator');
  });

  it('keeps nobody waiting with ten thousand messages, and counts calls by method', async () => {
    const { outlook, call } = await start();
    const ask = async (method: string, path: string, query = '', body = '') =>
      outlook.handle({
        method,
        path: `/v1.0/users/bot@acme.example/${path}`,
        query: new URLSearchParams(query),
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === '' ? {} : { 'content-type': 'application/json' }),
        },
        body,
      });
    const { token } = outlook.entra.issueToken(3599);

    for (let number = 0; number < 10_000; number += 1)
      await ask('POST', 'sendMail', '', JSON.stringify({ message: keyed(`d${number}`) }));
    for (let number = 0; number < 1000; number += 1) await ask('GET', 'messages', having(`d${number}`));

    expect(outlook.arrived('olena@acme.example')).toHaveLength(10_000);
    expect(valueOf(await call(`GET messages?${having('d77')}`))).toHaveLength(1);
    expect(Object.fromEntries(outlook.calls)).toEqual({
      'POST /{tenant}/oauth2/v2.0/token': 1,
      'POST /users/{user}/sendMail': 10_000,
      'GET /users/{user}/messages': 1001,
    });
  });

  it('acts, or does not, before a connection is cut', async () => {
    const { outlook, server, call } = await start();
    for (const kind of ['cut-before', 'cut-after'] as const) {
      server.plan({ kind });
      await expect(call('POST sendMail', { message: keyed(kind) })).rejects.toThrow('fetch failed');
    }

    expect(outlook.messages('bot@acme.example').map(({ content }) => content.properties[0]?.value)).toEqual([
      'cut-after',
    ]);
  });
});
