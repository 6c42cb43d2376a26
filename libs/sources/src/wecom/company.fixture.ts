import { instant } from '#domain';
import { WecomSimulator, type WecomSimulatorOptions } from './simulator.js';

export const corpId = 'ww0123456789abcdef';
export const appSecret = 'attendance-app-secret';
export const contactsSecret = 'contact-sync-secret';

/** A morning on which March is over and April has begun. */
export const now = instant('2026-04-15T01:00:00Z');
/** March in China. */
export const march = { from: instant('2026-02-28T16:00:00Z'), to: instant('2026-03-31T16:00:00Z') };

/** WeCom with a company in it, and nobody in the company yet. */
export function emptyCompany(options: WecomSimulatorOptions = {}): WecomSimulator {
  const simulator = new WecomSimulator({
    corpId,
    now: () => new Date(now.epochMilliseconds),
    ...options,
  });
  simulator.addApp({ secret: appSecret });
  simulator.addApp({ secret: contactsSecret, kind: 'contact-sync' });
  simulator.addDepartment({ id: 1, name: '示例公司' });
  return simulator;
}

/** The two of the published sample, 张三 in two departments, and 王五, whom no rule concerns. */
export function sampleCompany(options: WecomSimulatorOptions = {}): WecomSimulator {
  const simulator = emptyCompany(options);
  simulator.addDepartment({ id: 2, name: '研发部' });
  simulator.addDepartment({ id: 3, name: '客服部' });
  simulator.addUser({
    id: 'ZhangSan',
    name: '张三',
    nameEn: 'Three Zhang',
    departments: [2, 1],
    managers: ['lisi'],
    email: 'zhangsan@acme.example',
  });
  simulator.addUser({
    id: 'LiSi',
    name: '李四',
    departments: [3],
    rule: { type: 3, groupId: 12, groupName: '客服排班' },
  });
  simulator.addUser({ id: 'WangWu', name: '王五', rule: null });
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
      { type: 1, vacationId: 1, count: 1, duration: 86_400, unit: 'days', name: '年假' },
      { type: 1, vacationId: 3, count: 1, duration: 10_800, unit: 'hours', name: '调休假' },
      { type: 3, vacationId: 0, count: 1, duration: 172_800, unit: 'days', name: '出差' },
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
  return simulator;
}

export const settingsFor = (baseUrl: string, more: Readonly<Record<string, unknown>> = {}) => ({
  baseUrl,
  corpId,
  secret: appSecret,
  ...more,
});
