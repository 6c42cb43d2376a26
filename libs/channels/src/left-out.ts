import type { Locale } from '#domain';

/** The few words with which a channel says what it leaves out, or corrects. Numbers follow a colon, so that no language has to inflect by them. */
interface Words {
  readonly correction: string;
  readonly charactersNotShown: string;
  readonly rowsNotShown: string;
  readonly partsNotShown: string;
}

const words: Readonly<Record<Locale, Words>> = {
  en: {
    correction: 'Correction',
    charactersNotShown: 'characters not shown',
    rowsNotShown: 'rows not shown',
    partsNotShown: 'parts not shown',
  },
  uk: {
    correction: 'Виправлення',
    charactersNotShown: 'не показано символів',
    rowsNotShown: 'не показано рядків',
    partsNotShown: 'не показано частин',
  },
  ko: {
    correction: '정정',
    charactersNotShown: '표시되지 않은 글자 수',
    rowsNotShown: '표시되지 않은 행 수',
    partsNotShown: '표시되지 않은 부분 수',
  },
  zh: {
    correction: '更正',
    charactersNotShown: '未显示的字符数',
    rowsNotShown: '未显示的行数',
    partsNotShown: '未显示的部分数',
  },
  ru: {
    correction: 'Исправление',
    charactersNotShown: 'не показано символов',
    rowsNotShown: 'не показано строк',
    partsNotShown: 'не показано частей',
  },
};

export const wordsOf = (locale: Locale): Words => words[locale];

/** `… rows not shown: 1,940` */
export const missing = (locale: Locale, what: Exclude<keyof Words, 'correction'>, count: number): string =>
  `… ${words[locale][what]}: ${new Intl.NumberFormat(locale).format(count)}`;
