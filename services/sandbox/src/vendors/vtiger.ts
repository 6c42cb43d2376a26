import { VtigerSimulator } from '#sources/simulators';
import { fillVtiger, vtigerLogin } from '../company-vtiger.js';
import { vtigerPages } from '../page/vtiger-page.js';
import type { Vendor } from '../vendor.js';

export const vtiger = () => {
  const simulator = new VtigerSimulator();
  return {
    simulator,
    mayChange: ({ method }) => method !== 'GET',
    tell: ({ today }) => fillVtiger(simulator, today),
    endpoints: (url) => ({ vtiger: url }),
    secrets: () => ({ 'vtiger-access-key': vtigerLogin.accessKey }),
    pages: vtigerPages(simulator),
  } satisfies Vendor;
};
