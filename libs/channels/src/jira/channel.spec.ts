import { RemoteError } from '#http';
import type { Receipt } from '../contract.js';
import { jira } from './index.js';
import {
  attemptOf,
  closeAll,
  comments,
  creates,
  edits,
  messageOf,
  open,
  type Session,
} from './session.fixture.js';
import { documentText, jiraError, jiraThrottled, type SimulatedIssue } from './simulator.js';

afterEach(closeAll);

const send = async (
  { channel, destination }: Session,
  more: Readonly<Record<string, unknown>> = {},
  message = messageOf('Checkout down'),
  attempt = attemptOf(),
): Promise<Receipt> => {
  const receipt = await channel.send?.(message, await destination(more), attempt);
  if (!receipt) throw new Error('the channel takes no messages');
  return receipt;
};

const update = (
  { channel }: Session,
  receipt: Receipt,
  message = messageOf('Checkout still down'),
  attempt = attemptOf({ revision: 2 }),
): Promise<Receipt> => {
  if (!channel.update) throw new Error('the channel corrects nothing');
  return channel.update(receipt, message, attempt);
};

const failing = async (act: Promise<unknown>): Promise<RemoteError> => {
  const error = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RemoteError)) throw new Error('it did not fail as calls fail');
  return error;
};

const statusOf = ({ site }: Session, { id }: Receipt): string | undefined => {
  const issue = site.issue(id);
  const project = site.projects().find((one) => one.id === issue?.projectId);
  return project?.statuses.find((status) => status.id === issue?.statusId)?.name;
};

const commentsOf = ({ site }: Session, { id }: Receipt): readonly string[] =>
  (site.issue(id)?.comments ?? []).map(({ body }) => documentText(body));

const said = ({ fields }: SimulatedIssue): string => documentText(fields['description']);

const withdrawn = messageOf('No longer applies: Checkout down', { withdraws: true });

