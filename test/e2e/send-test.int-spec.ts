import { channels } from '#channels';
import {
  GoogleChatSimulator,
  graphError,
  JiraSimulator,
  jiraThrottled,
  OutlookSimulator,
  SlackSimulator,
  WebhookSimulator,
} from '#channels/simulators';
import { checkDocuments, loadPlugins, formatProblem, hashOf, readText } from '#documents';
import { builtInMessages, instant, personId } from '#domain';
import { SimulatedServer, type SimulatedResponse } from '#http/simulation';
import { Queues } from '#queues';
import { MemorySecrets } from '#settings';
import { sources } from '#sources';
import { Accounts, Deliveries, Documents, People } from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { NotSentError } from '../../services/notifier/src/send-by-hand.js';
import { UsageError } from '../../services/carillon/src/usage-error.js';
import { sendTest, type SentTest } from '../../services/carillon/src/send-test/send-test.js';
import { notSentText, sentText } from '../../services/carillon/src/send-test/text.js';
import { carillon, onlyJson } from './carillon-process.js';

const olena = 'olena@acme.example';

describe('a test message', () => {
  const slack = new SlackSimulator({ limits: 'none' });
  const chat = new GoogleChatSimulator({ limits: 'none' });
  const outlook = new OutlookSimulator({ limits: 'none', lagMs: 0 });
  const jira = new JiraSimulator({ limits: 'none', indexLagMs: 0 });
  const receiver = new WebhookSimulator();
  const { name: space } = chat.addSpace({ displayName: 'Ferrari' });
  const servers: SimulatedServer[] = [];
  let test: TestDatabase;
  let queues: Queues;
  const secrets: Record<string, string> = {};

  const documents = (urls: Readonly<Record<string, string>>): string => `
kind: Person
email: ${olena}
name: Olena Kovalenko
zone: Europe/Kyiv
locale: uk
---
kind: Channel
name: slack
type: slack
owner: ${olena}
settings: { token: { secret: slack }, baseUrl: '${urls['slack']}/api/' }
---
kind: Channel
name: google-chat
type: google-chat
owner: ferrari
settings: { serviceAccount: { secret: google }, baseUrl: '${urls['google-chat']}/', tokenUrl: '${urls['google-chat']}/token' }
---
kind: Channel
name: outlook
type: outlook
owner: ferrari
settings:
  tenant: ${outlook.entra.tenantId}
  clientId: ${outlook.entra.clientId}
  clientSecret: { secret: outlook }
  mailbox: carillon@acme.example
  baseUrl: '${urls['outlook']}/v1.0/'
  authority: '${urls['outlook']}'
---
kind: Channel
name: jira
type: jira
settings: { email: carillon@acme.example, apiToken: { secret: jira }, baseUrl: '${urls['jira']}', searchLagSeconds: 0 }
---
kind: Channel
name: hooks
type: webhook
settings: { signingSecret: { secret: webhook }, allowPrivateAddresses: true }
---
kind: Channel
name: holidays
type: clockify
settings: { workspaceId: 64a687e29ae1f428e7ebe303, apiKey: { secret: slack } }
---
kind: Subscription
name: ferrari
to: { channel: google-chat, space: ${space} }
`;

  beforeAll(async () => {
    outlook.addMailbox({ userPrincipalName: 'carillon@acme.example', displayName: 'Carillon' });
    outlook.addMailbox({ userPrincipalName: olena, displayName: 'Olena' });
    jira.addProject({ key: 'OPS' });
    const bot = jira.addPerson({ displayName: 'Carillon', emailAddress: 'carillon@acme.example' });
    test = await testDatabase();
    queues = new Queues({ url: test.url });
    const urls: Record<string, string> = {};
    for (const vendor of [slack, chat, outlook, jira, receiver]) {
      const server = await SimulatedServer.listen(vendor);
      servers.push(server);
      urls[vendor.id] = server.url;
    }
    Object.assign(secrets, {
      slack: slack.token,
      google: JSON.stringify(chat.credentials.issueKey()),
      outlook: outlook.entra.clientSecret,
      jira: jira.issueToken(bot.accountId),
      webhook: receiver.secret,
    });
    await apply(documents(urls));
    await knowOlena();
  }, 60_000);
  afterAll(async () => {
    await queues.close();
    await Promise.all(servers.map((server) => server.close()));
    await test.drop();
  }, 60_000);

  const apply = async (text: string): Promise<void> => {
    const read = readText(text, 'spec.yaml');
    const plugins = await loadPlugins({ sources, channels }, read.documents);
    const checked = checkDocuments(read.documents, plugins, builtInMessages);
    const problems = [...read.problems, ...checked.problems];
    if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
    await new Documents(test.database).apply(
      read.documents.map((one) => ({
        kind: one.kind,
        name: one.name,
        content: one.content,
        hash: hashOf(one),
      })),
      'spec',
    );
  };
  const knowOlena = async (): Promise<void> => {
    const { id: externalId } = slack.addUser({ email: olena, name: 'Olena' });
    await test.database.query(
      `insert into identity (system, external_id, data, hash, known_since) values ('slack', $1, $2::jsonb, $1, clock_timestamp())`,
      [externalId, JSON.stringify({ externalId, email: olena, active: true })],
    );
    const id = personId({ email: olena });
    await test.database.transaction((tx) =>
      new People(test.database).keepLinks(
        tx,
        [{ id, slug: 'olena-kovalenko', email: olena }],
        [{ system: 'slack', externalId, personId: id, origin: 'email' }],
      ),
    );
  };
  const sendOn = (
    channel: string,
    to?: string,
    own: Readonly<Record<string, string>> = {},
  ): Promise<SentTest> =>
    sendTest(
      { database: test.database, queues, secrets: new MemorySecrets({ ...secrets, ...own }) },
      { channel, ...(to === undefined ? {} : { to }) },
      new AbortController().signal,
    );
  const refusal = async (sending: Promise<SentTest>): Promise<Error> => {
    const error: unknown = await sending.then(
      (sent) => `it was sent: ${JSON.stringify(sent)}`,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof UsageError) && !(error instanceof NotSentError))
      throw new Error(`neither refused nor not sent: ${String(error)}`, { cause: error });
    return error;
  };
  const shownInSlack = (room: string): readonly string[] => {
    const found = slack.channels().find(({ name }) => name === room);
    return found ? slack.messages(found.id).map(({ text }) => text) : [];
  };

  it('on Slack goes to its owner alone, in their language, and is no delivery', async () => {
    const sent = await sendOn('slack');

    expect(sent).toMatchObject({ channel: 'slack', locale: 'uk', without: [] });
    expect(sentText(sent)).toMatch(/^✓ A test message was sent on slack, to .*carillon-olena-kovalenko/);
    const [shown = '', ...more] = shownInSlack('carillon-olena-kovalenko');
    expect(more).toEqual([]);
    expect(shown).toContain('Тестове повідомлення: канал slack');
    expect(await new Deliveries(test.database).since(instant('2000-01-01T00:00:00Z'))).toEqual([]);
  });

  it('waits for its turn where something was said there a moment ago', async () => {
    const began = performance.now();
    await sendOn('slack', olena);
    await sendOn('slack', olena);

    // Slack takes one message a second in a channel.
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it('on Google Chat goes where its owner, a subscription, is said, or to the space that is named', async () => {
    await sendOn('google-chat');
    const { name: other } = chat.addSpace({ displayName: 'Other' });
    await sendOn('google-chat', `space: ${other}`);

    const titles = (of: string) =>
      chat.messages(of).map(({ content }) => content.cardsV2?.[0]?.card.header?.title);
    expect(titles(space)).toEqual(['Test message: channel google-chat']);
    expect(titles(other)).toEqual(titles(space));
  });

  it('by Outlook goes to a person’s address, in their language', async () => {
    expect(await sendOn('outlook', olena)).toMatchObject({ to: { mail: olena }, locale: 'uk' });

    expect(outlook.arrived(olena).map(({ content }) => content.subject)).toEqual([
      'Тестове повідомлення: канал outlook',
    ]);
  });

  it('in Jira is an issue, which is found again where the answer was lost', async () => {
    const server = servers[3];
    server?.plan({ kind: 'cut-after', match: ({ path }) => path.endsWith('/issue') });

    const sent = await sendOn('jira', '{ project: OPS, labels: [test] }');

    expect(sent.url).toBe(`${server?.url}/browse/OPS-1`);
    expect(jira.issues().map(({ fields }) => fields['summary'])).toEqual(['Test message: channel jira']);
  });

  it('by webhook says that it is one, as text and as a message', async () => {
    await sendOn('hooks', `url: '${String(servers[4]?.url)}/a-test'`);

    const { message, text } = receiver.received.at(-1)?.event.data ?? {};
    expect(message?.title).toBe('Test message: channel hooks');
    expect(text).toContain('Test message: channel hooks');
  });

  it('whose arrival nobody can tell is not said to have failed', async () => {
    servers[4]?.plan({ kind: 'cut-after', match: () => true });

    const error = await refusal(sendOn('hooks', `url: '${servers[4]?.url}/here'`));

    expect(error).toMatchObject({ channel: 'hooks', outcome: 'unknown' });
    expect(notSentText(error as NotSentError)).toMatch(
      /^Nobody can say whether the test message on Channel `hooks` arrived: .*Look there before another is sent\.$/,
    );
  });

  it.each([
    [
      'slakc',
      undefined,
      /no Channel `slakc`; did you mean `slack`\? There are: google-chat, holidays, hooks, jira, outlook, slack\./,
    ],
    ['holidays', undefined, /takes records, and no messages: `carillon doctor`/],
    ['jira', undefined, /names no owner.*--to can be a destination .* by `project`, /],
    ['outlook', undefined, /`ferrari`, has no place of its own on it/],
    [
      'slack',
      'nobody@acme.example',
      /No person here has the e-mail address `nobody@acme\.example`\..*--to can be/,
    ],
    [
      'google-chat',
      olena,
      /no place for one person alone\. --to can be a Subscription with a place there \(ferrari\)/,
    ],
    ['google-chat', 'space: ferrari', /^--to: .*spaces\/AAAAxyz/],
    ['google-chat', 'spcae: spaces/AAAAxyz', /^--to: `spcae` is not known here — did you mean `space`\?/],
    ['google-chat', 'somewhere', /`somewhere` names no place/],
    ['google-chat', 'channel: slack', /--to names Channel `slack`/],
    ['slack', 'ferrari', /Subscription `ferrari` is said on Channel `google-chat`, not on `slack`/],
    ['outlook', 'mail: "{{ person.email }}"', /a test is about nobody/],
    ['slack', 'room: { name: r, members: [person] }', /^--to: without rules there is no `person`/],
  ])('on %s to %s is refused with what would be right', async (channel, to, words) => {
    const error = await refusal(sendOn(channel, to));

    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(words);
  });

  it('to a place that the vendor does not know says so', async () => {
    const error = await refusal(sendOn('slack', 'channelId: C0NOWHERE'));

    expect(error).toMatchObject({ channel: 'slack', reason: 'rejected', outcome: 'refused' });
    expect(notSentText(error as NotSentError)).toMatch(/was not sent: .*channel_not_found.*--to\.$/);
  });

  it('with refused credentials says where to put new ones, and never the old ones', async () => {
    const error = await refusal(sendOn('slack', 'channelId: C0NOWHERE', { slack: 'xoxb-expired' }));

    expect(error).toMatchObject({ channel: 'slack', reason: 'unauthorized', outcome: 'refused' });
    const text = notSentText(error as NotSentError);
    expect(text).toMatch(/Channel `slack` was not sent: .*put it where the secret is kept/);
    expect(text).not.toContain('xoxb');
  });

  it.each([
    ['an unknown channel', ['slakc'], 2, /^There is no Channel `slakc`/, {}],
    [
      'refused credentials',
      ['slack', '--to', 'channelId: C0NOWHERE'],
      1,
      /^The test message on Channel `slack` was not sent: .*invalid_auth/,
      {
        channel: 'slack',
        reason: 'unauthorized',
        outcome: 'refused',
        detail: expect.stringContaining('invalid_auth') as string,
      },
    ],
  ])('for %s ends the command with its code, and one object', async (_, args, code, words, more) => {
    const ended = await carillon(['send-test', ...args, '--output', 'json'], {
      DATABASE_URL: test.url,
      CARILLON_SECRET_SLACK: 'xoxb-expired',
    });

    expect(ended.code).toBe(code);
    expect(onlyJson(ended)).toEqual({ error: expect.stringMatching(words) as string, ...more });
  });

  it.each<[string, number, string, () => SimulatedResponse, string, string]>([
    [
      'outlook',
      2,
      olena,
      () => graphError(429, 'ApplicationThrottled', 'no', { 'retry-after': '30' }),
      'lanes of outlook',
      'carillon@acme.example',
    ],
    [
      'jira',
      3,
      'project: OPS',
      () =>
        jiraThrottled({
          reason: 'jira-burst-based',
          limit: 100,
          until: new Date(Date.now() + 30_000),
          waitSeconds: 30,
        }),
      '',
      'method:send',
    ],
  ])(
    'on %s that hears 429 says so, and what it is about rests for all',
    async (channel, at, to, answer, account, scope) => {
      const server = servers[at];
      server?.plan({
        kind: 'answer',
        match: ({ method, path }) => method === 'POST' && /\/messages$|\/issue$/.test(path),
        answer: answer(),
      });

      const error = await refusal(sendOn(channel, to));
      const rests = await new Accounts(test.database).paused(
        account || `account of jira: ${String(server?.url)}`,
      );
      await test.database.query(`update account set paused_until = '-infinity'`);
      await test.database.query(`update destination set free_at = '-infinity'`);

      expect(error).toMatchObject({ channel, reason: 'rate-limited', outcome: 'refused' });
      expect(notSentText(error as NotSentError)).toMatch(/Its limit is reached: try again later\./);
      expect(rests.get(scope)).toBeGreaterThan(20_000);
    },
  );

  it('does not go where the account rests', async () => {
    await new Accounts(test.database).pause(
      `account of jira: ${String(servers[3]?.url)}`,
      'account',
      120_000,
    );

    const error = await refusal(
      sendTest(
        { database: test.database, queues, secrets: new MemorySecrets(secrets) },
        { channel: 'jira', to: 'project: OPS' },
        new AbortController().signal,
        { patienceMs: 100 },
      ),
    );

    expect(error).toMatchObject({ reason: 'busy', outcome: 'refused' });
    expect(error.message).toMatch(/its account rests .* for up to 1[12]\d s more/);
  });
});
