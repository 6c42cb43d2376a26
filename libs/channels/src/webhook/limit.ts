import type { RateLimit } from '#http';

export const link =
  'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability';

/** The specification names no limit. Ours is so that a digest for everybody does not come down on one small server at once. */
export const usualLimit: RateLimit = { requests: 50, perSeconds: 1, link };
