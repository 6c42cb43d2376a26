import type { Locale } from '#domain';
import type { ClockifySimulator } from '#sources/simulators';
import type { Heard } from './thirty-people-wording.js';

/*
 * The week from Monday 19 to Sunday 25 October 2026. In the night to Sunday 25 summer time ends in Europe and Israel. Days are those of the
 * person's zone, by their number; work is "day, start, length".
 */

/** What was concluded about somebody: the outcome of each rule with its reason, or that the rules are not about them at all. */
export type Concluded =
  { readonly lowHours: string; readonly daysOff: string } | 'nobody whom rules are about';

export interface TablePerson {
  readonly name: string;
  readonly special: string;
  /** The part before `@acme.example`. */
  readonly mail: string;
  readonly clockify?: Omit<NewUser, 'email' | 'name' | 'managers'> | 'not there';
  /** Names of people further up in the table; Max Muster where nothing is said. */
  readonly managers?: readonly string[];
  readonly work?: readonly string[];
  /** Whole days unless it says otherwise; approved unless it says otherwise. */
  readonly leave?: Leave;
  readonly becomes?: 'deactivated' | 'deleted';
  /** In English where nothing is said. */
  readonly slack?: { readonly locale: string } | 'not there' | 'deactivated';
  /** Of the Person document, besides the address. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** Of an Exception document of `low-hours`, besides the person. */
  readonly exception?: Readonly<Record<string, unknown>>;
  readonly concluded: Concluded;
  /** What is said, in which language, and to whom besides Carillon; `nobody`: it is held, since nobody who should hear it can be found. */
  readonly hears?: Heard & {
    readonly in?: Locale;
    readonly room: string;
    readonly members: readonly string[] | 'nobody';
    readonly threshold?: string;
    readonly week?: readonly [first: number, last: number];
    /** As the text says it. */
    readonly tells?: readonly string[];
  };
}

type NewUser = Parameters<ClockifySimulator['addUser']>[0];

type Leave = {
  readonly status?: 'PENDING' | 'REJECTED';
  readonly requested?: string;
  readonly decided?: string;
} & (
  | { readonly first: number; readonly days: number; readonly half?: 'first'; readonly automatic?: true }
  | { readonly day: number; readonly from: string; readonly to: string }
);

const each = (length: string, ...days: readonly number[]): readonly string[] =>
  days.map((day) => `${day} 09:00 ${length}`);
const said = { lowHours: 'fired', daysOff: 'quiet' } as const;
const saidOff = { lowHours: 'quiet', daysOff: 'fired' } as const;
const saidBoth = { lowHours: 'fired', daysOff: 'fired' } as const;
const nothing = { lowHours: 'quiet', daysOff: 'quiet' } as const;
const berlin = { zone: 'Europe/Berlin' } as const;
const kyiv = { zone: 'Europe/Kyiv' } as const;

export const calendars = `
kind: Calendar
name: hungary
for: { zones: [Europe/Budapest] }
holidays:
  - { day: 2026-10-22, name: Az ünnep előestéje, share: 0.5 }
  - { day: 2026-10-23, name: Nemzeti ünnep }
---
kind: Calendar
name: nepal
for: { zones: [Asia/Kathmandu] }
holidays:
  - { day: 2026-10-20, name: Vijaya Dashami }
  - { day: 2026-10-21, name: Ekadashi }
---
kind: Calendar
name: korea
for: { zones: [Asia/Seoul] }
companyDays: [{ day: 2026-10-23, name: 창립기념일 }]
---
# A free Friday that is worked off on the Saturday after it.
kind: Calendar
name: china
for: { zones: [Asia/Shanghai] }
holidays: [{ day: 2026-10-23, name: 调休放假 }]
workingDays: [{ day: 2026-10-24, name: 调休上班 }]
`;

const fiveOfEight = { 19: '5 of 8', 20: '5 of 8', 21: '5 of 8', 22: '5 of 8' } as const;
const fourOfEight = { 19: '4 of 8', 20: '4 of 8', 21: '4 of 8', 22: '4 of 8', 23: '4 of 8' } as const;
const twentyOfForty = (name: string) =>
  ({
    title: `${name}: 20 of 40 h logged (October 19 – October 25)`,
    hours: ['20 hours', '40 hours'],
    days: fourOfEight,
  }) as const;

