import { describeChannelConformance } from '../conformance.js';
import { jira } from './index.js';
import { addressOf, destinationOf } from './place.js';
import { JiraSimulator } from './simulator.js';

const markup = '{panel} h1. *b* _i_ |x| [link|https://x] {color:red}r{color} @[~olena] <b>x</b>';

/** Every text of a rendered issue, and the addresses of its links apart. */
function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) =>
    (key === 'text' || key === 'summary') && typeof held === 'string' ? [held] : textsOf(held),
  );
}

describeChannelConformance({
  plugin: jira,
  world: () => {
    const simulator = new JiraSimulator({ limits: 'none', indexLagMs: 0 });
    const bot = simulator.addPerson({ displayName: 'Carillon', emailAddress: 'carillon@acme.example' });
    simulator.addProject({ key: 'OPS', name: 'Operations' });
    const apiToken = simulator.issueToken(bot.accountId);
    return {
      simulator,
      settings: (url) => ({ baseUrl: url, email: bot.emailAddress, apiToken, searchLagSeconds: 0 }),
      address: () => addressOf(destinationOf({ project: 'OPS', issueType: '10001' })),
      secrets: [apiToken, Buffer.from(`${bot.emailAddress}:${apiToken}`).toString('base64')],
      arrived: () => simulator.issues('OPS').length,
    };
  },
  deduplicates: true,
  finds: true,
  writes: ({ method, path }) => method !== 'GET' && !path.endsWith('/search/jql'),
  renders: {
    markup,
    // ADF knows no markup in its texts: what stands there as it was said is shown as it was said.
    escaped: (rendered) => textsOf(JSON.parse(rendered)).some((text) => text.includes(markup)),
    longest: 32_000,
  },
});
