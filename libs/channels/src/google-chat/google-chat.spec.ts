import { instant, type Message } from '#domain';
import { AccessToken, createHttpClient, RemoteError } from '#http';
import { atOnce, SimulatedServer } from '#http/simulation';
import type { Address, Attempt, Channel } from '../contract.js';
import { serviceAccountGrant } from './grant.js';
import { googleChat } from './index.js';
import { readServiceAccount, type ServiceAccount } from './service-account.js';
import { GoogleChatSimulator, googleError, type GoogleChatSimulatorOptions } from './simulator.js';

const deliveryId = '3f2c1a9e-0000-5000-8000-000000000001';
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  deliveryId,
  revision: 1,
  number: 1,
  beganAt: instant(new Date().toISOString()),
  signal: AbortSignal.timeout(10_000),
  ...more,
});
const message = (title = 'Issue index: 34', ...blocks: Message['blocks']): Message => ({
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

/** One pair of keys for all specs: making one takes a while. */
const { key, publicKey } = (() => {
  const { credentials } = new GoogleChatSimulator();
  const issued = credentials.issueKey();
  return { key: issued, publicKey: credentials.keysOf(issued.client_email)?.[0]?.publicKey ?? '' };
})();

const servers: SimulatedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: GoogleChatSimulatorOptions = {}) {
  const chat = new GoogleChatSimulator({ limits: 'none', ...options });
  chat.credentials.trustKey(publicKey, key.client_email, key.private_key_id);
  const server = await SimulatedServer.listen(chat);
  servers.push(server);
  const space = chat.addSpace({ displayName: 'Ferrari' });
  const webhook = chat.addWebhook(space.name, 'Carillon');
  const settings = {
    serviceAccount: JSON.stringify(key),
    webhooks: { ferrari: chat.webhookUrl(webhook, server.url) },
    baseUrl: `${server.url}/`,
    tokenUrl: `${server.url}/token`,
  };
  const connect = (more: object = {}): Required<Channel> =>
    googleChat.connect(
      googleChat.settings.parse({ ...settings, ...more }),
      createHttpClient({
        system: 'google-chat',
        timeoutMs: 5000,
        // Where Chat counts writes they are kept apart.
        ...(options.limits === 'vendor' ? {} : { follow: atOnce }),
      }),
    ) as Required<Channel>;
  const to: Address = { id: space.name };
  const shown = (): readonly (string | undefined)[] =>
    chat.messages(space.name).map(({ content }) => content.cardsV2?.[0]?.card.header?.title);
  /** Changes what the simulator holds of messages, behind everybody's back. */
  const amend = (change: (one: Record<string, unknown>) => object): void => {
    const state = chat.save();
    const messages = state.workspace.messages.map((one) => change({ ...one }) as typeof one);
    chat.load({ ...state, workspace: { ...state.workspace, messages } });
  };
  const deleteAll = (): void => amend((one) => ({ ...one, deleteTime: new Date().toISOString() }));
  const requests = (of: RegExp): number =>
    server.requests.filter(({ method, path }) => of.test(`${method} ${path}`)).length;
  return {
    chat,
    server,
    space,
    webhook,
    settings,
    connect,
    channel: connect(),
    to,
    shown,
    amend,
    deleteAll,
    requests,
  };
}

describe('the access token', () => {
  it('is asked for once, however many need it', async () => {
    const { channel, chat, requests } = await start();
    const rooms = Array.from({ length: 8 }, () => chat.addSpace({ displayName: 'Team' }));

    await Promise.all(rooms.map(({ name }) => channel.send(message(), { id: name }, attempt())));

    expect(requests(/token/)).toBe(1);
    expect(requests(/POST .*messages/)).toBe(8);
  });

  it('is renewed while it is still good for five minutes', async () => {
    const { settings, requests } = await start();
    const account = readServiceAccount(settings.serviceAccount) as ServiceAccount;
    const http = createHttpClient({ system: 'google-chat', timeoutMs: 5000 });
    const clock = { seconds: 0 };
    const token = new AccessToken(
      'google-chat',
      serviceAccountGrant(account, settings.tokenUrl, http),
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

  it('is thrown away where Google no longer takes it', async () => {
    const { channel, chat, to, shown, requests } = await start();
    await channel.probe(AbortSignal.timeout(5000));
    chat.credentials.expireTokens();

    const error = await failure(channel.send(message(), to, attempt()));
    await channel.send(message(), to, attempt({ number: 2 }));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused', status: 401 });
    expect(requests(/token/)).toBe(2);
    expect(shown()).toEqual(['Issue index: 34']);
  });

  it.each([
    ['the key was deleted', (chat: GoogleChatSimulator) => chat.credentials.revokeKey(key.private_key_id)],
    ['the account was deleted', (chat: GoogleChatSimulator) => chat.credentials.deleteAccount()],
  ])('is refused where %s, and nothing is said', async (_name, spoil) => {
    const { channel, chat, to, shown } = await start();
    spoil(chat);

    const error = await failure(channel.send(message(), to, attempt()));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused', code: 'invalid_grant' });
    expect(shown()).toEqual([]);
  });

  it('is refused to a machine whose clock is wrong, and the error says so', async () => {
    const { channel, to } = await start({ now: () => new Date(Date.now() + 3 * 3_600_000) });

    const error = await failure(channel.send(message(), to, attempt()));

    expect(error.message).toBe(
      'asking for an access token was answered 400 invalid_grant: is the clock of this machine right?',
    );
  });

  it('keeps nobody waiting who was stopped, and is there for the others', async () => {
    const { channel, server, chat, to } = await start();
    const other = chat.addSpace({ displayName: 'Other' });
    server.plan({ kind: 'slow', delayMs: 400, match: ({ path }) => path === '/token' });
    const stop = new AbortController();

    const stopped = failure(channel.send(message(), to, attempt({ signal: stop.signal })));
    const sent = channel.send(message(), { id: other.name }, attempt());
    setTimeout(() => stop.abort(), 100);

    expect(await stopped).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect(await sent).toMatchObject({ address: { id: other.name } });
  });
});

describe('a message of the app', () => {
  it('carries the ids by which it is said once', async () => {
    const { channel, server, to } = await start();

    await channel.send(message(), to, attempt());

    const { query } = server.requests.at(-1) ?? { query: '' };
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      messageId: `client-${deliveryId}`,
      requestId: `${deliveryId}-1`,
    });
  });

  it('is there once where Google has forgotten the request', async () => {
    const { channel, to, shown, amend } = await start();
    const first = await channel.send(message(), to, attempt());
    amend(({ requestId: _, ...one }) => one);

    const second = await channel.send(message(), to, attempt({ number: 2 }));

    expect(second).toEqual(first);
    expect(shown()).toEqual(['Issue index: 34']);
  });

  it('is brought up to date where an earlier revision turns out to be there', async () => {
    const { channel, to, shown } = await start({ limits: 'vendor' });
    const first = await channel.send(message(), to, attempt());

    const second = await channel.send(message('Issue index: 30'), to, attempt({ revision: 2 }));

    expect(second).toEqual(first);
    expect(shown()).toEqual(['Issue index: 30']);
  });

  it('is not said again after somebody deleted it', async () => {
    const { channel, to, shown, amend, deleteAll } = await start();
    await channel.send(message(), to, attempt());
    deleteAll();
    amend(({ requestId: _, ...one }) => one);

    const error = await failure(channel.send(message(), to, attempt({ number: 2 })));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused' });
    expect(shown()).toEqual([]);
  });

  it('is followed by its correction where somebody deleted it, one write a second', async () => {
    const { channel, to, shown, deleteAll } = await start({ limits: 'vendor' });
    const receipt = await channel.send(message(), to, attempt());
    deleteAll();
    const second = attempt({ revision: 2 });

    const error = await failure(channel.update(receipt, message('Issue index: 30'), second));
    const sent = await channel.send(message('Issue index: 30'), to, second);

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused', status: 404 });
    expect(shown()).toEqual(['Issue index: 30']);
    expect(await channel.find(second, to, second.beganAt)).toEqual(sent);
    const third = attempt({ revision: 3 });
    expect(await channel.find(third, to, third.beganAt)).toBe('absent');
  });

  it('is known by whatever name Chat gives it', async () => {
    const { channel, to, shown } = await start({ doubts: { clientIdInName: false } });
    const first = attempt();

    const receipt = await channel.send(message(), to, first);
    const found = await channel.find(first, to, first.beganAt);
    await channel.update(receipt, message('Issue index: 30'), attempt({ revision: 2 }));

    expect(receipt.id).not.toContain('client-');
    expect(found).toEqual(receipt);
    expect(shown()).toEqual(['Issue index: 30']);
  });

  it('loses its mention when the correction has none', async () => {
    const { channel, chat, to, space } = await start();
    const olena = chat.addPerson({ displayName: 'Olena' });
    const receipt = await channel.send(
      message('Low hours', { type: 'text', text: [{ person: 'Olena', externalId: olena.name }] }),
      to,
      attempt(),
    );
    const before = chat.messages(space.name)[0]?.content.text;

    await channel.update(receipt, message('All is well'), attempt({ revision: 2 }));

    expect(before).toBe(`<${olena.name}> Low hours`);
    expect(chat.messages(space.name)[0]?.content.text).toBeUndefined();
  });

  it.each([
    ['Chinese, Korean and Cyrillic', '支付 결제 Оплата ＆ «Ёж»'],
    [
      'all that is markup',
      '*b* _i_ ~s~ `c` ```d``` <users/all> <b>&amp;</b> <https://x|y> <font color="#f00">',
    ],
    ['a list without end', 'very long '.repeat(20_000)],
  ])('with %s is taken, and nothing of it is left out', async (_name, title) => {
    const { channel, chat, to, space } = await start();
    const rows = Array.from({ length: 2000 }, (_, row) => [`${row} ${title.slice(0, 80)}`, '1']);

    await channel.send(
      message(title, { type: 'text', text: [title] }, { type: 'table', columns: ['Issue', 'Days'], rows }),
      to,
      attempt(),
    );

    expect(chat.messages(space.name)[0]?.remarks).toEqual([]);
  });
});

describe('a thread', () => {
  it('gathers what has the same key', async () => {
    const { channel, chat, space } = await start();
    const to = await channel.address({ space: space.name, thread: 'kpi-ferrari' }, AbortSignal.timeout(1000));

    await channel.send(message('one'), to, attempt());
    await channel.send(message('two'), to, attempt({ deliveryId: deliveryId.replace(/1$/, '2') }));

    expect(chat.threads(space.name).map(({ key: name, messages }) => [name, messages.length])).toEqual([
      ['kpi-ferrari', 2],
    ]);
  });

  it('is begun by each message where none is named', async () => {
    const { channel, chat, space, to } = await start();

    await channel.send(message('one'), to, attempt());
    await channel.send(message('two'), to, attempt({ deliveryId: deliveryId.replace(/1$/, '2') }));

    expect(chat.threads(space.name)).toHaveLength(2);
  });
});

describe('asking whether it arrived', () => {
  it('tells a correction from what it corrects', async () => {
    const { channel, to } = await start();
    const receipt = await channel.send(message(), to, attempt());
    const second = attempt({ revision: 2 });

    const before = await channel.find(second, to, second.beganAt);
    await channel.update(receipt, message('Issue index: 30'), second);
    const after = await channel.find(second, to, second.beganAt);

    expect(before).toBe('absent');
    expect(after).toEqual(receipt);
  });

  it('cannot tell of a correction where the card does not say its revision', async () => {
    const { channel, to, amend } = await start();
    const receipt = await channel.send(message(), to, attempt());
    amend(({ content: _, ...one }) => ({ ...one, content: { text: 'changed by hand' } }));
    const [first, second] = [attempt(), attempt({ revision: 2 })];

    expect(await channel.find(first, to, first.beganAt)).toEqual(receipt);
    expect(await channel.find(second, to, second.beganAt)).toBe('cannot-tell');
  });

  it.each([
    ['a space that was deleted', {}, (chat: GoogleChatSimulator, space: string) => chat.deleteSpace(space)],
    [
      'a space that the app was removed from, where Google calls it not found',
      { doubts: { notInSpace: 'NOT_FOUND' } } as const,
      (chat: GoogleChatSimulator, space: string) => chat.removeApp(space),
    ],
  ])('cannot be answered of %s', async (_name, options, leave) => {
    const { channel, chat, space, to } = await start(options);
    const asked = attempt();
    leave(chat, space.name);

    expect(await channel.find(asked, to, asked.beganAt)).toBe('cannot-tell');
  });

  it('waits for somebody to let the app in again where it was removed', async () => {
    const { channel, chat, space, to } = await start();
    const asked = attempt();
    const receipt = await channel.send(message(), to, asked);
    chat.removeApp(space.name);

    const error = await failure(channel.find(asked, to, asked.beganAt));
    chat.addApp(space.name);

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused' });
    expect(await channel.find(asked, to, asked.beganAt)).toEqual(receipt);
  });

  it('is what follows a 503, of which nobody knows whether it was done', async () => {
    const { channel, server, to } = await start();
    const asked = attempt();
    server.plan({
      kind: 'answer',
      answer: googleError('UNAVAILABLE'),
      match: ({ path }) => path !== '/token',
    });

    const error = await failure(channel.send(message(), to, asked));

    expect(error).toMatchObject({ reason: 'unavailable', outcome: 'unknown' });
    expect(await channel.find(asked, to, asked.beganAt)).toBe('absent');
  });
});

describe('a refusal', () => {
  it('tells which space the app is not in any more', async () => {
    const { channel, chat, space, to } = await start();
    chat.removeApp(space.name);

    const error = await failure(channel.send(message(), to, attempt()));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused', code: 'PERMISSION_DENIED' });
    expect(error.message).toBe(
      `posting a message was answered 403 PERMISSION_DENIED: the app is not in ${space.name}, or may not write there; somebody in it can add it again`,
    );
  });

  it('is final for a space that is not there', async () => {
    const { channel } = await start();

    const error = await failure(channel.send(message(), { id: 'spaces/AAAAgone' }, attempt()));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused', code: 'NOT_FOUND' });
    expect(error.message).toContain('there is no spaces/AAAAgone, or the app is not in it');
  });

  it('names the field that is wrong, and nothing of what was sent', async () => {
    const { channel, server, to } = await start();
    server.plan({
      kind: 'answer',
      match: ({ path }) => path !== '/token',
      answer: googleError('INVALID_ARGUMENT', "Invalid value at 'text', Olena's salary", [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'message.cards_v2[0].card', description: 'Olena' }],
        },
      ]),
    });

    const error = await failure(channel.send(message(), to, attempt()));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused', code: 'INVALID_ARGUMENT' });
    expect(error.message).toBe(
      'posting a message was answered 400 INVALID_ARGUMENT at message.cards_v2[0].card',
    );
  });

  it('of too much at once is about the space, and says no time', async () => {
    const { connect, to } = await start({ limits: 'vendor' });
    await connect().send(message(), to, attempt());

    const error = await failure(
      connect().send(message(), to, attempt({ deliveryId: deliveryId.replace(/1$/, '2') })),
    );

    expect(error).toMatchObject({
      reason: 'rate-limited',
      outcome: 'refused',
      scope: 'destination',
      retryAfterMs: undefined,
      code: 'RESOURCE_EXHAUSTED',
    });
  });

  it('of too much by the whole project is about the account', async () => {
    const { channel, server, to } = await start();
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'RATE_LIMIT_EXCEEDED',
        metadata: { quota_limit: 'MessageWritesPerMinutePerProject' },
      },
    ];
    server.plan({
      kind: 'answer',
      match: ({ path }) => path !== '/token',
      answer: googleError('RESOURCE_EXHAUSTED', 'Quota exceeded', details),
    });

    expect(await failure(channel.send(message(), to, attempt()))).toMatchObject({
      reason: 'rate-limited',
      scope: 'account',
    });
  });

  it.each([
    ['HTML', { status: 404, body: '<html>Olena</html>' }, 'rejected'],
    ['another JSON', { status: 403, body: [{ error: { status: 7, details: 'Olena' } }] }, 'unauthorized'],
    ['nothing', { status: 400, body: '' }, 'rejected'],
  ])('that comes as %s is one all the same', async (_name, answer, reason) => {
    const { channel, server, to } = await start();
    server.plan({ kind: 'answer', answer, match: ({ path }) => path !== '/token' });

    const error = await failure(channel.send(message(), to, attempt()));

    expect(error).toMatchObject({ reason, outcome: 'refused', status: answer.status });
    expect(error.message).not.toContain('Olena');
  });
});

