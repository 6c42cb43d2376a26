import type { LibraryHoliday } from './proposed-calendar.js';

/*
 * What is known to be wrong or open about date-holidays 3.37, so that nobody takes it on trust. Each entry matches the library's own
 * rule, so that it falls silent once the library is corrected.
 */

/**
 * China: the library calls days public on which most people work. Women's, Youth, Children's and Army Day free one group for half a day
 * at most; and a day whose name says that it is worked or swapped is no holiday whatever its type.
 */
export const notForEverybody = (country: string, { rule, name }: LibraryHoliday): boolean =>
  country === 'CN' &&
  (groupDaysOfChina.has(rule) || /班|调休|补休|substitute|working day|workday/iu.test(name));

const groupDaysOfChina: ReadonlySet<string> = new Set(['03-08 12:00', '05-04 12:00', '06-01', '08-01 12:00']);

/**
 * Korea: the days off are the day before Seollal, Seollal and the day after (Regulations on Holidays of Public Offices, article 2), but the
 * library counts its three days from Seollal on. Chuseok it has right.
 *
 * @see https://www.law.go.kr/법령/관공서의공휴일에관한규정
 */
export const startsTooLate = (country: string, { rule }: LibraryHoliday): boolean =>
  country === 'KR' && rule === 'korean 01-0-01 P3D';

/** What the calendar's owner has to look up about such a day; undefined where nothing is known against it. */
export const cautionFor = (country: string, holiday: LibraryHoliday): string | undefined => {
  const ofCountry = cautions[country]?.(holiday);
  const ofCalendar = islamicMonths.test(holiday.rule) ? islamic : undefined;
  return [ofCountry, ofCalendar].filter((note) => note !== undefined).join(' ') || undefined;
};

/** @see https://www.gov.cn/zhengce/zhengceku/ where the State Council publishes the year's arrangement */
const china =
  'Only the day itself: the State Council announces each autumn which days around it are free and which weekends are worked for them; ' +
  'enter those as holidays and working days.';
/** Decree 795 of the State Council, in force since 2025-01-01. */
const chinaSince2025 =
  'Since 2025 the Spring Festival is free from New Year’s Eve to the third day and Labour Day is two days; the last day of each is missing here.';
/** @see https://zakon.rada.gov.ua/laws/show/2136-20 */
const ukraine =
  'While martial law holds, this is an ordinary working day (law 2136-IX, article 6), and nothing is moved from a weekend.';
const ukraineVictoryDay =
  'Since 2023 the law has the holiday on 8 May (Labour Code, article 73); 9 May is out of date.';
const ukraineSecondOfJanuary = 'No holiday by the Labour Code, article 73.';
const islamic = 'By a computed lunar calendar: the announced day may be one earlier or later.';

const islamicMonths = /\b(?:Muharram|Safar|Rabi|Jumada|Rajab|Shaban|Ramadan|Shawwal|Dhu)\b/u;

const cautions: Readonly<Record<string, (holiday: LibraryHoliday) => string>> = {
  CN: ({ rule }) => (/^chinese 01-0-|^05-01$/u.test(rule) ? `${china} ${chinaSince2025}` : china),
  UA: ({ rule }) => {
    if (rule.startsWith('05-09')) return `${ukraine} ${ukraineVictoryDay}`;
    if (rule.startsWith('01-02')) return `${ukraine} ${ukraineSecondOfJanuary}`;
    return ukraine;
  },
};
