import { counted } from '../counted.js';
import type { KpiPhrases } from './phrases.js';

export const zh: KpiPhrases = {
  title: (team, topics) => `${team} · ${topics}`,
  topic: (label, value, target) => `${label}：${value}${target === undefined ? '' : `（目标 ${target}）`}`,
  labels: {
    'kpi-index': '问题指数',
    'kpi-count': '未解决问题',
    'kpi-age': '最早的未解决问题',
    'kpi-share': '逾期问题',
  },

  points: counted('zh', { other: '# 分' }),
  issues: counted('zh', { other: '# 个问题' }),
  days: counted('zh', { other: '# 天' }),

  value: '当前值',
  target: '目标',
  distance: '与目标的差距',
  above: (amount) => `高于目标 ${amount}`,
  below: (amount) => `低于目标 ${amount}`,
  onTarget: '正好达到目标',
  judged: (distance, verdict) => `${distance}，${verdict}`,
  attention: '需要关注',
  progress: '进展良好',

  trend: {
    since: (change, day) => `与${day}相比 ${change}`,
    same: (day) => `与${day}相比没有变化`,
  },

  parts: {
    columns: { count: '问题数', weight: '权重', points: '得分' },
    by: { priority: '优先级', status: '状态' },
    none: '未指定',
    other: '其他',
  },

  list: {
    oldest: '未解决时间最长的问题',
    overdue: '逾期时间最长的问题',
    open: (days) => `已打开 ${days}`,
    due: (day) => `截止 ${day}`,
    more: (issues) => `…… 还有 ${issues}`,
  },

  how: {
    read: (sources, moment) => `依据 ${sources} 中该团队的未解决问题（${moment}）。`,
    counted: {
      'kpi-index': '指数是各优先级的问题数乘以该优先级的权重之和。',
      'kpi-count': '统计的是尚未解决的问题。',
      'kpi-age': '时长为自问题创建之日起的整天数。',
      'kpi-share': '逾期是指最后一天已过的问题；没有截止日期的问题不算逾期。',
    },
    better: { lower: '越低越好。', higher: '越高越好。' },
    other: (issues) => `规则中未列出、以“其他”显示的：${issues}。`,
  },
};
