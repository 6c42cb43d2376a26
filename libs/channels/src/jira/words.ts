import type { Locale } from '#domain';

/** The few words that are the channel's own. */
interface Words {
  /** Where a description ends before everything was said. */
  readonly cut: string;
  readonly notAssigned: (who: string) => string;
}

const words: Readonly<Record<Locale, Words>> = {
  en: {
    cut: '… Cut here: this is longer than the description of an issue may be.',
    notAssigned: (who) => `Meant for ${who}, who cannot be assigned issues here.`,
  },
  uk: {
    cut: '… Обрізано: це довше, ніж може бути опис завдання.',
    notAssigned: (who) => `Призначено для ${who}, але цій людині тут не можна призначати завдання.`,
  },
  ko: {
    cut: '… 여기서 잘림: 이슈 설명에 담을 수 있는 길이를 넘었습니다.',
    notAssigned: (who) => `${who} 님의 이슈이지만 여기서는 담당자로 지정할 수 없습니다.`,
  },
  zh: {
    cut: '… 此处截断:内容超出了事务描述的长度上限。',
    notAssigned: (who) => `应由 ${who} 处理,但此处无法将事务分配给此人。`,
  },
  ru: {
    cut: '… Обрезано: это длиннее, чем может быть описание задачи.',
    notAssigned: (who) => `Предназначено для ${who}, но этому человеку здесь нельзя назначать задачи.`,
  },
};

export const wordsOf = (locale: Locale): Words => words[locale];
