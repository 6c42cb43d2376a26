import { JiandaoyunSimulator } from '#channels/simulators';
import { fillJiandaoyun } from '../company-jiandaoyun.js';
import { jiandaoyunPages } from '../page/jiandaoyun-page.js';
import type { Vendor, VendorOptions } from '../vendor.js';

export const jiandaoyun = ({ limits }: VendorOptions) => {
  const simulator = new JiandaoyunSimulator({ limits });
  return {
    simulator,
    // Here too questions are asked by POST.
    mayChange: ({ path }) => /\/data\/(batch_)?(create|update|delete)$/.test(path),
    tell: () => fillJiandaoyun(simulator),
    endpoints: (url) => ({ jiandaoyun: url }),
    secrets: () => ({ 'jiandaoyun-api-key': simulator.apiKey }),
    pages: jiandaoyunPages(simulator),
  } satisfies Vendor;
};
