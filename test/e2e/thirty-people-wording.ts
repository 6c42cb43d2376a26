import type { Locale } from '#domain';

/** What is particular to one message; everything else stands below, word for word. */
export interface Heard {
  readonly title: string;
  /** Of the part about hours, where there is one: the two totals in words. */
  readonly hours?: readonly [logged: string, expected: string];
  /** By day of October: `4.99 of 8`, or `0 of 4, public holiday, half a day: …`. */
  readonly days?: Readonly<Record<number, string>>;
  /** `1 holiday`, where something lowered what is expected. */
  readonly counted?: string;
  /** Of the part about days off, where there is one: `23` or `19–21`, and what it was. */
  readonly off?: Readonly<Record<string, string>>;
}

/** Whom and which week a message is about. */
export interface About {
  readonly name: string;
  readonly zone: string;
  readonly managers: readonly string[];
  readonly first: number;
  readonly last: number;
  /** Hours in words; 25 where it is nobody's own. */
  readonly threshold: string | undefined;
}

interface Wording {
  readonly weekdays: readonly string[];
  readonly date: (day: number) => string;
  readonly day: (weekday: string, day: number) => string;
  readonly range: (from: string, to: string) => string;
  readonly low: (name: string, week: string, logged: string, expected: string) => string;
  readonly columns: readonly [string, string, string, string];
  readonly counted: (what: string) => string;
  readonly whatNow: string;
  readonly lowSmall: (zone: string, threshold: string) => string;
  readonly threshold: string;
  readonly off: (name: string, week: string) => string;
  readonly offSmall: string;
  readonly objection: (managers: string) => string;
  readonly here: string;
}

const wordings: Readonly<Record<Locale, Wording>> = {
  en: {
    weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
    date: (day) => `October ${day}`,
    day: (weekday, day) => `${weekday}, October ${day}`,
    range: (from, to) => `${from} – ${to}`,
    low: (name, week, logged, expected) =>
      `${name}: fewer hours were logged than expected (${week}).\nLogged: ${logged}\nExpected: ${expected}`,
    columns: ['Day', 'Logged', 'Expected', 'Note'],
    counted: (what) => `Already taken into account: ${what}.`,
    whatNow:
      'If something has not been entered yet, please add it. If everything is right as it is, nothing needs to be done.',
    lowSmall: (zone, threshold) =>
      `Logged hours are finished entries of work by their start, ${zone} time, without breaks and time off; shown rounded down.
Expected hours are the agreed working days, less public holidays and days off.
A message is sent below ${threshold}, and never if all expected hours are there.`,
    threshold: '25 hours',
    off: (name, week) => `${name}: days off and holidays (${week}).`,
    offSmall: 'Shown are approved days off and the public and company holidays that fall on working days.',
    objection: (managers) => `Is something wrong? Please reply here or tell ${managers}.`,
    here: 'Is something wrong? Please reply here.',
  },
  uk: {
    weekdays: ['нд', 'пн', 'вт', 'ср', 'чт', 'пт', 'сб'],
    date: (day) => `${day} жовтня`,
    day: (weekday, day) => `${weekday}, ${day} жовтня`,
    range: (from, to) => `${from} – ${to}`,
    low: (name, week, logged, expected) =>
      `${name}: записано менше годин, ніж очікувалося (${week}).\nЗаписано: ${logged}\nОчікувалося: ${expected}`,
    columns: ['День', 'Записано', 'Очікувалося', 'Примітка'],
    counted: (what) => `Уже враховано: ${what}.`,
    whatNow: 'Якщо щось іще не внесено, будь ласка, додайте. Якщо все правильно, нічого робити не треба.',
    lowSmall: (zone, threshold) =>
      `Записані години — це завершені записи роботи за часом їх початку (${zone}), без перерв і вихідних; показано із заокругленням униз.
Очікувані години — це узгоджені робочі дні без державних свят і вихідних.
Повідомлення надсилається, якщо годин менше за поріг (поріг: ${threshold}), і ніколи, якщо всі очікувані години є.`,
    threshold: '25 годин',
    off: (name, week) => `${name}: вихідні та свята (${week}).`,
    offSmall:
      'Показано погоджені вихідні, а також державні свята й вихідні компанії, що припадають на робочі дні.',
    objection: (managers) =>
      `Щось не так? Будь ласка, дайте відповідь тут або зверніться до керівника: ${managers}.`,
    here: 'Щось не так? Будь ласка, дайте відповідь тут.',
  },
  ko: {
    weekdays: ['일', '월', '화', '수', '목', '금', '토'],
    date: (day) => `10월 ${day}일`,
    day: (weekday, day) => `10월 ${day}일 (${weekday})`,
    range: (from, to) => `${from}~${to}`,
    low: (name, week, logged, expected) =>
      `${name}: 기록된 시간이 예상 시간보다 적습니다 (${week}).\n기록: ${logged}\n예상: ${expected}`,
    columns: ['날짜', '기록', '예상', '비고'],
    counted: (what) => `이미 반영됨: ${what}.`,
    whatNow: '아직 입력하지 않은 시간이 있으면 추가해 주세요. 모두 맞다면 따로 하실 일은 없습니다.',
    lowSmall: (zone, threshold) =>
      `기록 시간은 시작 시각(${zone} 기준)으로 집계한 완료된 근무 기록이며, 휴식과 휴무는 제외하고 소수점 아래는 버림하여 표시합니다.
예상 시간은 약정된 근무일에서 공휴일과 휴무를 뺀 것입니다.
기준(${threshold}) 미만일 때만 알리며, 예상 시간을 모두 채웠다면 알리지 않습니다.`,
    threshold: '25시간',
    off: (name, week) => `${name}: 휴무와 휴일 (${week}).`,
    offSmall: '승인된 휴무와, 근무일에 해당하는 공휴일 및 회사 휴무일을 표시합니다.',
    objection: (managers) =>
      `잘못된 점이 있나요? 여기에 답글을 남기거나 관리자에게 알려 주세요: ${managers}.`,
    here: '잘못된 점이 있나요? 여기에 답글을 남겨 주세요.',
  },
  zh: {
    weekdays: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
    date: (day) => `10月${day}日`,
    day: (weekday, day) => `10月${day}日${weekday}`,
    range: (from, to) => `${from}至${to}`,
    low: (name, week, logged, expected) =>
      `${name}：已记录的工时少于应有工时（${week}）。\n已记录: ${logged}\n应有: ${expected}`,
    columns: ['日期', '已记录', '应有', '备注'],
    counted: (what) => `已计入：${what}。`,
    whatNow: '如有尚未录入的工时，请补录；如果一切无误，则无需任何操作。',
    lowSmall: (zone, threshold) =>
      `已记录工时按开始时间（${zone} 时区）统计已结束的工作记录，不含休息和休假，显示时向下取整到两位小数。
应有工时为约定的工作日，扣除公共假日和休息日。
仅在低于阈值（${threshold}）时发送；若应有工时已全部记录，则不会发送。`,
    threshold: '25 小时',
    off: (name, week) => `${name}：休息日与假日（${week}）。`,
    offSmall: '显示已批准的休息日，以及落在工作日上的公共假日和公司休息日。',
    objection: (managers) => `有不对的地方吗？请在此回复，或告知主管：${managers}。`,
    here: '有不对的地方吗？请在此回复。',
  },
  ru: {
    weekdays: ['вс', 'пн', 'вт', 'ср', 'чт', 'пт', 'сб'],
    date: (day) => `${day} октября`,
    day: (weekday, day) => `${weekday}, ${day} октября`,
    range: (from, to) => `${from} – ${to}`,
    low: (name, week, logged, expected) =>
      `${name}: записано меньше часов, чем ожидалось (${week}).\nЗаписано: ${logged}\nОжидалось: ${expected}`,
    columns: ['День', 'Записано', 'Ожидалось', 'Примечание'],
    counted: (what) => `Уже учтено: ${what}.`,
    whatNow: 'Если что-то ещё не внесено, пожалуйста, добавьте. Если всё верно, ничего делать не нужно.',
    lowSmall: (zone, threshold) =>
      `Записанные часы — это завершённые записи работы по времени их начала (${zone}), без перерывов и выходных; показаны с округлением вниз.
Ожидаемые часы — это согласованные рабочие дни без государственных праздников и выходных.
Сообщение отправляется, если часов меньше порога (порог: ${threshold}), и никогда, если все ожидаемые часы есть.`,
    threshold: '25 часов',
    off: (name, week) => `${name}: выходные и праздники (${week}).`,
    offSmall:
      'Показаны согласованные выходные, а также государственные праздники и выходные компании, выпавшие на рабочие дни.',
    objection: (managers) =>
      `Что-то не так? Пожалуйста, ответьте здесь или обратитесь к руководителю: ${managers}.`,
    here: 'Что-то не так? Пожалуйста, ответьте здесь.',
  },
};

