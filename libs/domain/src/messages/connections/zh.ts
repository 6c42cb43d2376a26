import { counted } from '../counted.js';
import type { ConnectionPhrases } from './phrases.js';

export const zh: ConnectionPhrases = {
  title: (connection, topics) => `${connection} · ${topics}`,

  calls: counted('zh', { other: '# 次请求' }),
  seconds: counted('zh', { other: '# 秒' }),
  hours: counted('zh', { other: '# 小时' }),
  days: counted('zh', { other: '# 天' }),
  runs: counted('zh', { other: '# 次运行' }),

  topics: {
    errors: (failed) => `${failed}失败`,
    slow: (seconds) => `响应缓慢：${seconds}`,
    stale: (hours) => `已有 ${hours}未读取`,
    quota: (share) => `配额已用 ${share}`,
    token: (days) => `令牌还有 ${days}到期`,
    tokenToday: '令牌今天到期',
    tokenOver: '令牌已过期',
    runs: (runs) => `${runs}缺失`,
  },

  said: {
    'token-expires': {
      what: '令牌过期后，此连接将无法工作。',
      whatToDo: '请创建新的令牌，放到保存密钥的地方，并修改文档中的 `expiresOn`。',
    },
    'stale-source': {
      what: '数据未能按时完整读取。需要更新数据的工作正在等待。',
      whatToDo: '请检查 collector 及其 CronJob 是否在运行，并用 `carillon doctor` 检查该连接。',
    },
    'run-missing': {
      what: '这些运行已在计划中，但没有进程来执行。本应通知的内容没有发出。',
      whatToDo: '请检查各服务和 CronJob 是否在运行；错过的运行可以用 `carillon run` 执行。',
    },
    'connection-errors': {
      what: '许多请求失败。它们会自动重试，所以可能还没有人注意到。',
      whatToDo:
        '请查看该系统的状态页面，并用 `carillon doctor` 检查该连接；原因可用 `carillon explain` 查看。',
    },
    'connection-slow': {
      what: '响应缓慢。读取和发送需要更长时间，可能很快就会延误。',
      whatToDo: '请查看该系统的状态页面和网络。在此期间不会丢失任何内容。',
    },
    'quota-low': {
      what: '允许的请求大部分已用完。用完之后将无法读取或写入。',
      whatToDo: '请降低读取频率或减少每次读取的量，或申请更高的配额。',
    },
  },

  labels: {
    failed: '失败',
    calls: '总数',
    mostTake: '95% 的请求最多耗时',
    age: '距上次读取',
    interval: '应当读取的间隔',
    used: '已用',
    left: '剩余',
    missing: '缺失',
    limit: '通知起点',
  },

  how: (period) => `依据 Carillon 对此连接的记录（${period}）。您是它的负责人，所以收到此消息。`,
};
