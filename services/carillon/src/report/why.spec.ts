import { whyText } from './why.js';

describe('why something was said, in a few words', () => {
  it.each([
    ['low-hours', { hours: 15.5, expected: 32, threshold: 25 }, '15.5 of 32 h, below 25'],
    ['low-hours', { hours: 24.9999, expected: 40, threshold: 25 }, '24.99 of 40 h, below 25'],
    ['low-hours', { hours: 7 }, '7 h'],
    ['days-off', { leave: 1, holidays: 2 }, '1 day off, 2 holidays'],
    ['days-off', { leave: 0.5, holidays: 0 }, '0.5 days off'],
    ['missing-holiday', { missing: 1 }, '1 holiday not entered'],
    ['exceptional-days', { days: 4, limit: 3 }, '4 exceptional days, above 3'],
    ['exceptional-days', { days: 1 }, '1 exceptional day'],
    ['overtime', { overtime: 37.5, limit: 36 }, '37.5 h of overtime, above 36'],
    ['kpi-index', { score: 42, target: 20 }, 'index 42, target 20'],
    ['kpi-count', { score: 25, target: 20 }, '25 open, target 20'],
    ['kpi-age', { score: 96, target: 30 }, 'oldest 96 d, target 30 d'],
    ['kpi-share', { score: 0.2825, target: 0.1 }, '28.3% overdue, target 10%'],
    ['kpi-index', { score: 42 }, 'index 42'],
    ['something-else', { score: 12.345, team: 'ferrari' }, 'score 12.34, team ferrari'],
  ])('%s of %j', (say, inputs, words) => {
    expect(whyText(say, inputs)).toBe(words);
  });
});
