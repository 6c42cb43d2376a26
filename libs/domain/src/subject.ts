import type { Connection } from './connection.js';
import type { Value } from './decision.js';
import type { Scope } from './expression.js';
import type { DateRange } from './instant.js';
import type { Locale } from './message.js';
import type { Person } from './person.js';
import type { Rule, RuleException } from './rule.js';
import type { Team } from './team.js';

interface Traits {
  readonly id: string;
  /** As people call them. */
  readonly name: string;
  /** IANA name: in which days and weeks are theirs. */
  readonly zone: string;
  readonly locale: Locale;
  /** What expressions see of them, under the name of their kind; as {@link subjectScopes} says. */
  readonly visible: Readonly<Record<string, Value>>;
}

/** Whom or what a rule decides about. */
export type Subject =
  | (Traits & { readonly kind: 'person'; readonly person: Person })
  | (Traits & { readonly kind: 'team'; readonly team: Team })
  | (Traits & { readonly kind: 'connection'; readonly connection: Connection });

/** What expressions can see of each kind of subject. */
export const subjectScopes = {
  person: {
    slug: 'string',
    name: 'string',
    email: 'string',
    zone: 'string',
    locale: 'string',
    calendar: 'string',
    dailyHours: 'double',
  },
  team: { name: 'string', size: 'double' },
  connection: { name: 'string', kind: 'string', type: 'string', owner: 'string' },
} as const satisfies Readonly<Record<Rule['each'], Scope>>;

export const personSubject = (person: Person): Subject => ({
  kind: 'person',
  person,
  id: person.id,
  name: person.name,
  zone: person.zone,
  locale: person.locale,
  visible: {
    slug: person.slug,
    name: person.name,
    email: person.email ?? '',
    zone: person.zone,
    locale: person.locale,
    calendar: person.calendar ?? '',
    dailyHours: person.dailyHours,
  },
});

/** A team lives in no zone; `zone` is that of the schedule by which it hears. */
export const teamSubject = (team: Team, zone: string): Subject => ({
  kind: 'team',
  team,
  id: team.id,
  name: team.title,
  zone,
  locale: team.locale,
  visible: { name: team.name, size: team.size },
});

/** A connection lives in no zone; `zone` is that of the schedule by which its owner hears. */
export const connectionSubject = (connection: Connection, zone: string): Subject => ({
  kind: 'connection',
  connection,
  id: connection.id,
  name: connection.name,
  zone,
  locale: connection.locale,
  visible: {
    name: connection.name,
    kind: connection.kind,
    type: connection.type,
    owner: connection.owner ?? '',
  },
});

/** Whether they are there at all in the period: people have to be active, and within joining and leaving dates. */
export const isThere = (subject: Subject, period: DateRange): boolean => {
  if (subject.kind !== 'person') return true;
  const { active, joined, left } = subject.person;
  return (
    active && (joined === undefined || joined < period.to) && (left === undefined || left >= period.from)
  );
};

/** How closely an exception is about them: by themselves, as one of a team, or not at all. */
export const namedBy = (
  exception: Pick<RuleException, 'person' | 'team' | 'connection'>,
  subject: Subject,
): 'own' | 'of-team' | undefined => {
  const { person: who, team, connection } = exception;
  if (subject.kind === 'connection') return connection === subject.connection.name ? 'own' : undefined;
  if (subject.kind === 'team') return team === subject.team.name ? 'own' : undefined;
  const { slug, email, teams } = subject.person;
  if (who !== undefined) return who === slug || who.toLowerCase() === email ? 'own' : undefined;
  return team !== undefined && teams.includes(team) ? 'of-team' : undefined;
};
