import { addDays, daysOf, weekdayOf, type LocalDate } from '#domain';
import type { WecomSimulator } from '#sources/simulators';
import { isPublicHoliday } from './company-holidays.js';
import { staff } from './company-people.js';

/** The app that attendance is read with. */
export const wecomApp = { corpId: 'ww0123456789abcdef', secret: 'sandbox-wecom-app' } as const;

/** The office in Shanghai: their ids in WeCom, by the part of their address before the at sign. */
export const members: Readonly<Record<string, string>> = {
  shili: 'ZhangShili',
  yangben: 'LiYangben',
  xuni: 'WangXuni',
  jiaming: 'ZhaoJiaming',
};

const hour = 3600;
const dueSeconds = 8 * hour;

/** Brings WeCom to where it is on the morning of a day: the office and its days since the month before the last. Doing it again changes nothing. */
export function fillWecom(wecom: WecomSimulator, today: LocalDate): void {
  if (!wecom.app(wecomApp.secret)) {
    wecom.addApp({ secret: wecomApp.secret });
    wecom.addDepartment({ id: 1, name: 'Acme' });
    wecom.addDepartment({ id: 2, name: '上海' });
  }
  const from = firstOfMonth(addDays(firstOfMonth(addDays(firstOfMonth(today), -1)), -1));
  for (const { key, name, email } of staff) {
    const id = members[key];
    if (id === undefined) continue;
    if (!wecom.directory.user(id)) wecom.addUser({ id, name, email, departments: [2] });
    for (const day of daysOf({ from, to: today }))
      if (!wecom.day(id, day)) wecom.setDay(id, day, dayOf(key, day));
  }
}

const firstOfMonth = (day: LocalDate): LocalDate => `${day.slice(0, -2)}01`;

/** 李样本 often comes a little late, 王虚拟 often stays much too long; of the others there is nothing to say. */
function dayOf(key: string, day: LocalDate): Parameters<WecomSimulator['setDay']>[2] {
  if (isPublicHoliday('CN', day) || ['SATURDAY', 'SUNDAY'].includes(weekdayOf(day))) return { type: 'rest' };
  const date = Number(day.slice(-2));
  const late = key === 'yangben' && date % 3 === 0 ? (5 + date) * 60 : 0;
  const extra = key === 'xuni' && date % 2 === 1 ? 4 * hour : 0;
  return {
    type: 'work',
    workedSeconds: dueSeconds - late,
    standardSeconds: dueSeconds,
    checkIns: 2,
    earliest: 9 * hour + late,
    latest: 18 * hour + extra,
    exceptions: late > 0 ? [{ exception: 1, count: 1, duration: late }] : [],
    overtime: extra > 0 ? [{ on: 'workday', seconds: extra, as: 'vacation' }] : [],
  };
}
