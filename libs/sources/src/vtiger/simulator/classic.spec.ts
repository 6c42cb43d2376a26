import type { VtigerSimulatorOptions } from '../simulator.js';
import { type Answer, api, key, md5, Sample } from './sample.fixture.js';

let vtiger: Sample;

async function reopen(options: VtigerSimulatorOptions = {}): Promise<void> {
  await vtiger?.close();
  vtiger = await Sample.open(options);
}

describe('the simulated classic web service', () => {
  beforeEach(() => reopen());
  afterAll(() => vtiger.close());

  describe('refuses, always with status 200,', () => {
    const revise = (sessionName: string, element: string): Promise<Answer> =>
      vtiger.classicPost({ operation: 'revise', sessionName, element });

    it.each<[string, (sessionName: string) => Promise<Answer>, string]>([
      [
        'an operation that is not there',
        () => vtiger.classicGet({ operation: 'select' }),
        'UNKNOWN_OPERATION',
      ],
      ['no operation', () => vtiger.classicGet({}), 'UNKNOWN_OPERATION'],
      [
        'a login by GET',
        () => vtiger.classicGet({ operation: 'login', username: 'api', accessKey: key }),
        'OPERATION_NOT_SUPPORTED',
      ],
      [
        'a query by POST',
        (sessionName) =>
          vtiger.classicPost({ operation: 'query', sessionName, query: 'SELECT * FROM HelpDesk;' }),
        'OPERATION_NOT_SUPPORTED',
      ],
      [
        'a JSON body',
        () =>
          vtiger.send('/webservice.php', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ operation: 'login', username: 'api' }),
          }),
        'UNKNOWN_OPERATION',
      ],
      [
        'a call without a session',
        () => vtiger.classicGet({ operation: 'listtypes' }),
        'AUTHENTICATION_REQUIRED',
      ],
      [
        'a session in a header',
        () => vtiger.send('/webservice.php?operation=listtypes', { headers: { sessionName: 'x' } }),
        'AUTHENTICATION_REQUIRED',
      ],
      [
        'a session that is not',
        () => vtiger.classicGet({ operation: 'listtypes', sessionName: '7d2f' }),
        'INVALID_SESSIONID',
      ],
      [
        'a parameter that the operation does not have',
        (sessionName) =>
          vtiger.classicGet({
            operation: 'query',
            sessionName,
            query: 'SELECT * FROM HelpDesk;',
            limit: '5',
          }),
        'OPERATION_NOT_SUPPORTED',
      ],
      [
        'a module that is not there',
        (sessionName) => vtiger.classicGet({ operation: 'describe', sessionName, elementType: 'Tasks' }),
        'UNKOWN_ENTITY',
      ],
      [
        'an id that is only a number',
        (sessionName) => vtiger.classicGet({ operation: 'retrieve', sessionName, id: '901' }),
        'INVALID_ID_ATTRIBUTE',
      ],
      [
        'an id of nothing',
        (sessionName) => vtiger.classicGet({ operation: 'retrieve', sessionName, id: '17x1' }),
        'RECORD_NOT_FOUND',
      ],
      [
        'an update without what is mandatory',
        (sessionName) => vtiger.classicPost({ operation: 'update', sessionName, element: '{"id":"17x901"}' }),
        'MANDATORY_FIELDS_MISSING',
      ],
      [
        'a reference to a record of the wrong module',
        (sessionName) => revise(sessionName, '{"id":"17x901","contact_id":"11x123"}'),
        'REFERENCE_INVALID',
      ],
      [
        'a value that is no string',
        (sessionName) => revise(sessionName, '{"id":"17x901","hours":3}'),
        'FAILED_TO_CREATE',
      ],
      [
        'an element that is no JSON',
        (sessionName) => revise(sessionName, 'id=17x901'),
        'INVALID_ID_ATTRIBUTE',
      ],
      [
        'a time of sync that is no number of seconds',
        (sessionName) => vtiger.classicGet({ operation: 'sync', sessionName, modifiedTime: '2026-03-01' }),
        'DATABASE_QUERY_ERROR',
      ],
      [
        'the extension of a session of the web pages',
        () => vtiger.classicPost({ operation: 'extendsession' }),
        'AUTHENTICATION_REQUIRED',
      ],
      [
        'what is not simulated',
        (sessionName) =>
          vtiger.classicGet({ operation: 'relatedtypes', sessionName, elementType: 'HelpDesk' }),
        'OPERATION_NOT_SUPPORTED',
      ],
    ])('%s', async (_, ask, code) => {
      expect(await ask(await vtiger.login())).toMatchObject({ status: 200, code });
    });

    describe('a login', () => {
      const prove = (accessKey: string, username = 'api'): Promise<Answer> =>
        vtiger.classicPost({ operation: 'login', username, accessKey });

      it('without a challenge, with a late one, or with a used one', async () => {
        const codes = [(await prove(md5(`x${key}`))).code];
        const token = await vtiger.challenge();
        await prove(md5(token + key));
        codes.push((await prove(md5(token + key))).code);
        const late = await vtiger.challenge();
        vtiger.now += 300_000;
        codes.push((await prove(md5(late + key))).code);

        expect(codes).toEqual(['INVALID_AUTH_TOKEN', 'INVALID_AUTH_TOKEN', 'INVALID_AUTH_TOKEN']);
      });

      it('with a challenge that a later one has deleted', async () => {
        const first = await vtiger.challenge();
        const second = await vtiger.challenge();

        expect((await prove(md5(first + key))).code).toBe('INVALID_USER_CREDENTIALS');
        expect((await prove(md5(second + key))).code).toBeUndefined();
      });

      it.each<[string, (token: string) => string]>([
        ['the key itself', () => key],
        ['upper-case digits', (token) => md5(token + key).toUpperCase()],
        ['key and token swapped', (token) => md5(key + token)],
        ['another key', (token) => md5(`${token}secret`)],
      ])('with %s', async (_, proof) => {
        const token = await vtiger.challenge();

        expect((await prove(proof(token))).code).toBe('INVALID_USER_CREDENTIALS');
      });

      it('of a user without a key, who is inactive, or who is not there', async () => {
        const noKey = await prove(
          md5((await vtiger.challenge('olena@acme.example')) + key),
          'olena@acme.example',
        );
        const nobody = await prove(md5((await vtiger.challenge('nobody')) + key), 'nobody');
        vtiger.simulator.editUser(api, { status: 'Inactive' });
        const inactive = await prove(md5((await vtiger.challenge()) + key));

        expect([noKey.code, nobody.code, inactive.code]).toEqual([
          'ACCESSKEY_UNDEFINED',
          'INVALID_USER_CREDENTIALS',
          'AUTHENTICATION_FAILURE',
        ]);
      });
    });
  });

  describe('a session ends', () => {
    const ask = async (sessionName: string): Promise<string> =>
      (await vtiger.classicGet({ operation: 'listtypes', sessionName })).code ?? 'fine';

    it('after half an hour without use, and no sooner', async () => {
      const sessionName = await vtiger.login();
      vtiger.now += 1_800_000;
      const used = await ask(sessionName);
      vtiger.now += 1_801_000;

      expect([used, await ask(sessionName)]).toEqual(['fine', 'SESSION_LEFT_IDLE']);
    });

    it('after a day, however it is used', async () => {
      const sessionName = await vtiger.login();
      const seen = new Set<string>();
      for (let hours = 0; hours < 24; hours += 0.5) {
        vtiger.now += 1_800_000;
        seen.add(await ask(sessionName));
      }
      vtiger.now += 1_000;

      expect([...seen, await ask(sessionName)]).toEqual(['fine', 'SESSION_EXPIRED']);
    });

    it('in mid-run where a test wants it, as often as it wants', async () => {
      const first = await vtiger.login();
      vtiger.simulator.endSessions('SESSION_EXPIRED', 2);
      vtiger.simulator.endSessions('AUTHENTICATION_REQUIRED');

      const seen = [await ask(first), await ask(first), await ask(first), await ask(await vtiger.login())];

      expect(seen).toEqual(['fine', 'fine', 'SESSION_EXPIRED', 'AUTHENTICATION_REQUIRED']);
      expect(await ask(await vtiger.login())).toBe('fine');
    });
  });
});
