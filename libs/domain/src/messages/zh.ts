import { counted } from './counted.js';
import { inline } from './inline.js';
import type { Phrases } from './phrases.js';

export const zh: Phrases = {
  range: (from, to) => `${from}至${to}`,
  labelled: (label, value) => `${label}：${value}`,

  hours: counted('zh', { other: '# 小时' }),
  days: counted('zh', { other: '# 天' }),
  times: counted('zh', { other: '# 次' }),
  daysOff: counted('zh', { other: '休息 # 天' }),
  hoursOff: counted('zh', { other: '休息 # 小时' }),
  holidays: counted('zh', { other: '假日 # 天' }),
  people: counted('zh', { other: '# 人' }),
  decisions: counted('zh', { other: '# 项判断' }),
  records: counted('zh', { other: '# 条记录' }),

  title: (person, topics, period) => `${person}：${topics}（${period}）`,
  topics: {
    lowHours: (logged, expected) => `已记录 ${logged} / 应有 ${expected} 小时`,
    daysOff: '休息日',
    missingHoliday: '待录入的公共假日',
    exceptionalDays: (days) => `${days}考勤待核对`,
    overtime: (hours) => `加班 ${hours} 小时`,
  },

  lowHours: {
    what: (person, period) => inline`${person}：已记录的工时少于应有工时（${period}）。`,
    logged: '已记录',
    expected: '应有',
    counted: (list) => `已计入：${list}。`,
    columns: { day: '日期', logged: '已记录', expected: '应有', note: '备注' },
    whatNow: '如有尚未录入的工时，请补录；如果一切无误，则无需任何操作。',
    howLogged: (zone) =>
      `已记录工时按开始时间（${zone} 时区）统计已结束的工作记录，不含休息和休假，显示时向下取整到两位小数。`,
    howExpected: '应有工时为约定的工作日，扣除公共假日和休息日。',
    threshold: (hours) => `仅在低于阈值（${hours}）时发送；若应有工时已全部记录，则不会发送。`,
  },

  dayNotes: {
    notYetJoined: '尚未入职',
    alreadyLeft: '已离职',
    notAWorkingDay: '非工作日',
    movedWorkingDay: '调休上班日',
    publicHoliday: '公共假日',
    halfPublicHoliday: '公共假日（半天）',
    companyDay: '公司休息日',
    halfCompanyDay: '公司休息日（半天）',
    holiday: '节假日',
    halfHoliday: '节假日（半天）',
    dayOff: '休息',
    halfDayOff: '休息半天',
  },

  daysOffText: {
    what: (person, period) => inline`${person}：休息日与假日（${period}）。`,
    nothing: '这段时间没有休息日或假日。',
    howCounted: '显示已批准的休息日，以及落在工作日上的公共假日和公司休息日。',
  },

  missingHoliday: {
    what: (person) => inline`${person}：有公共假日尚未录入工时系统。此处已按休息日计算。`,
    whatNow: '请也在那里录入，以便与其他报表一致。',
    nameless: '公共假日',
  },

  exceptionalDays: {
    what: (person, period) => inline`${person}：考勤记录中有几天需要核对（${period}）。`,
    days: '待核对天数',
    due: '应出勤天数',
    late: '迟到',
    leftEarly: '早退',
    missing: '缺卡',
    absent: '缺勤',
    whatNow: '如果某天的记录有误，请在考勤系统中更正；如果一切无误，则无需任何操作。',
    howCounted: '统计的是考勤记录中有迟到、早退、缺卡、缺勤或其他标记的天数。',
    limit: (days) => `仅在超过阈值（${days}）时发送。`,
  },

  overtime: {
    what: (person, period) => inline`${person}：加班较多（${period}）。`,
    total: '加班',
    onWorkingDays: '工作日',
    onRestDays: '休息日',
    onHolidays: '法定节假日',
    whatNow: '请一起看看如何补偿，以及如何减少加班。',
    howCounted: '加班时长以考勤记录为准，显示时向下取整到两位小数。',
    limit: (hours) => `仅在超过阈值（${hours}）时发送。`,
  },

  objection: {
    here: '有不对的地方吗？请在此回复。',
    managers: (managers) => inline`有不对的地方吗？请在此回复，或告知主管：${managers}。`,
  },

  withdrawn: {
    title: (previous) => `已不再适用：${previous}`,
    text: (previous) => `由于后来的变更，之前的消息“${previous}”已不再适用。`,
  },

  test: {
    title: (channel) => `测试消息：渠道 ${channel}`,
    what: (channel) => `这是对渠道“${channel}”的测试，由 Carillon 的管理人员手动发起。`,
    askedAt: '发起时间',
    nothingToDo: '无需任何操作。',
  },

  trouble: {
    reasons: {
      'rate-limited': {
        what: '对方系统暂时不接受更多请求。',
        whatToDo: '限额恢复后会自动继续。如果经常发生，请降低执行频率或申请更高的限额。',
      },
      unavailable: {
        what: '无法连接对方系统，或其自身报告错误。',
        whatToDo: '系统会自动重试。如果持续发生，请查看对方系统的状态页面。',
      },
      timeout: {
        what: '对方系统未及时响应。',
        whatToDo: '系统会自动重试。如果持续发生，请查看对方系统的状态页面和网络。',
      },
      unauthorized: {
        what: '凭据不被接受，或权限不足。',
        whatToDo: '请更新密钥或授予缺少的权限；`carillon doctor` 会指出是哪一项。',
      },
      rejected: {
        what: '对方系统拒绝了请求。',
        whatToDo: '请检查文档中的设置以及下方对方系统的答复。',
      },
      unreadable: {
        what: '无法理解对方系统的答复。',
        whatToDo: '请检查基础网址。如果无误，对方系统的接口可能已变更，请反馈给我们。',
      },
      incomplete: {
        what: '数据尚不完整。',
        whatToDo: '系统会自动重新读取。如果持续发生，请用 `carillon explain` 查看最近的采集。',
      },
      records: {
        what: '这些记录中有无法理解的内容。它们计入某些数字，缺了它们数字就会有误。',
        whatToDo:
          '请在该系统中更正。系统会自动重新读取：先在一刻钟后，之后间隔逐渐加长，直到本次运行的时限结束。',
      },
    },
    howMany: '数量',
    since: '开始时间',
    words: '对方系统的答复',
    subscription: '订阅',
    delivery: '投递',
    attempts: '尝试次数',
    room: '聊天室',
    source: {
      title: (source) => `数据源 ${source} 无法读取`,
      held: (decisions) => `恢复之前暂缓：${decisions}。不会向任何人发送可能有误的数字。`,
      ofRecords: (source, records) => `数据源 ${source}：${records}无法读取`,
      more: (records) => `另有 ${records}`,
    },
    delivering: {
      title: (channel) => `消息未能送达 ${channel}`,
      failed: '消息没有送达。',
      unknown: '无法确定消息是否送达；除非订阅另有规定，否则不会重发。',
      several: {
        title: (channel) => `多条消息未能送达 ${channel}`,
        failed: '这些消息没有送达。',
        unknown: '无法确定这些消息是否送达；除非订阅另有规定，否则不会重发。',
      },
    },
    unmatched: {
      title: (system, people) => `${system}：有 ${people}未匹配`,
      what: '以下账号无法与唯一的一个人关联，因此规则看不到它们。',
      whatToDo: '请在人员文档中写明正确的账号，或排除不属于任何人的账号。',
      more: (people) => `另有 ${people}`,
    },
    rooms: {
      title: (room) => `聊天室 ${room} 状态不正确`,
      what: '无法使聊天室的成员与要求完全一致，因此发往该聊天室的消息已暂缓。',
      several: (channel) => `${channel} 的多个聊天室状态不正确`,
      without: '找不到部分指定成员，消息会在没有他们的情况下发送。',
      whatToDo: '请在聊天软件中更正，或修改订阅；系统会自动重试。',
    },
    runs: {
      title: (subscription) => `${subscription}：有一次运行未能全部完成`,
      what: {
        error: '因内部错误而失败，系统会自动重试。',
        held: '规则所需的内容无法计算，因此部分人员未收到消息。',
        failed: '在数据到齐之前时间已用完，并非所有人都收到了消息。',
        missed: '未能按时运行，因此没有发送任何消息。',
        rows: '应写入的记录没有全部正确地写入表格；其余的已写入。',
      },
      whatToDo: '请用 `carillon explain` 查看；错过的运行可用 `carillon run` 补上。',
    },
  },
};
