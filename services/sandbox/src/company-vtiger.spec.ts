import { addDays } from '#domain';
import { VtigerSimulator } from '#sources/simulators';
import { fillVtiger } from './company-vtiger.js';
import { taskGroupsOf } from './page/tasks.js';

const today = '2026-11-20';

const filled = (...days: readonly string[]): VtigerSimulator => {
  const vtiger = new VtigerSimulator({ now: () => new Date(`${days.at(-1)}T07:00:00Z`) });
  for (const day of days) fillVtiger(vtiger, day);
  return vtiger;
};

const openOf = (vtiger: VtigerSimulator, day: string) =>
  taskGroupsOf(vtiger, day).map(({ name, open }) => ({ name, open }));

describe('the company’s Vtiger', () => {
  it('has a group for each team, and one of nobody’s', () => {
    expect(taskGroupsOf(filled(today), today).map(({ name }) => name)).toEqual([
      'Ferrari',
      'Porsche',
      'Tesla',
      'Volvo',
      'Sales',
    ]);
  });

  it('says the same on a day, whether it was begun then or before', () => {
    const before = [9, 6, 1, 0].map((days) => addDays(today, -days));

    expect(openOf(filled(...before), today)).toEqual(openOf(filled(today), today));
  });

  it('is changed by the next working day, and by nothing else', () => {
    const once = filled(today);
    const friday = JSON.stringify(once.save());

    fillVtiger(once, today);
    expect(JSON.stringify(once.save())).toBe(friday);

    fillVtiger(once, addDays(today, 4));
    expect(openOf(once, addDays(today, 4))).not.toEqual(openOf(filled(today), today));
  });
});
