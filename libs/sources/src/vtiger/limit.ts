import type { RateLimit } from '#http';

/**
 * What the smallest paid edition (One Growth) allows; Professional gives 60 a minute and Enterprise 90, so a pull never needs to know the
 * edition. The allowances of an hour and a day are told by the answers' headers, and `probe` shows what is left of them.
 */
export const limit: RateLimit = {
  requests: 30,
  perSeconds: 60,
  link: 'https://help.vtiger.com/article/152099716-Vtiger-CRM-API-Limits',
};
