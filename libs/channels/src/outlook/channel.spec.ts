import { instant, type Message } from '#domain';
import { AccessToken, createHttpClient, RemoteError } from '#http';
import { SimulatedServer, type SimulatedRequest } from '#http/simulation';
import type { Address, Attempt, Channel, Receipt } from '../contract.js';
import { clientCredentialsGrant } from './grant.js';
import { outlook } from './index.js';
import { graphError, OutlookSimulator, type OutlookSimulatorOptions } from './simulator.js';

const bot = 'carillon@acme.example';
const olena = 'olena@acme.example';
const deliveryId = '3f2c1a9e-0000-5000-8000-000000000001';
const ago = (ms: number) => instant(new Date(Date.now() - ms).toISOString());
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  deliveryId,
  revision: 1,
  number: 1,
  beganAt: ago(0),
  signal: AbortSignal.timeout(20_000),
  ...more,
});
const message = (title = 'Olena: 20 of 40 h logged', ...blocks: Message['blocks']): Message => ({
  locale: 'en',
  title,
  blocks,
});
const failure = async (promise: Promise<unknown> | undefined): Promise<RemoteError> => {
  const error = await promise?.then(
    (value) => `it went well: ${JSON.stringify(value)}`,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RemoteError)) throw new Error(`expected a RemoteError, got ${String(error)}`);
  return error;
};
const to = (who = olena, thread?: string): Address => ({
  id: `mailto:${who}?from=${bot}${thread === undefined ? '' : `&subject=${encodeURIComponent(thread)}`}`,
});

const isSend = ({ method, path }: SimulatedRequest): boolean => method === 'POST' && path.endsWith('/send');
const isDraft = ({ method, path }: SimulatedRequest): boolean =>
  method === 'POST' && path.endsWith('/messages');

const servers: SimulatedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: OutlookSimulatorOptions = {}, more: object = {}) {
  const tenant = new OutlookSimulator({ limits: 'none', lagMs: 0, ...options });
  for (const [userPrincipalName, displayName] of [
    [bot, 'Carillon'],
    [olena, 'Olena'],
    ['petro@acme.example', 'Petro'],
  ] as const)
    tenant.addMailbox({ userPrincipalName, displayName });
  const server = await SimulatedServer.listen(tenant);
  servers.push(server);
  const { tenantId, clientId, clientSecret } = tenant.entra;
  const settings = {
    tenant: tenantId,
    clientId,
    clientSecret,
    mailbox: bot,
    baseUrl: `${server.url}/v1.0/`,
    authority: server.url,
    ...more,
  };
  const connect = (others: object = {}): Required<Channel> =>
    outlook.connect(
      outlook.settings.parse({ ...settings, ...others }),
      createHttpClient({ system: 'outlook', timeoutMs: 5000 }),
    ) as Required<Channel>;
  const subjects = (who = olena): readonly string[] =>
    tenant.arrived(who).map(({ content }) => content.subject);
  const requests = (of: RegExp): number =>
    server.requests.filter(({ method, path }) => of.test(`${method} ${path}`)).length;
  return { tenant, server, settings, connect, channel: connect(), subjects, requests };
}

