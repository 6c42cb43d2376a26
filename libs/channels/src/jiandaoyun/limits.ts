import type { NamedLimit, RateLimit } from '#http';

const link = 'https://hc.jiandaoyun.com/open/10993';

/** Of a company, for all its keys and calls. */
export const ceiling: RateLimit = { requests: 50, perSeconds: 1, link };

const perSecond = (name: string, requests: number): NamedLimit => ({ name, requests, perSeconds: 1, link });

/** Each call has one of its own. */
export const limits = {
  apps: perSecond('app/list', 30),
  widgets: perSecond('widget/list', 30),
  list: perSecond('data/list', 30),
  create: perSecond('data/create', 20),
  update: perSecond('data/update', 20),
  batchCreate: perSecond('data/batch_create', 10),
} as const;

/** Rows in one call of `batch_create`, and in one page of `data/list`. */
export const mostRows = 100;

/** The vendor repeats a transaction for an hour; the rest is for clocks that differ and calls that take long. */
export const repeatableMs = 45 * 60_000;

/** An API key can be limited to these. */
export const endpoints = [
  'app/list',
  'app/entry/widget/list',
  'app/entry/data/list',
  'app/entry/data/create',
  'app/entry/data/batch_create',
  'app/entry/data/update',
].map((path) => `POST /api/v5/${path}`);
