import { Temporal } from 'temporal-polyfill';
import { addDays, type DateRange, type Instant } from '../instant.js';
import type { Person } from '../person.js';

/** What is known of a record beside what it says itself. */
export interface Surroundings {
  /** The vendor's id of whom it is about. */
  readonly subject: string;
  readonly key: string;
  readonly amount: number;
  readonly from: Instant;
  readonly to: Instant;
  /** Whom it is about, where somebody is matched. */
  readonly person: Person | undefined;
  readonly managers: readonly Person[];
  readonly dates: DateRange;
}

/** The names that are ours; a record's own field of such a name is reached no more. */
export const joinedNames = ['fact', 'person', 'window', 'team', 'teams'] as const;

/**
 * Everything that references can lead to: the record's own fields, and under these names what is known beside it.
 *
 * - `fact`: `subject`, `key`, `amount` (in the unit of its kind), `from`, `to`
 * - `person`: `name`, `email`, `slug`, `zone`, `calendar`, `teams`, `dailyHours`, `joined`, `left`, `identities.<source or channel>`,
 *   `manager.name` and the like of the first manager; nothing of it where nobody is matched
 * - `window`: `month` (`2026-03`), `from` and `to` (its first and its last day)
 * - `team` (the first), `teams`
 */
export function recordScope(
  record: Readonly<Record<string, unknown>>,
  around: Surroundings,
): Readonly<Record<string, unknown>> {
  const { subject, key, amount, from, to, person, managers, dates } = around;
  const [manager] = managers;
  return {
    ...record,
    fact: { subject, key, amount, from: from.toString(), to: to.toString() },
    ...(person === undefined
      ? { person: undefined, team: undefined, teams: undefined }
      : {
          person: { ...personScope(person), ...(manager ? { manager: personScope(manager) } : {}) },
          team: person.teams[0],
          teams: person.teams,
        }),
    window: { month: dates.from.slice(0, 7), from: dates.from, to: addDays(dates.to, -1) },
  };
}

const personScope = ({
  name,
  email,
  slug,
  zone,
  calendar,
  teams,
  dailyHours,
  joined,
  left,
  identities,
}: Person): object => ({
  name,
  email,
  slug,
  zone,
  calendar,
  teams,
  dailyHours,
  joined,
  left,
  identities,
});

/** Somebody of whom everything is known, so that every reference to a person leads somewhere in an example. */
const examplePerson = (systems: readonly string[]): Person => ({
  id: '00000000-0000-5000-8000-000000000000',
  slug: 'olena-kovalenko',
  name: 'Olena Kovalenko',
  email: 'olena@acme.example',
  zone: 'Europe/Kyiv',
  locale: 'en',
  calendar: 'ukraine',
  weekStart: 'MONDAY',
  workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
  dailyHours: 8,
  joined: '2020-01-07',
  left: '2030-12-31',
  active: true,
  managers: [],
  teams: ['ferrari'],
  identities: Object.fromEntries(systems.map((system) => [system, '1'])),
});

/** A record among everything that can stand beside it, for trying a mapping out. `systems` are the names of the sources and channels. */
export const exampleScope = (
  record: Readonly<Record<string, unknown>>,
  systems: readonly string[],
): Readonly<Record<string, unknown>> => {
  const person = examplePerson(systems);
  const from = Temporal.Instant.from('2026-03-02T08:00:00Z');
  return recordScope(record, {
    subject: '1',
    key: '1',
    amount: 3600,
    from,
    to: from.add({ hours: 8 }),
    person,
    managers: [person],
    dates: { from: '2026-03-01', to: '2026-04-01' },
  });
};
