import type { Company } from '#company';
import { configurationOf, readText } from '#documents';
import { instant, type Person } from '#domain';

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
