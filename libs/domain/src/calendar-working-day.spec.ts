import type { Calendar } from './calendar.js';
import { calendarWorkingDay } from './calendar-working-day.js';

const calendar: Calendar = {
  name: 'Shanghai',
  holidays: [
    { day: '2026-10-01', name: 'National Day', share: 1 },
    { day: '2026-10-08', name: 'afternoon off', share: 0.5 },
    { day: '2026-10-09', name: 'afternoon off', share: 0.5 },
    { day: '2026-10-10', name: 'holiday on a moved day', share: 1 },
  ],
  companyDays: [
    { day: '2026-10-02', name: 'company day', share: 1 },
    { day: '2026-10-09', name: 'morning off', share: 0.5 },
  ],
  workingDays: [{ day: '2026-10-10', name: 'moved from Monday' }],
};

describe('calendarWorkingDay', () => {
  it.each([
    ['2026-10-01', false, 'a public holiday'],
    ['2026-10-02', false, 'a company day'],
    ['2026-10-05', true, 'an ordinary Monday'],
    ['2026-10-08', true, 'a half day'],
    ['2026-10-09', false, 'two halves'],
    ['2026-10-10', true, 'a Saturday that is overridden, against a holiday too'],
    ['2026-10-11', false, 'a Sunday'],
  ])('on %s says %s: %s', (day, works) => {
    expect(calendarWorkingDay(calendar, day)).toBe(works);
  });

  it.each([
    ['2026-10-01', true],
    ['2026-10-10', false],
  ])('without a calendar goes by the week alone: %s is %s', (day, works) => {
    expect(calendarWorkingDay(undefined, day)).toBe(works);
  });
});
