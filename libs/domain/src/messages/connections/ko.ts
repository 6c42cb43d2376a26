import { counted } from '../counted.js';
import type { ConnectionPhrases } from './phrases.js';

export const ko: ConnectionPhrases = {
  title: (connection, topics) => `${connection} · ${topics}`,

  calls: counted('ko', { other: '요청 #건' }),
  seconds: counted('ko', { other: '#초' }),
  hours: counted('ko', { other: '#시간' }),
  days: counted('ko', { other: '#일' }),
  runs: counted('ko', { other: '실행 #회' }),

  topics: {
    errors: (failed) => `${failed} 실패`,
    slow: (seconds) => `응답 지연: ${seconds}`,
    stale: (hours) => `${hours} 동안 읽지 못함`,
    quota: (share) => `할당량의 ${share} 사용`,
    token: (days) => `토큰 만료까지 ${days}`,
    tokenToday: '토큰이 오늘 만료됨',
    tokenOver: '토큰이 만료됨',
    runs: (runs) => `${runs} 누락`,
  },

  said: {
    'token-expires': {
      what: '토큰이 만료되면 이 연결은 더 이상 작동하지 않습니다.',
      whatToDo: '새 토큰을 만들어 비밀을 보관하는 곳에 넣고, 문서의 `expiresOn`을 바꿔 주세요.',
    },
    'stale-source': {
      what: '읽어야 할 때에 데이터를 전부 읽지 못했습니다. 더 새로운 사실이 필요한 작업은 기다리고 있습니다.',
      whatToDo: 'collector와 CronJob이 실행 중인지 확인하고, `carillon doctor`로 연결을 점검해 주세요.',
    },
    'run-missing': {
      what: '계획되어 있었지만 실행할 프로세스가 없었습니다. 알렸어야 할 내용이 전달되지 않았습니다.',
      whatToDo:
        '서비스와 CronJob이 실행 중인지 확인해 주세요. 놓친 실행은 `carillon run`으로 할 수 있습니다.',
    },
    'connection-errors': {
      what: '많은 요청이 실패합니다. 자동으로 다시 시도되므로 아직 아무도 알아채지 못했을 수 있습니다.',
      whatToDo:
        '시스템의 상태 페이지를 보고 `carillon doctor`로 연결을 점검해 주세요. 이유는 `carillon explain`에서 볼 수 있습니다.',
    },
    'connection-slow': {
      what: '응답이 느립니다. 읽기와 보내기가 오래 걸리고, 곧 늦어질 수 있습니다.',
      whatToDo: '시스템의 상태 페이지와 네트워크를 확인해 주세요. 그동안 잃어버리는 것은 없습니다.',
    },
    'quota-low': {
      what: '허용된 요청의 대부분을 사용했습니다. 다 쓰면 읽지도 쓰지도 못합니다.',
      whatToDo: '더 드물게 또는 더 적게 읽거나, 더 큰 할당량을 요청해 주세요.',
    },
  },

  labels: {
    failed: '실패',
    calls: '전체',
    mostTake: '요청 100건 중 95건의 최대 소요 시간',
    age: '마지막으로 읽은 뒤',
    interval: '읽기 간격',
    used: '사용',
    left: '남음',
    missing: '누락',
    limit: '알림 기준',
  },

  how: (period) =>
    `Carillon이 이 연결에 대해 기록한 내용입니다(${period}). 이 연결의 담당자이기 때문에 알려 드립니다.`,
};
