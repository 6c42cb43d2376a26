import { counted } from '../counted.js';
import type { KpiPhrases } from './phrases.js';

export const uk: KpiPhrases = {
  title: (team, topics) => `${team} · ${topics}`,
  topic: (label, value, target) => `${label}: ${value}${target === undefined ? '' : ` (ціль: ${target})`}`,
  labels: {
    'kpi-index': 'індекс задач',
    'kpi-count': 'відкриті задачі',
    'kpi-age': 'найстаріша відкрита задача',
    'kpi-share': 'прострочені задачі',
  },

  points: counted('uk', { one: '# бал', few: '# бали', many: '# балів', other: '# бала' }),
  issues: counted('uk', { one: '# задача', few: '# задачі', many: '# задач', other: '# задачі' }),
  days: counted('uk', { one: '# день', few: '# дні', many: '# днів', other: '# дня' }),

  value: 'Значення',
  target: 'Ціль',
  distance: 'Відстань до цілі',
  above: (amount) => `вище цілі: ${amount}`,
  below: (amount) => `нижче цілі: ${amount}`,
  onTarget: 'точно на цілі',
  judged: (distance, verdict) => `${distance} — ${verdict}`,
  attention: 'потребує уваги',
  progress: 'гарний поступ',

  trend: {
    since: (change, day) => `${change} порівняно з ${day}`,
    same: (day) => `без змін порівняно з ${day}`,
  },

  parts: {
    columns: { count: 'Задачі', weight: 'Вага', points: 'Бали' },
    by: { priority: 'Пріоритет', status: 'Статус' },
    none: 'не вказано',
    other: 'інше',
  },

  list: {
    oldest: 'Найдовше відкриті',
    overdue: 'Найдовше прострочені',
    open: (days) => `відкрита вже ${days}`,
    due: (day) => `термін: ${day}`,
    more: (issues) => `… і ще ${issues}`,
  },

  how: {
    read: (sources, moment) => `За відкритими задачами команди у ${sources} станом на ${moment}.`,
    counted: {
      'kpi-index': 'Індекс — це кількість задач кожного пріоритету, помножена на вагу цього пріоритету.',
      'kpi-count': 'Пораховано задачі, які ще відкриті.',
      'kpi-age': 'Вік — це цілі дні від дня, коли задачу створено.',
      'kpi-share': 'Прострочені задачі — ті, чий останній день минув; задачі без терміну не рахуються.',
    },
    better: { lower: 'Що менше, то краще.', higher: 'Що більше, то краще.' },
    other: (issues) => `Не названо у правилі, показано як «інше»: ${issues}.`,
  },
};
