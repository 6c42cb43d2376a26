import { SimulatedServer } from '#http/simulation';
import { createHash } from 'node:crypto';
import { VtigerSimulator, type VtigerSimulatorOptions } from '../simulator.js';

export const key = 'aB3dE5gH7jK9mN1p';
export const api = '19x5';
export const olena = '19x7';
export const hotline = '20x3';

const samplePrefixes = {
  ...{ Accounts: 11, Contacts: 12, HelpDesk: 17, Cases: 39, Calendar: 9, Users: 19, Groups: 20 },
  ...{ Events: 18, Products: 14 },
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly result: unknown;
  /** The error's. */
  readonly code: string | undefined;
}

type Parameters = Readonly<Record<string, string>>;

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export const basic = (name: string, accessKey: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${name}:${accessKey}`).toString('base64')}`,
});

export const ids = ({ result }: Answer): unknown[] => (result as { id: unknown }[]).map(({ id }) => id);

/** The installation of the published samples, behind a port. */
export class Sample {
  now = Date.parse('2026-03-02T08:00:00Z');
  readonly simulator: VtigerSimulator;
  #server: SimulatedServer | undefined;

  private constructor(options: VtigerSimulatorOptions) {
    this.simulator = new VtigerSimulator({
      now: () => new Date(this.now),
      idPrefixes: samplePrefixes,
      ...options,
    });
    fill(this.simulator);
  }

  static async open(options: VtigerSimulatorOptions = {}): Promise<Sample> {
    const sample = new Sample(options);
    sample.#server = await SimulatedServer.listen(sample.simulator);
    return sample;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async send(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.#server?.url ?? ''}${path}`, init);
    const text = await response.text();
    const json = text.startsWith('{')
      ? (JSON.parse(text) as { success: boolean; result?: unknown; error?: { code: string } })
      : undefined;
    const { status, headers } = response;
    return { status, headers, text, result: json?.result, code: json?.error?.code };
  }

  classicGet(params: Parameters): Promise<Answer> {
    return this.send(`/webservice.php?${new URLSearchParams(params).toString()}`);
  }

  classicPost(params: Parameters): Promise<Answer> {
    return this.send('/webservice.php', { method: 'POST', body: new URLSearchParams(params) });
  }

  async challenge(username = 'api'): Promise<string> {
    const { result } = await this.classicGet({ operation: 'getchallenge', username });
    return (result as { token: string }).token;
  }

  /** A session's name. */
  async login(): Promise<string> {
    const accessKey = md5((await this.challenge()) + key);
    const { result } = await this.classicPost({ operation: 'login', username: 'api', accessKey });
    return (result as { sessionName: string }).sessionName;
  }

  restGet(path: string, headers = basic('api', key)): Promise<Answer> {
    return this.send(`/restapi/v1/vtiger/default/${path}`, { headers });
  }

  restPost(path: string, params: Parameters, headers = basic('api', key)): Promise<Answer> {
    const body = new URLSearchParams(params);
    return this.send(`/restapi/v1/vtiger/default/${path}`, { method: 'POST', headers, body });
  }

  query(text: string, headers?: Record<string, string>): Promise<Answer> {
    return this.restGet(`query?query=${encodeURIComponent(text)}`, headers);
  }

  /** So many tickets, a minute apart, from `17x10001` on; every `hiddenEvery`th is hidden. */
  seedTickets(count: number, hiddenEvery = 0): void {
    for (let each = 1; each <= count; each += 1)
      this.simulator.addRecord({
        module: 'HelpDesk',
        id: `17x${10_000 + each}`,
        owner: each % 3 === 0 ? hotline : api,
        values: { ticket_title: `Заявка ${each}`, ticketpriorities: each % 2 === 0 ? 'Urgent' : 'Low' },
        createdAt: new Date(Date.UTC(2026, 0, 1, 0, each)).toISOString(),
        hidden: hiddenEvery > 0 && each % hiddenEvery === 0,
      });
  }
}

function fill(simulator: VtigerSimulator): void {
  simulator.addUser({ id: api, name: 'api', email: 'api@acme.example', lastName: 'API', accessKey: key });
  simulator.addUser({ id: olena, name: 'olena@acme.example', firstName: 'Олена', lastName: 'Коваль' });
  simulator.addUser({ name: 'root', email: 'root@acme.example', accessKey: 'root-key', admin: true });
  simulator.addGroup({ id: hotline, name: '热线支持', userIds: [api] });
  simulator.addRecord({
    module: 'Accounts',
    id: '11x123',
    values: { accountname: "O'Neil & Söhne" },
    createdAt: '2026-02-01T00:00:00Z',
  });
  simulator.addRecord({
    module: 'Contacts',
    id: '12x5501',
    values: { lastname: '김민준' },
    createdAt: '2026-02-01T00:00:00Z',
  });
  simulator.addRecord({
    module: 'HelpDesk',
    id: '17x901',
    values: {
      ticket_no: 'TT42',
      parent_id: '11x123',
      ticketpriorities: 'High',
      ticketstatus: 'Open',
      ticket_title: 'Cannot log in',
    },
    createdAt: '2026-03-02T07:12:44Z',
    modifiedAt: '2026-03-02T08:00:01Z',
  });
  simulator.addRecord({
    module: 'Cases',
    id: '39x916810',
    owner: olena,
    values: {
      case_no: 'CASE10231',
      title: 'Invoice wrong',
      casestatus: 'Open',
      casepriority: 'High',
      group_id: hotline,
      contact_id: '12x5501',
    },
    createdAt: '2026-03-02T07:12:44Z',
    modifiedAt: '2026-03-02T08:00:01Z',
  });
  simulator.addRecord({
    module: 'Calendar',
    id: '9x771',
    owner: olena,
    values: {
      subject: 'Call back',
      taskstatus: 'In Progress',
      taskpriority: 'High',
      date_start: '2026-03-02',
      time_start: '08:00:00',
      due_date: '2026-03-03',
      parent_id: '17x901',
    },
    createdAt: '2026-03-01T10:00:00Z',
    modifiedAt: '2026-03-02T08:00:01Z',
  });
}
