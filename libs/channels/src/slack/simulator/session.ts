import { SimulatedServer } from '#http/simulation';
import { SlackSimulator, type SlackSimulatorOptions } from '../simulator.js';

/** An answer of Slack, unparsed: specs look at what they are about. */
export interface Answer {
  readonly [field: string]: unknown;
  readonly ok: boolean;
  readonly error?: string;
}

export type Fields = Readonly<Record<string, unknown>>;

const servers: SimulatedServer[] = [];

/** For specs: a simulator behind a real port, without rate limits unless asked for, and ways to call it. */
export async function start(options: SlackSimulatorOptions = {}) {
  const slack = new SlackSimulator({ limits: 'none', ...options });
  const server = await SimulatedServer.listen(slack);
  servers.push(server);
  const send = async (method: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${server.url}/api/${method}`, {
      method: 'POST',
      ...init,
      headers: { authorization: `Bearer ${slack.token}`, ...init.headers },
    });
  const form = async (method: string, fields: Fields = {}): Promise<Answer> => {
    const texts = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const response = await send(method, { body: new URLSearchParams(Object.fromEntries(texts)) });
    return (await response.json()) as Answer;
  };
  const json = async (method: string, body: unknown): Promise<Answer> => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return (await (await send(method, { body: JSON.stringify(body), headers })).json()) as Answer;
  };
  const room = async (name: string, secret = true): Promise<string> => {
    const made = await form('conversations.create', { name, is_private: secret });
    return (made['channel'] as { id: string }).id;
  };
  return { slack, server, send, form, json, room };
}

/** Ends what `start` began; for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}

/** A field that holds a list of objects. */
export const list = (answer: Fields, field: string): Fields[] => answer[field] as Fields[];

export const section = (text: string) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, text },
});
