import { addDays, weekdayOf, weekdays, type LocalDate, type Locale, type Weekday } from '#domain';

export type Country = 'UA' | 'DE' | 'PL' | 'KR' | 'CN' | 'US';

/** Somebody at Acme, the sandbox's company. Everybody's name says "example" in some language; nobody is real. */
export interface CompanyPerson {
  /** The part of the e-mail address before the at sign. */
  readonly key: string;
  readonly name: string;
  readonly email: string;
  /** IANA. */
  readonly zone: string;
  readonly locale: Locale;
  readonly title: string;
  /** A key. */
  readonly manager?: string;
  readonly country: Country;
  /** Hours due on each working day. */
  readonly capacityHours: number;
  readonly workingDays: readonly Weekday[];
  readonly inSlack: boolean;
  readonly inClockify: boolean;
  readonly joined?: LocalDate;
  /** The last day of work; only of those who are gone. */
  readonly left?: LocalDate;
}

const week: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];
const zones: Readonly<Record<Country, string>> = {
  UA: 'Europe/Kyiv',
  DE: 'Europe/Berlin',
  PL: 'Europe/Warsaw',
  KR: 'Asia/Seoul',
  CN: 'Asia/Shanghai',
  US: 'America/New_York',
};

function person(
  key: string,
  name: string,
  country: Country,
  locale: Locale,
  title: string,
  manager: string | undefined,
  more: Partial<CompanyPerson> = {},
): CompanyPerson {
  return {
    key,
    name,
    email: `${key}@acme.example`,
    zone: zones[country],
    locale,
    title,
    ...(manager === undefined ? {} : { manager }),
    country,
    capacityHours: 8,
    workingDays: week,
    inSlack: true,
    inClockify: true,
    ...more,
  };
}

/** Those who have been there for long. */
export const staff: readonly CompanyPerson[] = [
  person('olena', 'Олена Прикладенко', 'UA', 'uk', 'Chief executive', undefined),
  person('taras', 'Тарас Зразковий', 'UA', 'uk', 'Head of engineering', 'olena'),
  person('mariia', 'Марія Вигадько', 'UA', 'uk', 'Head of people', 'olena'),
  person('svitlana', 'Світлана Чорновик', 'UA', 'uk', 'Accountant', 'olena', { inClockify: false }),
  person('bohdan', 'Богдан Макетний', 'UA', 'uk', 'Lead, platform', 'taras'),
  person('iryna', 'Ірина Шаблонська', 'UA', 'uk', 'Engineer, platform', 'bohdan'),
  person('petro', 'Петро Умовний', 'UA', 'uk', 'Reliability engineer', 'bohdan'),
  person('sofiia', 'Софія Небувалко', 'UA', 'uk', 'Test engineer', 'bohdan'),
  person('denys', 'Денис Пробний', 'UA', 'uk', 'Customer support', 'morgan'),
  person('erika', 'Erika Beispiel', 'DE', 'en', 'Lead, mobile', 'taras'),
  person('max', 'Max Platzhalter', 'DE', 'en', 'Engineer, iOS', 'erika'),
  person('jonas', 'Jonas Entwurf', 'DE', 'en', 'Engineer, Android', 'erika'),
  person('greta', 'Greta Vorlage', 'DE', 'en', 'Designer', 'erika', {
    workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY'],
  }),
  person('lukas', 'Lukas Probefall', 'DE', 'en', 'Security consultant', undefined),
  person('emil', 'Emil Skizze', 'DE', 'en', 'Customer support', 'morgan'),
  person('anna', 'Анна Образцова', 'DE', 'ru', 'Engineer, mobile', 'erika'),
  person('jan', 'Jan Przykładowski', 'PL', 'en', 'Lead, data', 'taras'),
  person('zofia', 'Zofia Wzorcowa', 'PL', 'en', 'Data engineer', 'jan'),
  person('kacper', 'Kacper Szkicowy', 'PL', 'en', 'Data analyst', 'jan', { inSlack: false }),
  person('ivan', 'Иван Примеров', 'PL', 'ru', 'Data engineer', 'jan'),
  person('pyotr', 'Пётр Выдумкин', 'PL', 'ru', 'Engineer, data platform', 'jan'),
  person('nina', 'Nina Szablon', 'PL', 'en', 'Customer support', 'morgan'),
  person('haneul', '김예시', 'KR', 'ko', 'Lead, Seoul', 'taras'),
  person('minjun', '박견본', 'KR', 'ko', 'Engineer, payments', 'haneul'),
  person('seoyeon', '이가상', 'KR', 'ko', 'Engineer, payments', 'haneul'),
  person('jiho', '최보기', 'KR', 'ko', 'Test engineer', 'haneul'),
  person('yuna', '정모형', 'KR', 'ko', 'Customer support', 'morgan'),
  person('shili', '张示例', 'CN', 'zh', 'Lead, Shanghai', 'taras'),
  person('yangben', '李样本', 'CN', 'zh', 'Engineer, integrations', 'shili'),
  person('xuni', '王虚拟', 'CN', 'zh', 'Engineer, integrations', 'shili'),
  person('jiaming', '赵假名', 'CN', 'zh', 'Product designer', 'shili'),
  person('jane', 'Jane Sample', 'US', 'en', 'Head of sales', 'olena'),
  person('casey', 'Casey Example', 'US', 'en', 'Account executive', 'jane'),
  person('riley', 'Riley Fixture', 'US', 'en', 'Account executive', 'jane'),
  person('robin', 'Robin Placeholder', 'US', 'en', 'Solutions engineer', 'jane', {
    zone: 'America/Los_Angeles',
  }),
  person('morgan', 'Morgan Mockley', 'US', 'en', 'Head of support', 'olena', { zone: 'America/Chicago' }),
  person('dana', 'Dana Stubbs', 'US', 'en', 'Technical writer', 'morgan'),
];

