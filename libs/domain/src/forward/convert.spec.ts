import fc from 'fast-check';
import { ConversionError, convert } from './convert.js';
import type { ForwardField } from './forward.js';

const zone = 'Asia/Shanghai';
type Field = Omit<ForwardField, 'from'>;

describe('a conversion', () => {
  it.each<[string, unknown, Field, unknown]>([
    ['a name in Chinese', '张三', { as: 'text' }, '张三'],
    ['a number as text', 10, { as: 'text' }, '10'],
    ['seconds to hours', 604_800, { as: 'hours' }, 168],
    ['seconds to hours, rounded', 1000, { as: 'hours' }, 0.28],
    ['seconds to hours, more exactly', 1000, { as: 'hours', digits: 4 }, 0.2778],
    ['milliseconds to hours', 5_400_000, { as: 'hours', of: 'milliseconds' }, 1.5],
    ['seconds to minutes', 1260, { as: 'minutes' }, 21],
    ['seconds to days', 129_600, { as: 'days' }, 1.5],
    ['a sum of several', [86_400, 10_800], { as: 'hours' }, 27],
    ['a number written as a text', ' 12.5 ', { as: 'number' }, 12.5],
    ['nothing less than nothing', -0.001, { as: 'number', digits: 2 }, 0],
    ['unix seconds to a date', 1_772_294_400, { as: 'date' }, '2026-02-28T16:00:00.000Z'],
    ['a day to its midnight in the zone', '2026-03-01', { as: 'date' }, '2026-02-28T16:00:00.000Z'],
    ['a moment to a date', '2026-03-01T08:00:00+08:00', { as: 'date' }, '2026-03-01T00:00:00.000Z'],
    ['a list in one text', '示例公司/研发部;示例公司', { as: 'texts' }, ['示例公司/研发部', '示例公司']],
    ['a list with the comma of Chinese', '迟到，早退', { as: 'texts' }, ['迟到', '早退']],
    ['a member', 'ZhangSan', { as: 'user' }, 'ZhangSan'],
    ['departments', [12, 13], { as: 'departments' }, [12, 13]],
    ['a code to its word', 3, { as: 'text', values: { '1': '固定班', '3': '排班' } }, '排班'],
  ])('makes of %s what it should be', (_, value, field, expected) => {
    expect(convert(value, field, zone).value).toEqual(expected);
  });

  it.each<[string, unknown, Field, RegExp]>([
    ['a text that is no number', '8 h', { as: 'number' }, /cannot become a number/],
    ['nothing', null, { as: 'text' }, /nothing is no text/],
    ['an empty text', '', { as: 'hours' }, /cannot become hours/],
    ['an object', {}, { as: 'text' }, /an object is no text/],
    ['milliseconds taken for seconds', 1_772_294_400_000, { as: 'date' }, /in what it is counted/],
    ['a date with slashes', '2026/03/01', { as: 'date' }, /no date/],
    ['a day that is none', '2026-02-30', { as: 'date' }, /no date/],
    ['half a department', 1.5, { as: 'department' }, /whole number/],
    ['a code without a word', 9, { as: 'text', values: { '1': '固定班' } }, /has nothing for `9`/],
  ])('refuses %s', (_, value, field, words) => {
    expect(() => convert(value, field, zone)).toThrow(ConversionError);
    expect(() => convert(value, field, zone)).toThrow(words);
  });

  it('says nothing of the value where it refuses it', () => {
    expect(() => convert('salary 4000', { as: 'number' }, zone)).toThrow(/^(?!.*4000)/);
  });

  it('of seconds to hours is never further off than half of its last digit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 31 * 86_400 }),
        fc.integer({ min: 0, max: 6 }),
        (seconds, digits) => {
          const { value } = convert(seconds, { as: 'hours', digits }, zone);

          expect(Math.abs(Number(value) - seconds / 3600)).toBeLessThanOrEqual(0.5 * 10 ** -digits + 1e-9);
        },
      ),
    );
  });
});
