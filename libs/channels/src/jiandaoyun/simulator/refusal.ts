/** The codes and words of https://hc.jiandaoyun.com/open/11261 that the simulator gives by itself; a test can plan any other. */
const words = {
  1: '请求参数错误',
  1010: '成员不存在',
  1096: '成员参数不合法',
  2004: '应用不存在',
  3000: '表单不存在',
  4001: '数据不存在',
  4815: '过滤条件不合法',
  6002: '部门不存在',
  8301: 'API Key 认证失败',
  8302: '没有权限调用该 API',
  8303: '超出企业请求频率限制',
  8304: '超出请求频率限制',
  17017: '参数不合法',
  17018: 'API Key 无效',
  17023: '批量更新数据超过 100 条',
  17024: '批量新建数据超过 100 条',
  17025: 'transaction_id 不合法',
  17026: 'transaction_id 已存在',
  17032: '字段类型不支持',
  17033: '批量删除数据超过 100 条',
  17052: 'IP 不在白名单',
  17053: '应用不在 API Key 的授权范围',
  17054: '接口不在 API Key 的授权范围',
} as const;

export type RefusalCode = keyof typeof words;

/** Jiandaoyun's no: HTTP 400 whatever it is about, with a numeric code. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
    /** 429 only where the vendor is asked to tell its limits by status. */
    readonly status: 400 | 429 = 400,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

export const refuse = (code: RefusalCode, detail?: string): Refusal =>
  new Refusal(code, detail === undefined ? words[code] : `${words[code]}: ${detail}`);

/** The words of a code, for those that a test plans. */
export const wordsOf = (code: number): string =>
  (words as Readonly<Record<number, string>>)[code] ?? '操作失败';
