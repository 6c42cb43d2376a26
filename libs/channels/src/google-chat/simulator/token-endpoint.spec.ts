import { generateKeyPairSync } from 'node:crypto';
import { assertion, at, bot, start, stopAll, type Json } from './session.js';

afterEach(stopAll);

const noon = Date.parse('2026-04-05T12:00:00Z');
const iat = noon / 1000;
const good = { scope: bot, iat, exp: iat + 3600 };
const at12 = { now: () => new Date(noon) };

describe('the token endpoint', () => {
  it('gives a token for an assertion, and the API takes it for an hour', async () => {
    let now = noon;
    const { key, exchange, call } = await start({ now: () => new Date(now) });

    const answer = await exchange(assertion(key, good));

    expect(answer).toEqual({
      status: 200,
      body: { access_token: expect.stringMatching(/^ya29\./), expires_in: 3599, token_type: 'Bearer' },
    });
    const bearer = String(answer.body['access_token']);
    now += 3_598_000;
    expect((await call('GET spaces', undefined, bearer)).status).toBe(200);
    now += 1000;
    expect((await call('GET spaces', undefined, bearer)).status).toBe(401);
  });

  it.each<[string, Json, Json, string]>([
    ['for somebody else', { aud: 'https://chat.googleapis.com/' }, {}, 'invalid_grant'],
    ['from nobody known', { iss: 'other@acme.example' }, {}, 'invalid_grant'],
    ['that is over', { iat: iat - 3700, exp: iat - 100 }, {}, 'invalid_grant'],
    ['that lasts over an hour', { exp: iat + 3601 }, {}, 'invalid_grant'],
    ['from the future', { iat: iat + 120, exp: iat + 3600 }, {}, 'invalid_grant'],
    ['without a time', { exp: undefined }, {}, 'invalid_grant'],
    ['without a scope', { scope: '' }, {}, 'invalid_scope'],
    ['with a scope that is not there', { scope: `${bot}.everything` }, {}, 'invalid_scope'],
    ['of another algorithm', {}, { alg: 'HS256' }, 'invalid_grant'],
    ['by a key that is not there', {}, { kid: 'f00' }, 'invalid_grant'],
  ])('refuses an assertion %s', async (_, claims, header, error) => {
    const { key, exchange } = await start(at12);

    const answer = await exchange(assertion(key, { ...good, ...claims }, header));

    expect(answer).toEqual({ status: 400, body: { error, error_description: expect.any(String) } });
  });

  it('refuses another signature, and claims that were changed after it', async () => {
    const { key, exchange } = await start(at12);
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const [head, , signature] = assertion(key, good).split('.');
    const [, changed] = assertion(key, { ...good, exp: iat + 60 }).split('.');

    const byAnother = await exchange(assertion({ ...key, private_key: privateKey }, good));
    const mended = await exchange(`${head}.${changed}.${signature}`);

    for (const answer of [byAnother, mended])
      expect(answer).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
      });
  });

  it('refuses what is no assertion, another grant, and another encoding', async () => {
    const { key, exchange, server } = await start(at12);
    const json = JSON.stringify({ assertion: assertion(key, good) });

    const encoded = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: json,
    });

    expect((await exchange('abc')).body['error']).toBe('invalid_grant');
    expect((await exchange('')).body['error']).toBe('invalid_request');
    expect((await exchange(assertion(key, good), { grant_type: 'password' })).body['error']).toBe(
      'unsupported_grant_type',
    );
    expect([encoded.status, at(await encoded.json(), 'error')]).toEqual([400, 'invalid_request']);
  });

  it('lets no app act as a user without delegation', async () => {
    const { key, exchange } = await start(at12);

    const answer = await exchange(assertion(key, { ...good, sub: 'olena@acme.example' }));

    expect(answer).toMatchObject({ status: 401, body: { error: 'unauthorized_client' } });
  });

  it('takes nothing any more from a key that was revoked, nor from an account that was deleted', async () => {
    const { chat, key, exchange, call } = await start(at12);
    const next = chat.credentials.issueKey();

    chat.credentials.revokeKey(key.private_key_id);

    expect((await exchange(assertion(key, good))).body['error']).toBe('invalid_grant');
    expect((await exchange(assertion(next, good))).status).toBe(200);
    expect((await call('GET spaces')).status).toBe(200);
    chat.credentials.deleteAccount();
    expect((await exchange(assertion(next, good))).body['error']).toBe('invalid_grant');
    expect((await call('GET spaces')).status).toBe(401);
  });
});

describe('the API', () => {
  it('refuses a call without a token, with an unknown one, and with one that was taken back', async () => {
    const { chat, call, send } = await start();

    const without = await send('spaces');
    const unknown = await call('GET spaces', undefined, 'ya29.other');
    chat.credentials.expireTokens();
    const old = await call('GET spaces');

    for (const answer of [without, unknown, old])
      expect(answer).toMatchObject({ status: 401, body: { error: { status: 'UNAUTHENTICATED' } } });
  });

  it('wants the scope of the method, and an administrator where it is a wide one', async () => {
    const { chat, token, call } = await start();
    const scope = 'https://www.googleapis.com/auth/chat.app.messages.readonly';
    const reader = await token(scope);
    const list = async (bearer?: string) => call('GET spaces/AAAAops/messages', undefined, bearer);

    const [narrow, asked] = [await list(), await list(reader)];
    chat.credentials.approve(scope);
    const allowed = await list(reader);

    expect(narrow).toMatchObject({
      status: 403,
      body: {
        error: { status: 'PERMISSION_DENIED', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] },
      },
    });
    expect(asked.status).toBe(403);
    expect(allowed).toEqual({ status: 200, body: {} });
  });
});
