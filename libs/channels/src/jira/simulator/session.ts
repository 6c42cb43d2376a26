import { SimulatedServer } from '#http/simulation';
import { JiraSimulator, type JiraSimulatorOptions } from '../simulator.js';

export type Json = Readonly<Record<string, unknown>>;

/** An answer, its JSON not parsed further: specs look at what they are about. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

const servers: SimulatedServer[] = [];

export const basic = (email: string, token: string): string =>
  `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;

/** A clock that stands until it is moved on. */
export function clock(start = '2026-03-02T09:00:00Z') {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    pass: (ms: number) => {
      at += ms;
    },
  };
}

/**
 * For specs: a simulator behind a real port, without limits and without an index that lags unless asked for, with two people, one project,
 * and ways to call it.
 */
export async function start(options: JiraSimulatorOptions = {}) {
  const jira = new JiraSimulator({ limits: 'none', indexLagMs: 0, ...options });
  const server = await SimulatedServer.listen(jira);
  servers.push(server);
  const bot = jira.addPerson({ displayName: 'Carillon', emailAddress: 'carillon@acme.example' });
  const olena = jira.addPerson({ displayName: 'Olena Koval', emailAddress: 'olena@acme.example' });
  const ops = jira.addProject({ key: 'OPS', name: 'Operations', lead: olena.accountId });
  const token = jira.issueToken(bot.accountId);

  const send = async (request: string, init: RequestInit = {}): Promise<Answer> => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${server.url}${path}`, { method, ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
    const body = isJson ? (JSON.parse(text) as Json) : { text };
    return { status: response.status, headers: response.headers, body };
  };
  /** Calls as the bot. `request` is `GET /issue/OPS-1`; a body goes as JSON. */
  const call = async (request: string, body?: unknown, authorization = basic(bot.emailAddress, token)) =>
    send(request.replace(' ', ' /rest/api/3'), {
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const create = async (fields: Json = {}, more: Json = {}): Promise<Answer> =>
    call('POST /issue', { fields: { ...task, ...fields }, ...more });
  /** Keys that a query finds. */
  const keys = async (jql: string, more: Json = {}): Promise<unknown> => {
    const { status, body } = await call('POST /search/jql', { jql, fields: ['summary'], ...more });
    return status === 200 ? (body['issues'] as Json[]).map(({ key }) => key) : body['errorMessages'];
  };
  return { jira, server, bot, olena, ops, token, send, call, create, keys };
}

/** The least that an issue needs. */
export const task = { project: { key: 'OPS' }, issuetype: { name: 'Task' }, summary: 'Checkout down' };

export const doc = (...content: readonly unknown[]): Json => ({ type: 'doc', version: 1, content });

export const paragraph = (...content: readonly unknown[]): Json => ({ type: 'paragraph', content });

export const text = (said: string, ...marks: readonly unknown[]): Json => ({
  type: 'text',
  text: said,
  ...(marks.length === 0 ? {} : { marks }),
});

/** Ends what `start` began; for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}