describe('an answer', () => {
  it('may hold more than is read of it', async () => {
    const { channel, server, to, space } = await start();
    const name = `${space.name}/messages/m.m`;
    server.plan({
      kind: 'answer',
      match: ({ path }) => path !== '/token',
      answer: { status: 200, body: { name, cardsV2: 7, thread: null, brandNew: { a: [1] } } },
    });

    expect(await channel.send(message(), to, attempt())).toEqual({ id: name, address: to });
  });

  it.each([{ name: 7 }, { name: '../../v1/other' }, {}])(
    'that is %j leaves open what was done',
    async (body) => {
      const { channel, server, to } = await start();
      server.plan({ kind: 'answer', match: ({ path }) => path !== '/token', answer: { status: 200, body } });

      expect(await failure(channel.send(message(), to, attempt()))).toMatchObject({
        reason: 'unreadable',
        outcome: 'unknown',
      });
    },
  );
});

describe('a webhook', () => {
  const to: Address = { id: 'webhooks/ferrari' };

  it('says a correction below what it corrects, and calls it one', async () => {
    const { channel, chat, space } = await start();
    const receipt = await channel.send(message(), to, attempt());

    const corrected = await channel.update(receipt, message('Issue index: 30'), attempt({ revision: 2 }));

    expect(corrected).toEqual(receipt);
    const [thread, ...others] = chat.threads(space.name);
    expect(others).toEqual([]);
    expect(thread?.messages.map(({ content }) => content.cardsV2?.[0]?.card.header)).toEqual([
      { title: 'Issue index: 34' },
      { title: 'Issue index: 30', subtitle: 'Correction' },
    ]);
  });

  it('cannot be asked, even where it heeds no repetition', async () => {
    const { channel, shown } = await start({ doubts: { webhookIds: false } });
    const asked = attempt();
    await channel.send(message(), to, asked);
    await channel.send(message(), to, asked);

    expect(await channel.find(asked, to, asked.beganAt)).toBe('cannot-tell');
    expect(shown()).toHaveLength(2);
  });

  it.each([
    [
      'was deleted',
      (chat: GoogleChatSimulator, id: string) => chat.deleteWebhook(id),
      'unauthorized',
      'PERMISSION_DENIED',
      /ferrari was deleted/,
    ],
    [
      'has lost its key',
      (chat: GoogleChatSimulator, id: string) => chat.revokeWebhookKey(id),
      'unauthorized',
      'API_KEY_INVALID',
      /ferrari was deleted/,
    ],
    [
      'has lost its space',
      (chat: GoogleChatSimulator, _id: string, space: string) => chat.deleteSpace(space),
      'rejected',
      'NOT_FOUND',
      /space of the webhook ferrari/,
    ],
  ])('that %s is told to the owner by its name', async (_name, spoil, reason, code, says) => {
    const { channel, chat, webhook, space, settings } = await start();
    spoil(chat, webhook.id, space.name);

    const error = await failure(channel.send(message(), to, attempt()));

    expect(error).toMatchObject({ reason, outcome: 'refused', code });
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain(webhook.key);
    expect(error.message).not.toContain(settings.webhooks.ferrari);
  });

  it.each([
    ['inside the network', (url: string) => url.replace('http:', 'https:')],
    ['without TLS', (url: string) => url.replace('127.0.0.1', '127.0.0.2')],
  ])('leads nowhere %s', async (_name, elsewhere) => {
    const { connect, settings, server } = await start();
    const channel = connect({ webhooks: { ferrari: elsewhere(settings.webhooks.ferrari) } });

    const error = await failure(channel.send(message(), to, attempt()));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused' });
    expect(error.message).not.toContain('key=');
    expect(server.requests).toEqual([]);
  });
});

