import { JiraSimulator } from '#channels/simulators';
import { fillJira, jiraLogin } from '../company-jira.js';
import { jiraPages } from '../page/jira-page.js';
import type { Vendor, VendorOptions } from '../vendor.js';

export const jira = ({ limits }: VendorOptions) => {
  const simulator = new JiraSimulator({ limits });
  return {
    simulator,
    // Search reads by POST.
    mayChange: ({ method, path }) => method !== 'GET' && !path.endsWith('/search/jql'),
    tell: () => fillJira(simulator),
    endpoints: (url) => ({ jira: url }),
    secrets: () => ({ 'jira-api-token': jiraLogin.token }),
    pages: jiraPages(simulator),
  } satisfies Vendor;
};