describe('the access token', () => {
  it('is asked for once, however many need it', async () => {
    const { channel, requests, subjects } = await start();

    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        channel.send(message(), to(), attempt({ deliveryId: `${deliveryId.slice(0, -1)}${index}` })),
      ),
    );

    expect(requests(/token/)).toBe(1);
    expect(subjects()).toHaveLength(8);
  });

  it('is renewed while it is still good for five minutes', async () => {
    const { settings, requests } = await start();
    const http = createHttpClient({ system: 'outlook', timeoutMs: 5000 });
    const clock = { seconds: 0 };
    const token = new AccessToken(
      'outlook',
      clientCredentialsGrant(settings, http),
      () => clock.seconds * 1000,
    );

    const asked: number[] = [];
    for (const seconds of [0, 3298, 3299]) {
      clock.seconds = seconds;
      await token.get(AbortSignal.timeout(5000));
      asked.push(requests(/token/));
    }

    expect(asked).toEqual([1, 1, 2]);
  });

  it('is thrown away where Graph no longer takes it', async () => {
    const { channel, tenant, requests, subjects } = await start();
    await channel.probe(AbortSignal.timeout(5000));
    tenant.entra.expireTokens();

    const error = await failure(channel.send(message(), to(), attempt()));
    await channel.send(message(), to(), attempt({ number: 2 }));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused', status: 401 });
    expect(requests(/token/)).toBe(2);
    expect(subjects()).toHaveLength(1);
  });

  it.each<[string, (tenant: OutlookSimulator) => object, string]>([
    [
      'the secret has expired',
      ({ entra }) => ({ clientSecret: entra.issueSecret(new Date(0)) }),
      'AADSTS7000222',
    ],
    ['the secret was revoked', ({ entra }) => (entra.revokeSecret(entra.clientSecret), {}), 'AADSTS7000215'],
    ['the app was removed', ({ entra }) => (entra.removeApp(), {}), 'AADSTS700016'],
    ['there is no such tenant', () => ({ tenant: 'other.example' }), 'AADSTS90002'],
  ])('is refused where %s, nothing is said, and doctor knows what to do', async (_name, spoil, code) => {
    const { connect, tenant, subjects } = await start();
    const channel = connect(spoil(tenant));

    const error = await failure(channel.send(message(), to(), attempt()));
    const findings = await channel.probe(AbortSignal.timeout(5000));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused', code });
    expect(subjects()).toEqual([]);
    expect(findings).toEqual([
      expect.objectContaining({ level: 'problem', about: 'client secret', remedy: expect.any(String) }),
    ]);
  });
});

describe('a mail', () => {
  it('reaches everybody of a list, from the mailbox, and answers go where the settings say', async () => {
    const { connect, tenant } = await start();
    const channel = connect({ replyTo: ['payroll@acme.example'] });
    const both = await channel.address(
      { mail: ['Petro@acme.example', olena, olena] },
      AbortSignal.timeout(5000),
    );

    await channel.send(message(), both, attempt());

    expect(both.id).toBe(`mailto:${olena},petro@acme.example?from=${bot}`);
    for (const who of [olena, 'petro@acme.example'])
      expect(tenant.arrived(who).map(({ content }) => content)).toEqual([
        expect.objectContaining({
          from: expect.objectContaining({ address: bot }),
          replyTo: [expect.objectContaining({ address: 'payroll@acme.example' })],
          remarks: [],
        }),
      ]);
  });

  it.each([{ mail: '' }, { mail: 'nobody' }, { mail: [] }, { mail: '{{ person.email }}' }, {}])(
    'is for nobody where the destination is %j',
    async (destination) => {
      const { channel } = await start();

      const error = await failure(channel.address(destination, AbortSignal.timeout(5000)));

      expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused' });
    },
  );

  it('is one conversation with the others of its thread, for the same people', async () => {
    const { channel, tenant, subjects } = await start();
    const ids = [1, 2, 3].map((n) => `${deliveryId.slice(0, -1)}${n}`);

    for (const [index, id] of ids.entries())
      await channel.send(message(`Week ${index}`), to(olena, 'Hours'), attempt({ deliveryId: id }));
    await channel.send(
      message('Other'),
      to('petro@acme.example', 'Hours'),
      attempt({ deliveryId: `${deliveryId.slice(0, -1)}9` }),
    );

    expect(subjects()).toEqual(['Hours', 'RE: Hours', 'RE: Hours']);
    expect(tenant.threads(olena).map(({ messages }) => messages.length)).toEqual([3]);
    expect(subjects('petro@acme.example')).toEqual(['Hours']);
    expect(tenant.messages(bot, 'drafts')).toEqual([]);
    for (const [index, { content }] of tenant.arrived(olena).entries()) {
      expect(content.body.content).toContain(`Week ${index}</h1>`);
      expect(content.to).toEqual([expect.objectContaining({ address: olena })]);
    }
  });

  it('begins a conversation anew where the last mail of the thread is gone', async () => {
    const { channel, server, subjects } = await start();
    await channel.send(message('Week 0'), to(olena, 'Hours'), attempt());
    server.plan({
      kind: 'answer',
      match: ({ path }) => path.endsWith('/createReply'),
      answer: graphError(404, 'ErrorItemNotFound', 'gone'),
    });

    await channel.send(
      message('Week 1'),
      to(olena, 'Hours'),
      attempt({ deliveryId: `${deliveryId.slice(0, -1)}2` }),
    );

    expect(subjects()).toEqual(['Hours', 'Hours']);
  });

  it('keeps to four calls at a time, however many are sent', async () => {
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    };
    const { channel, subjects } = await start({ work });

    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        channel.send(message(), to(), attempt({ deliveryId: `${deliveryId.slice(0, -2)}${10 + index}` })),
      ),
    );

    expect(most).toBe(4);
    expect(subjects()).toHaveLength(12);
  });

  it('is given up by whoever is stopped while waiting for the mailbox, and nobody waits longer for it', async () => {
    const { promise: isDone, resolve: done } = Promise.withResolvers<undefined>();
    const { channel, subjects } = await start({ work: () => isDone });
    const sending = Array.from({ length: 5 }, (_, index) =>
      channel.send(message(), to(), attempt({ deliveryId: `${deliveryId.slice(0, -1)}${index}` })),
    );
    const stop = new AbortController();
    const stopped = failure(
      channel.send(
        message(),
        to(),
        attempt({ deliveryId: `${deliveryId.slice(0, -1)}9`, signal: stop.signal }),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));

    stop.abort();
    expect(await stopped).toMatchObject({ outcome: 'refused' });
    done(undefined);
    await Promise.all(sending);

    expect(subjects()).toHaveLength(5);
  });
});