const givenNames = [
  'Kira',
  'Milo',
  'Nadia',
  'Theo',
  'Yara',
  'Noel',
  'Lia',
  'Timo',
  'Vera',
  'Oskar',
  'Ada',
  'Hugo',
];
const surnames = ['Neuling', 'Newcomer', 'Początek', 'Freshman', 'Anfang', 'Новенко', 'Debutova'];
const surnameKeys = ['neuling', 'newcomer', 'poczatek', 'freshman', 'anfang', 'novenko', 'debutova'];
const internships: readonly { country: Country; mentor: string }[] = [
  { country: 'UA', mentor: 'bohdan' },
  { country: 'US', mentor: 'jane' },
  { country: 'KR', mentor: 'haneul' },
];
const internshipDays = 28;

/**
 * Acme takes an intern every Wednesday for four weeks. So, whatever today is, somebody joined last Wednesday and somebody left last Tuesday.
 * Gone interns are listed until the end of the week after their last.
 */
export function interns(today: LocalDate): readonly CompanyPerson[] {
  const thisWeek = mondayOf(today);
  const found: CompanyPerson[] = [];
  for (let back = 6; back >= 0; back -= 1) {
    const joined = addDays(thisWeek, 2 - 7 * back);
    const left = addDays(joined, internshipDays - 1);
    if (joined > today || left < addDays(thisWeek, -7)) continue;
    found.push(intern(weekNumber(joined), joined, left < today ? left : undefined));
  }
  return found;
}

function intern(number: number, joined: LocalDate, left: LocalDate | undefined): CompanyPerson {
  const at = <T>(items: readonly T[]): T => items[number % items.length] as T;
  const { country, mentor } = at(internships);
  return person(
    `${at(givenNames).toLowerCase()}.${at(surnameKeys)}`,
    `${at(givenNames)} ${at(surnames)}`,
    country,
    'en',
    'Intern',
    mentor,
    {
      joined,
      ...(left === undefined ? {} : { left }),
    },
  );
}

/** The Monday of the day's week. */
export const mondayOf = (day: LocalDate): LocalDate => addDays(day, -weekdays.indexOf(weekdayOf(day)));

/** Weeks since that of Monday, 5 January 1970. */
const weekNumber = (day: LocalDate): number =>
  Math.round((Date.parse(`${mondayOf(day)}T00:00:00Z`) - Date.UTC(1970, 0, 5)) / (7 * 86_400_000));
