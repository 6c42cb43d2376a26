import { startOfDay, weekdayOf, type LocalDate } from '#domain';
import { isPublicHoliday } from './company-holidays.js';
import type { CompanyPerson } from './company-people.js';
import { leaveOn, weekStory, type Leave } from './company-week.js';
import { draw, drawBetween, drawOne } from './draw.js';

export interface WorkEntry {
  /** Unique in the company. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly end: string;
  readonly type: 'REGULAR' | 'BREAK';
  readonly description: string;
  /** A place in `projects`. */
  readonly project: number;
  readonly billable: boolean;
}

/** Names as people make them: every channel has to escape these. */
export const projects: readonly {
  readonly name: string;
  readonly color: string;
  readonly client?: string;
}[] = [
  { name: 'R&D <Platform> *v2*', color: '#03A9F4' },
  { name: '🚀 Apollo', color: '#E91E63', client: 'Nowhere Airlines' },
  { name: 'Payments_2.0 "final" (really)', color: '#4CAF50', client: 'Bank of Atlantis' },
  { name: 'Інтеграції `API`', color: '#9C27B0' },
  { name: '고객 지원 💬', color: '#FF9800' },
  { name: '内部工具', color: '#795548' },
  { name: '<!channel> relaunch', color: '#607D8B', client: 'Ümlaut & Søn' },
];

const descriptions: Readonly<Record<CompanyPerson['locale'], readonly string[]>> = {
  en: [
    'Code review',
    'Planning',
    'Call with the customer',
    'Fixing what broke on Friday',
    'Docs & notes',
    '',
  ],
  uk: ['Перегляд коду', 'Планування', 'Дзвінок із клієнтом', 'Виправлення помилок', 'Зустріч 1:1', ''],
  ko: ['코드 리뷰', '주간 회의', '결제 오류 수정', '고객 통화', '문서 작성', ''],
  zh: ['代码评审', '周会', '修复接口错误', '客户电话', '编写文档', ''],
  ru: ['Ревью кода', 'Планёрка', 'Исправление ошибок', 'Звонок с клиентом', 'Документация', ''],
};

/** Who forgets to stop the timer in the evening, and when it was started. */
export const forgetsTheTimer = { person: 'minjun', minute: 18.5 * 60, length: 45 } as const;
/** Who is on call across midnight. */
const nightOwl = 'petro';

interface Piece {
  /** Minutes since local midnight; may lie beyond the day. */
  readonly from: number;
  readonly to: number;
  readonly type?: 'BREAK';
}

/** What somebody logs on a local day: nothing on holidays and leave, little in a low week, a day's work otherwise. */
export function entriesOf(person: CompanyPerson, day: LocalDate): WorkEntry[] {
  const midnight = startOfDay(day, person.zone).epochMilliseconds;
  const time = (minute: number): string =>
    new Date(midnight + minute * 60_000).toISOString().replace('.000Z', 'Z');
  return piecesOf(person, day).map((piece, index) => {
    const project = Math.floor(draw('project', person.key, day, index) * projects.length);
    return {
      id: `entry:${person.key}:${day}:${index}`,
      start: time(piece.from),
      end: time(piece.to),
      type: piece.type ?? 'REGULAR',
      description: piece.type ? '' : drawOne(descriptions[person.locale], 'text', person.key, day, index),
      project,
      billable: !piece.type && projects[project]?.client !== undefined,
    };
  });
}

function piecesOf(person: CompanyPerson, day: LocalDate): Piece[] {
  const { key } = person;
  if (person.joined && day < person.joined) return [];
  if (person.left && day > person.left) return [];
  if (isPublicHoliday(person.country, day)) return [];
  if (!person.workingDays.includes(weekdayOf(day))) return weekendOf(person, day);
  if (key === nightOwl && ['TUESDAY', 'THURSDAY'].includes(weekdayOf(day)))
    return [
      { from: 13 * 60, to: 18 * 60 },
      { from: 22 * 60 + 15, to: 25 * 60 + 30 },
    ];
  const leave = leaveOn(key, day);
  if (leave && leave.half === undefined && leave.hours === undefined) return [];
  const minutes = fiveMinutes(minutesDue(person, day, leave));
  if (minutes === 0) return [];
  const begin = beginOf(person, day, leave);
  const lunch = fiveMinutes(drawBetween(30, 60, 'lunch', key, day));
  const pieces = stretches(person, day, begin, minutes, lunch);
  if (key === forgetsTheTimer.person)
    pieces.push({ from: forgetsTheTimer.minute, to: forgetsTheTimer.minute + forgetsTheTimer.length });
  return pieces;
}

/** Minutes since midnight: after an errand or a free morning, else when people come. */
function beginOf({ key }: CompanyPerson, day: LocalDate, leave: Leave | undefined): number {
  if (leave?.half === 'first') return 13 * 60;
  if (leave?.hours) return (9 + leave.hours) * 60 + 30;
  const latest = key === forgetsTheTimer.person ? 8.6 : 10;
  return fiveMinutes(drawBetween(8.5, latest, 'begin', key, day) * 60);
}

function minutesDue(person: CompanyPerson, day: LocalDate, leave: Leave | undefined): number {
  const { key } = person;
  const hours = person.capacityHours;
  const story = weekStory(day).low.get(key);
  if (story === 'short-days') return drawBetween(0.38, 0.58, 'short', key, day) * hours * 60;
  if (story === 'forgets-the-rest' && !['MONDAY', 'TUESDAY', 'WEDNESDAY'].includes(weekdayOf(day))) return 0;
  if (story === 'forgets-the-rest') return drawBetween(0.9, 1, 'rest', key, day) * hours * 60;
  if (leave?.half) return drawBetween(0.47, 0.53, 'half', key, day) * hours * 60;
  if (leave?.hours) return (hours - leave.hours) * 60;
  if (person.workingDays.length < 5) return drawBetween(1, 1.04, 'part', key, day) * hours * 60;
  if (key === forgetsTheTimer.person) return drawBetween(0.84, 0.94, 'day', key, day) * hours * 60;
  return drawBetween(0.92, 1.04, 'day', key, day) * hours * 60;
}

/** Two stretches in the morning and one or two after lunch. Support enters its lunch as a break. */
function stretches(
  person: CompanyPerson,
  day: LocalDate,
  begin: number,
  minutes: number,
  lunch: number,
): Piece[] {
  const before = Math.min(minutes, 4 * 60);
  const split = fiveMinutes(before * drawBetween(0.2, 0.7, 'split', person.key, day));
  const noon = begin + before;
  const pieces: Piece[] = [
    { from: begin, to: begin + split },
    { from: begin + split, to: noon },
  ];
  if (minutes > before) {
    if (person.title === 'Customer support') pieces.push({ from: noon, to: noon + lunch, type: 'BREAK' });
    pieces.push({ from: noon + lunch, to: noon + lunch + minutes - before });
  }
  return pieces.filter((piece) => piece.to > piece.from);
}

/** Now and then somebody does an hour on a Saturday. */
function weekendOf(person: CompanyPerson, day: LocalDate): Piece[] {
  const rare = weekdayOf(day) === 'SATURDAY' && draw('weekend', person.key, day) < 0.02;
  return rare && !weekStory(day).low.has(person.key) && !leaveOn(person.key, day)
    ? [{ from: 11 * 60, to: 12 * 60 }]
    : [];
}

const fiveMinutes = (minutes: number): number => Math.round(minutes / 5) * 5;