describe('an issue', () => {
  it('has everything that the destination names', async () => {
    const session = await open({
      prepare: (site) => ({
        screen: [
          'description',
          'priority',
          'labels',
          'assignee',
          'duedate',
          'parent',
          site.addField({ id: 'customfield_10010', name: 'Team', kind: 'text' }).id,
        ],
      }),
    });
    const epic = await send(
      session,
      { issueType: 'Epic' },
      messageOf('Autumn'),
      attemptOf({ deliveryId: 'e' }),
    );

    const receipt = await send(session, {
      issueType: 'bug',
      priority: 'High',
      labels: ['from-carillon'],
      assignee: 'Olena@acme.example',
      due: { days: 3, timezone: 'Europe/Kyiv' },
      parent: 'OPS-1',
      fields: { customfield_10010: 'ferrari' },
    });

    const issue = session.site.issue(receipt.id);
    expect(epic.url).toBe(`${session.server.url}/browse/OPS-1`);
    expect(receipt).toEqual({
      id: issue?.id,
      address: expect.anything(),
      url: `${session.server.url}/browse/OPS-2`,
    });
    expect(issue?.fields).toMatchObject({
      summary: 'Checkout down',
      labels: ['carillon-0b9f7d0e-1c2d-5e5f-8a9b-0c1d2e3f4a5b', 'from-carillon'],
      assignee: session.olena.accountId,
      // The 24th has begun in Kyiv.
      duedate: '2026-11-27',
      customfield_10010: 'ferrari',
    });
  });

  it.each([
    ['en', 'Checkout is down'],
    ['uk', 'Оплата не працює'],
    ['ko', '결제가 작동하지 않습니다'],
    ['zh', '结账无法使用'],
    ['ru', 'Оплата не работает'],
  ] as const)('is said in %s, with markup that is only text', async (locale, words) => {
    const session = await open();
    const title = `${words} {code}*b*|c| h1. <b>x</b>`;

    const receipt = await send(session, {}, messageOf(title, { locale }));

    const issue = session.site.issue(receipt.id);
    expect(issue?.fields['summary']).toBe(title);
    expect(issue && said(issue)).toContain(`About: ${title}`);
  });

  it.each([
    ['en', 'longer than the description of an issue may be'],
    ['uk', 'довше, ніж може бути опис завдання'],
    ['ko', '길이를 넘었습니다'],
    ['zh', '超出了事务描述的长度上限'],
    ['ru', 'длиннее, чем может быть описание задачи'],
  ] as const)('that is too long ends with a notice in %s', async (locale, notice) => {
    const session = await open();
    const blocks = [{ type: 'text' as const, text: ['дуже довго 👩‍💻 '.repeat(10_000)] }];

    const receipt = await send(session, {}, messageOf('Long', { locale, blocks }));

    const issue = session.site.issue(receipt.id);
    expect(issue && said(issue)).toMatch(new RegExp(`${notice}[^\\n]*\\s*$`));
  });

  it('is made without an assignee, and says so, where the person has no access to Jira', async () => {
    const session = await open();
    session.site.changePerson(session.olena.accountId, { hasAccess: false });

    const receipt = await send(session, { assignee: 'olena@acme.example' });
    const stranger = await send(
      session,
      { assignee: 'max@acme.example' },
      messageOf('Checkout down', { locale: 'uk' }),
      attemptOf({ deliveryId: 'b' }),
    );

    const issue = session.site.issue(receipt.id);
    const other = session.site.issue(stranger.id);
    expect(issue?.fields['assignee']).toBeUndefined();
    expect(issue && said(issue)).toContain('Meant for olena@acme.example');
    expect(other && said(other)).toContain('Призначено для max@acme.example');
  });

  it('is given to the one whose address privacy hides, and not to one of two', async () => {
    const session = await open();
    session.site.changePerson(session.olena.accountId, { emailVisible: false });

    const alone = await send(session, { assignee: 'olena@acme.example' });

    expect(session.site.issue(alone.id)?.fields['assignee']).toBe(session.olena.accountId);
  });

  it('is made without our label where labels are not on the screen, and then nobody can tell whether it is there', async () => {
    const session = await open({ project: { screen: ['description', 'priority'] } });
    const attempt = attemptOf();

    const receipt = await send(session, {}, messageOf('Checkout down'), attempt);
    const found = await session.channel.find?.(attempt, await session.destination(), attempt.beganAt);

    expect(session.site.issue(receipt.id)?.fields['labels'] ?? []).toEqual([]);
    expect(found).toBe('cannot-tell');
  });
});

it.each([
  [{ project: 'OPS' }, 'project OPS'],
  [
    { project: 'OPS', issueType: 'Bug', resolve: 'Done', labels: ['kpi'] },
    'project OPS, Bug (Done when it is over)',
  ],
])('%j is shown as people say it', (destination, words) => {
  expect(jira.shown?.(destination)).toBe(words);
});

describe('a project that is set up otherwise', () => {
  it.each<[string, Parameters<typeof open>[0], Readonly<Record<string, unknown>>, RegExp]>([
    ['without the priority', { project: { priorities: ['1', '2'] } }, { priority: 'Low' }, /`priority`/],
    [
      'without the field on the screen',
      { project: { screen: ['description', 'labels'] } },
      { due: { days: 1 } },
      /`duedate` is not on the screen/,
    ],
    [
      'with a required custom field',
      {
        prepare: (site) => {
          const { id } = site.addField({ id: 'customfield_10010', name: 'Team', kind: 'text' });
          return { screen: ['description', 'labels', { id, required: true }] };
        },
      },
      {},
      /`customfield_10010` is required/,
    ],
    ['without the issue type', {}, { issueType: 'Story' }, /no issue type `Story`; it has `Epic`, `Task`/],
    ['that is not there', {}, { project: 'NONE' }, /no project `NONE`/],
  ])('%s holds the issue and says why; the probe says it before', async (_, options, to, words) => {
    const session = await open(options);

    const error = await failing(send(session, to));
    const findings = await session.channel.probe(AbortSignal.timeout(10_000), [{ project: 'OPS', ...to }]);

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused' });
    expect(error.message).toMatch(words);
    expect(session.site.issues()).toEqual([]);
    expect(findings.filter(({ level }) => level === 'problem')).toHaveLength(1);
  });

  it('is no problem where it takes everything', async () => {
    const session = await open();

    const findings = await session.channel.probe(AbortSignal.timeout(10_000), [
      {
        project: 'OPS',
        issueType: 'Task',
        priority: 'High',
        assignee: '{{ person.email }}',
        due: { days: 2 },
      },
      { project: 'OPS', assignee: 'nobody@acme.example' },
    ]);

    expect(findings.map(({ level, about }) => `${level} ${about}`)).toEqual([
      'ok api token',
      'ok OPS Task',
      'ok OPS Task',
      'warning OPS Task',
    ]);
  });
});

