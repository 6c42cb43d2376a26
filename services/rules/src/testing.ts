import type { Company } from '#company';
import { configurationOf, readText } from '#documents';
import { instant, type Person } from '#domain';
import type { Occasion } from './evaluator.js';

/** Slack, and the subscription that says these rules on Mondays, to everybody in a room of their own; `more` are further fields of it. */
export const weeklyHours = (rules: readonly string[], more = ''): string => `
kind: Channel
name: slack
type: slack
settings: { token: { secret: token } }
---
kind: Subscription
name: weekly-hours
rules: [${rules.join(', ')}]
${more}
schedule: { cron: '0 9 * * MON', timezone: person }
to: { channel: slack, room: { name: 'hours-{{ person.slug }}', members: [person] } }
`;

/** A rule about each person that is named after what it says. It holds always, unless `more` has another condition and what that needs. */
export const ruleSaying = (message: string, over = 'lastWeek', more = `when: 'true'`): string => `
kind: Rule
name: ${message}
each: person
over: ${over}
audience: managers
${more}
say: ${message}
`;

/** A source that nobody reads in a spec. */
export const sourceNamed = (name: string, more = ''): string => `
kind: Source
name: ${name}
type: clockify
${more}
settings: { workspaceId: '1', apiKey: { secret: key } }
`;

/** A company of these documents and people, for specs that need no database. */
export const companyOf = (documents: string, people: readonly Person[] = []): Company => ({
  asOf: instant('2026-10-12T09:00:00Z'),
  revision: 1,
  ruleVersions: new Map(),
  configuration: configurationOf(readText(documents, 'spec.yaml').documents),
  people,
});

/** Somebody whom Clockify and Slack know, in UTC. */
export const personOf = (slug: string, over: Partial<Person> = {}): Person => ({
  id: `00000000-0000-5000-8000-${slug.padStart(12, '0').replace(/[^0-9a-f]/g, '0')}`,
  slug,
  name: slug,
  email: `${slug}@acme.example`,
  zone: 'UTC',
  locale: 'en',
  weekStart: 'MONDAY',
  workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
  dailyHours: 8,
  active: true,
  managers: [],
  teams: [],
  identities: { clockify: slug, slack: `U-${slug}` },
  ...over,
});

/** A run in UTC that was planned for this moment, and came due then. */
export const occasionAt = (subscription: string, at: string): Occasion => ({
  subscription,
  zone: 'UTC',
  calendar: '',
  nominal_at: instant(at),
  due_at: instant(at),
  until_at: instant(at).add({ hours: 12 }),
  manual: false,
});
