import type { LocalDate, Locale } from '#domain';
import { membersOf, type CompanyTeam } from './company-teams.js';
import { draw, drawBetween, drawOne } from './draw.js';

/** As Acme named them in Vtiger, the worst first. */
export const priorities = ['Critical', 'High', 'Medium', 'Low'] as const;
type Priority = (typeof priorities)[number];

/** Something that a team has to do. */
export interface TeamIssue {
  /** Unique in the company; later ones have greater numbers. */
  readonly number: number;
  readonly title: string;
  readonly priority: Priority;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly createdOn: LocalDate;
  readonly due: LocalDate;
  /** The first day on which it is done. */
  readonly doneOn: LocalDate;
  /** The key of whom it is assigned to; absent where it is the team's. */
  readonly person?: string;
  /** Somebody keeps it for themselves. */
  readonly hidden: boolean;
}

/** Nothing stays open for longer. */
const longestDays = 130;

/** How long work on it takes at most and is meant to take, in days, and out of how many it is one. */
const usual: Readonly<Record<Priority, { share: number; takes: number; due: number }>> = {
  Critical: { share: 0.14, takes: 12, due: 4 },
  High: { share: 0.28, takes: 26, due: 9 },
  Medium: { share: 0.38, takes: 48, due: 22 },
  Low: { share: 0.2, takes: longestDays, due: 50 },
};

const customers = ['Nowhere Airlines', 'Bank of Atlantis', 'Ümlaut & Søn', 'Acme', 'Плаский Світ'];

/** What people write, as they write it: every channel has to escape these. */
const titles: Readonly<Record<Locale, readonly string[]>> = {
  en: [
    'App crashes on start after the update',
    'Login button <Sign in> does nothing on older phones',
    'R&D: push messages arrive twice',
    '*URGENT* tickets cannot be downloaded',
    'snake_case_keys leak into the release notes',
    'Dark mode: ~unreadable~ text in settings',
    'Map shows the wrong terminal if distance > 10 km & offline',
    'Rename "Save" to "Save & close" (really)',
    'Photos are uploaded sideways',
    'Widget forgets the language',
    'Boarding pass is not in the wallet',
    'Keyboard covers the <Pay> button',
    'Battery drains while the map is open',
    'Search finds nothing for names with apostrophes',
    'Old versions are not asked to update',
    'Crash report: null is not an object (evaluating a_b_c)',
  ],
  uk: [
    'Не працює вхід після оновлення',
    'Звіт за місяць <порожній>',
    'Повільний пошук замовлень, якщо їх > 1000',
    'API повертає *500* замість 404',
    'R&D: резервна копія не відновлюється',
    'Черга повідомлень ~зависла~ вночі',
    'Хибний залишок у полі total_amount_uah',
    'Оновити сертифікат до кінця місяця',
    'Дублікати в експорті & імпорті',
    'Графіки не відкриваються у Firefox',
    'Ліміт запитів рахується двічі',
    'Журнал доступу займає 90 % диска',
    'Вебхук *не приходить* після повтору',
    'Час у листах – за Гринвічем',
    'Пошта з апострофом не проходить перевірку',
    'Перенести кеш на нові сервери',
  ],
  ko: [
    '결제가 두 번 승인됩니다',
    '환불 금액이 <0원>으로 표시됩니다',
    '*긴급* 카드 등록 실패',
    '영수증 메일의 글자가 깨집니다',
    '포인트 & 쿠폰 동시 사용 오류',
    '정산 파일 settlement_2026_v2 누락',
    '결제창이 ~가끔~ 닫히지 않습니다',
    '수수료 계산 차이 > 1원',
    '현금영수증 번호 검증',
    '해외 카드 3D Secure 시간 초과',
    '정기 결제 취소가 늦게 반영됩니다',
    '부분 환불 후 세금계산서 오류',
    '간편결제 <QR> 인식 안 됨',
    '결제 내역 검색이 느립니다',
    '매출 보고서 합계 불일치',
    '가맹점 알림 중복 발송',
  ],
  zh: [
    '接口超时，订单没有同步',
    '登录页面 <空白>',
    '*紧急* 库存数量为负数',
    '报表里的 R&D 部门重复',
    '字段 customer_name_cn 乱码',
    '回调地址 ~偶尔~ 返回 502',
    '批量导入 > 5000 行时失败',
    '发票抬头 & 税号校验',
    '证书即将过期',
    '消息推送延迟',
    '附件名称 <空> 时无法下载',
    '沙盒与正式环境配置不一致',
    '客户地址同步丢失 *省份*',
    '重试后产生两张工单',
    '夏令时时间差一小时',
    '日志缺少 trace_id',
  ],
  ru: ['Отчёт не открывается'],
};

