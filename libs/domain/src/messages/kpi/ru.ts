import { counted } from '../counted.js';
import type { KpiPhrases } from './phrases.js';

export const ru: KpiPhrases = {
  title: (team, topics) => `${team} · ${topics}`,
  topic: (label, value, target) => `${label}: ${value}${target === undefined ? '' : ` (цель: ${target})`}`,
  labels: {
    'kpi-index': 'индекс задач',
    'kpi-count': 'открытые задачи',
    'kpi-age': 'самая старая открытая задача',
    'kpi-share': 'просроченные задачи',
  },

  points: counted('ru', { one: '# балл', few: '# балла', many: '# баллов', other: '# балла' }),
  issues: counted('ru', { one: '# задача', few: '# задачи', many: '# задач', other: '# задачи' }),
  days: counted('ru', { one: '# день', few: '# дня', many: '# дней', other: '# дня' }),

  value: 'Значение',
  target: 'Цель',
  distance: 'Расстояние до цели',
  above: (amount) => `выше цели: ${amount}`,
  below: (amount) => `ниже цели: ${amount}`,
  onTarget: 'точно на цели',
  judged: (distance, verdict) => `${distance} — ${verdict}`,
  attention: 'требует внимания',
  progress: 'хороший прогресс',

  trend: {
    since: (change, day) => `${change} по сравнению с ${day}`,
    same: (day) => `без изменений по сравнению с ${day}`,
  },

  parts: {
    columns: { count: 'Задачи', weight: 'Вес', points: 'Баллы' },
    by: { priority: 'Приоритет', status: 'Статус' },
    none: 'не указано',
    other: 'другое',
  },

  list: {
    oldest: 'Дольше всего открыты',
    overdue: 'Дольше всего просрочены',
    open: (days) => `открыта уже ${days}`,
    due: (day) => `срок: ${day}`,
    more: (issues) => `… и ещё ${issues}`,
  },

  how: {
    read: (sources, moment) => `По открытым задачам команды в ${sources}, как они были на момент ${moment}.`,
    counted: {
      'kpi-index': 'Индекс — это число задач каждого приоритета, умноженное на вес этого приоритета.',
      'kpi-count': 'Посчитаны задачи, которые ещё открыты.',
      'kpi-age': 'Возраст — это целые дни со дня, когда задача создана.',
      'kpi-share': 'Просроченные задачи — те, чей последний день прошёл; задачи без срока не считаются.',
    },
    better: { lower: 'Чем меньше, тем лучше.', higher: 'Чем больше, тем лучше.' },
    other: (issues) => `Не названо в правиле, показано как «другое»: ${issues}.`,
  },
};
