import { SimulatedServer } from '#http/simulation';
import { WecomSimulator, type WecomSimulatorOptions } from '../simulator.js';

export const corpId = 'ww0123456789abcdef';
export const secrets = { app: 'app-secret', contacts: 'contacts-secret' };
/** 2026-03-01 and 2026-03-31, 0:00 in China. */
export const march = { starttime: 1772294400, endtime: 1774886400 };
export const daySeconds = 86_400;

export interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The corp of the published sample, behind a port. */
export class Sample {
  now = Date.parse('2026-04-01T08:00:00Z');
  rateNow = 0;
  readonly simulator: WecomSimulator;
  #server: SimulatedServer | undefined;

  constructor(options: WecomSimulatorOptions = {}) {
    this.simulator = new WecomSimulator({
      now: () => new Date(this.now),
      rateClock: () => this.rateNow,
      ...options,
    });
    fill(this.simulator);
  }

  static async open(options: WecomSimulatorOptions = {}): Promise<Sample> {
    const sample = new Sample(options);
    sample.#server = await SimulatedServer.listen(sample.simulator);
    return sample;
  }

  get server(): SimulatedServer {
    if (!this.#server) throw new Error('not open');
    return this.#server;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async send(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.server.url}/cgi-bin/${path}`, init);
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, code: body['errcode'], body };
  }

  askToken(params: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send(`gettoken?${new URLSearchParams(params).toString()}`);
  }

  async token(corpsecret = secrets.app): Promise<string> {
    return String((await this.askToken({ corpid: corpId, corpsecret })).body['access_token']);
  }

  async get(path: string, secret = secrets.app): Promise<Answer> {
    return this.getWith(await this.token(secret), path);
  }

  getWith(token: string, path: string): Promise<Answer> {
    return this.send(`${path}${path.includes('?') ? '&' : '?'}access_token=${token}`);
  }

  async post(path: string, body: unknown, secret = secrets.app): Promise<Answer> {
    return this.postWith(await this.token(secret), path, body);
  }

  postWith(token: string, path: string, body: unknown): Promise<Answer> {
    return this.send(`${path}?access_token=${token}`, { method: 'POST', body: JSON.stringify(body) });
  }

  /** The rows of the month report. */
  async month(useridlist: unknown, window: object = march): Promise<readonly Record<string, unknown>[]> {
    const { body } = await this.post('checkin/getcheckin_monthdata', { ...window, useridlist });
    return body['datas'] as Record<string, unknown>[];
  }

  /** The same without a port, for what is asked thousands of times. */
  direct(method: 'GET' | 'POST', path: string, query: Record<string, string>, body: unknown = {}) {
    return this.simulator.handle({
      method,
      path: `/cgi-bin/${path}`,
      query: new URLSearchParams(query),
      headers: {},
      body: JSON.stringify(body),
    }).body as Record<string, unknown>;
  }

  directToken(corpsecret = secrets.app): string {
    return String(this.direct('GET', 'gettoken', { corpid: corpId, corpsecret })['access_token']);
  }
}

function fill(simulator: WecomSimulator): void {
  simulator.addApp({ secret: secrets.app });
  simulator.addApp({ secret: secrets.contacts, kind: 'contact-sync' });
  simulator.addDepartment({ id: 1, name: '示例公司', nameEn: 'Acme' });
  simulator.addDepartment({ id: 2, name: '研发部', leaders: ['ZhangSan'] });
  simulator.addDepartment({ id: 3, name: '前端组', parentId: 2 });
  simulator.addDepartment({ id: 5, name: '客服部' });
  simulator.addUser({
    id: 'ZhangSan',
    name: '张三',
    nameEn: 'Three Zhang',
    departments: [2, 1],
    leads: [2],
    email: 'zhangsan@acme.example',
  });
  simulator.addUser({
    id: 'LiSi',
    name: '李四',
    departments: [5],
    rule: { type: 3, groupId: 12, groupName: '客服排班' },
  });
  const leave = { type: 1, count: 1 } as const;
  simulator.setMonth('ZhangSan', '2026-03', {
    workDays: 22,
    exceptDays: 4,
    workedSeconds: 604_800,
    standardSeconds: 633_600,
    exceptions: [
      { exception: 1, count: 2, duration: 1260 },
      { exception: 2, count: 1, duration: 600 },
      { exception: 3, count: 1, duration: 0 },
      { exception: 4, count: 1, duration: 28_800 },
    ],
    items: [
      { ...leave, vacationId: 1, duration: 86_400, unit: 'days', name: '年假' },
      { ...leave, vacationId: 3, duration: 10_800, unit: 'hours', name: '调休假' },
      { type: 2, vacationId: 0, count: 1, duration: 0, unit: 'days', name: '补卡次数' },
      { type: 100, vacationId: 0, count: 3, duration: 0, unit: 'days', name: '外勤次数' },
    ],
    overtime: [
      { on: 'workday', seconds: 7200, as: 'money' },
      { on: 'restday', seconds: 14_400, as: 'vacation' },
    ],
  });
  simulator.setMonth('LiSi', '2026-03', {
    workDays: 20,
    workedSeconds: 576_000,
    standardSeconds: 576_000,
  });
}
