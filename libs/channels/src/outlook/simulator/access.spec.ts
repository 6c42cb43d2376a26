import { codeOf, mail, start, stopAll, type Json } from './session.js';

afterEach(stopAll);

const noon = Date.parse('2026-04-05T12:00:00Z');

describe('the token endpoint', () => {
  it('gives a token, and Graph takes it until it is over', async () => {
    let now = noon;
    const { exchange, call, outlook } = await start({ now: () => new Date(now) });

    const answer = await exchange({}, outlook.entra.domain);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.stringMatching(/^eyJ0/),
    });
    const bearer = { authorization: `Bearer ${answer.body['access_token']}` };
    now += 3_598_000;
    expect((await call('GET messages', undefined, bearer)).status).toBe(200);
    now += 1000;
    expect(codeOf(await call('GET messages', undefined, bearer))).toBe('InvalidAuthenticationToken');
  });

  it.each<[string, Readonly<Record<string, string>>, number, string, number]>([
    ['another secret', { client_secret: 'x' }, 401, 'invalid_client', 7000215],
    ['no secret', { client_secret: '' }, 401, 'invalid_client', 7000218],
    ['another app', { client_id: 'x' }, 400, 'unauthorized_client', 700016],
    ['a scope by name', { scope: 'https://graph.microsoft.com/Mail.Send' }, 400, 'invalid_scope', 1002012],
    ['the scope of something else', { scope: 'https://other.example/.default' }, 400, 'invalid_scope', 70011],
    ['no scope', { scope: '' }, 400, 'invalid_request', 900144],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['a field that is not there', { resource: 'x' }, 400, 'invalid_request', 90023],
  ])('refuses %s', async (_, form, status, error, number) => {
    const { exchange } = await start({ now: () => new Date(noon) });

    const answer = await exchange(form);

    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      error,
      error_description: expect.stringMatching(new RegExp(`^AADSTS${number}: `)),
      error_codes: [number],
      timestamp: '2026-04-05 12:00:00Z',
      trace_id: expect.any(String),
      correlation_id: expect.any(String),
    });
  });

  it.each([
    ['other.example', 90002],
    ['common', 50059],
    ['organizations', 50059],
  ])('knows no tenant %s', async (tenant, number) => {
    const { exchange } = await start();

    const answer = await exchange({}, tenant);

    expect([answer.status, answer.body['error'], answer.body['error_codes']]).toEqual([
      400,
      'invalid_request',
      [number],
    ]);
  });

  it('wants a form', async () => {
    const { send, server, outlook } = await start();

    const answer = await send(`${server.url}/${outlook.entra.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });

    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
  });

  it('takes a secret no more once it was revoked or is over, while tokens go on', async () => {
    let now = noon;
    const { outlook, exchange, call } = await start({ now: () => new Date(now) });
    const next = outlook.entra.issueSecret(new Date(noon + 1000));

    outlook.entra.revokeSecret(outlook.entra.clientSecret);

    expect((await exchange()).body['error_codes']).toEqual([7000215]);
    expect((await exchange({ client_secret: next })).status).toBe(200);
    now += 1000;
    expect((await exchange({ client_secret: next })).body['error_codes']).toEqual([7000222]);
    expect((await call('GET messages')).status).toBe(200);
    outlook.entra.expireTokens();
    expect((await call('GET messages')).status).toBe(401);
  });

  it('knows an app no more that was thrown out', async () => {
    const { outlook, exchange, call } = await start();

    outlook.entra.removeApp();

    expect((await exchange()).body['error_codes']).toEqual([700016]);
    expect(codeOf(await call('GET messages'))).toBe('ErrorAccessDenied');
    outlook.entra.restoreApp();
    expect((await call('GET messages')).status).toBe(200);
  });
});

describe('Graph', () => {
  it('refuses a call without a token, and with one that is none', async () => {
    const { call } = await start();

    for (const authorization of ['', 'Bearer x', 'Basic x'])
      expect(await call('GET messages', undefined, { authorization })).toMatchObject({
        status: 401,
        body: { error: { code: 'InvalidAuthenticationToken', innerError: { date: expect.any(String) } } },
      });
  });

  it('wants the permission of the method, loses it at once, and gives it back with a new token only', async () => {
    const { outlook, call, token } = await start();
    const sending = async (headers: Readonly<Record<string, string>> = {}) =>
      call('POST sendMail', { message: mail() }, headers);

    outlook.entra.withdraw('Mail.Send');
    const refused = await sending();
    expect([refused.status, codeOf(refused)]).toEqual([403, 'ErrorAccessDenied']);
    expect((await call('POST messages', mail())).status).toBe(201);

    const late = await token();
    outlook.entra.grant('Mail.Send');
    expect((await sending({ authorization: `Bearer ${late}` })).status).toBe(403);
    expect((await sending({ authorization: `Bearer ${await token()}` })).status).toBe(202);

    outlook.entra.withdraw('Mail.ReadWrite');
    expect((await call('GET messages')).status).toBe(200);
    expect((await call('POST messages', mail())).status).toBe(403);
    outlook.entra.revokeConsent();
    expect((await call('GET messages')).status).toBe(403);
    expect(codeOf(await call('GET /users/bot@acme.example'))).toBe('Authorization_RequestDenied');
  });

  it('keeps the app to the mailboxes that an administrator allowed', async () => {
    const { outlook, call } = await start();
    outlook.entra.restrictTo(['Bot@acme.example']);

    const other = await call('GET /users/olena@acme.example/messages');

    expect([other.status, codeOf(other)]).toEqual([403, 'ErrorAccessDenied']);
    expect((await call('GET messages')).status).toBe(200);
    outlook.entra.restrictTo();
    expect((await call('GET /users/olena@acme.example/messages')).status).toBe(200);
  });

  it('knows users by id and principal name alone', async () => {
    const { outlook, call, bot } = await start();
    outlook.addMailbox({
      userPrincipalName: 'p.m@acme.example',
      address: 'pm@acme.example',
      displayName: 'P',
    });

    expect((await call(`GET /users/${bot.id.toUpperCase()}/messages`)).status).toBe(200);
    expect((await call(`GET /users('${bot.id}')/mailFolders('inbox')/messages`)).status).toBe(200);
    expect((await call('GET /users/P.M%40acme.example/messages')).status).toBe(200);
    const byAddress = await call('GET /users/pm@acme.example/messages');
    expect([byAddress.status, codeOf(byAddress)]).toEqual([404, 'ErrorInvalidUser']);
    expect(codeOf(await call('GET /users/pm@acme.example'))).toBe('Request_ResourceNotFound');
    expect((await call('GET /users/p.m@acme.example?$select=mail')).body).toMatchObject({
      mail: 'pm@acme.example',
    });
    expect(codeOf(await call('GET /me/messages'))).toBe('BadRequest');
  });

  it.each<[string, Json, number, string]>([
    ['without a licence', { enabled: false }, 404, 'MailboxNotEnabledForRESTAPI'],
    ['that is full', { full: true }, 507, 'ErrorQuotaExceeded'],
    ['that is blocked', { blocked: true }, 403, 'ErrorMessageSubmissionBlocked'],
  ])('sends nothing from a mailbox %s', async (_, change, status, code) => {
    const { outlook, call } = await start();
    outlook.changeMailbox('bot@acme.example', change);

    const answer = await call('POST sendMail', { message: mail() });

    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(outlook.arrived('olena@acme.example')).toEqual([]);
  });

  it('lets a mailbox send as another only where it may', async () => {
    const { outlook, call } = await start();
    const message = mail({ from: { emailAddress: { address: 'ops@acme.example' } } });

    const refused = await call('POST sendMail', { message });
    outlook.changeMailbox('bot@acme.example', { sendAs: ['ops@acme.example'] });

    expect([refused.status, codeOf(refused)]).toEqual([403, 'ErrorSendAsDenied']);
    expect((await call('POST sendMail', { message })).status).toBe(202);
  });
});
