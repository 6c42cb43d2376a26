import { codeOf, having, mail, start, stopAll, valueOf, type Answer } from './session.js';

afterAll(stopAll);

/** Five drafts, one a minute, the last one with a category. */
async function five() {
  let now = Date.parse('2026-04-05T12:00:00Z');
  const session = await start({ now: () => new Date(now) });
  for (const number of [1, 2, 3, 4, 5]) {
    const more = { subject: `s${number}`, importance: number > 3 ? 'high' : 'low' };
    const categories = number === 5 ? ["Olena's"] : [];
    await session.call(
      'POST messages',
      mail({ ...more, categories, internetMessageId: `<m${number}@acme.example>` }),
    );
    now += 60_000;
  }
  return session;
}

/** The same five for all specs that only look. */
let shared: ReturnType<typeof five> | undefined;
const sameFive = () => (shared ??= five());

const subjects = (answer: Answer): unknown => valueOf(answer).map(({ subject }) => subject);
const filtered = (filter: string, more = ''): string =>
  `GET messages?$filter=${encodeURIComponent(filter)}${more}`;

describe('a list', () => {
  it('begins with what came last, ten at a time', async () => {
    const { call, server } = await five();
    for (let number = 0; number < 6; number += 1) await call('POST messages', mail({ subject: 'more' }));

    const first = await call('GET messages?$count=true');
    expect(valueOf(first)).toHaveLength(10);
    expect(first.body['@odata.count']).toBe(11);
    expect(first.body['@odata.nextLink']).toBe(
      `${server.url}/v1.0/users/bot@acme.example/messages?$count=true&$skip=10`,
    );
  });

  it('goes on where its link leads, to the end', async () => {
    const { call, server } = await sameFive();
    const seen: unknown[] = [];
    let path: string | undefined =
      '/users/bot@acme.example/mailFolders/drafts/messages?$select=subject&$top=2';

    while (path !== undefined) {
      const page: Answer = await call(`GET ${path}`);
      seen.push(subjects(page));
      const link = page.body['@odata.nextLink'];
      path = link === undefined ? undefined : String(link).replace(`${server.url}/v1.0`, '');
    }

    expect(seen).toEqual([['s5', 's4'], ['s3', 's2'], ['s1']]);
  });

  it.each([
    ["subject eq 's2'", ['s2']],
    ["internetMessageId eq '<m3@acme.example>'", ['s3']],
    ['receivedDateTime ge 2026-04-05T12:03:00Z', ['s5', 's4']],
    ['receivedDateTime gt 2026-04-05T14:03:00+02:00 and isDraft eq true', ['s5']],
    ["(subject eq 's1' or startswith(subject,'s5')) and not (isRead eq false)", ['s5', 's1']],
    ["categories/any(c:c eq 'Olena''s')", ['s5']],
    ["importance eq 'low' and subject ne 's2'", ['s3', 's1']],
    ['isDraft eq false', []],
  ])('knows the filter %s', async (filter, expected) => {
    const { call } = await sameFive();

    expect(subjects(await call(filtered(filter)))).toEqual(expected);
  });

  it.each([
    "subjekt eq 's2'",
    'subject eq s2',
    "subject = 's2'",
    "subject gt 's2'",
    'isDraft eq 1',
    "receivedDateTime ge '2026-04-05T12:03:00Z'",
    "subject eq 's2' and",
    "(subject eq 's2'",
    "contains(toRecipients,'x')",
    "singleValueExtendedProperties/any(ep: ep/value eq 'x')",
    "categories/all(c:c eq 'x')",
  ])('refuses the filter %s', async (filter) => {
    const { call } = await sameFive();

    const answer = await call(filtered(filter));

    expect([answer.status, codeOf(answer)]).toEqual([400, 'BadRequest']);
  });

  it('is ordered by what comes first in its filter', async () => {
    const { call } = await sameFive();
    const since = 'receivedDateTime ge 2026-04-05T12:01:00Z';

    const good = await call(filtered(`${since} and importance eq 'low'`, '&$orderby=receivedDateTime asc'));
    const late = await call(filtered(`importance eq 'low' and ${since}`, '&$orderby=receivedDateTime asc'));
    const absent = await call(`GET messages?${having('x')}&$orderby=receivedDateTime desc`);

    expect(subjects(good)).toEqual(['s2', 's3']);
    for (const answer of [late, absent])
      expect([answer.status, codeOf(answer)]).toEqual([400, 'InefficientFilter']);
  });

  it.each([
    '$top=0',
    '$top=1001',
    '$skip=-1',
    '$select=subjekt',
    '$orderby=body',
    '$search="x"',
    '$format=json',
    'select=subject',
    '$expand=extensions',
    '$expand=singleValueExtendedProperties',
    '$top=1&$top=2',
    '$filter=',
  ])('refuses %s', async (query) => {
    const { call } = await sameFive();

    const answer = await call(`GET messages?${query}`);

    expect([answer.status, codeOf(answer)]).toEqual([400, 'BadRequest']);
  });
});

it('folders say how much is in them', async () => {
  const { call } = await sameFive();

  const drafts = await call('GET mailFolders/drafts?$select=displayName,totalItemCount');
  const byId = await call(`GET mailFolders/${drafts.body['id']}/messages`);

  expect(drafts.body).toEqual({ id: expect.any(String), displayName: 'Drafts', totalItemCount: 5 });
  expect(valueOf(byId)).toHaveLength(5);
  expect(valueOf(await call('GET mailFolders'))).toHaveLength(7);
});
