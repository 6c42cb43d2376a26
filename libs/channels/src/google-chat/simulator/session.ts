import { SimulatedServer } from '#http/simulation';
import { createSign } from 'node:crypto';
import { GoogleChatSimulator, type GoogleChatSimulatorOptions } from '../simulator.js';
import type { ServiceAccountKey } from './credentials.js';

export type Json = Readonly<Record<string, unknown>>;

/** An answer, its JSON not parsed further: specs look at what they are about. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
}

export const bot = 'https://www.googleapis.com/auth/chat.bot';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed assertion. https://developers.google.com/identity/protocols/oauth2/service-account#jwt-auth */
export function assertion(key: ServiceAccountKey, claims: Json, header: Json = {}): string {
  const head = part({ alg: 'RS256', typ: 'JWT', kid: key.private_key_id, ...header });
  const unsigned = `${head}.${part({ iss: key.client_email, aud: key.token_uri, ...claims })}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key.private_key, 'base64url')}`;
}

/** The key of all specs of a file: making one takes a while. */
let shared: { readonly key: ServiceAccountKey; readonly publicKey: string } | undefined;

const servers: SimulatedServer[] = [];

/** For specs: a simulator behind a real port, without quotas unless asked for, with one space, one person in it, and ways to call it. */
export async function start(options: GoogleChatSimulatorOptions = {}) {
  const now = options.now ?? (() => new Date());
  const chat = new GoogleChatSimulator({ limits: 'none', ...options });
  const server = await SimulatedServer.listen(chat);
  servers.push(server);

  if (shared) chat.credentials.trustKey(shared.publicKey, shared.key.client_email, shared.key.private_key_id);
  const key = shared?.key ?? chat.credentials.issueKey();
  shared ??= { key, publicKey: chat.credentials.keysOf(key.client_email)?.[0]?.publicKey ?? '' };

  const exchange = async (jwt: string, form: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const response = await fetch(`${server.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: jwt,
        ...form,
      }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  /** An access token with these scopes. */
  const token = async (...scopes: readonly string[]): Promise<string> => {
    const iat = Math.floor(now().getTime() / 1000);
    const claims = { scope: scopes.join(' ') || bot, iat, exp: iat + 3600 };
    return String((await exchange(assertion(key, claims))).body['access_token']);
  };
  const botToken = await token();

  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${server.url}/v1/${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, body: isJson ? (JSON.parse(text) as Json) : { text } };
  };
  /** Calls as the app. `request` is `GET spaces/A`; a body goes as JSON. */
  const call = async (request: string, body?: unknown, bearer = botToken): Promise<Answer> => {
    const [method = '', path = ''] = request.split(' ');
    return send(path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(body === undefined ? {} : asJson) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
  /** Posts to a webhook's URL. */
  const hook = async (url: string, body: unknown): Promise<Answer> =>
    send(url.replace('https://chat.googleapis.com/v1/', ''), {
      method: 'POST',
      headers: asJson,
      body: JSON.stringify(body),
    });

  const olena = chat.addPerson({ displayName: 'Olena', email: 'olena@acme.example' });
  const ops = chat.addSpace({ id: 'AAAAops', displayName: 'Ops', members: [olena.name] });
  return { chat, server, key, exchange, token, botToken, send, call, hook, olena, ops };
}

export const asJson = { 'content-type': 'application/json; charset=UTF-8' };

/** Ends what `start` began; for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}

/** Follows names and places into a JSON value. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Readonly<Record<string, unknown>>)[name], value);