describe('a correction', () => {
  it('is an answer in the same conversation, to the same people', async () => {
    const { channel, tenant, subjects } = await start();
    const receipt = await channel.send(message(), to(), attempt());

    const after = await channel.update(
      receipt,
      message('Olena: 38 of 40 h logged'),
      attempt({ revision: 2 }),
    );

    expect(after).toEqual(receipt);
    expect(subjects()).toEqual(['Olena: 20 of 40 h logged', 'RE: Olena: 20 of 40 h logged']);
    expect(tenant.threads(olena)).toHaveLength(1);
    const [, answer] = tenant.arrived(olena);
    expect(answer?.content.body.content).toMatch(/Correction<\/p><h1[^>]*>Olena: 38 of 40 h logged<\/h1>/);
    expect(answer?.content.body.content).not.toContain('20 of 40');
  });

  it('is a mail of its own where the first is gone', async () => {
    const { channel, tenant, subjects } = await start();
    const gone: Receipt = { id: 'AAkALgnothing', address: to() };

    const error = await failure(channel.update(gone, message('Now right'), attempt({ revision: 2 })));
    await channel.send(message('Now right'), to(), attempt({ revision: 2, number: 2 }));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused' });
    expect(subjects()).toEqual(['Now right']);
    expect(tenant.arrived(olena)[0]?.content.body.content).toContain('Correction</p>');
  });

  it('is said once, though the answer to it was lost', async () => {
    const { channel, server, subjects } = await start();
    const receipt = await channel.send(message(), to(), attempt());
    server.plan({ kind: 'cut-after', match: isSend });
    const second = { revision: 2 };

    const error = await failure(channel.update(receipt, message('Now right'), attempt(second)));
    const found = await channel.find(attempt(second), to(), ago(0));
    await channel.update(receipt, message('Now right'), attempt({ ...second, number: 2 }));

    expect(error).toMatchObject({ outcome: 'unknown' });
    expect(found).toMatchObject({ address: to() });
    expect(subjects()).toHaveLength(2);
  });
});

