import { OutlookSimulator } from '#channels/simulators';
import { fillOutlook } from '../company-mail.js';
import { outlookPages } from '../page/outlook-page.js';
import type { Vendor, VendorOptions } from '../vendor.js';

export const outlook = ({ limits }: VendorOptions) => {
  // What is accepted is there at once: nobody would tell the page of it later.
  const simulator = new OutlookSimulator({ limits, lagMs: 0 });
  return {
    simulator,
    mayChange: ({ method }) => method !== 'GET',
    tell: () => fillOutlook(simulator),
    // It gives out its tokens too.
    endpoints: (url) => ({ outlook: `${url}/v1.0/`, outlookSignIn: `${url}/` }),
    secrets: () => ({ 'outlook-client-secret': simulator.entra.clientSecret }),
    pages: outlookPages(simulator),
  } satisfies Vendor;
};
