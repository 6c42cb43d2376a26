import type { RateLimit } from '#http';

const link = 'https://developer.atlassian.com/cloud/jira/platform/rate-limiting/';

/**
 * Of the site: it takes 100 POST and 50 PUT a second of each call, counted for all apps and tokens together. A correction is one PUT, so a fifth of
 * that is ours, and the rest the others'.
 */
export const siteLimit: RateLimit = { requests: 10, perSeconds: 1, link };

/**
 * Of a project, which is written to by one delivery after the other. A delivery writes at most three times to its issue (the transition, the mark,
 * the comment), so an issue gets no more than fifteen of the twenty writes in two seconds that it takes.
 */
export const projectLimit: RateLimit = { requests: 5, perSeconds: 2, link };