describe('an attempt that nobody knows of', () => {
  it.each<[string, (request: SimulatedRequest) => boolean, 'cut-before' | 'cut-after', string, string]>([
    ['before the draft was made', isDraft, 'cut-before', 'refused', 'absent'],
    ['after the draft was made', isDraft, 'cut-after', 'refused', 'absent'],
    ['before it was sent', isSend, 'cut-before', 'unknown', 'absent'],
    ['after it was sent', isSend, 'cut-after', 'unknown', 'found'],
  ])('that broke off %s is asked for, and said once', async (_name, match, kind, outcome, truth) => {
    const { channel, server, subjects } = await start();
    const began = ago(60_000);
    server.plan({ kind, match });

    const error = await failure(channel.send(message(), to(), attempt({ beganAt: began })));
    const found = await channel.find(attempt({ beganAt: began }), to(), began);
    await channel.send(message(), to(), attempt({ number: 2 }));

    expect(error).toMatchObject({ reason: 'unavailable', outcome });
    expect(found === 'absent' ? found : 'found').toBe(truth);
    expect(subjects()).toHaveLength(1);
  });

  it('uses the draft that an attempt before has left', async () => {
    const { channel, server, tenant, subjects } = await start();
    server.plan({ kind: 'answer', match: isSend, answer: graphError(429, 'ApplicationThrottled', 'wait') });

    await failure(channel.send(message(), to(), attempt()));
    await channel.send(message(), to(), attempt({ number: 2 }));

    expect(subjects()).toHaveLength(1);
    expect(tenant.messages(bot, 'drafts')).toEqual([]);
  });

  it('was sent where it is in the outbox still', async () => {
    const { channel } = await start({ lagMs: 60_000 });
    await channel.send(message(), to(), attempt());

    expect(await channel.find(attempt(), to(), ago(0))).toMatchObject({ address: to() });
  });

  it('is looked for again while sent mail may be nowhere to be found', async () => {
    const { channel, requests } = await start({ lagMs: 1500, doubts: { whileSending: 'nowhere' } });
    await channel.send(message(), to(), attempt());

    const found = await channel.find(attempt(), to(), ago(0));

    expect(found).toMatchObject({ address: to() });
    expect(requests(/GET .*messages$/)).toBe(2);
  });

  it('is not there once sending has surely settled', async () => {
    const { channel, requests } = await start();

    const began = ago(31_000);

    expect(await channel.find(attempt({ beganAt: began }), to(), began)).toBe('absent');
    expect(requests(/GET .*messages$/)).toBe(1);
  });

  it('is never absent to whoever may not look', async () => {
    const { channel, tenant } = await start();
    tenant.entra.restrictTo([olena]);
    const began = ago(60_000);

    const error = await failure(channel.find(attempt({ beganAt: began }), to(), began));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused', code: 'ErrorAccessDenied' });
  });

  it.each(['ErrorInvalidRequest', 'ErrorItemNotFound'] as const)(
    'is not sent twice where Exchange answers the second time with %s',
    async (secondSend) => {
      const { channel, server, tenant, subjects } = await start({ doubts: { secondSend } });
      await channel.send(message(), to(), attempt());
      const [sent] = tenant.messages(bot, 'sentitems');
      // The index still has it as a draft.
      server.plan({
        kind: 'answer',
        match: ({ method }) => method === 'GET',
        answer: { status: 200, body: { value: [{ id: sent?.immutableId, isDraft: true }] } },
      });
      server.plan({
        kind: 'answer',
        match: ({ method }) => method === 'GET',
        answer: { status: 200, body: { id: sent?.immutableId, isDraft: true } },
      });

      const receipt = await channel.send(message(), to(), attempt({ number: 2 }));

      expect(receipt.id).toBe(sent?.immutableId);
      expect(subjects()).toHaveLength(1);
    },
  );

  it('is tried again where somebody deleted the draft', async () => {
    const { channel, server, subjects } = await start();
    server.plan({
      kind: 'answer',
      match: isSend,
      answer: graphError(404, 'ErrorItemNotFound', 'gone'),
    });
    server.plan({
      kind: 'answer',
      match: ({ method }) => method === 'GET',
      answer: graphError(404, 'ErrorItemNotFound', 'gone'),
    });

    const error = await failure(channel.send(message(), to(), attempt()));
    await channel.send(message(), to(), attempt({ number: 2 }));

    expect(error).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect(subjects()).toHaveLength(1);
  });
});