describe('credentials', () => {
  it.each<[string, (session: Session) => void]>([
    ['revoked', ({ site, token }) => site.revokeToken(token)],
    ['without access', ({ site, bot }) => site.changePerson(bot.accountId, { hasAccess: false })],
  ])('that are %s hold what is to be said, and never say that it is not there', async (_, spoil) => {
    const session = await open();
    const attempt = attemptOf();
    const receipt = await send(session, {}, messageOf('Checkout down'), attempt);
    const to = await session.destination();
    spoil(session);

    const outcomes = [
      await failing(send(session, {}, messageOf('More'), attemptOf({ deliveryId: 'b' }))),
      await failing(update(session, receipt)),
      await failing(
        Promise.resolve(session.channel.find?.(attemptOf({ deliveryId: 'c' }), to, attempt.beganAt)),
      ),
    ];
    const findings = await session.channel.probe(AbortSignal.timeout(10_000));

    for (const error of outcomes) expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused' });
    expect(findings).toMatchObject([{ level: 'problem', about: 'api token' }]);
  });

  it('that have expired are known as such', async () => {
    let now = new Date('2026-11-23T00:00:00Z');
    const session = await open({ now: () => now });
    now = new Date('2027-11-24T00:00:00Z');

    const error = await failing(send(session));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused' });
    expect(error.message).toMatch(/expired/);
  });

  it('that may not create issues there are told', async () => {
    const session = await open();
    session.site.permit('OPS', session.bot.accountId, ['browse']);

    const error = await failing(send(session, { issueType: '10001' }));

    expect(error.outcome).toBe('refused');
    expect(session.site.issues()).toEqual([]);
  });
});

describe('a repeat', () => {
  it('waits for the index before it says that there is nothing', async () => {
    const session = await open({ indexLagMs: 300, searchLagSeconds: 1 });
    const attempt = attemptOf();
    session.server.plan({ kind: 'cut-after', match: creates });
    await failing(send(session, {}, messageOf('Checkout down'), attempt));

    const found = await session.channel.find?.(attempt, await session.destination(), attempt.beganAt);

    const [issue] = session.site.issues();
    expect(found).toMatchObject({ id: issue?.id });
  });

  it.each([500, 502])('after %s finds what was made nevertheless, and makes nothing', async (status) => {
    const session = await open();
    const attempt = attemptOf();
    await send(session, {}, messageOf('Checkout down'), attempt);
    session.server.plan({ kind: 'answer', match: creates, answer: { status, body: {} } });
    const error = await failing(send(session, {}, messageOf('Checkout down'), attempt));

    const receipt = await send(session, {}, messageOf('Checkout down'), attemptOf({ number: 2 }));

    expect(error).toMatchObject({ reason: 'unavailable', outcome: 'unknown' });
    expect(session.site.issues()).toHaveLength(1);
    expect(receipt.id).toBe(session.site.issues()[0]?.id);
  });

  it('that says something else edits what is there', async () => {
    const session = await open();
    await send(session);

    const receipt = await send(
      session,
      {},
      messageOf('Checkout is up'),
      attemptOf({ number: 2, revision: 2 }),
    );

    expect(session.site.issues()).toHaveLength(1);
    expect(session.site.issue(receipt.id)?.fields['summary']).toBe('Checkout is up');
  });

  it('takes the issue, not its clone', async () => {
    const session = await open();
    const attempt = attemptOf();
    const receipt = await send(session);
    const label = `carillon-${attempt.deliveryId}`;
    // Nobody clones an issue within the millisecond in which it was made.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const clone = await send(session, {}, messageOf('Clone'), attemptOf({ deliveryId: 'clone' }));
    session.site.editIssue(clone.id, { labels: [label] }, session.olena.accountId);

    const found = await session.channel.find?.(attempt, await session.destination(), attempt.beganAt);

    expect(found).toMatchObject({ id: receipt.id });
  });
});

