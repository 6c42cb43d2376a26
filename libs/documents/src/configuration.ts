import type { Forward, Retention, Rule, RuleException, Subscription } from '#domain';
import { hashOfAll } from './canonical.js';
import type { DocumentByKind, Kind } from './kinds/index.js';
import type { CalendarDocument } from './kinds/calendar.js';
import type { ChannelDocument } from './kinds/channel.js';
import type { PersonDocument } from './kinds/person.js';
import type { SourceDocument } from './kinds/source.js';
import type { TeamDocument } from './kinds/team.js';
import { parseDocument, type ParsedDocument } from './parse-document.js';
import { formatProblem, type Problem } from './problem.js';
import type { RawDocument } from './raw-document.js';

/** Everything that users configured, as processes read it. */
export interface Configuration {
  /** Of all documents: which configuration a process runs. */
  readonly hash: string;
  readonly sources: readonly SourceDocument[];
  readonly channels: readonly ChannelDocument[];
  readonly calendars: readonly CalendarDocument[];
  readonly people: readonly PersonDocument[];
  readonly teams: readonly TeamDocument[];
  readonly rules: readonly Rule[];
  readonly subscriptions: readonly Subscription[];
  readonly forwards: readonly Forward[];
  readonly exceptions: readonly RuleException[];
  /** How long things are kept; empty where nothing is ever removed. */
  readonly retention: Retention;
}

/** Documents that should have been checked before are not right. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly problems: readonly Problem[]) {
    super(`the configuration is not valid:\n${problems.map(formatProblem).join('\n')}`);
  }
}

/**
 * Builds the configuration from rows of the database. References are not looked at again: they were checked when the documents were applied.
 * @throws ConfigurationError where a document does not fit its schema
 */
export function configurationOf(documents: readonly RawDocument[]): Configuration {
  const parsed: ParsedDocument[] = [];
  const problems: Problem[] = [];
  for (const document of documents) {
    const result = parseDocument(document);
    if ('parsed' in result) parsed.push(result.parsed);
    else problems.push(...result.problems);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return assemble(parsed);
}

/** Puts checked documents together; teams and people get to know each other from both sides. */
export function assemble(parsed: readonly ParsedDocument[]): Configuration {
  const people = valuesOf(parsed, 'Person');
  const teams = valuesOf(parsed, 'Team');
  return {
    hash: hashOfAll(parsed.map(({ raw }) => raw)),
    sources: valuesOf(parsed, 'Source'),
    channels: valuesOf(parsed, 'Channel'),
    calendars: valuesOf(parsed, 'Calendar'),
    people: people.map((person) => ({
      ...person,
      teams: union(
        person.teams,
        teams.filter(({ members }) => members.includes(person.email)).map(({ name }) => name),
      ),
    })),
    teams: teams.map((team) => ({
      ...team,
      members: union(
        team.members,
        people.filter((person) => person.teams.includes(team.name)).map(({ email }) => email),
      ),
    })),
    rules: valuesOf(parsed, 'Rule'),
    subscriptions: valuesOf(parsed, 'Subscription'),
    forwards: valuesOf(parsed, 'Forward'),
    exceptions: valuesOf(parsed, 'Exception'),
    retention: valuesOf(parsed, 'Retention')[0] ?? {},
  };
}

/** The documents of one kind, in a stable order. */
function valuesOf<K extends Kind>(parsed: readonly ParsedDocument[], kind: K): DocumentByKind[K][] {
  return parsed
    .filter((document) => document.kind === kind)
    .sort((one, other) => (one.raw.name < other.raw.name ? -1 : 1))
    .map(({ value }) => value as DocumentByKind[K]);
}

const union = (one: readonly string[], other: readonly string[]): string[] => [
  ...new Set([...one, ...other]),
];

/** The calendar of a person: the one named, else the one that lists the zone, else the default one, else none. */
export const calendarFor = (
  calendars: readonly CalendarDocument[],
  person: { readonly calendar?: string; readonly zone: string },
): CalendarDocument | undefined =>
  person.calendar === undefined
    ? (calendars.find(({ for: reach }) => reach.zones.includes(person.zone)) ??
      calendars.find(({ for: reach }) => reach.default))
    : calendars.find(({ name }) => name === person.calendar);
