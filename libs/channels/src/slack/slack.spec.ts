import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { instant, type Instant, type Message } from '#domain';
import { createHttpClient, RemoteError } from '#http';
import { SimulatedServer, type SimulatedRequest } from '#http/simulation';
import type { Attempt, Channel } from '../contract.js';
import { slack } from './index.js';
import { SlackSimulator } from './simulator.js';

let simulator: SlackSimulator;
let server: SimulatedServer;
let channel: Channel;
let room: string;

beforeEach(async () => {
  simulator = new SlackSimulator({ limits: 'none' });
  server = await SimulatedServer.listen(simulator);
  channel = connect(simulator.token);
  simulator.addUser({
    id: 'U1',
    name: 'Olena',
    email: 'olena@acme.example',
    zone: 'Europe/Kyiv',
    locale: 'uk-UA',
  });
  room = simulator.addChannel({ name: 'hours', private: true, members: ['U0CARILLON', 'U1'] }).id;
});

afterEach(() => server.close());

describe('sending', () => {
  it('posts once and gives the key of the message', async () => {
    const receipt = await channel.send?.(message('Low hours'), { id: room }, attempt());

    const [posted, ...others] = simulator.messages(room);
    expect(others).toEqual([]);
    expect(receipt).toEqual({ id: posted?.ts, address: { id: room } });
    expect(posted?.metadata).toEqual({
      event_type: 'carillon_delivery',
      event_payload: { delivery_id: 'd-1', revision: 1 },
    });
    const sent = new URLSearchParams(server.requests[0]?.body);
    expect(sent.get('unfurl_links')).toBe('false');
    expect(sent.get('unfurl_media')).toBe('false');
  });

  it('rings nobody whom the text only seems to call', async () => {
    const nasty = '<!channel> & <@U1> *bold* _it_ :tada: <https://x|y>';

    await channel.send?.(message(nasty, nasty), { id: room }, attempt());

    const [posted] = simulator.messages(room);
    expect(posted?.text).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt; *bold* _it_ :tada: &lt;https://x|y&gt;');
    expect(JSON.stringify(posted?.blocks?.slice(1))).not.toMatch(/<[!@#h]/);
  });

  it('gives up at once when it is aborted', async () => {
    server.plan({ kind: 'silence' });
    const controller = new AbortController();

    const sending = channel.send?.(message('x'), { id: room }, attempt({ signal: controller.signal }));
    await until(() => server.requests.length === 1);
    controller.abort();

    await expect(sending).rejects.toMatchObject({ outcome: 'unknown', system: 'slack' });
  });

  it('never tries again by itself', async () => {
    server.plan({ kind: 'answer', answer: { status: 503 }, times: 9 });

    await expect(channel.send?.(message('x'), { id: room }, attempt())).rejects.toMatchObject({
      reason: 'unavailable',
      outcome: 'unknown',
    });
    expect(server.requests).toHaveLength(1);
  });
});

/** Every code that the vendor's documentation gives for what is called here, beside those that any method may give. */
const codes: Readonly<Record<string, readonly string[]>> = {
  'unauthorized refused': [
    ...['not_authed', 'invalid_auth', 'account_inactive', 'token_revoked', 'token_expired', 'no_permission'],
    ...['missing_scope', 'not_allowed_token_type', 'org_login_required', 'ekm_access_denied'],
    ...['enterprise_is_restricted', 'team_access_not_granted', 'two_factor_setup_required', 'accesslimited'],
    ...['access_denied', 'app_access_restricted'],
  ],
  'rate-limited refused': ['rate_limited'],
  'unavailable refused': [
    ...['service_unavailable', 'team_added_to_org', 'external_channel_migrating', 'fetch_members_failed'],
  ],
  'unavailable unknown': ['internal_error', 'fatal_error', 'update_failed'],
  'timeout unknown': ['request_timeout'],
  'rejected refused': [
    ...['invalid_arguments', 'invalid_arg_name', 'invalid_array_arg', 'invalid_charset', 'invalid_form_data'],
    ...['invalid_post_type', 'missing_post_type', 'deprecated_endpoint', 'method_deprecated'],
    ...['channel_not_found', 'not_in_channel', 'is_archived', 'no_text', 'too_many_attachments'],
    ...['msg_blocks_too_long', 'invalid_blocks', 'invalid_blocks_format', 'invalid_metadata_format'],
    ...['invalid_metadata_schema', 'metadata_too_large', 'metadata_must_be_sent_from_app'],
    ...['markdown_text_conflict', 'cannot_reply_to_message', 'messages_tab_disabled', 'restricted_action'],
    ...['restricted_action_read_only_channel', 'restricted_action_thread_only_channel'],
    ...['restricted_action_non_threadable_channel', 'restricted_action_thread_locked'],
    ...['message_limit_exceeded', 'attachment_payload_limit_exceeded', 'as_user_not_supported'],
    ...['team_not_found', 'duplicate_channel_not_found', 'duplicate_message_not_found'],
    ...['message_not_found', 'cant_update_message', 'edit_window_closed', 'block_mismatch', 'msg_too_long'],
    ...['is_inactive', 'streaming_state_conflict', 'name_taken', 'invalid_name', 'invalid_name_required'],
    ...['invalid_name_punctuation', 'invalid_name_maxlength', 'invalid_name_specials', 'no_channel'],
    ...['cannot_create_channel', 'missing_argument', 'already_in_channel', 'cant_invite_self', 'cant_invite'],
    ...['user_not_found', 'no_user', 'user_is_restricted', 'ura_max_channels', 'org_user_not_in_team'],
    ...['invitee_cant_see_channel', 'no_external_invite_permission', 'app_cannot_join_channel'],
    ...['method_not_supported_for_channel_type', 'cant_kick_self', 'cant_kick_from_general'],
    ...['invalid_cursor', 'invalid_limit', 'invalid_types', 'too_long', 'not_archived', 'limit_required'],
    'a_code_of_tomorrow',
  ],
};

describe.each(Object.entries(codes))('a refusal is %s', (meaning, list) => {
  it.each(list)('for %s', async (code) => {
    simulator.failNext('chat.postMessage', code);

    const error = await failure(channel.send?.(message('x'), { id: room }, attempt()));

    expect(`${error.reason} ${error.outcome}`).toBe(meaning);
    expect(error.code).toBe(code);
  });
});

describe('what the host has to know of a failure', () => {
  it('a limit by 429 pauses the channel it is about, or the method', async () => {
    server.plan({
      kind: 'answer',
      answer: { status: 429, headers: { 'retry-after': '30' }, body: {} },
      times: 2,
    });

    const posting = await failure(channel.send?.(message('x'), { id: room }, attempt()));
    const editing = await failure(
      channel.update?.({ id: '1.000001', address: { id: room } }, message('x'), attempt({ revision: 2 })),
    );

    const limited = { reason: 'rate-limited', outcome: 'refused', retryAfterMs: 30_000, code: 'ratelimited' };
    expect(posting).toMatchObject({ ...limited, scope: 'destination' });
    expect(editing).toMatchObject({ ...limited, scope: 'method' });
  });

  it('a 429 without Retry-After is a limit all the same', async () => {
    server.plan({ kind: 'answer', answer: { status: 429, body: 'slow down' } });

    const error = await failure(channel.send?.(message('x'), { id: room }, attempt()));

    expect(error).toMatchObject({ reason: 'rate-limited', outcome: 'refused', retryAfterMs: undefined });
  });

  it('the scope that is missing', async () => {
    simulator.grant(['users:read']);

    const error = await failure(channel.send?.(message('x'), { id: room }, attempt()));

    expect(error.message).toBe('chat.postMessage was answered missing_scope: add the scope chat:write');
  });

  it.each([
    ['nonsense', { kind: 'nonsense' }],
    ['an empty body', { kind: 'answer', answer: { status: 200, body: '' } }],
    ['JSON that is no answer', { kind: 'answer', answer: { status: 200, body: 'null' } }],
    ['an ok without a key', { kind: 'answer', answer: { status: 200, body: { ok: true } } }],
    [
      'a refusal in prose',
      { kind: 'answer', answer: { status: 200, body: { ok: false, error: 'No, Olena!' } } },
    ],
  ] as const)('%s is unreadable, and the message may have arrived', async (_, trouble) => {
    server.plan(trouble);

    const error = await failure(channel.send?.(message('x'), { id: room }, attempt()));

    expect(error).toMatchObject({ reason: 'unreadable', outcome: 'unknown' });
    expect(error.message).not.toContain('Olena');
  });

  it('nothing can have happened where a read fails', async () => {
    const broken = [
      { kind: 'cut-after' },
      { kind: 'nonsense' },
      { kind: 'answer', answer: { status: 500 } },
      { kind: 'answer', answer: { status: 200, body: { ok: false, error: 'internal_error' } } },
    ] as const;

    for (const trouble of broken) {
      server.plan(trouble);
      const error = await failure(channel.find?.(attempt(), { id: room }, now()));
      expect(error.outcome).toBe('refused');
    }
  });

  it('no error holds the token or the text', async () => {
    server.plan({ kind: 'cut-after' });
    const cut = await failure(channel.send?.(message('Olena is low'), { id: room }, attempt()));
    simulator.revokeToken();
    const revoked = await failure(channel.send?.(message('Olena is low'), { id: room }, attempt()));

    for (const error of [cut, revoked]) {
      const told = `${error.message} ${error.stack} ${String(error.cause)}`;
      expect(told).not.toContain(simulator.token);
      expect(told).not.toContain('Olena');
    }
  });
});

describe('after an unknown outcome', () => {
  it('a post that was cut after acceptance is found, not repeated', async () => {
    server.plan({ kind: 'cut-after', match: posting });
    const began = now();

    const error = await failure(channel.send?.(message('x'), { id: room }, attempt({ beganAt: began })));
    const found = await channel.find?.(attempt(), { id: room }, began);

    expect(error.outcome).toBe('unknown');
    expect(found).toEqual({ id: simulator.messages(room)[0]?.ts, address: { id: room } });
  });

  it('a post that was cut before acceptance is absent', async () => {
    server.plan({ kind: 'cut-before', match: posting });
    await failure(channel.send?.(message('x'), { id: room }, attempt()));
    await channel.send?.(message('another'), { id: room }, attempt({ deliveryId: 'd-2' }));

    expect(await channel.find?.(attempt(), { id: room }, now())).toBe('absent');
  });

  it('is looked for behind many other messages, to the last page', async () => {
    await channel.send?.(message('x'), { id: room }, attempt());
    for (let count = 0; count < 450; count += 1) simulator.say('U1', room, `message ${count}`);

    const found = await channel.find?.(attempt(), { id: room }, now());

    expect(found).toMatchObject({ id: simulator.messages(room)[0]?.ts });
    expect(server.requests.filter(({ path }) => path.endsWith('history'))).toHaveLength(3);
  });

  it('paging that breaks off is no absence', async () => {
    for (let count = 0; count < 250; count += 1) simulator.say('U1', room, `message ${count}`);
    server.plan({ kind: 'answer', after: 1, answer: { status: 429, headers: { 'retry-after': '5' } } });

    await expect(channel.find?.(attempt(), { id: room }, now())).rejects.toMatchObject({
      reason: 'rate-limited',
      scope: 'method',
    });
  });

  it('nobody can tell where the bot may not look', async () => {
    const open = simulator.addChannel({ name: 'general', members: ['U1'] }).id;
    await channel.send?.(message('x'), { id: open }, attempt());

    expect(await channel.find?.(attempt(), { id: open }, now())).toBe('cannot-tell');
  });

  it('a correction is found by its revision, however old the message is', async () => {
    const receipt = await channel.send?.(message('x'), { id: room }, attempt());
    if (!receipt) throw new Error('nothing was sent');
    const muchLater = now().add({ hours: 240 });
    const second = attempt({ revision: 2 });

    expect(await channel.find?.(second, { id: room }, muchLater)).toBe('absent');
    server.plan({ kind: 'cut-after' });
    await failure(channel.update?.(receipt, message('better'), second));
    expect(await channel.find?.(second, { id: room }, muchLater)).toEqual(receipt);
  });
});

describe('correcting', () => {
  it('edits in place and keeps the receipt good', async () => {
    const receipt = await channel.send?.(message('19 hours'), { id: room }, attempt());
    if (!receipt) throw new Error('nothing was sent');

    const edited = await channel.update?.(receipt, message('40 hours'), attempt({ revision: 2 }));

    expect(edited).toEqual(receipt);
    const [said, ...others] = simulator.messages(room);
    expect(others).toEqual([]);
    expect(said?.text).toBe('40 hours');
    expect(said?.metadata?.event_payload).toEqual({ delivery_id: 'd-1', revision: 2 });
  });

  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed'] as const)(
    'is rejected with the code %s, so that the host can follow up instead',
    async (code) => {
      simulator.failNext('chat.update', code);

      const error = await failure(
        channel.update?.({ id: '1.000001', address: { id: room } }, message('x'), attempt()),
      );

      expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused', code });
    },
  );
});

describe('the people of the workspace', () => {
  it('are told page by page, with bots marked and without zones', async () => {
    simulator.addUser({ id: 'U2', name: 'Gone', deleted: true });
    simulator.addUser({ id: 'U3', name: 'Guest', restricted: true });
    for (let count = 0; count < 250; count += 1) simulator.addUser({ name: `Person ${count}` });

    const pages = [];
    for await (const page of channel.people?.(new AbortController().signal) ?? []) pages.push(page);

    const everybody = pages.flat();
    expect(pages).toHaveLength(2);
    expect(everybody).toHaveLength(simulator.users().length);
    expect(everybody.find(({ externalId }) => externalId === 'U1')).toEqual({
      externalId: 'U1',
      name: 'Olena',
      email: 'olena@acme.example',
      locale: 'uk-UA',
      active: true,
      bot: false,
    });
    const byId = (id: string) => everybody.find(({ externalId }) => externalId === id);
    expect(byId('U2')).toMatchObject({ active: false });
    expect(byId('U3')).toMatchObject({ active: true, bot: false });
    expect(byId('USLACKBOT')).toMatchObject({ bot: true });
    expect(byId('U0CARILLON')).toMatchObject({ bot: true });
  });

  it('are not all told where a page is missing', async () => {
    for (let count = 0; count < 250; count += 1) simulator.addUser({ name: `Person ${count}` });
    server.plan({ kind: 'nonsense', after: 1 });

    const listing = async (): Promise<void> => {
      for await (const page of channel.people?.(new AbortController().signal) ?? []) void page;
    };

    await expect(listing()).rejects.toMatchObject({ reason: 'unreadable', outcome: 'refused' });
  });
});

describe('the probe', () => {
  const probe = () => channel.probe(new AbortController().signal);

  it('is content with what is needed', async () => {
    expect(await probe()).toEqual([
      { level: 'ok', about: 'token', message: 'Slack accepts the token in Acme' },
      { level: 'ok', about: 'scopes', message: 'the token has every scope that is needed' },
    ]);
  });

  it('names the scopes to add', async () => {
    simulator.grant(['chat:write', 'groups:read', 'groups:history', 'users:read', 'users:read.email']);

    const findings = await probe();

    expect(findings.map(({ level, about }) => `${level} ${about}`)).toEqual([
      'ok token',
      'problem scope groups:write',
      'warning scope chat:write.public',
      'warning scope channels:history',
    ]);
  });

  it('says what to do about a token that is not accepted', async () => {
    simulator.revokeToken();

    expect(await probe()).toMatchObject([
      { level: 'problem', about: 'token', message: 'auth.test was answered token_revoked' },
    ]);
  });

  it('tells of a Slack that cannot be reached', async () => {
    server.plan({ kind: 'cut-before' });

    expect(await probe()).toMatchObject([{ level: 'problem', about: 'token' }]);
  });

  it('changes nothing', async () => {
    const before = JSON.stringify(simulator.save());

    await probe();

    expect(JSON.stringify(simulator.save())).toBe(before);
  });
});

describe('what users configure', () => {
  it.each([
    [{ channelId: 'C0EAQDV4Z' }, true],
    [{ channelId: 'G0EAQDV4Z' }, true],
    [{ channelId: 'D0EAQDV4Z' }, true],
    [{ channelId: '#general' }, false],
    [{ channelId: 'U0EAQDV4Z' }, false],
    [{ channelId: 'C0EAQDV4Z', user: 'U1' }, false],
    [{}, false],
  ])('a destination %j is taken: %s', (destination, taken) => {
    expect(slack.destination.safeParse(destination).success).toBe(taken);
  });

  it('becomes an address', async () => {
    const { signal } = new AbortController();

    expect(await channel.address?.({ channelId: 'C0EAQDV4Z' }, signal)).toEqual({ id: 'C0EAQDV4Z' });
    await expect(channel.address?.({ space: 'x' }, signal)).rejects.toMatchObject({ reason: 'rejected' });
  });

  it('needs a token only', () => {
    expect(slack.settings.parse({ token: 'xoxb-1' })).toEqual({
      token: 'xoxb-1',
      baseUrl: 'https://slack.com/api/',
    });
    expect(slack.settings.safeParse({ token: 'xoxb-1', tokn: '' }).success).toBe(false);
    expect(slack.settings.safeParse({}).success).toBe(false);
  });
});

const posting = ({ path }: SimulatedRequest): boolean => path.endsWith('chat.postMessage');

function connect(token: string): Channel {
  const http = createHttpClient({ system: 'slack', timeoutMs: 2000 });
  return slack.connect({ token, baseUrl: `${server.url}/api/` }, http);
}

function attempt(change: Partial<Attempt> = {}): Attempt {
  const { signal } = new AbortController();
  return { deliveryId: 'd-1', revision: 1, number: 1, beganAt: now(), signal, ...change };
}

function now(): Instant {
  return instant(new Date().toISOString());
}

function message(title: string, text = 'Text'): Message {
  return { locale: 'en', title, blocks: [{ type: 'text', text: [text] }] };
}

async function failure(promise: Promise<unknown> | undefined): Promise<RemoteError> {
  const error: unknown = await promise?.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RemoteError)) throw new Error(`expected a RemoteError, got ${String(error)}`);
  return error;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