describe('a bad day', () => {
  it.each<[string, (tenant: OutlookSimulator) => void, string, string]>([
    [
      'a mailbox that is full',
      (tenant) => tenant.changeMailbox(bot, { full: true }),
      'unauthorized',
      'ErrorQuotaExceeded',
    ],
    [
      'a mailbox without a licence',
      (tenant) => tenant.changeMailbox(bot, { enabled: false }),
      'unauthorized',
      'MailboxNotEnabledForRESTAPI',
    ],
    [
      'a mailbox that Exchange lets send nothing',
      (tenant) => tenant.changeMailbox(bot, { blocked: true }),
      'unauthorized',
      'ErrorMessageSubmissionBlocked',
    ],
    ['consent withdrawn', ({ entra }) => entra.revokeConsent(), 'unauthorized', 'ErrorAccessDenied'],
    [
      'a policy that names other mailboxes',
      ({ entra }) => entra.restrictTo([olena]),
      'unauthorized',
      'ErrorAccessDenied',
    ],
  ])('%s refuses, and nothing is said', async (_name, spoil, reason, code) => {
    const { channel, tenant, subjects } = await start();
    spoil(tenant);

    const error = await failure(channel.send(message(), to(), attempt()));

    expect(error).toMatchObject({ reason, outcome: 'refused', code });
    expect(subjects()).toEqual([]);
  });

  it('a mailbox that does not exist refuses, and doctor says so', async () => {
    const { connect } = await start();
    const channel = connect({ mailbox: 'carilon@acme.example' });
    const there = await channel.address({ mail: olena }, AbortSignal.timeout(5000));

    const error = await failure(channel.send(message(), there, attempt()));
    const findings = await channel.probe(AbortSignal.timeout(5000));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused', code: 'ErrorInvalidUser' });
    expect(findings.map(({ level }) => level)).toEqual(['ok', 'problem']);
    expect(findings[1]?.remedy).toContain('check `mailbox`');
  });

  it.each([
    [
      429,
      { 'retry-after': '7' },
      'ApplicationThrottled',
      { reason: 'rate-limited', outcome: 'refused', scope: 'destination', retryAfterMs: 7000 },
    ],
    [
      429,
      {},
      'TooManyRequests',
      { reason: 'rate-limited', outcome: 'refused', scope: 'destination', retryAfterMs: undefined },
    ],
    [
      429,
      { 'retry-after': '30' },
      'activityLimitReached',
      { reason: 'rate-limited', outcome: 'refused', scope: 'account', retryAfterMs: 30_000 },
    ],
    [
      503,
      { 'retry-after': '5' },
      'ServiceUnavailable',
      { reason: 'unavailable', outcome: 'unknown', retryAfterMs: 5000 },
    ],
    [503, {}, 'MailboxStoreUnavailable', { reason: 'unavailable', outcome: 'unknown' }],
    [504, {}, 'GatewayTimeout', { reason: 'unavailable', outcome: 'unknown' }],
    [509, {}, 'BandwidthLimit', { reason: 'unavailable', outcome: 'unknown' }],
    [409, {}, 'ErrorIrresolvableConflict', { reason: 'unavailable', outcome: 'refused' }],
    [412, {}, 'ErrorIrresolvableConflict', { reason: 'unavailable', outcome: 'refused' }],
    [413, {}, 'RequestEntityTooLarge', { reason: 'rejected', outcome: 'refused' }],
    [400, {}, 'ErrorInvalidRecipients', { reason: 'rejected', outcome: 'refused' }],
    [403, {}, 'ErrorSendAsDenied', { reason: 'unauthorized', outcome: 'refused' }],
    [403, {}, 'Authorization_RequestDenied', { reason: 'unauthorized', outcome: 'refused' }],
  ])('%i %j %s while sending means what it should', async (status, headers, code, expected) => {
    const { channel, server } = await start();
    server.plan({ kind: 'answer', match: isSend, answer: graphError(status, code, 'why', headers) });

    const error = await failure(channel.send(message(), to(), attempt()));

    expect(error).toMatchObject({ status, ...expected });
  });

  it('a 429 while a draft is made has told nobody anything, nor has a 503', async () => {
    const { channel, server } = await start();
    for (const status of [429, 503])
      server.plan({ kind: 'answer', match: isDraft, answer: graphError(status, 'x', 'y') });

    for (const reason of ['rate-limited', 'unavailable'])
      expect(await failure(channel.send(message(), to(), attempt()))).toMatchObject({
        reason,
        outcome: 'refused',
      });
  });

  it('sends its token nowhere else, whatever a page says', async () => {
    const { channel, server } = await start();
    server.plan({
      kind: 'answer',
      match: ({ method }) => method === 'GET',
      answer: { status: 200, body: { value: [], '@odata.nextLink': 'http://127.0.0.1:9/v1.0/users' } },
    });

    const error = await failure(channel.find(attempt(), to(), ago(0)));

    expect(error).toMatchObject({ reason: 'unreadable', outcome: 'refused' });
  });
});

