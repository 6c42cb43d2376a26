/** Where the story is set: what of its documents differs from test to test. */
export interface StoryPlace {
  readonly workspaceId: string;
  /** Where the simulated vendors listen. */
  readonly clockify: string;
  readonly slack: string;
  /** Of the weekly subscription, in this order; low hours alone by default. */
  readonly rules?: readonly (keyof typeof rules)[];
  /** The rhythm of the weekly subscription; Monday at nine in everybody's own zone by default. */
  readonly schedule?: string;
}

const rules = {
  'low-hours': `
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
`,
  'days-off': `
kind: Rule
name: days-off
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { leave: { calendar: leaveDays }, holidays: { calendar: holidayDays } }
when: leave + holidays > 0.0
say: days-off
`,
} as const;

const aroundThem = ({ workspaceId, clockify, slack }: StoryPlace): string => `
kind: Source
name: clockify
type: clockify
owner: ops-room
settings:
  workspaceId: ${workspaceId}
  apiKey: { secret: clockify-api-key }
  baseUrl: ${clockify}/api
  reportsUrl: ${clockify}/report
---
kind: Channel
name: slack
type: slack
owner: ops-room
settings: { token: { secret: slack-bot-token }, baseUrl: '${slack}/api/' }
---
kind: Subscription
name: ops-room
to: { channel: slack, room: { name: carillon-ops, members: [{ email: ops@acme.example }] } }
`;

/** The documents of the story that tests live in: hours in Clockify, told in rooms of Slack, and a room of the owner. `more` is added to them. */
export function storyDocuments(place: StoryPlace, ...more: readonly string[]): string {
  const said = place.rules ?? ['low-hours'];
  const weekly = `
kind: Subscription
name: weekly-hours
rules: [${said.join(', ')}]
digest: true
schedule: ${place.schedule ?? `{ cron: '0 9 * * MON', timezone: person }`}
to: { channel: slack, room: { name: 'hours-{{ person.slug }}', members: [person, managers] } }
`;
  return [aroundThem(place), ...said.map((rule) => rules[rule]), weekly, ...more].join('\n---\n');
}
