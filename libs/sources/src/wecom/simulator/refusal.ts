/** The vendor's codes and, after its table of them (developer.work.weixin.qq.com 90313), what it says. Only the codes are stable. */
const texts = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40031: 'invalid userid list',
  40058: 'invalid Request Parameter',
  40091: 'secret is invalid',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  42001: 'access_token expired',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  48001: 'api unauthorized',
  48002: 'api forbidden',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60111: 'userid not found',
  301021: 'at least one userid is not in contacts',
  301022: 'fetch checkin data failed',
  301023: 'userlist is over threshold',
  301024: 'invalid time range',
} as const;

export type ErrorCode = keyof typeof texts;

/** A request that the vendor would not serve. It says so with status 200. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    /** What stands before the vendor's words: `Warning: wrong json format. ` does. */
    readonly warning = '',
  ) {
    super(texts[code]);
    this.name = 'Refusal';
  }
}

export const badParameter = (): Refusal => new Refusal(40058);
export const badJson = (): Refusal => new Refusal(40058, 'Warning: wrong json format. ');

/** The body of a refusal. `errmsg` changes with every call and tells the caller's address, as the vendor's does. */
export const refusalBody = (
  { code, warning, message }: Refusal,
  hint: string,
  callerIp: string,
): { errcode: number; errmsg: string } => ({
  errcode: code,
  errmsg:
    `${warning}${message}, hint: [${hint}], from ip: ${callerIp}, ` +
    `more info at https://open.work.weixin.qq.com/devtool/query?e=${code}`,
});