describe('a destination', () => {
  it.each([
    [{ space: 'spaces/AAAAxyz' }, 'spaces/AAAAxyz'],
    [{ space: 'spaces/AAAAxyz', thread: 'a#b/c' }, 'spaces/AAAAxyz#a#b/c'],
    [{ webhook: 'ferrari', thread: 'kpi' }, 'webhooks/ferrari#kpi'],
  ])('%j is the address %s', async (destination, id) => {
    const { channel } = await start();

    expect(await channel.address(destination, AbortSignal.timeout(1000))).toEqual({ id });
  });

  it.each([
    ['a webhook that the channel does not have', { webhook: 'lotus' }, {}],
    ['a name that every object has', { webhook: 'constructor' }, {}],
    ['a space without a service account', { space: 'spaces/A' }, { serviceAccount: undefined }],
    ['both', { space: 'spaces/A', webhook: 'ferrari' }, {}],
    ['neither', {}, {}],
    ['something that is no space', { space: 'AAAA/../x' }, {}],
  ])('is refused with %s', async (_name, destination, settings) => {
    const { connect } = await start();

    expect(await failure(connect(settings).address(destination, AbortSignal.timeout(1000)))).toMatchObject({
      reason: 'rejected',
      outcome: 'refused',
    });
  });

  it('of another kind is refused', async () => {
    const { channel } = await start();

    expect(await failure(channel.send(message(), { id: 'C0EAQDV4Z' }, attempt()))).toMatchObject({
      reason: 'rejected',
    });
  });
});