describe('a correction', () => {
  it('follows an issue that was moved to another project, and keeps its new key', async () => {
    const session = await open();
    session.site.addProject({ key: 'WEB' });
    const receipt = await send(session);
    session.site.moveIssue(receipt.id, 'WEB', session.olena.accountId);

    const corrected = await update(session, receipt);

    expect(corrected).toEqual({ ...receipt, url: `${session.server.url}/browse/WEB-1` });
    expect(session.site.issue('WEB-1')?.fields['summary']).toBe('Checkout still down');
  });

  it('of a deleted issue is told, and the issue is not made again', async () => {
    const session = await open();
    const receipt = await send(session);
    session.site.deleteIssue(receipt.id);

    const error = await failing(update(session, receipt));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused', code: 'issue-gone' });
    expect(error.message).toMatch(/OPS-1 was deleted/);
    expect(session.channel.followsUp).toBe(false);
    expect(session.site.issues()).toEqual([]);
  });

  it.each([
    ['cut-after', true],
    ['cut-before', false],
  ] as const)('whose answer is lost (%s) can be asked for', async (kind, isThere) => {
    const session = await open();
    const receipt = await send(session);
    session.server.plan({ kind, match: edits });
    const attempt = attemptOf({ revision: 2 });
    await failing(update(session, receipt, messageOf('Later'), attempt));

    const found = await session.channel.find?.(attempt, receipt.address, attempt.beganAt);

    if (isThere) expect(found).toMatchObject({ id: receipt.id });
    else expect(found).toBe('absent');
  });

  it('leaves alone what people have changed', async () => {
    const session = await open();
    const receipt = await send(session, { priority: 'High', assignee: 'olena@acme.example' });
    session.site.editIssue(
      receipt.id,
      { labels: ['ours'], assignee: session.bot.accountId },
      session.olena.accountId,
    );

    await update(session, receipt);

    expect(session.site.issue(receipt.id)?.fields).toMatchObject({
      summary: 'Checkout still down',
      labels: ['ours'],
      assignee: session.bot.accountId,
    });
  });
});

