import fc from 'fast-check';
import type { Forward, ForwardField } from './forward.js';
import { RecordMapping, type Mapped } from './map-records.js';
import { follow, parseTemplate, TemplateError, type Reference } from './reference.js';

const reference = (text: string): Reference => {
  const [only] = parseTemplate(`{{${text}}}`);
  if (typeof only !== 'object') throw new Error('no reference');
  return only;
};

const month = {
  base_info: { name: '张三', acctid: 'ZhangSan', record_type: 1 },
  summary_info: { work_days: 22, regular_work_sec: 604_800 },
  exception_infos: [
    { exception: 1, count: 2, duration: 1260 },
    { exception: 4, count: 1, duration: 28_800 },
  ],
  sp_items: [
    { type: 1, vacation_id: 1, duration: 86_400, name: '年假' },
    { type: 1, vacation_id: 3, duration: 10_800, name: '调休假' },
  ],
  overwork_info: {},
};

describe('a reference', () => {
  it.each([
    ['base_info.name', '张三'],
    [' base_info.name ', '张三'],
    ['summary_info.work_days', 22],
    ['exception_infos[exception=1].duration', [1260]],
    ['sp_items[type=1].duration', [86_400, 10_800]],
  ])('%s leads into the record', (text, value) => {
    expect(follow(reference(text), month)).toEqual({ found: true, value });
  });

  it.each([
    ['summary_info.regular_days', 'summary_info.regular_days', true],
    ['holiday_infos.name', 'holiday_infos', false],
    ['exception_infos[exception=9].duration', 'exception_infos.duration', true],
    ['base_info.name.first', 'base_info.name.first', false],
  ])('%s that leads nowhere says where it ended', (text, missing, isLast) => {
    expect(follow(reference(text), month)).toMatchObject({ found: false, missing, isLast });
  });

  it.each(['{{', '{{}}', '{{a b}}', '{{a..b}}', 'a }} b', '{{a[b]}}'])('%s is none', (text) => {
    expect(() => parseTemplate(text)).toThrow(TemplateError);
  });
});

const mapping = (
  fields: Readonly<Record<string, string | ForwardField>>,
  over: Partial<Forward> = {},
): RecordMapping =>
  new RecordMapping(
    {
      key: ['id'],
      required: [],
      unique: [],
      fields: Object.fromEntries(
        Object.entries({ id: '{{base_info.acctid}}', ...fields }).map(([name, field]) => [
          name,
          typeof field === 'string' ? { from: field, as: 'text' as const } : field,
        ]),
      ),
      ...over,
    },
    'Asia/Shanghai',
  );

const map = (of: RecordMapping, ...records: readonly object[]): readonly Mapped<object>[] =>
  of.map(records, (record) => record);
const of = (acctid: string, more: object = {}): object => ({ base_info: { acctid, ...more } });

describe('a mapping', () => {
  it('makes a row of a record', () => {
    const [one] = map(
      mapping({
        name: '{{base_info.name}}',
        worked: { from: '{{summary_info.regular_work_sec}}', as: 'hours' },
        late: { from: '{{exception_infos[exception=1].duration}}', as: 'minutes' },
        leave: { from: '{{sp_items[type=1].duration}}', as: 'days' },
        who: '{{base_info.name}}（{{base_info.acctid}}）',
      }),
      month,
    );

    expect(one).toMatchObject({
      row: {
        key: 'ZhangSan',
        cells: {
          id: { as: 'text', value: 'ZhangSan' },
          name: { as: 'text', value: '张三' },
          worked: { as: 'number', value: 168 },
          late: { as: 'number', value: 21 },
          leave: { as: 'number', value: 1.13 },
          who: { as: 'text', value: '张三（ZhangSan）' },
        },
      },
    });
  });

  it('leaves a field out that the record has nothing for, and refuses the record where it is required', () => {
    const fields = { regular: { from: '{{summary_info.regular_days}}', as: 'number' as const } };

    const [free] = map(mapping(fields), month);
    const [required] = map(mapping(fields, { required: ['regular'] }), month);

    expect(free).toMatchObject({ row: { cells: { id: { value: 'ZhangSan' } } } });
    expect(free && 'row' in free && 'regular' in free.row.cells).toBe(false);
    expect(required).toMatchObject({ why: '`regular`: `summary_info.regular_days` is missing' });
  });

  it('takes the default where only the value is missing, never where all around it is', () => {
    const fields = {
      over: { from: '{{overwork_info.workday_over_sec}}', as: 'hours' as const, default: 0 },
      days: { from: '{{summary_info.regular_days}}', as: 'number' as const, default: 0 },
    };
    const { summary_info: _, ...without } = month;

    const [whole] = map(mapping(fields, { required: ['days'] }), month);
    const [malformed] = map(mapping(fields, { required: ['days'] }), without);

    expect(whole).toMatchObject({ row: { cells: { over: { value: 0 }, days: { value: 0 } } } });
    expect(malformed).toMatchObject({ why: '`days`: `summary_info` is missing' });
  });

  it('says all that is wrong with a record at once', () => {
    const [one] = map(
      mapping({ a: { from: '{{base_info.acctid}}', as: 'number' } }, { required: ['b'], key: ['id', 'a'] }),
      of('x'),
    );

    expect(one).toMatchObject({ why: '`a`: a text of this kind cannot become a number' });
  });

  it('takes a duplicate once, and neither of two that do not agree', () => {
    const same = map(mapping({ name: '{{base_info.name}}' }), of('a', { name: 'A' }), of('a', { name: 'A' }));
    const other = map(
      mapping({ name: '{{base_info.name}}' }),
      of('a', { name: 'A' }),
      of('a', { name: 'B' }),
    );

    expect(same.map((one) => 'row' in one)).toEqual([true, false]);
    expect(same[1]).toMatchObject({ key: 'a', why: 'a duplicate of another record' });
    expect(other.map((one) => 'row' in one)).toEqual([false, false]);
  });

  it('refuses rows that share what has to be unique', () => {
    const [one, two, three] = map(
      mapping({ badge: '{{base_info.badge}}' }, { unique: [['badge']] }),
      of('a', { badge: '7' }),
      of('b', { badge: '7' }),
      of('c', { badge: '8' }),
    );

    expect(one).toMatchObject({ why: '2 records have the same `badge`' });
    expect(two).toMatchObject({ why: '2 records have the same `badge`' });
    expect(three).toMatchObject({ row: { key: 'c' } });
  });

  it('accounts for every record, whatever it says, and for no key twice', () => {
    const record = fc.record(
      {
        base_info: fc.record({
          acctid: fc.constantFrom('a', 'b', 'c', ''),
          n: fc.integer({ max: 2, min: 0 }),
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const mapped = map(
          mapping({ n: { from: '{{base_info.n}}', as: 'number' } }, { required: ['n'] }),
          ...records,
        );
        const keys = mapped.flatMap((one) => ('row' in one ? one.row.key : []));

        expect(mapped).toHaveLength(records.length);
        expect(new Set(keys).size).toBe(keys.length);
        expect(mapped.every((one) => 'row' in one || one.why !== '')).toBe(true);
      }),
    );
  });
});
