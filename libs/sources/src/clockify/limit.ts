import type { RateLimit } from '#http';

/**
 * Published are 50 calls a second for paid workspaces, and 30 an hour for new FREE ones; older texts say 10 a second for a key. Ten leave
 * room for whoever else uses the workspace; `probe` warns of FREE plans.
 */
export const limit: RateLimit = {
  requests: 10,
  perSeconds: 1,
  link: 'https://clockify.me/help/getting-started/webhook-and-api-limitations',
};