describe('a correction of what people have made theirs', () => {
  const touched: readonly (readonly [string, (session: Session, receipt: Receipt) => void])[] = [
    [
      'has another description',
      ({ site, olena }, { id }) =>
        site.editIssue(
          id,
          {
            description: {
              type: 'doc',
              version: 1,
              content: [{ type: 'paragraph', content: [{ type: 'text', text: 'It was the proxy' }] }],
            },
          },
          olena.accountId,
        ),
    ],
    [
      'has another summary',
      ({ site, olena }, { id }) => site.editIssue(id, { summary: 'Proxy down' }, olena.accountId),
    ],
    ['was begun', ({ site, olena }, { id }) => site.setStatus(id, 'In Progress', olena.accountId)],
    ['was closed', ({ site, olena }, { id }) => site.setStatus(id, 'Done', olena.accountId)],
  ];

  it.each(touched)('is a comment where the issue %s, and nothing is written over', async (_, touch) => {
    const session = await open();
    const receipt = await send(session, { resolve: 'Done', reopen: 'To Do' });
    touch(session, receipt);
    const before = structuredClone(session.site.issue(receipt.id)?.fields);
    const status = statusOf(session, receipt);

    const corrected = await update(session, receipt);

    expect(corrected).toEqual(receipt);
    expect(session.site.issue(receipt.id)?.fields).toEqual(before);
    expect(statusOf(session, receipt)).toBe(status);
    expect(commentsOf(session, receipt)).toEqual([expect.stringContaining('Checkout still down')]);
  });

  it('is an edit where others have only commented on it', async () => {
    const session = await open();
    const receipt = await send(session);
    session.site.comment(receipt.id, 'Looking', session.olena.accountId);

    await update(session, receipt);

    expect(session.site.issue(receipt.id)?.fields['summary']).toBe('Checkout still down');
    expect(commentsOf(session, receipt)).toEqual(['Looking']);
  });

  it.each([
    ['cut-after', true],
    ['cut-before', false],
  ] as const)('whose answer is lost (%s) can be asked for, and is said once', async (kind, isThere) => {
    const session = await open();
    const receipt = await send(session);
    session.site.setStatus(receipt.id, 'In Progress', session.olena.accountId);
    session.site.comment(receipt.id, 'Looking', session.olena.accountId);
    session.server.plan({ kind, match: comments });
    const attempt = attemptOf({ revision: 2 });
    await failing(update(session, receipt, messageOf('Later'), attempt));

    const found = await session.channel.find?.(attempt, receipt.address, attempt.beganAt);
    session.site.comment(receipt.id, 'Still looking', session.olena.accountId);
    await update(session, receipt, messageOf('Later'), { ...attempt, number: 2 });

    if (isThere) expect(found).toMatchObject({ id: receipt.id });
    else expect(found).toBe('absent');
    expect(commentsOf(session, receipt).filter((text) => text.startsWith('Later'))).toHaveLength(1);
  });

  it('stays a comment where it was refused the first time', async () => {
    const session = await open();
    const receipt = await send(session, { resolve: 'Done' });
    session.site.setStatus(receipt.id, 'In Progress', session.olena.accountId);
    session.server.plan({
      kind: 'answer',
      match: comments,
      answer: jiraThrottled({
        reason: 'jira-per-issue-on-write',
        limit: 20,
        until: new Date('2026-11-23T00:05:00Z'),
        waitSeconds: 2,
      }),
    });
    await failing(update(session, receipt, withdrawn));

    await update(session, receipt, withdrawn, attemptOf({ revision: 2, number: 2 }));

    expect(session.site.issue(receipt.id)?.fields['summary']).toBe('Checkout down');
    expect(commentsOf(session, receipt)).toEqual([expect.stringMatching(/^No longer applies/)]);
  });
});

