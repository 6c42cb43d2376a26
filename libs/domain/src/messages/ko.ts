import { counted } from './counted.js';
import { inline } from './inline.js';
import type { Phrases } from './phrases.js';

export const ko: Phrases = {
  range: (from, to) => `${from}~${to}`,
  labelled: (label, value) => `${label}: ${value}`,

  hours: counted('ko', { other: '#시간' }),
  days: counted('ko', { other: '#일' }),
  times: counted('ko', { other: '#회' }),
  daysOff: counted('ko', { other: '휴무 #일' }),
  hoursOff: counted('ko', { other: '휴무 #시간' }),
  holidays: counted('ko', { other: '휴일 #일' }),
  people: counted('ko', { other: '#명' }),
  decisions: counted('ko', { other: '판단 #건' }),
  records: counted('ko', { other: '레코드 #건' }),

  title: (person, topics, period) => `${person}: ${topics} (${period})`,
  topics: {
    lowHours: (logged, expected) => `${expected}시간 중 ${logged}시간 기록`,
    daysOff: '휴무',
    missingHoliday: '미입력 공휴일',
    exceptionalDays: (days) => `확인할 날 ${days}`,
    overtime: (hours) => `초과 근무 ${hours}시간`,
  },

  lowHours: {
    what: (person, period) => inline`${person}: 기록된 시간이 예상 시간보다 적습니다 (${period}).`,
    logged: '기록',
    expected: '예상',
    counted: (list) => `이미 반영됨: ${list}.`,
    columns: { day: '날짜', logged: '기록', expected: '예상', note: '비고' },
    whatNow: '아직 입력하지 않은 시간이 있으면 추가해 주세요. 모두 맞다면 따로 하실 일은 없습니다.',
    howLogged: (zone) =>
      `기록 시간은 시작 시각(${zone} 기준)으로 집계한 완료된 근무 기록이며, 휴식과 휴무는 제외하고 소수점 아래는 버림하여 표시합니다.`,
    howExpected: '예상 시간은 약정된 근무일에서 공휴일과 휴무를 뺀 것입니다.',
    threshold: (hours) => `기준(${hours}) 미만일 때만 알리며, 예상 시간을 모두 채웠다면 알리지 않습니다.`,
  },

  dayNotes: {
    notYetJoined: '입사 전',
    alreadyLeft: '퇴사 후',
    notAWorkingDay: '근무일 아님',
    movedWorkingDay: '근무일',
    publicHoliday: '공휴일',
    halfPublicHoliday: '공휴일(반일)',
    companyDay: '회사 휴무일',
    halfCompanyDay: '회사 휴무일(반일)',
    holiday: '휴일',
    halfHoliday: '휴일(반일)',
    dayOff: '휴무',
    halfDayOff: '반일 휴무',
  },

  daysOffText: {
    what: (person, period) => inline`${person}: 휴무와 휴일 (${period}).`,
    nothing: '이 기간에는 휴무와 휴일이 없습니다.',
    howCounted: '승인된 휴무와, 근무일에 해당하는 공휴일 및 회사 휴무일을 표시합니다.',
  },

  missingHoliday: {
    what: (person) =>
      inline`${person}: 공휴일이 아직 시간 기록 시스템에 입력되지 않았습니다. 여기서는 이미 쉬는 날로 계산했습니다.`,
    whatNow: '다른 보고서와 맞도록 그곳에도 입력해 주세요.',
    nameless: '공휴일',
  },

  exceptionalDays: {
    what: (person, period) => inline`${person}: 근태 기록에 확인할 날이 있습니다 (${period}).`,
    days: '확인할 날',
    due: '근무일',
    late: '늦은 출근',
    leftEarly: '이른 퇴근',
    missing: '누락된 기록',
    absent: '결근',
    whatNow:
      '사실과 다른 날이 있으면 근태를 기록하는 곳에서 바로잡아 주세요. 모두 맞다면 따로 하실 일은 없습니다.',
    howCounted:
      '늦은 출근, 이른 퇴근, 누락된 기록, 결근 또는 다른 표시가 있는 날을 근태 기록 그대로 센 것입니다.',
    limit: (days) => `기준(${days})을 넘을 때만 알립니다.`,
  },

  overtime: {
    what: (person, period) => inline`${person}: 초과 근무가 많았습니다 (${period}).`,
    total: '초과 근무',
    onWorkingDays: '근무일',
    onRestDays: '휴무일',
    onHolidays: '공휴일',
    whatNow: '어떻게 보상하고 줄일 수 있을지 함께 살펴봐 주세요.',
    howCounted: '초과 근무는 근태 기록에 있는 시간이며, 소수점 아래는 버림하여 표시합니다.',
    limit: (hours) => `기준(${hours})을 넘을 때만 알립니다.`,
  },

  objection: {
    here: '잘못된 점이 있나요? 여기에 답글을 남겨 주세요.',
    managers: (managers) =>
      inline`잘못된 점이 있나요? 여기에 답글을 남기거나 관리자에게 알려 주세요: ${managers}.`,
  },

  withdrawn: {
    title: (previous) => `더 이상 해당하지 않음: ${previous}`,
    text: (previous) => `이전 메시지 “${previous}”은(는) 이후 변경된 내용에 따라 더 이상 해당하지 않습니다.`,
  },

  test: {
    title: (channel) => `테스트 메시지: 채널 ${channel}`,
    what: (channel) => `채널 “${channel}”의 테스트입니다. Carillon 관리자가 직접 요청했습니다.`,
    askedAt: '요청 시각',
    nothingToDo: '따로 하실 일은 없습니다.',
  },

  trouble: {
    reasons: {
      'rate-limited': {
        what: '지금은 더 이상 요청을 받지 않습니다.',
        whatToDo:
          '한도가 풀리면 자동으로 계속됩니다. 자주 발생하면 실행 주기를 늘리거나 더 높은 한도를 요청하세요.',
      },
      unavailable: {
        what: '시스템에 연결할 수 없거나 시스템 자체 오류가 발생했습니다.',
        whatToDo: '자동으로 다시 시도합니다. 계속되면 해당 시스템의 상태 페이지를 확인하세요.',
      },
      timeout: {
        what: '시스템이 제시간에 응답하지 않습니다.',
        whatToDo: '자동으로 다시 시도합니다. 계속되면 시스템 상태 페이지와 네트워크를 확인하세요.',
      },
      unauthorized: {
        what: '인증 정보가 거부되었거나 권한이 부족합니다.',
        whatToDo:
          '키를 갱신하거나 필요한 권한을 부여하세요. 어떤 권한인지는 `carillon doctor`가 알려 줍니다.',
      },
      rejected: {
        what: '시스템이 요청을 거절했습니다.',
        whatToDo: '문서의 설정과 아래 시스템의 응답을 확인하세요.',
      },
      unreadable: {
        what: '시스템의 응답을 이해할 수 없습니다.',
        whatToDo: '기본 URL을 확인하세요. 올바르다면 시스템의 인터페이스가 바뀌었을 수 있으니 알려 주세요.',
      },
      incomplete: {
        what: '데이터가 아직 완전하지 않습니다.',
        whatToDo: '자동으로 다시 읽습니다. 계속되면 `carillon explain`으로 최근 수집을 확인하세요.',
      },
      records: {
        what: '이해할 수 없는 내용이 든 레코드입니다. 누군가의 수치에 포함되므로 이것을 빼면 숫자가 틀립니다.',
        whatToDo:
          '해당 시스템에서 고쳐 주세요. 15분 뒤부터 간격을 늘려 가며, 실행 시간이 끝날 때까지 자동으로 다시 읽습니다.',
      },
    },
    howMany: '건수',
    since: '발생 시각',
    words: '시스템의 응답',
    subscription: '구독',
    delivery: '전달',
    attempts: '시도 횟수',
    room: '대화방',
    source: {
      title: (source) => `소스 ${source}을(를) 읽을 수 없습니다`,
      held: (decisions) =>
        `복구될 때까지 보류: ${decisions}. 틀릴 수 있는 숫자는 누구에게도 알리지 않습니다.`,
      ofRecords: (source, records) => `소스 ${source}: 읽을 수 없는 ${records}`,
      more: (records) => `외 ${records}`,
    },
    delivering: {
      title: (channel) => `${channel}(으)로 메시지를 전달하지 못했습니다`,
      failed: '메시지가 도착하지 않았습니다.',
      unknown: '메시지가 도착했는지 알 수 없습니다. 구독에 따로 정하지 않았다면 다시 보내지 않습니다.',
      several: {
        title: (channel) => `${channel}(으)로 여러 메시지를 전달하지 못했습니다`,
        failed: '여러 메시지가 도착하지 않았습니다.',
        unknown: '여러 메시지가 도착했는지 알 수 없습니다. 구독에 따로 정하지 않았다면 다시 보내지 않습니다.',
      },
    },
    unmatched: {
      title: (system, people) => `${system}: 연결되지 않은 계정 ${people}`,
      what: '다음 계정은 한 사람과 정확히 연결할 수 없어 규칙에서 보이지 않습니다.',
      whatToDo: '사람 문서에 올바른 계정을 적거나, 누구의 것도 아닌 계정을 제외하세요.',
      more: (people) => `외 ${people}`,
    },
    rooms: {
      title: (room) => `대화방 ${room}의 상태가 올바르지 않습니다`,
      what: '대화방을 지정된 구성원으로만 맞출 수 없어, 이 방으로 보낼 메시지를 보류했습니다.',
      several: (channel) => `${channel}의 여러 대화방 상태가 올바르지 않습니다`,
      without: '지정된 구성원 중 일부를 찾을 수 없어, 그 구성원 없이 메시지를 보냅니다.',
      whatToDo: '채팅에서 바로잡거나 구독을 바꾸세요. 자동으로 다시 시도합니다.',
    },
    runs: {
      title: (subscription) => `${subscription}: 실행 결과를 모두 판정하지 못했습니다`,
      what: {
        error: '내부 오류로 실패했습니다. 자동으로 다시 시도합니다.',
        held: '규칙에 필요한 값을 계산할 수 없어 일부 구성원에게 알리지 못했습니다.',
        failed: '모든 데이터가 모이기 전에 시간이 끝나 일부 구성원에게 알리지 못했습니다.',
        missed: '제시간에 실행되지 않아 아무 메시지도 보내지 않았습니다.',
        rows: '기록해야 할 내용 중 일부가 표에 올바르게 기록되지 않았습니다. 나머지는 기록되었습니다.',
      },
      whatToDo: '`carillon explain`으로 확인하세요. 놓친 실행은 `carillon run`으로 다시 할 수 있습니다.',
    },
  },
};