const told = new Map<string, readonly TeamIssue[]>();

/** What the team was given on a day: nothing at weekends. */
export function issuesOfDay(team: CompanyTeam, day: LocalDate): readonly TeamIssue[] {
  const key = `${team.name} ${day}`;
  let issues = told.get(key);
  if (!issues) told.set(key, (issues = tell(team, day)));
  return issues;
}

function tell(team: CompanyTeam, day: LocalDate): readonly TeamIssue[] {
  if (isWeekend(day)) return [];
  const { name, issuesADay } = team;
  // Between none and twice the average, so that days differ.
  const count = Math.floor(issuesADay * 2 * draw('issues', name, day) + draw('one more', name, day));
  return Array.from({ length: Math.min(count, mostADay) }, (_, place) => issueOf(team, day, place));
}

/** Everything that was given before the day and, on the day before it, was open or had been done no longer than that many days. */
export function issuesBefore(team: CompanyTeam, today: LocalDate, doneDays: number): readonly TeamIssue[] {
  const doneSince = dayAfter(today, -doneDays);
  const days = Array.from({ length: longestDays + doneDays }, (_, back) => dayAfter(today, -1 - back));
  return days
    .toReversed()
    .flatMap((day) => issuesOfDay(team, day))
    .filter(({ doneOn }) => doneOn >= doneSince);
}

const mostADay = 6;

function issueOf(team: CompanyTeam, day: LocalDate, place: number): TeamIssue {
  const what = [team.name, day, place] as const;
  const priority = priorityOf(draw('priority', ...what));
  const { takes, due } = usual[priority];
  // Most are done soon, some hang about.
  const days = 1 + Math.floor(draw('takes', ...what) ** 2 * (takes - 1));
  const minute = Math.floor(drawBetween(6 * 60, 16 * 60, 'minute', ...what));
  const members = membersOf(team);
  const own = draw('own', ...what) < 0.25;
  return {
    number: Math.round((Date.parse(day) - epoch) / msPerDay) * 100 + placeOf(team) * 10 + place,
    title: titleOf(team.locale, day, place),
    priority,
    createdAt: new Date(Date.parse(day) + minute * 60_000).toISOString().replace('.000Z', 'Z'),
    createdOn: day,
    due: workingDay(dayAfter(day, Math.ceil(due * drawBetween(0.5, 1.5, 'due', ...what)))),
    doneOn: workingDay(dayAfter(day, days)),
    ...(own ? { person: drawOne(members, 'person', ...what).key } : {}),
    hidden: draw('hidden', ...what) < 0.06,
  };
}

const msPerDay = 86_400_000;
const epoch = Date.UTC(2020, 0, 1);

/** Each team has ten numbers of a day. */
const placeOf = ({ name }: CompanyTeam): number => ['ferrari', 'porsche', 'tesla', 'volvo'].indexOf(name) + 1;

function priorityOf(drawn: number): Priority {
  let sum = 0;
  return priorities.find((priority) => drawn < (sum += usual[priority].share)) ?? 'Low';
}

/** The titles go round, so that no two of a week are the same; whose it is follows now and then. */
function titleOf(locale: Locale, day: LocalDate, place: number): string {
  const all = titles[locale];
  const days = Math.round((Date.parse(day) - epoch) / msPerDay);
  const title = all[(days * 5 + place * 3) % all.length] ?? '';
  return draw('customer', locale, day, place) < 0.75
    ? `${title} – ${drawOne(customers, 'whose', locale, day, place)}`
    : title;
}

/** Days are walked here by the hundred for every team: this counts in UTC milliseconds, several times faster than date objects. */
const dayAfter = (day: LocalDate, count: number): LocalDate =>
  new Date(Date.parse(day) + count * msPerDay).toISOString().slice(0, 10);

const isWeekend = (day: LocalDate): boolean => new Date(day).getUTCDay() % 6 === 0;

const workingDay = (day: LocalDate): LocalDate => (isWeekend(day) ? workingDay(dayAfter(day, 1)) : day);