describe('what no longer applies', () => {
  it('moves the issue by the transition that the destination names, once', async () => {
    const session = await open();
    const receipt = await send(session, { resolve: 'done' });
    session.site.setStatus(receipt.id, 'In Progress', session.olena.accountId);

    await update(session, receipt, withdrawn);
    await update(session, receipt, withdrawn);

    expect(statusOf(session, receipt)).toBe('Done');
    expect(
      session.server.requests.filter(
        ({ path, method }) => method === 'POST' && path.endsWith('/transitions'),
      ),
    ).toHaveLength(1);
    // Somebody is at it: they are told, and what they have read stays.
    expect(session.site.issue(receipt.id)?.fields['summary']).toBe('Checkout down');
    expect(commentsOf(session, receipt)).toEqual([expect.stringMatching(/^No longer applies/)]);
  });

  it('stays where it is without one, and says so in its text', async () => {
    const session = await open();
    const receipt = await send(session);

    await update(session, receipt, withdrawn);

    expect(statusOf(session, receipt)).toBe('To Do');
    expect(session.site.issue(receipt.id)?.fields['summary']).toMatch(/^No longer applies/);
  });

  it('says so and is told where the issue cannot be moved that way', async () => {
    const session = await open();
    const receipt = await send(session, { resolve: 'Done' });

    // The workflow allows it only from In Progress.
    const error = await failing(update(session, receipt, withdrawn));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused', code: 'no-transition' });
    expect(error.message).toMatch(/cannot be moved by `Done` from `To Do`; possible is `In Progress`/);
    expect(session.site.issue(receipt.id)?.fields['summary']).toMatch(/^No longer applies/);
  });

  it('is moved back where it applies again, if it was closed for that', async () => {
    const session = await open();
    const to = { resolve: 'Done', reopen: 'To Do' };
    const receipt = await send(session, to);
    const closed = await send(session, to, messageOf('Other'), attemptOf({ deliveryId: 'b' }));
    for (const { id } of [receipt, closed])
      session.site.setStatus(id, 'In Progress', session.olena.accountId);
    await update(session, receipt, withdrawn);
    session.site.setStatus(closed.id, 'Done', session.olena.accountId);

    await update(session, receipt, messageOf('Checkout down again'), attemptOf({ revision: 3 }));
    await update(session, closed, messageOf('Other again'), attemptOf({ deliveryId: 'b', revision: 2 }));

    expect(statusOf(session, receipt)).toBe('To Do');
    expect(statusOf(session, closed)).toBe('Done');
  });

  it('is moved by the transition that the destination names now', async () => {
    const session = await open();
    const receipt = await send(session, { resolve: 'Finish' });
    const now = await session.destination({ resolve: 'In Progress' });

    await session.channel.update?.(receipt, withdrawn, attemptOf({ revision: 2 }), now);

    expect(statusOf(session, receipt)).toBe('In Progress');
  });

  it('is done from the beginning where it was never made', async () => {
    const session = await open();

    const receipt = await send(session, { resolve: 'In Progress' }, withdrawn, attemptOf({ revision: 2 }));

    expect(statusOf(session, receipt)).toBe('In Progress');
    expect(session.site.issues()).toHaveLength(1);
  });
});

describe('a 429', () => {
  const until = new Date('2026-11-23T00:05:00Z');

  it.each([
    ['jira-burst-based', 'method'],
    ['jira-per-issue-on-write', 'destination'],
    ['jira-quota-global-based', 'account'],
    ['jira-quota-tenant-based', 'account'],
  ] as const)('for %s rests what it is about', async (reason, scope) => {
    const session = await open();
    session.server.plan({
      kind: 'answer',
      match: creates,
      answer: jiraThrottled({ reason, limit: 100, until, waitSeconds: 7 }),
    });

    const error = await failing(send(session));

    expect(error).toMatchObject({ reason: 'rate-limited', outcome: 'refused', scope, retryAfterMs: 7000 });
  });

  it('of a gateway without Retry-After waits until the moment that it names', async () => {
    const session = await open();
    const answer = jiraThrottled({
      reason: 'jira-quota-tenant-based',
      limit: 100,
      until,
      waitSeconds: 7,
      withoutRetryAfter: true,
    });
    session.server.plan({
      kind: 'answer',
      match: creates,
      answer: { ...answer, headers: { ...answer.headers, date: 'Mon, 23 Nov 2026 00:04:00 GMT' } },
    });

    const error = await failing(send(session));

    expect(error).toMatchObject({ reason: 'rate-limited', retryAfterMs: 60_000 });
  });
});

describe('other refusals', () => {
  it.each([
    [404, 'rejected'],
    [409, 'unavailable'],
    [413, 'rejected'],
    [422, 'unauthorized'],
  ] as const)('%s is %s, and Jira’s words are not repeated', async (status, reason) => {
    const session = await open();
    session.server.plan({
      kind: 'answer',
      match: creates,
      answer: jiraError(status, ['Olena earns 100'], { 'Olena earns': '100' }),
    });

    const error = await failing(send(session));

    expect(error).toMatchObject({ reason, outcome: 'refused', status });
    expect(error.message).not.toMatch(/Olena/);
  });
});
