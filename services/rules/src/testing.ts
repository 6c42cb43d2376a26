import type { Company } from '#company';
import { configurationOf, readText } from '#documents';
import { instant, type Person } from '#domain';
import type { Occasion } from './evaluator.js';

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
