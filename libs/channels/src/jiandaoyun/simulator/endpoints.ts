import { batches } from './batches.js';
import type { Handler } from './call.js';
import { directory } from './directory.js';
import { singleRows } from './single-rows.js';

export interface Endpoint {
  /** Calls a second. */
  readonly rate: number;
  readonly handle: Handler;
}

/** Below `/api/v5/`, with the rates of https://hc.jiandaoyun.com/open/11261. Those below `corp` are inferred. */
export const endpoints = {
  'app/list': { rate: 30, handle: directory.apps },
  'app/entry/list': { rate: 30, handle: directory.forms },
  'app/entry/widget/list': { rate: 30, handle: directory.widgets },
  'app/entry/data/get': { rate: 30, handle: singleRows.get },
  'app/entry/data/list': { rate: 30, handle: singleRows.list },
  'app/entry/data/create': { rate: 20, handle: singleRows.create },
  'app/entry/data/update': { rate: 20, handle: singleRows.update },
  'app/entry/data/delete': { rate: 20, handle: singleRows.delete },
  'app/entry/data/batch_create': { rate: 10, handle: batches.create },
  'app/entry/data/batch_update': { rate: 10, handle: batches.update },
  'app/entry/data/batch_delete': { rate: 10, handle: batches.delete },
  'corp/user/get': { rate: 30, handle: directory.user },
  'corp/department/user/list': { rate: 30, handle: directory.usersOfDepartment },
  'corp/department/list': { rate: 30, handle: directory.departmentList },
} as const satisfies Readonly<Record<string, Endpoint>>;

export type EndpointPath = keyof typeof endpoints;

export const isEndpoint = (path: string): path is EndpointPath => Object.hasOwn(endpoints, path);