export const table: readonly TablePerson[] = [
  {
    name: 'Max Muster',
    special: 'logs 40 hours and manages most of the others',
    mail: 'max',
    clockify: berlin,
    managers: [],
    work: each('8:00', 19, 20, 21, 22, 23),
    concluded: nothing,
  },
  {
    name: 'Hanna Genau',
    special: 'logs exactly 25 hours',
    mail: 'hanna',
    clockify: berlin,
    work: each('5:00', 19, 20, 21, 22, 23),
    concluded: nothing,
  },
  {
    name: 'Klaus Knapp',
    special: 'logs 24.99 hours: 36 seconds short of the threshold',
    mail: 'klaus',
    clockify: berlin,
    work: [...each('5:00', 19, 20, 21, 22), '23 09:00 4:59:24'],
    concluded: said,
    hears: {
      room: 'hours-klaus-knapp',
      members: ['Klaus Knapp', 'Max Muster'],
      title: 'Klaus Knapp: 24.99 of 40 h logged (October 19 – October 25)',
      hours: ['24.99 hours', '40 hours'],
      days: { ...fiveOfEight, 23: '4.99 of 8' },
    },
  },
  {
    name: 'Petra Sekunde',
    special: 'is one second short of 25 hours: compared unrounded, shown rounded down',
    mail: 'petra',
    clockify: berlin,
    work: [...each('5:00', 19, 20, 21, 22), '23 09:00 4:59:59'],
    concluded: said,
    hears: {
      room: 'hours-petra-sekunde',
      members: ['Max Muster', 'Petra Sekunde'],
      title: 'Petra Sekunde: 24.99 of 40 h logged (October 19 – October 25)',
      hours: ['24.99 hours', '40 hours'],
      days: { ...fiveOfEight, 23: '4.99 of 8' },
    },
  },
  {
    name: 'Tim Teilzeit',
    special: 'works four hours a day and logs all of them',
    mail: 'tim',
    clockify: { ...berlin, capacity: 4 },
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: nothing,
  },
  {
    name: 'Lena Halbtag',
    special: 'works six hours on three days and lacks a quarter of an hour',
    mail: 'lena',
    clockify: { ...berlin, capacity: 6, workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY'] },
    work: [...each('6:00', 19, 20), '21 09:00 5:45'],
    concluded: said,
    hears: {
      room: 'hours-lena-halbtag',
      members: ['Lena Halbtag', 'Max Muster'],
      title: 'Lena Halbtag: 17.75 of 18 h logged (October 19 – October 25)',
      hours: ['17.75 hours', '18 hours'],
      days: { 19: '6 of 6', 20: '6 of 6', 21: '5.75 of 6' },
    },
  },
  {
    name: 'Fritz Kurzwoche',
    special: 'has three days off and logs all that was due on the other two',
    mail: 'fritz',
    clockify: berlin,
    leave: { first: 19, days: 3 },
    work: each('8:00', 22, 23),
    concluded: saidOff,
    hears: {
      room: 'hours-fritz-kurzwoche',
      members: ['Fritz Kurzwoche', 'Max Muster'],
      title: 'Fritz Kurzwoche: days off (October 19 – October 25)',
      off: { '19–21': 'day off' },
    },
  },
  {
    name: 'Ida Urlaub',
    special: 'has the whole week off: nothing is expected',
    mail: 'ida',
    clockify: berlin,
    leave: { first: 19, days: 7 },
    concluded: { lowHours: 'suppressed: nothing-expected', daysOff: 'fired' },
    hears: {
      room: 'hours-ida-urlaub',
      members: ['Ida Urlaub', 'Max Muster'],
      title: 'Ida Urlaub: days off (October 19 – October 25)',
      off: { '19–23': 'day off' },
    },
  },
  {
    name: 'Олена Коваленко',
    special: 'has a threshold of 30 of her own and logs 29.5; Ukrainian by document',
    mail: 'olena',
    clockify: kyiv,
    document: { locale: 'uk' },
    exception: { params: { threshold: 30 }, reason: 'agreed with the team' },
    work: [...each('6:00', 19, 20, 21, 22), '23 09:00 5:30'],
    concluded: said,
    hears: {
      in: 'uk',
      room: 'hours-olena-kovalenko',
      members: ['Max Muster', 'Олена Коваленко'],
      title: 'Олена Коваленко: записано 29,5 із 40 год (19 жовтня – 25 жовтня)',
      hours: ['29,5 години', '40 годин'],
      days: { 19: '6 of 8', 20: '6 of 8', 21: '6 of 8', 22: '6 of 8', 23: '5,5 of 8' },
      threshold: '30 годин',
    },
  },
  {
    name: 'Орест Тридцять',
    special: 'has a threshold of 30 of his own and logs exactly 30',
    mail: 'orest',
    clockify: kyiv,
    exception: { params: { threshold: 30 } },
    work: each('6:00', 19, 20, 21, 22, 23),
    concluded: nothing,
  },
  {
    name: 'Kis Zoltán',
    special: 'has a public holiday and the half day before it',
    mail: 'zoltan',
    clockify: { zone: 'Europe/Budapest' },
    work: [...each('6:00', 19, 20, 21), '22 09:00 4:00'],
    concluded: saidBoth,
    hears: {
      room: 'hours-kis-zoltan',
      members: ['Kis Zoltán', 'Max Muster'],
      title: 'Kis Zoltán: 22 of 28 h logged and days off (October 19 – October 25)',
      hours: ['22 hours', '28 hours'],
      days: {
        19: '6 of 8',
        20: '6 of 8',
        21: '6 of 8',
        22: '4 of 4, public holiday, half a day: Az ünnep előestéje',
        23: '0 of 0, public holiday: Nemzeti ünnep',
      },
      counted: '1.5 holidays',
      off: { 22: 'public holiday, half a day: Az ünnep előestéje', 23: 'public holiday: Nemzeti ünnep' },
    },
  },
  {
    name: 'Mia Halb',
    special: 'has half a day off and logs the rest',
    mail: 'mia',
    clockify: berlin,
    leave: { first: 20, days: 1, half: 'first' },
    work: [...each('8:00', 19, 21, 22, 23), '20 13:00 4:00'],
    concluded: saidOff,
    hears: {
      room: 'hours-mia-halb',
      members: ['Max Muster', 'Mia Halb'],
      title: 'Mia Halb: days off (October 19 – October 25)',
      off: { 20: 'half day off' },
    },
  },
  {
    name: 'Stefan Stunden',
    special: 'has three hours off, by the hour',
    mail: 'stefan',
    clockify: berlin,
    leave: { day: 21, from: '13:00', to: '16:00' },
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: saidBoth,
    hears: {
      room: 'hours-stefan-stunden',
      members: ['Max Muster', 'Stefan Stunden'],
      title: 'Stefan Stunden: 20 of 37 h logged and days off (October 19 – October 25)',
      hours: ['20 hours', '37 hours'],
      days: { 19: '4 of 8', 20: '4 of 8', 21: '4 of 5, 3 h off', 22: '4 of 8', 23: '4 of 8' },
      counted: '3 h off',
      off: { 21: '3 h off' },
    },
  },
  {
    name: 'Paula Pending',
    special: 'waits for three days off to be approved: they count nothing',
    mail: 'paula',
    clockify: berlin,
    leave: { first: 21, days: 3, status: 'PENDING' },
    work: each('8:00', 19, 20),
    concluded: said,
    hears: {
      room: 'hours-paula-pending',
      members: ['Max Muster', 'Paula Pending'],
      title: 'Paula Pending: 16 of 40 h logged (October 19 – October 25)',
      hours: ['16 hours', '40 hours'],
      days: { 19: '8 of 8', 20: '8 of 8', 21: '0 of 8', 22: '0 of 8', 23: '0 of 8' },
    },
  },
  {
    name: 'Rolf Rückweisung',
    special: 'was refused two days off',
    mail: 'rolf',
    clockify: berlin,
    leave: { first: 22, days: 2, status: 'REJECTED' },
    work: each('8:00', 19, 20, 21),
    concluded: said,
    hears: {
      room: 'hours-rolf-ruckweisung',
      members: ['Max Muster', 'Rolf Rückweisung'],
      title: 'Rolf Rückweisung: 24 of 40 h logged (October 19 – October 25)',
      hours: ['24 hours', '40 hours'],
      days: { 19: '8 of 8', 20: '8 of 8', 21: '8 of 8', 22: '0 of 8', 23: '0 of 8' },
    },
  },
  {
    name: 'Lars Spät',
    special: 'was granted three days off on Monday morning, after the week and just before the run',
    mail: 'lars',
    clockify: berlin,
    leave: { first: 21, days: 3, requested: '2026-10-20T07:00:00Z', decided: '2026-10-26T06:30:00Z' },
    work: each('8:00', 19, 20),
    concluded: saidOff,
    hears: {
      room: 'hours-lars-spat',
      members: ['Lars Spät', 'Max Muster'],
      title: 'Lars Spät: days off (October 19 – October 25)',
      off: { '21–23': 'day off' },
    },
  },
  {
    name: 'Dana Sabra',
    special: 'works from Sunday to Thursday: her week is that from the 18th to the 24th',
    mail: 'dana',
    clockify: {
      zone: 'Asia/Jerusalem',
      weekStart: 'SUNDAY',
      workingDays: ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY'],
    },
    work: [...each('4:00', 18, 19, 20, 21, 22), '25 09:00 8:00'],
    concluded: said,
    hears: {
      room: 'hours-dana-sabra',
      members: ['Dana Sabra', 'Max Muster'],
      title: 'Dana Sabra: 20 of 40 h logged (October 18 – October 24)',
      hours: ['20 hours', '40 hours'],
      days: { 18: '4 of 8', 19: '4 of 8', 20: '4 of 8', 21: '4 of 8', 22: '4 of 8' },
      week: [18, 24],
    },
  },
  {
    name: 'Tala Leota',
    special:
      'is where every day begins first: Monday 00:30 and Sunday 23:30 are hers, Monday 00:10 after it is not',
    mail: 'tala',
    clockify: { zone: 'Pacific/Apia' },
    work: ['19 00:30 5:00', ...each('5:00', 20, 21, 22), '25 23:30 1:00', '26 00:10 3:00'],
    concluded: said,
    hears: {
      room: 'hours-tala-leota',
      members: ['Max Muster', 'Tala Leota'],
      title: 'Tala Leota: 21 of 40 h logged (October 19 – October 25)',
      hours: ['21 hours', '40 hours'],
      days: {
        ...fiveOfEight,
        23: '0 of 8',
        25: '1 of 0, not a working day',
      },
    },
  },
  {
    name: 'Keoni Kahale',
    special: 'is where every day ends last: Sunday 22:00 there is Monday everywhere else',
    mail: 'keoni',
    clockify: { zone: 'Pacific/Honolulu' },
    work: ['18 23:30 2:00', ...each('5:00', 19, 20, 21, 22), '25 22:00 3:00'],
    concluded: said,
    hears: {
      room: 'hours-keoni-kahale',
      members: ['Keoni Kahale', 'Max Muster'],
      title: 'Keoni Kahale: 23 of 40 h logged (October 19 – October 25)',
      hours: ['23 hours', '40 hours'],
      days: { ...fiveOfEight, 23: '0 of 8', 25: '3 of 0, not a working day' },
    },
  },
  {
    name: 'Sita Gurung',
    special: 'is 5¾ hours ahead of UTC, has two public holidays, and lacks five minutes of a short week',
    mail: 'sita',
    clockify: { zone: 'Asia/Kathmandu' },
    work: ['18 23:50 1:00', ...each('8:00', 19, 22), '23 09:00 7:45', '25 23:50 0:10'],
    concluded: saidBoth,
    hears: {
      room: 'hours-sita-gurung',
      members: ['Max Muster', 'Sita Gurung'],
      title: 'Sita Gurung: 23.91 of 24 h logged and days off (October 19 – October 25)',
      hours: ['23.91 hours', '24 hours'],
      days: {
        19: '8 of 8',
        20: '0 of 0, public holiday: Vijaya Dashami',
        21: '0 of 0, public holiday: Ekadashi',
        22: '8 of 8',
        23: '7.75 of 8',
        25: '0.16 of 0, not a working day',
      },
      counted: '2 holidays',
      off: { 20: 'public holiday: Vijaya Dashami', 21: 'public holiday: Ekadashi' },
    },
  },
  {
    name: 'Nina Nacht',
    special: 'works through the night in which the clock goes back: 01:30 to 03:30 are three hours',
    mail: 'nina',
    clockify: berlin,
    work: [...each('5:00', 19, 20, 21, 22), '25 01:30 3:00'],
    concluded: said,
    hears: {
      room: 'hours-nina-nacht',
      members: ['Max Muster', 'Nina Nacht'],
      title: 'Nina Nacht: 23 of 40 h logged (October 19 – October 25)',
      hours: ['23 hours', '40 hours'],
      days: { ...fiveOfEight, 23: '0 of 8', 25: '3 of 0, not a working day' },
    },
  },
  {
    name: 'Gregor Automatik',
    special: 'has a holiday and a day off that Clockify enters as time, and breaks: none of it is work',
    mail: 'gregor',
    clockify: berlin,
    leave: { first: 20, days: 1, automatic: true },
    work: [...each('6:00', 21, 22, 23), '21 15:00 2:00 BREAK', '22 15:00 2:00 BREAK', '23 15:00 2:00 BREAK'],
    concluded: saidBoth,
    hears: {
      room: 'hours-gregor-automatik',
      members: ['Gregor Automatik', 'Max Muster'],
      title: 'Gregor Automatik: 18 of 24 h logged and days off (October 19 – October 25)',
      hours: ['18 hours', '24 hours'],
      days: {
        19: '0 of 0, holiday: Betriebsausflug',
        20: '0 of 0, day off',
        21: '6 of 8',
        22: '6 of 8',
        23: '6 of 8',
      },
      counted: '1 holiday and 1 day off',
      off: { 19: 'holiday: Betriebsausflug', 20: 'day off' },
    },
  },
  {
    name: 'Микола Північ',
    special: 'works across midnight into the next week: it counts where it began; Ukrainian by Slack',
    mail: 'mykola',
    clockify: kyiv,
    slack: { locale: 'uk-UA' },
    work: ['18 22:00 3:00', ...each('5:00', 19, 20, 21, 22), '25 22:00 4:00'],
    concluded: said,
    hears: {
      in: 'uk',
      room: 'hours-mikola-pivnich',
      members: ['Max Muster', 'Микола Північ'],
      title: 'Микола Північ: записано 24 із 40 год (19 жовтня – 25 жовтня)',
      hours: ['24 години', '40 годин'],
      days: { ...fiveOfEight, 23: '0 of 8', 25: '4 of 0, неробочий день' },
    },
  },
  {
    name: 'Дмитрий Волков',
    special: 'logs 21.5 hours; Russian by Slack',
    mail: 'dmitry',
    clockify: { zone: 'Europe/Riga' },
    slack: { locale: 'ru-RU' },
    work: [...each('4:00', 19, 20, 21, 22), '23 09:00 5:30'],
    concluded: said,
    hears: {
      in: 'ru',
      room: 'hours-dmitriy-volkov',
      members: ['Max Muster', 'Дмитрий Волков'],
      title: 'Дмитрий Волков: записано 21,5 из 40 ч (19 октября – 25 октября)',
      hours: ['21,5 часа', '40 часов'],
      days: { 19: '4 of 8', 20: '4 of 8', 21: '4 of 8', 22: '4 of 8', 23: '5,5 of 8' },
    },
  },
  {
    name: '김민준',
    special: 'has a company day and logs all that was due; Korean by Slack',
    mail: 'minjun.kim',
    clockify: { zone: 'Asia/Seoul' },
    slack: { locale: 'ko-KR' },
    work: each('8:00', 19, 20, 21, 22),
    concluded: saidOff,
    hears: {
      in: 'ko',
      room: 'hours-gimminjun',
      members: ['Max Muster', '김민준'],
      title: '김민준: 휴무 (10월 19일~10월 25일)',
      off: { 23: '회사 휴무일: 창립기념일' },
    },
  },
  {
    name: '김민준',
    special: 'is called like a colleague, and lacks eight hours',
    mail: 'minjun.kim2',
    clockify: { zone: 'Asia/Seoul' },
    slack: { locale: 'ko-KR' },
    work: each('6:00', 19, 20, 21, 22),
    concluded: saidBoth,
    hears: {
      in: 'ko',
      room: 'hours-gimminjun-2',
      members: ['Max Muster', '김민준'],
      title: '김민준: 32시간 중 24시간 기록 및 휴무 (10월 19일~10월 25일)',
      hours: ['24시간', '32시간'],
      days: {
        19: '6 of 8',
        20: '6 of 8',
        21: '6 of 8',
        22: '6 of 8',
        23: '0 of 0, 회사 휴무일: 창립기념일',
      },
      counted: '휴일 1일',
      off: { 23: '회사 휴무일: 창립기념일' },
    },
  },
  {
    name: '王小明',
    special: 'has a free Friday that is worked off on Saturday; Chinese by Slack',
    mail: 'xiaoming',
    clockify: { zone: 'Asia/Shanghai' },
    slack: { locale: 'zh-CN' },
    work: [...each('5:00', 19, 20, 21, 22), '24 09:00 4:00'],
    concluded: saidBoth,
    hears: {
      in: 'zh',
      room: 'hours-wangxiaoming',
      members: ['Max Muster', '王小明'],
      title: '王小明：已记录 24 / 应有 40 小时和休息日（10月19日至10月25日）',
      hours: ['24 小时', '40 小时'],
      days: { ...fiveOfEight, 23: '0 of 0, 公共假日：调休放假', 24: '4 of 8, 调休上班日：调休上班' },
      counted: '假日 1 天',
      off: { 23: '公共假日：调休放假' },
    },
  },
  {
    name: 'Bobby <!channel> & *_~',
    special: 'has a name, and works on a project, that Slack would take for commands',
    mail: 'bobby',
    clockify: berlin,
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: said,
    hears: {
      room: 'hours-bobby-channel',
      members: ['Bobby <!channel> & *_~', 'Max Muster'],
      ...twentyOfForty('Bobby <!channel> & *_~'),
    },
  },
  {
    name: 'Jana Joiner',
    special: 'joined on Wednesday',
    mail: 'jana',
    clockify: berlin,
    document: { joined: '2026-10-21' },
    work: each('6:00', 21, 22, 23),
    concluded: said,
    hears: {
      room: 'hours-jana-joiner',
      members: ['Jana Joiner', 'Max Muster'],
      title: 'Jana Joiner: 18 of 24 h logged (October 19 – October 25)',
      hours: ['18 hours', '24 hours'],
      days: {
        19: '0 of 0, not yet joined',
        20: '0 of 0, not yet joined',
        21: '6 of 8',
        22: '6 of 8',
        23: '6 of 8',
      },
    },
  },
  {
    name: 'Levi Leaver',
    special: 'had the last day of work on Tuesday',
    mail: 'levi',
    clockify: berlin,
    document: { left: '2026-10-20' },
    work: each('5:00', 19, 20),
    concluded: said,
    hears: {
      room: 'hours-levi-leaver',
      members: ['Levi Leaver', 'Max Muster'],
      title: 'Levi Leaver: 10 of 16 h logged (October 19 – October 25)',
      hours: ['10 hours', '16 hours'],
      days: {
        19: '5 of 8',
        20: '5 of 8',
        21: '0 of 0, after the last working day',
        22: '0 of 0, after the last working day',
        23: '0 of 0, after the last working day',
      },
    },
  },
  {
    name: 'Nele Nächste',
    special: 'joins on the Monday after',
    mail: 'nele',
    clockify: berlin,
    document: { joined: '2026-10-26' },
    concluded: 'nobody whom rules are about',
  },
  {
    name: 'Egon Ehemals',
    special: 'left on the Friday before, and Clockify does not know it yet',
    mail: 'egon',
    clockify: berlin,
    document: { left: '2026-10-16' },
    concluded: 'nobody whom rules are about',
  },
  {
    name: 'Ellen Exempt',
    special: 'is exempt up to and including the day of the decision, and logs nothing',
    mail: 'ellen',
    clockify: berlin,
    exception: { exempt: true, reason: 'keeps another time sheet', until: '2026-10-26' },
    concluded: { lowHours: 'suppressed: exempt', daysOff: 'quiet' },
  },
  {
    name: 'Erik Abgelaufen',
    special: 'was exempt until the day before the decision, and logs nothing',
    mail: 'erik',
    clockify: berlin,
    exception: { exempt: true, until: '2026-10-25' },
    concluded: said,
    hears: {
      room: 'hours-erik-abgelaufen',
      members: ['Erik Abgelaufen', 'Max Muster'],
      title: 'Erik Abgelaufen: 0 of 40 h logged (October 19 – October 25)',
      hours: ['0 hours', '40 hours'],
      days: { 19: '0 of 8', 20: '0 of 8', 21: '0 of 8', 22: '0 of 8', 23: '0 of 8' },
    },
  },
  {
    name: 'Solveig Solo',
    special: 'has no manager',
    mail: 'solveig',
    clockify: berlin,
    managers: [],
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: said,
    hears: { room: 'hours-solveig-solo', members: ['Solveig Solo'], ...twentyOfForty('Solveig Solo') },
  },
  {
    name: 'Rudi Timer',
    special: 'has had a timer running since Friday morning: it is no work yet',
    mail: 'rudi',
    clockify: berlin,
    work: [...each('5:00', 19, 20, 21, 22), '23 09:00 running'],
    concluded: said,
    hears: {
      room: 'hours-rudi-timer',
      members: ['Max Muster', 'Rudi Timer'],
      title: 'Rudi Timer: 20 of 40 h logged (October 19 – October 25)',
      hours: ['20 hours', '40 hours'],
      days: { ...fiveOfEight, 23: '0 of 8' },
    },
  },
  {
    name: 'Hugo Ohneslack',
    special: 'is not in Slack: the manager still hears',
    mail: 'hugo',
    clockify: berlin,
    slack: 'not there',
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: said,
    hears: { room: 'hours-hugo-ohneslack', members: ['Max Muster'], ...twentyOfForty('Hugo Ohneslack') },
  },
  {
    name: 'Greta Gegangen',
    special: 'has a Slack account that is deactivated: the manager still hears',
    mail: 'greta',
    clockify: berlin,
    slack: 'deactivated',
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: said,
    hears: { room: 'hours-greta-gegangen', members: ['Max Muster'], ...twentyOfForty('Greta Gegangen') },
  },
  {
    name: 'Bernd Chef',
    special: 'manages Uwe and is not in Slack',
    mail: 'bernd',
    clockify: berlin,
    managers: [],
    slack: 'not there',
    work: each('8:00', 19, 20, 21, 22, 23),
    concluded: nothing,
  },
  {
    name: 'Uwe Unter',
    special: 'has a manager who is not in Slack',
    mail: 'uwe',
    clockify: berlin,
    managers: ['Bernd Chef'],
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: said,
    hears: { room: 'hours-uwe-unter', members: ['Uwe Unter'], ...twentyOfForty('Uwe Unter') },
  },
  {
    name: 'Carla Nurslack',
    special: 'manages Viktor by document, and is in Slack only',
    mail: 'carla',
    clockify: 'not there',
    concluded: 'nobody whom rules are about',
  },
  {
    name: 'Viktor Dokument',
    special: 'has another manager by document than in Clockify',
    mail: 'viktor',
    clockify: berlin,
    document: { managers: ['carla@acme.example'] },
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: said,
    hears: {
      room: 'hours-viktor-dokument',
      members: ['Carla Nurslack', 'Viktor Dokument'],
      tells: ['Carla Nurslack'],
      ...twentyOfForty('Viktor Dokument'),
    },
  },
  {
    name: 'Otto Niemand',
    special: 'is not in Slack and has no manager: nobody can hear, and the owner is told that',
    mail: 'otto',
    clockify: berlin,
    managers: [],
    slack: 'not there',
    work: each('4:00', 19, 20, 21, 22, 23),
    concluded: said,
    hears: { room: 'hours-otto-niemand', members: 'nobody', ...twentyOfForty('Otto Niemand') },
  },
  {
    name: 'Dora Deaktiviert',
    special: 'was deactivated in the workspace',
    mail: 'dora',
    clockify: berlin,
    work: each('1:00', 19),
    becomes: 'deactivated',
    concluded: 'nobody whom rules are about',
  },
  {
    name: 'Gustav Gelöscht',
    special: 'deleted the account',
    mail: 'gustav',
    clockify: berlin,
    work: each('1:00', 19),
    becomes: 'deleted',
    concluded: 'nobody whom rules are about',
  },
  {
    name: 'Ingo Eingeladen',
    special: 'never finished signing up: Clockify has no settings of him',
    mail: 'ingo',
    clockify: { signedUp: false },
    concluded: 'nobody whom rules are about',
  },
  {
    name: 'Kiosk Kasse',
    special: 'stamps at a kiosk, has no address, and so cannot be matched to anybody',
    mail: '',
    clockify: { ...berlin, status: 'LIMITED' },
    slack: 'not there',
    work: each('4:00', 19),
    concluded: 'nobody whom rules are about',
  },
];

export const addressOf = ({ mail }: TablePerson): string => (mail === '' ? '' : `${mail}@acme.example`);
