import { ClockifySimulator } from '#sources/simulators';
import { z } from 'zod';
import { extendClockify, fillClockify } from '../company.js';
import { clockifyPages } from '../page/clockify-page.js';
import type { Vendor } from '../vendor.js';

/** How much of the company's past Clockify knows at the beginning. */
const weeksBefore = 6;

const account = z.object({ workspaceId: z.string(), apiKey: z.string() });

export const clockify = () => {
  const simulator = new ClockifySimulator();
  let filled: z.infer<typeof account> | undefined;
  return {
    simulator,
    // The reports' API reads by POST.
    mayChange: ({ method, path }) => method !== 'GET' && !path.startsWith('/report/'),
    tell: ({ people, today, toldTo }) => {
      if (toldTo !== undefined && toldTo < today) extendClockify(simulator, people, toldTo, today);
      filled ??= fillClockify(simulator, people, today, weeksBefore);
    },
    remember: () => filled,
    recall: (remembered) => {
      filled = account.parse(remembered);
    },
    endpoints: (url) => ({ clockify: `${url}/api`, clockifyReports: `${url}/report` }),
    secrets: () => ({ 'clockify-api-key': filled?.apiKey ?? '' }),
    pages: clockifyPages(simulator),
    /** The one workspace that it has. */
    workspaceId: () => filled?.workspaceId ?? '',
  } satisfies Vendor & { workspaceId(): string };
};
