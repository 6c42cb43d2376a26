import { WecomSimulator } from '../simulator.js';
import { exampleDepartments, examplePeople } from './example-people.js';
import { fillExample } from './example.js';

const month = '2026-03';

describe('the example company', () => {
  it('is thirty people with names and ids of their own, in every department', () => {
    expect(examplePeople[0]).toMatchObject({ id: 'wc-001', name: '张三', nameEn: 'San Zhang' });
    expect(examplePeople[29]).toMatchObject({ id: 'wc-030', name: '魏三十二', nameEn: 'Sanshier Wei' });
    expect(new Set(examplePeople.map(({ name }) => name)).size).toBe(30);
    expect(new Set(examplePeople.flatMap(({ departments }) => departments)).size).toBe(
      exampleDepartments.length,
    );
  });

  it('has every kind of trouble in its month, which makes sense', () => {
    const simulator = new WecomSimulator();
    fillExample(simulator, { month, holidays: ['2026-03-09'], movedWorkdays: ['2026-03-14'] });

    const totals = examplePeople.map(({ id }) => simulator.month(id, month));
    const of = (id: string) => simulator.month(id, month);

    expect(new Set(totals.flatMap((each) => each.exceptions.map(({ exception }) => exception)))).toEqual(
      new Set([1, 2, 3, 4]),
    );
    expect(new Set(totals.flatMap((each) => each.items.map(({ type }) => type)))).toEqual(
      new Set([1, 2, 3, 4, 100]),
    );
    for (const each of totals) expect(each.workedSeconds).toBeLessThanOrEqual(each.standardSeconds);
    expect(of('wc-001')).toMatchObject({ workDays: 0, restDays: 0 });
    expect(of('wc-002')).toMatchObject({ workDays: 22, restDays: 9 });
    expect(of('wc-026').workDays + of('wc-026').restDays).toBe(16);
    expect(of('wc-027').workDays + of('wc-027').restDays).toBe(16);
    expect(simulator.directory.user('wc-027')?.status).toBe(5);
  });

  it('is the same when it is filled again, and ends before the day of which nothing is known yet', () => {
    const simulator = new WecomSimulator();
    fillExample(simulator, { month });
    const once = simulator.save();

    fillExample(simulator, { month });
    const twice = simulator.save();
    fillExample(simulator, { month, until: '2026-03-11' });

    expect(twice).toEqual(once);
    expect(simulator.day('wc-002', '2026-03-10')).toBeDefined();
    expect(simulator.day('wc-002', '2026-03-11')).toBeUndefined();
  });
});
