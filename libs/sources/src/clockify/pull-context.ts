import type { TimeWindow } from '#domain';
import type { PullRun } from '../contract.js';
import type { ClockifyApi } from './api.js';
import { recentDirectory, type Directory } from './directory.js';
import { readHolidays, type Holidays } from './holidays.js';
import { readRequests } from './time-off.js';

/** One pull: what several of its stages need is asked for once, and only when the first of them needs it. */
export interface PullContext {
  readonly api: ClockifyApi;
  readonly window: TimeWindow;
  readonly run: PullRun;
  directory(): Promise<Directory>;
  holidays(): Promise<Holidays>;
  requests(): Promise<readonly unknown[]>;
}

export const createPullContext = (api: ClockifyApi, window: TimeWindow, run: PullRun): PullContext => ({
  api,
  window,
  run,
  directory: once(() => recentDirectory(api, run)),
  holidays: once(() => readHolidays(api, window, run.signal)),
  requests: once(() => readRequests(api, run, window)),
});

const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
};
