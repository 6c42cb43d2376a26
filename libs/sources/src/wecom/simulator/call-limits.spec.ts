import { CallLimits } from './call-limits.js';
import { corpId, march, Sample, secrets } from './sample.fixture.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('the simulated WeCom, where it is limited,', () => {
  let wecom: Sample;
  let token: string;
  const open = (): void => {
    wecom = new Sample({ limited: true });
    token = wecom.directToken();
  };
  const call = (path: string, body: unknown): unknown =>
    wecom.direct('POST', `checkin/${path}`, { access_token: token }, body)['errcode'];
  const month = (): unknown => call('getcheckin_monthdata', { ...march, useridlist: ['LiSi'] });
  const day = (): unknown => call('getcheckin_daydata', { ...march, useridlist: ['LiSi'] });
  const members = (): unknown =>
    wecom.direct('GET', 'user/simplelist', { access_token: token, department_id: '5' })['errcode'];
  const askToken = (corpsecret: string): unknown =>
    wecom.direct('GET', 'gettoken', { corpid: corpId, corpsecret })['errcode'];
  /** How many of the calls were served. */
  const served = (calls: number, make: () => unknown): number => {
    let count = 0;
    for (let each = 0; each < calls; each += 1) if (make() === 0) count += 1;
    return count;
  };

  beforeEach(open);

  it.each<[string, number, () => unknown]>([
    ['the month report', 60, month],
    ['the report of days', 100, day],
    ['any other call', 10_000, members],
  ])('serves %s %d times a minute and then blocks it for a minute, and nothing else', (_, limit, make) => {
    expect(served(limit, make)).toBe(limit);
    wecom.rateNow += minuteMs - 1;
    expect(make()).toBe(45009);
    expect(wecom.direct('GET', 'user/get', { access_token: token, userid: 'LiSi' })['errcode']).toBe(0);

    wecom.rateNow += minuteMs - 1;
    expect(make()).toBe(45009);
    wecom.rateNow += 1;
    expect(make()).toBe(0);
  });

  it('counts over any minute, not by the clock', () => {
    served(30, month);
    wecom.rateNow += minuteMs / 2;
    served(30, month);
    wecom.rateNow += minuteMs / 2;

    expect(served(31, month)).toBe(30);
  });

  it('counts calls that it refuses for what they ask, too', () => {
    for (let each = 0; each < 60; each += 1) call('getcheckin_monthdata', march);

    expect(month()).toBe(45009);
  });

  it('serves one address 20,000 times a minute, whatever it calls', () => {
    const other = (): unknown =>
      wecom.direct('GET', 'user/get', { access_token: token, userid: 'LiSi' })['errcode'];

    // One was spent on the token.
    expect(served(10_000, members) + served(10_000, other)).toBe(19_999);
    expect(askToken(secrets.app)).toBe(45009);
  });

  it('gives no token for an hour to who failed more than 2,000 times in one', () => {
    for (let each = 0; each < 2_000; each += 1) askToken('guess');
    const before = askToken(secrets.app);
    askToken('guess');

    expect(before).toBe(0);
    expect(askToken(secrets.app)).toBe(45009);
    expect(members()).toBe(0);
    wecom.rateNow += hourMs;
    expect(askToken(secrets.app)).toBe(0);
  });

  it('serves one API 150,000 times an hour and then blocks it for an hour', () => {
    let now = 0;
    const limits = new CallLimits(() => now);
    const pass = (): void => limits.passApi('/cgi-bin/user/get');

    for (let each = 0; each < 150_000; each += 1) {
      if (each % 9_000 === 0) now += minuteMs;
      pass();
    }

    expect(pass).toThrow('api freq out of limit');
    now += hourMs - 1;
    expect(pass).toThrow('api freq out of limit');
    now += 1;
    expect(pass).not.toThrow();
  });

  it('is not limited where it is not told to be', () => {
    wecom = new Sample();
    token = wecom.directToken();

    expect(served(100, month)).toBe(100);
  });
});
