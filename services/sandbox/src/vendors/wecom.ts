import { WecomSimulator } from '#sources/simulators';
import { fillWecom, wecomApp } from '../company-wecom.js';
import type { Vendor, VendorOptions } from '../vendor.js';

export const wecom = ({ limits }: VendorOptions) => {
  const simulator = new WecomSimulator({ corpId: wecomApp.corpId, limited: limits === 'vendor' });
  return {
    simulator,
    // What is asked of it is read, by POST too.
    mayChange: () => false,
    tell: ({ today }) => fillWecom(simulator, today),
    endpoints: (url) => ({ wecom: url }),
    secrets: () => ({ 'wecom-app-secret': wecomApp.secret }),
  } satisfies Vendor;
};