/** The whole text of a message, title first. Nothing of the product is asked here: the words are written down twice on purpose. */
export function wholeText(locale: Locale, heard: Heard, about: About): string {
  const wording = wordings[locale];
  const week = wording.range(wording.date(about.first), wording.date(about.last));
  const parts = [
    ...(heard.hours ? [lowPart(wording, heard, heard.hours, about, week)] : []),
    ...(heard.off ? [offPart(wording, heard.off, about, week)] : []),
  ];
  return [
    heard.title,
    parts.join('\n—\n'),
    ...(heard.hours ? [wording.lowSmall(about.zone, about.threshold ?? wording.threshold)] : []),
    ...(heard.off ? [wording.offSmall] : []),
    about.managers.length === 0 ? wording.here : wording.objection(about.managers.join(', ')),
  ].join('\n');
}

function lowPart(
  wording: Wording,
  { days = {}, counted }: Heard,
  [logged, expected]: readonly [string, string],
  { name }: About,
  week: string,
): string {
  const rows = Object.entries(days).map(([day, text]) => {
    const [, worked = '', due = '', note = ''] = /^(\S+) of (\S+?)(?:, (.*))?$/.exec(text) ?? [];
    return [label(wording, Number(day)), worked, due, note];
  });
  const shown = rows.some(([, , , note]) => note !== '') ? 4 : 3;
  return [
    wording.low(name, week, logged, expected),
    ...[wording.columns, ...rows].map((row) => row.slice(0, shown).join(' | ')),
    ...(counted === undefined ? [] : [wording.counted(counted)]),
    wording.whatNow,
  ].join('\n');
}

function offPart(
  wording: Wording,
  off: Readonly<Record<string, string>>,
  { name }: About,
  week: string,
): string {
  const lines = Object.entries(off).map(([stretch, what]) => {
    const [from = '', to] = stretch.split('–');
    const first = label(wording, Number(from));
    return `${to === undefined ? first : wording.range(first, label(wording, Number(to)))}: ${what}`;
  });
  return [wording.off(name, week), ...lines].join('\n');
}

const label = (wording: Wording, day: number): string =>
  wording.day(wording.weekdays[new Date(Date.UTC(2026, 9, day)).getUTCDay()] ?? '', day);
