import type { VtigerSimulatorOptions } from '../simulator.js';
import { type Answer, basic, key, Sample } from './sample.fixture.js';

let vtiger: Sample;

async function reopen(options: VtigerSimulatorOptions = {}): Promise<void> {
  await vtiger?.close();
  vtiger = await Sample.open(options);
}

describe('the simulated REST API refuses', () => {
  beforeEach(() => reopen());
  afterAll(() => vtiger.close());

  it.each<[string, () => Promise<Answer>, number, string]>([
    ['no credentials', () => vtiger.restGet('me', {}), 401, 'AUTHENTICATION_REQUIRED'],
    ['a wrong key', () => vtiger.restGet('me', basic('api', 'wrong')), 401, 'INVALID_USER_CREDENTIALS'],
    ['a wrong name', () => vtiger.restGet('me', basic('apx', key)), 401, 'INVALID_USER_CREDENTIALS'],
    [
      'a bearer token',
      () => vtiger.restGet('me', { authorization: `Bearer ${key}` }),
      401,
      'INVALID_USER_CREDENTIALS',
    ],
    ['an operation that is not there', () => vtiger.restGet('select'), 404, 'UNKNOWN_OPERATION'],
    [
      'an operation of the classic service',
      () => vtiger.restGet('getchallenge?username=api'),
      404,
      'UNKNOWN_OPERATION',
    ],
    [
      'a query by POST',
      () => vtiger.restPost('query', { query: 'SELECT * FROM Cases;' }),
      405,
      'OPERATION_NOT_SUPPORTED',
    ],
    ['a session’s name', () => vtiger.restGet('me?sessionName=7d2f'), 400, 'OPERATION_NOT_SUPPORTED'],
    ['a parameter twice', () => vtiger.restGet('retrieve?id=9x771&id=9x771'), 400, 'OPERATION_NOT_SUPPORTED'],
    ['an empty query', () => vtiger.restGet('query?query='), 400, 'QUERY_SYNTAX_ERROR'],
    ['a record that is not there', () => vtiger.restGet('retrieve?id=9x1'), 404, 'RECORD_NOT_FOUND'],
  ])('%s', async (_, ask, status, code) => {
    expect(await ask()).toMatchObject({ status, code });
  });

  it('without a word, where it does not say why', async () => {
    await reopen({ restErrorBodies: false });

    expect(await vtiger.restGet('me', basic('api', 'wrong'))).toMatchObject({ status: 401, text: '' });
  });

  it('the thirty-first call within a minute of the Growth edition, and tells how many are left', async () => {
    let clock = Date.parse('2026-03-02T08:00:00Z');
    await reopen({ edition: 'growth', rateClock: () => clock });

    const first = await vtiger.restGet('me');
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await vtiger.restGet('me')).status),
    );
    const over = await vtiger.restGet('me');
    clock += 60_000;
    const later = await vtiger.restGet('me');

    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-floodcontrol-minutelimit': '30',
      'x-floodcontrol-remaining': '29',
      'x-floodcontrol-reset': String(Date.parse('2026-03-02T08:01:00Z') / 1000),
      'x-ratelimit-dailylimit': '3600',
      'x-ratelimit-remaining': '3599',
    });
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect(over).toMatchObject({ status: 429, text: '' });
    expect(over.headers.get('x-floodcontrol-remaining')).toBe('0');
    expect(later.status).toBe(200);
  });

  it.each([
    ['the thousand of an hour', 30, 1000, 3_600_000],
    ['the day’s quota', 15, 3600, 86_400_000],
  ])('what is over %s, until it has passed', async (_, perMinute, most, passes) => {
    let clock = 0;
    await reopen({ edition: 'growth', rateClock: () => clock });
    const call = (): number =>
      (
        vtiger.simulator.handle({
          method: 'GET',
          path: '/restapi/v1/vtiger/default/me',
          query: new URLSearchParams(),
          headers: basic('api', key),
          body: '',
        }) as { status: number }
      ).status;

    let good = 0;
    for (let left = most; left > 0; left -= perMinute) {
      for (let each = 0; each < Math.min(left, perMinute); each += 1) good += Number(call() === 200);
      clock += 60_000;
    }
    const over = call();
    clock = passes;

    expect([good, over, call()]).toEqual([most, 429, 200]);
  });

  it('everything in the edition that has no API', async () => {
    await reopen({ edition: 'pilot' });

    expect((await vtiger.restGet('me')).status).toBe(429);
  });
});
