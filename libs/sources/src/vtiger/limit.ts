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

/**
 * How much of the day's allowance is used up, by all who call this instance; only the cloud tells it.
 * https://help.vtiger.com/article/152099716-Vtiger-CRM-API-Limits
 */
export function quotaUsed(headers: Readonly<Record<string, string>>): number | undefined {
  const [allowed, left] = [
    Number(headers['x-ratelimit-dailylimit']),
    Number(headers['x-ratelimit-remaining']),
  ];
  return allowed > 0 && left >= 0 && left <= allowed ? 1 - left / allowed : undefined;
}
