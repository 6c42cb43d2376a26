import type { Company } from './company.js';
import type { Vendors } from './vendors.js';

/** The subscriptions of the story, by what is done about a message of which nobody knows whether it arrived. */
export const subscriptions = {
  /** Slack can be asked. */
  asked: 'weekly-hours',
  /** Receivers of web hooks cannot: these hear it again, those rather not. */
  repeated: 'hook-repeated',
  left: 'hook-left',
} as const;

const schedule = `{ cron: '0 9 * * MON', timezone: person }`;

/** What the company has configured. */
export const documentsOf = ({ workspaceId }: Company, vendors: Vendors): string => `
kind: Source
name: clockify
type: clockify
owner: ops-room
settings:
  workspaceId: ${workspaceId}
  apiKey: { secret: clockify-api-key }
  baseUrl: ${vendors.url('clockify')}/api
  reportsUrl: ${vendors.url('clockify')}/report
---
kind: Channel
name: slack
type: slack
owner: ops-room
settings: { token: { secret: slack-bot-token }, baseUrl: '${vendors.url('slack')}/api/' }
---
kind: Channel
name: hook
type: webhook
owner: ops-room
audience: managers
settings: { signingSecret: { secret: signing-key }, allowPrivateAddresses: true }
---
kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours }, expected: { calendar: expectedHours } }
params: { threshold: 25.0 }
when: hours < threshold && hours < expected
say: low-hours
---
kind: Subscription
name: ${subscriptions.asked}
rules: [low-hours]
digest: true
schedule: ${schedule}
to: { channel: slack, room: { name: 'hours-{{ person.slug }}', members: [person, managers] } }
---
kind: Subscription
name: ${subscriptions.repeated}
rules: [low-hours]
whenUnknown: repeat
schedule: ${schedule}
to: { channel: hook, url: '${vendors.url('webhook')}/${subscriptions.repeated}/{{ person.slug }}' }
---
kind: Subscription
name: ${subscriptions.left}
rules: [low-hours]
whenUnknown: leave
schedule: ${schedule}
to: { channel: hook, url: '${vendors.url('webhook')}/${subscriptions.left}/{{ person.slug }}' }
---
kind: Subscription
name: ops-room
to: { channel: slack, room: { name: carillon-ops, members: [{ email: ops@acme.example }] } }
`;