describe('the settings', () => {
  const { private_key: pem, ...rest } = key;
  it.each([
    ['no JSON', 'hush'],
    ['a key without its private half', JSON.stringify(rest)],
    ['a private key that is none', JSON.stringify({ ...rest, private_key: 'hush' })],
    ['an account of a person', JSON.stringify({ ...rest, private_key: pem, type: 'authorized_user' })],
  ])('refuse a service account that is %s, and do not repeat it', (_name, serviceAccount) => {
    const { error } = googleChat.settings.safeParse({ serviceAccount });

    expect(error?.message).toContain('whole');
    expect(error?.message).not.toContain('hush');
    expect(error?.message).not.toContain(pem.slice(40, 80));
  });

  it.each([
    'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=hush',
    'https://chat.googleapis.com/v1/spaces/AAAA?key=hush&token=hush',
    'ftp://chat.googleapis.com/v1/spaces/AAAA/messages?key=hush&token=hush',
    'https://a:b@chat.googleapis.com/v1/spaces/AAAA/messages?key=hush&token=hush',
    'hush',
  ])('refuse %s as a webhook', (url) => {
    const { error } = googleChat.settings.safeParse({ webhooks: { ferrari: url } });

    expect(error?.message).toContain('webhook');
    expect(error?.message).not.toContain('hush');
  });

  it('refuse a channel with neither', () => {
    expect(googleChat.settings.safeParse({}).success).toBe(false);
  });
});

