import { randomUUID } from 'node:crypto';
import { serviceModule, showConnections } from '#connections';
import { readText } from '#documents';
import { Queues } from '#queues';
import { startService, type RunningService } from '#runtime';
import { MemorySecrets } from '#settings';
import { Documents, type NewDocument } from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { logTo } from '#telemetry';
import { GatewayModule } from './gateway.module.js';

const documents = `
kind: Source
name: clockify
type: clockify
owner: ops
settings: {}
---
kind: Channel
name: slack
type: slack
settings: {}
`;

const token = `${randomUUID()}-${randomUUID()}`;

describe('the gateway', () => {
  const secrets: Record<string, string> = {};
  let test: TestDatabase;
  let queues: Queues;
  let running: RunningService;
  let restore: () => void;
  let logged: string;

  beforeEach(async () => {
    logged = '';
    restore = logTo({ write: (line) => (logged += line) });
    secrets['gateway-token'] = token;
    test = await testDatabase();
    queues = new Queues({ url: test.url });
    await new Documents(test.database).apply(
      readText(documents, 'x.yaml').documents.map((one) => ({
        ...one,
        hash: one.name,
      })) as readonly NewDocument[],
      'hash',
    );
    const connections = { database: test.database, queues, secrets: new MemorySecrets(secrets) };
    running = await startService(serviceModule(connections, GatewayModule), {
      name: 'gateway',
      port: 0,
      host: '127.0.0.1',
    });
  }, 60_000);

  afterEach(async () => {
    await running.stop();
    await queues.close();
    await test.drop();
    restore();
  }, 60_000);

  const ask = async (authorization?: string, path = '/v1/connections', method = 'GET') => {
    const response = await fetch(`${running.url}${path}`, {
      method,
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type')?.split(';')[0],
      kept: response.headers.get('cache-control'),
      asks: response.headers.get('www-authenticate'),
      text,
      body: (text === '' ? undefined : JSON.parse(text)) as unknown,
    };
  };

  it('tells whoever has the token what the command line tells', async () => {
    const answer = await ask(`Bearer ${token}`);

    expect(answer).toMatchObject({ status: 200, type: 'application/json', kept: 'no-store', asks: null });
    expect(answer.body).toEqual({
      connections: JSON.parse(JSON.stringify(await showConnections(test.database))) as unknown,
    });
    expect(answer.body).toMatchObject({
      connections: expect.arrayContaining([
        expect.objectContaining({ name: 'clockify', kind: 'source', state: 'unused' }),
        expect.objectContaining({ name: 'slack', kind: 'channel', state: 'unused' }),
      ]) as unknown,
    });
  });

  it.each([
    ['nothing', undefined],
    ['another token', `Bearer ${'x'.repeat(40)}`],
    ['the beginning of the token', `Bearer ${token.slice(0, -1)}`],
    ['the token with more behind it', `Bearer ${token}x`],
    ['an empty token', 'Bearer '],
    ['the token in another scheme', `Basic ${token}`],
  ])('refuses whoever brings %s, without a hint', async (_, authorization) => {
    const answer = await ask(authorization);

    expect(answer).toMatchObject({
      status: 401,
      type: 'application/problem+json',
      kept: 'no-store',
      asks: 'Bearer',
    });
    expect(answer.body).toEqual({ title: 'Unauthorized', status: 401 });
  });

  it('logs that somebody was refused, once for many, and no token', async () => {
    for (let tries = 0; tries < 5; tries += 1) await ask(`Bearer ${'guess'.repeat(10)}`);

    expect(logged.match(/requests refused/g)).toHaveLength(1);
    expect(logged).not.toContain('guess');
    expect(logged).not.toContain(token);
  });

  it.each([
    ['no token', ''],
    ['a token that is short', 'abc'],
  ])('lets nobody in where there is %s, and says what to set', async (_, given) => {
    secrets['gateway-token'] = given;

    const answers = [await ask(), await ask(`Bearer ${given}`), await ask(`Bearer ${token}`)];

    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, type: 'application/problem+json', kept: 'no-store' });
      expect(answer.text).toContain('CARILLON_SECRET_GATEWAY_TOKEN');
    }
  });

  it('takes up a token that was rotated', async () => {
    const next = `${randomUUID()}${randomUUID()}`;
    secrets['gateway-token'] = next;

    expect(await ask(`Bearer ${next}`)).toMatchObject({ status: 200 });
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 401 });
  });

  it('has nothing to write to, and nothing elsewhere', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(await ask(`Bearer ${token}`, '/v1/connections', method)).toMatchObject({
        status: 404,
        type: 'application/problem+json',
      });
    expect(await ask(`Bearer ${token}`, '/v1/connections/nobody')).toMatchObject({ status: 404 });
    expect(await ask(undefined, '/v1/connections', 'HEAD')).toMatchObject({ status: 401, text: '' });
  });

  it('says that the database is away, and nothing of where it is', async () => {
    await test.drop();

    const answer = await ask(`Bearer ${token}`);

    expect(answer).toMatchObject({ status: 503, type: 'application/problem+json' });
    expect(answer.body).toEqual({
      title: 'Service Unavailable',
      status: 503,
      detail: 'The database does not answer; /readyz says more.',
    });
  });

  it('answers for its health without a token', async () => {
    expect(await ask(undefined, '/healthz')).toMatchObject({ status: 200, body: { alive: true } });
    expect((await ask(undefined, '/readyz')).body).toMatchObject({ checks: { database: 'ok' } });
  });
});
