import { start, stopAll, type Json } from './session.js';

afterEach(stopAll);

describe('people', () => {
  it('are found by the beginnings of names and addresses, also by a hidden one', async () => {
    const { jira, olena, call } = await start();
    jira.addPerson({ displayName: 'Olena App', emailAddress: 'app@acme.example', accountType: 'app' });
    jira.changePerson(olena.accountId, { emailVisible: false });
    const found = async (query: string) =>
      ((await call(`GET /user/search?query=${query}`)).body as unknown as Json[]).map(
        ({ displayName, emailAddress }) => [displayName, emailAddress],
      );

    expect(await found('olena@acme.example')).toEqual([['Olena Koval', undefined]]);
    expect(await found('kov')).toEqual([['Olena Koval', undefined]]);
    expect(await found('olena')).toHaveLength(2);
    expect(await found('oval')).toEqual([]);
  });

  it('are nobody without the permission, and need a query', async () => {
    const { jira, bot, call } = await start();

    const without = await call('GET /user/search');
    jira.changePerson(bot.accountId, { browsesUsers: false });
    const blind = await call('GET /user/search?query=olena');

    expect(without.status).toBe(400);
    expect([blind.status, blind.body]).toEqual([200, []]);
  });
});
