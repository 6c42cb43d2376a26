import { counted } from '../counted.js';
import type { KpiPhrases } from './phrases.js';

export const en: KpiPhrases = {
  title: (team, topics) => `${team} · ${topics}`,
  topic: (label, value, target) => `${label}: ${value}${target === undefined ? '' : ` (target ${target})`}`,
  labels: {
    'kpi-index': 'issue index',
    'kpi-count': 'open issues',
    'kpi-age': 'oldest open issue',
    'kpi-share': 'overdue issues',
  },

  points: counted('en', { one: '# point', other: '# points' }),
  issues: counted('en', { one: '# issue', other: '# issues' }),
  days: counted('en', { one: '# day', other: '# days' }),

  value: 'Value',
  target: 'Target',
  distance: 'Distance',
  above: (amount) => `${amount} above the target`,
  below: (amount) => `${amount} below the target`,
  onTarget: 'on target',
  judged: (distance, verdict) => `${distance}: ${verdict}`,
  attention: 'needs attention',
  progress: 'good progress',

  trend: {
    since: (change, day) => `${change} since ${day}`,
    same: (day) => `no change since ${day}`,
  },

  parts: {
    columns: { count: 'Issues', weight: 'Weight', points: 'Points' },
    by: { priority: 'Priority', status: 'Status' },
    none: 'none given',
    other: 'other',
  },

  list: {
    oldest: 'Open for longest',
    overdue: 'Overdue for longest',
    open: (days) => `open for ${days}`,
    due: (day) => `due ${day}`,
    more: (issues) => `… and ${issues} more`,
  },

  how: {
    read: (sources, moment) => `From the open issues of the team in ${sources}, as known on ${moment}.`,
    counted: {
      'kpi-index': 'The index is the number of issues of each priority, times what the priority weighs.',
      'kpi-count': 'Counted are the issues that are open.',
      'kpi-age': 'The age is in whole days since the issue was made.',
      'kpi-share': 'Overdue are issues whose last day is over; those without one never are.',
    },
    better: { lower: 'Lower is better.', higher: 'Higher is better.' },
    other: (issues) => `Not named in the rule, and shown as “other”: ${issues}.`,
  },
};
