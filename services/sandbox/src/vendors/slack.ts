import { SlackSimulator } from '#channels/simulators';
import { fillSlack } from '../company-slack.js';
import { slackPages } from '../page/slack-page.js';
import type { Vendor, VendorOptions } from '../vendor.js';

export const slack = ({ limits }: VendorOptions) => {
  const simulator = new SlackSimulator({ limits });
  return {
    simulator,
    mayChange: () => true,
    tell: ({ people, today }) => fillSlack(simulator, people, today),
    endpoints: (url) => ({ slack: `${url}/api/` }),
    secrets: () => ({ 'slack-bot-token': simulator.token }),
    pages: slackPages(simulator),
    shownAt: (page) => {
      simulator.site = `${page}/`;
    },
  } satisfies Vendor;
};
