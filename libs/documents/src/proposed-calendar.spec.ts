import { proposeCalendar, proposedDays } from './proposed-calendar.js';
import type { CalendarRequest, LibraryHoliday } from './proposed-calendar.js';

const daysOf = (request: CalendarRequest): string[] => proposeCalendar(request).map(({ day }) => day);
const named = (request: CalendarRequest): string[] =>
  proposeCalendar(request).map(({ day, name }) => `${day} ${name}`);

const holiday = (over: Partial<LibraryHoliday>): LibraryHoliday => ({
  date: '2026-05-01 00:00:00',
  start: new Date('2026-04-30T16:00Z'),
  end: new Date('2026-05-01T16:00Z'),
  name: 'holiday',
  type: 'public',
  rule: '05-01',
  ...over,
});

describe('proposeCalendar', () => {
  it('has Bavaria’s public holidays of 2026, and neither Christmas Eve nor what is only local', () => {
    expect(named({ country: 'DE', region: 'BY', years: [2026] })).toEqual([
      '2026-01-01 Neujahr',
      '2026-01-06 Heilige Drei Könige',
      '2026-04-03 Karfreitag',
      '2026-04-06 Ostermontag',
      '2026-05-01 Maifeiertag',
      '2026-05-14 Christi Himmelfahrt',
      '2026-05-25 Pfingstmontag',
      '2026-06-04 Fronleichnam',
      '2026-10-03 Tag der Deutschen Einheit',
      '2026-11-01 Allerheiligen',
      '2026-12-25 1. Weihnachtstag',
      '2026-12-26 2. Weihnachtstag',
    ]);
  });

  it('knows a region within a state', () => {
    const catholic = daysOf({ country: 'DE', region: 'BY-KATH', years: [2026] });

    expect(catholic).toContain('2026-08-15');
    expect(catholic).not.toContain('2026-08-08');
  });

  it.each([
    [2025, ['2025-01-28', '2025-01-29', '2025-01-30']],
    [2026, ['2026-02-16', '2026-02-17', '2026-02-18']],
    [2027, ['2027-02-06', '2027-02-07', '2027-02-08', '2027-02-09']],
  ])('spreads Korea’s Seollal of %d over the day before, itself and the day after', (year, days) => {
    const seollal = proposeCalendar({ country: 'KR', years: [year] }).filter(({ name }) =>
      name.startsWith('설날'),
    );

    expect(seollal.map(({ day }) => day)).toEqual(days);
  });

  it('spreads Korea’s Chuseok over three days, and has substitutes', () => {
    const days = named({ country: 'KR', years: [2026] });

    expect(days.filter((day) => day.includes('추석'))).toEqual([
      '2026-09-24 추석',
      '2026-09-25 추석',
      '2026-09-26 추석',
    ]);
    expect(days).toContain('2026-03-02 3·1절 (대체공휴일)');
  });

  it('makes one day of two holidays that meet', () => {
    const meeting = proposeCalendar({ country: 'KR', years: [2025] }).filter(
      ({ day }) => day === '2025-05-05',
    );

    expect(meeting).toEqual([{ day: '2025-05-05', name: '어린이날 / 석가탄신일', share: 1 }]);
  });

  it('has the day that the United States observe as well as the day itself', () => {
    expect(daysOf({ country: 'US', years: [2026] })).toEqual(
      expect.arrayContaining(['2026-07-03', '2026-07-04', '2026-11-26']),
    );
    expect(daysOf({ country: 'US', years: [2026] })).not.toContain('2026-02-14');
  });

  it('finds the substitute that lies in the year before its holiday', () => {
    expect(daysOf({ country: 'US', years: [2027] })).toContain('2027-12-31');
    expect(daysOf({ country: 'US', years: [2028] })).toContain('2028-01-01');
    expect(daysOf({ country: 'US', years: [2028] })).not.toContain('2027-12-31');
  });

  it('has Ukraine’s holidays with what martial law makes of them', () => {
    const days = proposeCalendar({ country: 'UA', years: [2026], languages: ['en'] });

    expect(days.map(({ day }) => day)).toEqual(
      expect.arrayContaining(['2026-04-12', '2026-06-28', '2026-07-15', '2026-08-24', '2026-12-25']),
    );
    expect(days.every(({ confirm, note }) => confirm && note?.includes('martial law'))).toBe(true);
    expect(days.find(({ day }) => day === '2026-05-09')?.note).toContain('8 May');
    expect(days.find(({ day }) => day === '2026-08-24')?.name).toBe('Independence Day');
  });

  it('has China’s festivals but no day on which most people work, and asks to confirm all', () => {
    const days = proposeCalendar({ country: 'CN', years: [2026] });

    expect(days.map(({ day }) => day)).toEqual([
      '2026-01-01',
      '2026-02-16',
      '2026-02-17',
      '2026-02-18',
      '2026-04-05',
      '2026-05-01',
      '2026-06-19',
      '2026-09-25',
      '2026-10-01',
      '2026-10-02',
      '2026-10-03',
    ]);
    expect(days.every(({ confirm, note }) => confirm && note?.includes('State Council'))).toBe(true);
  });

  it('goes by the day that a holiday from sunset to sunset is known by, and warns of the moon', () => {
    const eid = proposeCalendar({ country: 'SA', years: [2026], languages: ['en'] }).filter(({ day }) =>
      day.startsWith('2026-03'),
    );

    expect(eid.map(({ day }) => day)).toEqual(['2026-03-19', '2026-03-20', '2026-03-21', '2026-03-22']);
    expect(eid.every(({ confirm }) => confirm)).toBe(true);
  });

  it('has each day once, in order, within the years', () => {
    const days = daysOf({ country: 'KR', years: [2027, 2025] });

    expect(days).toEqual([...new Set(days)].sort());
    expect(new Set(days.map((day) => day.slice(0, 4)))).toEqual(new Set(['2025', '2027']));
  });

  it.each([
    [{ country: 'XX', years: [2026] }, 'no holidays for the country "XX"'],
    [{ country: 'DE', region: 'QQ', years: [2026] }, /no region "QQ" in DE: it has .*BY/u],
    [{ country: 'DE', region: 'BY-QQ', years: [2026] }, /no region "BY-QQ" in DE: it has BY-A/u],
    [{ country: 'CN', region: 'SH', years: [2026] }, 'no region "SH" in CN: it has none'],
  ])('refuses %j', (request, words) => {
    expect(() => proposeCalendar(request)).toThrow(words);
  });
});

describe('proposedDays', () => {
  it.each(['bank', 'school', 'optional', 'observance'])('has none where the type is %s', (type) => {
    expect(proposedDays('DE', holiday({ type }))).toEqual([]);
  });

  it.each(['春节（补班）', '调休', 'Spring Festival (substitute day)', 'Working day'])(
    'has none for what China calls %s',
    (name) => {
      expect(proposedDays('CN', holiday({ name }))).toEqual([]);
    },
  );

  it('takes a holiday that begins at noon as half a day', () => {
    const noon = holiday({ date: '2026-12-31 12:00:00', end: new Date('2026-05-01T04:00Z') });

    expect(proposedDays('FO', noon)).toEqual([{ day: '2026-12-31', name: 'holiday', share: 0.5 }]);
  });

  it.each([
    [23, 1],
    [25, 1],
    [71, 3],
    [73, 3],
  ])('takes %d hours as %d days, for DST may change on the way', (hours, count) => {
    const start = new Date('2026-03-28T23:00Z');
    const end = new Date(start.getTime() + hours * 3_600_000);

    expect(proposedDays('DE', holiday({ date: '2026-03-29 00:00:00', start, end }))).toHaveLength(count);
  });
});