it.each([
  [{ mail: 'olena@acme.example', thread: 'Hours' }, 'olena@acme.example, “Hours”'],
  [
    { mail: ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example'] },
    'a@x.example, b@x.example, c@x.example and 1 more',
  ],
])('%j is shown as people say it', (destination, words) => {
  expect(outlook.shown?.(destination)).toBe(words);
});

describe('doctor', () => {
  it.each(['Mail.Send', 'Mail.ReadWrite'] as const)(
    'says that %s is missing, and how to grant it for one mailbox',
    async (permission) => {
      const { channel, tenant } = await start();
      tenant.entra.withdraw(permission);

      const findings = await channel.probe(AbortSignal.timeout(5000));

      const problems = findings.filter(({ level }) => level === 'problem');
      expect(problems).toEqual([
        expect.objectContaining({
          about: `${permission} in ${bot}`,
          remedy: expect.stringMatching(
            new RegExp(`New-ManagementScope.*'${bot}'.*"Application ${permission}"`),
          ),
        }),
      ]);
    },
  );

  it('says how to let the app into this one mailbox, where a policy leads it to others', async () => {
    const { channel, tenant } = await start();
    tenant.entra.restrictTo([olena]);

    const findings = await channel.probe(AbortSignal.timeout(5000));

    const problems = findings.filter(({ level }) => level === 'problem');
    expect(problems.map(({ about }) => about)).toEqual([`Mail.ReadWrite in ${bot}`, `Mail.Send in ${bot}`]);
    for (const { remedy } of problems)
      expect(remedy).toMatch(/application access policy limits it, add the mailbox to the policy’s group/);
  });

  it('names both where neither is there', async () => {
    const { channel, tenant } = await start();
    tenant.entra.revokeConsent();

    const findings = await channel.probe(AbortSignal.timeout(5000));

    expect(findings.map(({ level, about }) => `${level} ${about}`)).toEqual([
      'ok client secret',
      `problem Mail.ReadWrite in ${bot}`,
      `problem Mail.Send in ${bot}`,
    ]);
  });
});

describe('the settings', () => {
  const good = {
    tenant: 'acme.example',
    clientId: '0f1c2b3a-7d5e-4c69-9a8b-1e2d3c4b5a60',
    clientSecret: 's',
    mailbox: bot,
  };

  it.each([
    { tenant: 'common' },
    { tenant: 'Organizations' },
    { tenant: 'a/b' },
    { clientId: 'x' },
    { mailbox: 'x' },
  ])('refuse %j', (bad) => {
    expect(outlook.settings.safeParse({ ...good, ...bad }).success).toBe(false);
  });

  it.each([
    [{ mail: olena }, true],
    [{ mail: '{{ person.email }}', thread: 'Hours of {{ person.name }}' }, true],
    [{ mail: [olena, 'petro@acme.example'] }, true],
    [{ mail: 'nobody' }, false],
    [{ mail: [] }, false],
    [{}, false],
  ])('of a destination take %j: %s', (destination, isTaken) => {
    expect(outlook.destination.safeParse(destination).success).toBe(isTaken);
  });
});
