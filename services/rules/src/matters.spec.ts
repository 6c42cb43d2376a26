import type { Deliveries, Transaction } from '#storage';
import type { Look } from './look.js';
import { continued, ongoingMatters, type Matter } from './matters.js';
import type { Saying } from './say.js';
import { companyOf, occasionAt, ruleSaying } from './testing.js';

const subscription = (name: string, channel: string, to: string): string => `
kind: Subscription
name: ${name}
rules: [low-hours, open-issues]
schedule: { cron: '0 9 * * MON', timezone: UTC }
to: { channel: ${channel}, ${to} }
`;
const company = companyOf(
  [
    ruleSaying('low-hours'),
    `
kind: Rule
name: open-issues
each: team
over: latest
audience: team
measure: { score: { latest: kpi.openIssues } }
when: score > 3.0
say: kpi-count
`,
    `
kind: Channel
name: jira
type: jira
settings: { baseUrl: 'https://acme.atlassian.net', email: bot@acme.example, apiToken: { secret: jira } }
`,
    `
kind: Channel
name: slack
type: slack
settings: { token: { secret: slack } }
`,
    subscription('in-jira', 'jira', 'project: OPS'),
    subscription('in-slack', 'slack', 'channelId: C0NEWS'),
  ].join('---'),
);
const matter = (id: string, rule: string, more: Partial<Matter> = {}): Matter =>
  ({ id, subject: 'ferrari', channel: 'jira', destination: 'to:OPS', rules: [rule], ...more }) as Matter;
const saying = (id: string, rule: string, more: Partial<Saying> = {}): Saying =>
  ({
    id,
    subject: 'ferrari',
    channel: 'jira',
    destination: 'to:OPS',
    fired: [{ rule }],
    ...more,
  }) as unknown as Saying;

describe('what goes on', () => {
  const said = [matter('hours', 'low-hours'), matter('issues', 'open-issues')];
  const ongoing = (name: string) =>
    ongoingMatters(
      { company, occurrence: occasionAt(name, '2026-10-12T09:00:00Z') } as unknown as Look,
      { ongoing: async () => said } as unknown as Deliveries,
      {} as Transaction,
    );

  it('is what a rule says of a state, and not of a period: a good week closes nothing of a bad one', async () => {
    expect((await ongoing('in-jira')).map(({ id }) => id)).toEqual(['issues']);
  });

  it('is nothing in a chat, where each time is a message of its own', async () => {
    expect(await ongoing('in-slack')).toEqual([]);
  });

  it.each<[string, Saying, boolean, string]>([
    ['the same rule of the same team', saying('new', 'open-issues'), false, 'issues'],
    ['another rule, said by itself', saying('new', 'oldest-issue'), false, 'new'],
    ['another rule, in a digest', saying('new', 'oldest-issue'), true, 'issues'],
    ['another team', saying('new', 'open-issues', { subject: 'tesla' }), true, 'new'],
    ['another project', saying('new', 'open-issues', { destination: 'to:WEB' }), true, 'new'],
  ])('%s', (_, said, digest, id) => {
    expect(continued([said], [matter('issues', 'open-issues')], digest).map((one) => one.id)).toEqual([id]);
  });
});