describe('a probe', () => {
  const levels = async (channel: Channel) =>
    (await channel.probe(AbortSignal.timeout(5000))).map(({ level, about }) => [level, about]);

  it('names the spaces that the app is in', async () => {
    const { channel, space } = await start();

    const findings = await channel.probe(AbortSignal.timeout(5000));

    expect(findings.map(({ message: said }) => said)).toEqual([
      'Google accepts the key of the service account.',
      `The app is in 1 space: Ferrari (${space.name})`,
      'The URL of ferrari is well-formed; only a message shows whether the webhook is still there.',
    ]);
  });

  it('warns of an app that is in no space', async () => {
    const { channel, chat, space } = await start();
    chat.removeApp(space.name);

    expect(await levels(channel)).toEqual([
      ['ok', 'service account'],
      ['warning', 'spaces'],
      ['ok', 'webhook ferrari'],
    ]);
  });

  it('says what to do about a key that was deleted', async () => {
    const { channel, chat } = await start();
    chat.credentials.revokeKey(key.private_key_id);

    expect((await channel.probe(AbortSignal.timeout(5000)))[0]).toMatchObject({
      level: 'problem',
      message: 'asking for an access token was answered 400 invalid_grant',
      remedy: expect.stringContaining('new key'),
    });
  });

  it('has nothing to ask where there are only webhooks', async () => {
    const { connect, server } = await start();

    expect(await levels(connect({ serviceAccount: undefined }))).toEqual([['ok', 'webhook ferrari']]);
    expect(server.requests).toEqual([]);
  });
});
