import type { RateLimit } from '#http';

/** Of the month report, for all that a company's apps call together. The calls that list members could be made far more often: they are few. */
export const limit: RateLimit = {
  requests: 60,
  perSeconds: 60,
  link: 'https://developer.work.weixin.qq.com/document/path/94207',
};
