import { SimulatedServer } from '#http/simulation';
import { JiandaoyunSimulator, type JiandaoyunPath, type JiandaoyunSimulatorOptions } from '../simulator.js';
import type { FormSpec } from './company.js';

/** An answer of Jiandaoyun, unparsed: specs look at what they are about. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const servers: SimulatedServer[] = [];

/** For specs: a simulator behind a real port with the attendance form, without rate limits unless asked for, and ways to call it. */
export async function start(options: JiandaoyunSimulatorOptions = {}, form?: FormSpec) {
  const jdy = new JiandaoyunSimulator({ limits: 'none', ...options });
  const server = await SimulatedServer.listen(jdy);
  servers.push(server);
  const entry = form ? jdy.addForm(jdy.addApp('应用').app_id, form) : jdy.addAttendance();
  const target = { app_id: entry.appId, entry_id: entry.entryId };
  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${server.url}/api/v5/${path}`, {
      method: 'POST',
      ...init,
      headers: {
        authorization: `Bearer ${jdy.apiKey}`,
        'content-type': 'application/json',
        ...init.headers,
      },
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text } };
  };
  const post = (path: JiandaoyunPath, body: unknown): Promise<Answer> =>
    send(path, { body: JSON.stringify(body) });
  /** About the form. */
  const ask = (path: JiandaoyunPath, body: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
    post(path, { ...target, ...body });
  /** The row that was made, as the API shows it. */
  const create = async (data: unknown, more: Readonly<Record<string, unknown>> = {}): Promise<Row> =>
    (await ask('app/entry/data/create', { data, ...more })).body['data'] as Row;
  const list = async (body: Readonly<Record<string, unknown>> = {}): Promise<Row[]> =>
    (await ask('app/entry/data/list', body)).body['data'] as Row[];
  return { jdy, server, entry, target, send, post, ask, create, list };
}

type Row = Readonly<Record<string, unknown>> & { readonly _id: string };

/** Ends what `start` began; for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}

export const refused = (code: number, status = 400) => ({ status, body: { code, msg: expect.any(String) } });
