import { counted } from '../counted.js';
import type { KpiPhrases } from './phrases.js';

export const ko: KpiPhrases = {
  title: (team, topics) => `${team} · ${topics}`,
  topic: (label, value, target) => `${label}: ${value}${target === undefined ? '' : ` (목표 ${target})`}`,
  labels: {
    'kpi-index': '이슈 지수',
    'kpi-count': '미해결 이슈',
    'kpi-age': '가장 오래된 미해결 이슈',
    'kpi-share': '기한이 지난 이슈',
  },

  points: counted('ko', { other: '#점' }),
  issues: counted('ko', { other: '이슈 #건' }),
  days: counted('ko', { other: '#일' }),

  value: '현재 값',
  target: '목표',
  distance: '목표와의 차이',
  above: (amount) => `목표보다 높음: ${amount}`,
  below: (amount) => `목표보다 낮음: ${amount}`,
  onTarget: '목표와 같음',
  judged: (distance, verdict) => `${distance} – ${verdict}`,
  attention: '주의가 필요합니다',
  progress: '잘 진행되고 있습니다',

  trend: {
    since: (change, day) => `${day} 이후 ${change}`,
    same: (day) => `${day} 이후 변화 없음`,
  },

  parts: {
    columns: { count: '이슈', weight: '가중치', points: '점수' },
    by: { priority: '우선순위', status: '상태' },
    none: '지정되지 않음',
    other: '기타',
  },

  list: {
    oldest: '가장 오래 열려 있는 이슈',
    overdue: '기한이 가장 오래 지난 이슈',
    open: (days) => `${days}째 열려 있음`,
    due: (day) => `기한: ${day}`,
    more: (issues) => `… 그 외 ${issues}`,
  },

  how: {
    read: (sources, moment) => `${sources}에 있는 팀의 미해결 이슈를 기준으로 했습니다(${moment} 기준).`,
    counted: {
      'kpi-index': '지수는 우선순위별 이슈 수에 그 우선순위의 가중치를 곱해 더한 값입니다.',
      'kpi-count': '아직 열려 있는 이슈를 셌습니다.',
      'kpi-age': '나이는 이슈가 만들어진 날부터 센 날짜 수입니다.',
      'kpi-share': '마지막 날이 지난 이슈만 기한이 지난 것으로 셉니다. 기한이 없는 이슈는 세지 않습니다.',
    },
    better: { lower: '낮을수록 좋습니다.', higher: '높을수록 좋습니다.' },
    other: (issues) => `규칙에 없어 “기타”로 표시한 것: ${issues}.`,
  },
};
