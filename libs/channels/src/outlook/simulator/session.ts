import { SimulatedServer } from '#http/simulation';
import { OutlookSimulator, type OutlookSimulatorOptions } from '../simulator.js';

export type Json = Readonly<Record<string, unknown>>;

/** An answer, its JSON not parsed further: specs look at what they are about. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

const servers: SimulatedServer[] = [];

/** The extended property of the specs. */
export const key = 'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name DeliveryId';

/** A query that looks for the property. */
export const having = (value: string, id = key): string =>
  `$filter=${encodeURIComponent(`singleValueExtendedProperties/Any(ep: ep/id eq '${id}' and ep/value eq '${value}')`)}`;

/** A message of the specs. */
export const mail = (more: Json = {}): Json => ({
  subject: 'INC-42',
  body: { contentType: 'HTML', content: '<p>Checkout <b>down</b></p>' },
  toRecipients: [{ emailAddress: { address: 'olena@acme.example', name: 'Olena' } }],
  ...more,
});

/** For specs: a simulator behind a real port, without limits and lag unless asked for, with two mailboxes, and ways to call it. */
export async function start(options: OutlookSimulatorOptions = {}) {
  const outlook = new OutlookSimulator({ limits: 'none', lagMs: 0, ...options });
  const server = await SimulatedServer.listen(outlook);
  servers.push(server);
  const bot = outlook.addMailbox({ userPrincipalName: 'bot@acme.example', displayName: 'Carillon' });
  const olena = outlook.addMailbox({ userPrincipalName: 'olena@acme.example', displayName: 'Olena' });

  const send = async (url: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(url, init);
    const text = await response.text();
    const body = text === '' ? {} : (JSON.parse(text) as Json);
    return { status: response.status, headers: response.headers, body };
  };
  /** Asks for a token; `form` changes what is asked. */
  const exchange = async (form: Readonly<Record<string, string>> = {}, tenant = outlook.entra.tenantId) =>
    send(`${server.url}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: outlook.entra.clientId,
        client_secret: outlook.entra.clientSecret,
        scope: 'https://graph.microsoft.com/.default',
        ...form,
      }),
    });
  const token = async (): Promise<string> => String((await exchange()).body['access_token']);
  const first = await token();

  /** Calls as the app, `request` being `GET messages` of the bot's mailbox or `GET /users/…`; a body goes as JSON. */
  const call = async (
    request: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const [method = '', path = ''] = request.split(/ (.*)/s);
    const url = `${server.url}/v1.0${path.startsWith('/') ? path : `/users/bot@acme.example/${path}`}`;
    return send(url, {
      method,
      headers: {
        authorization: `Bearer ${first}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  };
  return { outlook, server, bot, olena, exchange, token, call, send };
}

/** Asks for ids that survive a move. */
export const immutable = { prefer: 'IdType="ImmutableId"' };

/** Ends what `start` began; for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}

/** The code of an answer that refuses. */
export const codeOf = ({ body }: Answer): unknown => (body['error'] as Json | undefined)?.['code'];

/** The messages of a list. */
export const valueOf = ({ body }: Answer): readonly Json[] => body['value'] as readonly Json[];
