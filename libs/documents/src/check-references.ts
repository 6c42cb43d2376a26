import {
  isAbout,
  isOfPeriod,
  isState,
  nearestName,
  periodFactsOf,
  stateOf,
  type FactKind,
  type Rule,
  type RuleException,
  type Subscription,
} from '#domain';
import { isEmail } from './kinds/fields.js';
import { subjectWords } from './subject-words.js';
import type { CalendarDocument } from './kinds/calendar.js';
import type { Kind } from './kinds/index.js';
import type { PersonDocument } from './kinds/person.js';
import type { SourceDocument } from './kinds/source.js';
import type { ParsedDocument } from './parse-document.js';
import type { Plugins } from './plugins.js';
import type { Path, Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';

/** What is there to be named: also documents that are wrong themselves, so that one mistake is told once. */
export interface Names {
  has(kind: Kind, name: string): boolean;
  of(kind: Kind): readonly string[];
}

export const namesIn = (documents: readonly RawDocument[]): Names => {
  const byKind = Map.groupBy(documents, ({ kind }) => kind);
  const of = (kind: Kind): string[] => (byKind.get(kind) ?? []).map(({ name }) => name);
  return { of, has: (kind, name) => of(kind).includes(name) };
};

/** Documents by kind and name, as far as they could be read. */
export type Lookup = <K extends Kind>(
  kind: K,
  name: string,
) => Extract<ParsedDocument, { kind: K }> | undefined;

/** Names in this document that nothing has. */
export function checkReferences(
  document: ParsedDocument,
  names: Names,
  lookup: Lookup,
  plugins: Plugins,
): Problem[] {
  const { raw } = document;
  const refer = (kind: Kind, name: string, path: Path, part: 'value' | 'key' = 'value'): Problem[] =>
    names.has(kind, name) ? [] : [unknownName(raw, kind, name, path, names.of(kind), part)];
  switch (document.kind) {
    case 'Source':
      return [
        ...checkOwner(raw, document.value.owner, names, lookup),
        ...teamsNamedBy(document.value, plugins).flatMap((team) =>
          refer('Team', team, ['settings', 'teams', team], 'key'),
        ),
      ];
    case 'Channel':
      return checkOwner(raw, document.value.owner, names, lookup);
    case 'Person':
      return checkPerson(raw, document.value, names, refer);
    case 'Rule':
      return [
        ...Object.keys(document.value.needs).flatMap((source) =>
          refer('Source', source, ['needs', source], 'key'),
        ),
        ...checkEmitted(raw, document.value, lookup, plugins),
      ];
    case 'Subscription':
      return checkSubscription(document.value, refer);
    case 'Forward':
      return [
        ...checkOwner(raw, document.value.owner, names, lookup),
        ...refer('Source', document.value.source, ['source']),
        ...refer('Channel', document.value.to.channel, ['to', 'channel']),
      ];
    case 'Exception':
      return checkException(raw, document.value, names, refer, lookup('Rule', document.value.rule)?.value);
    case 'Calendar':
    case 'Team':
    case 'Retention':
      return [];
  }
}

/** A source that knows teams says under `teams` of its settings which of its groups and people they are. */
function teamsNamedBy({ type, settings }: SourceDocument, { sources }: Plugins): readonly string[] {
  const { teams } = settings;
  const knowsTeams = sources.get(type)?.emits.includes('team') ?? false;
  return knowsTeams && typeof teams === 'object' && teams !== null ? Object.keys(teams) : [];
}

type Refer = (kind: Kind, name: string, path: Path, part?: 'value' | 'key') => Problem[];

function unknownName(
  raw: RawDocument,
  kind: Kind,
  name: string,
  path: Path,
  known: readonly string[],
  part: 'value' | 'key',
): Problem {
  const near = nearestName(name, known);
  const list = known
    .slice(0, 10)
    .map((one) => `\`${one}\``)
    .join(', ');
  const remedy = near
    ? `did you mean \`${near}\`?`
    : known.length > 0
      ? `there are ${list}`
      : `add a ${kind} document of that name`;
  return problemIn(raw, path, `there is no ${kind} \`${name}\``, remedy, part);
}

/** An owner hears of troubles, which are about nobody: in one place, and where nothing else is said. */
function checkOwner(raw: RawDocument, owner: string | undefined, names: Names, lookup: Lookup): Problem[] {
  if (owner === undefined || isEmail(owner)) return [];
  if (names.has('Subscription', owner)) {
    const subscription = lookup('Subscription', owner)?.value;
    if (!subscription || (subscription.rules.length === 0 && isOnePlace(subscription))) return [];
    return [
      problemIn(
        raw,
        ['owner'],
        `\`${owner}\` cannot be an owner: it ${subscription.rules.length > 0 ? 'is told what rules say' : 'is another place for each person'}`,
        'a Subscription without rules and with one fixed place, such as `ops-room`, or an e-mail address',
      ),
    ];
  }
  const near = nearestName(owner, names.of('Subscription'));
  return [
    problemIn(
      raw,
      ['owner'],
      `\`${owner}\` is neither a Subscription nor an e-mail address`,
      near
        ? `did you mean \`${near}\`?`
        : 'a Subscription that hears of troubles, such as `ops-room`, or an address',
    ),
  ];
}

/** Rooms without rules have fixed names and members anyway: `checkRoom` says so. */
const isOnePlace = ({ to }: Subscription): boolean =>
  to.channel !== undefined && (to.room !== undefined || !JSON.stringify(to).includes('{{'));

function checkPerson(raw: RawDocument, person: PersonDocument, names: Names, refer: Refer): Problem[] {
  const systems = Object.keys(person.identities).flatMap((system) =>
    names.has('Source', system) || names.has('Channel', system)
      ? []
      : [
          unknownName(
            raw,
            'Source',
            system,
            ['identities', system],
            [...names.of('Source'), ...names.of('Channel')],
            'key',
          ),
        ],
  );
  return [
    ...(person.calendar === undefined ? [] : refer('Calendar', person.calendar, ['calendar'])),
    ...person.teams.flatMap((team, index) => refer('Team', team, ['teams', index])),
    ...systems,
  ];
}

/** A fact that no needed source emits would always be 0. */
function checkEmitted(raw: RawDocument, rule: Rule, lookup: Lookup, plugins: Plugins): Problem[] {
  const needed = Object.keys(rule.needs).map((name) =>
    plugins.sources.get(lookup('Source', name)?.value.type ?? ''),
  );
  // Where a source is unknown that is said already, and what it emits cannot be known.
  if (needed.includes(undefined)) return [];
  const emitted = new Set(needed.flatMap((plugin) => plugin?.emits ?? []));
  return Object.entries(rule.measure).flatMap(([name, measure]) => {
    if ('calendar' in measure) return [];
    const [verb = ''] = Object.keys(measure);
    const fact = stateOf(measure) ?? periodFactsOf(measure);
    if (fact === undefined || emitted.has(fact)) return [];
    return [
      problemIn(
        raw,
        ['measure', name, verb],
        `none of the sources that the rule needs has \`${fact}\``,
        `name one that has it in \`needs\`, such as \`needs: ${sampleNeeds(fact)}\``,
      ),
    ];
  });
}

const sampleNeeds = (fact: FactKind): string => {
  if (isAbout[fact] === 'connection') return '{ carillon: 1h }';
  if (isState(fact)) return '{ vtiger: 30m }';
  return isOfPeriod(fact) ? '{ wecom: closed }' : '{ clockify: closed }';
};

function checkSubscription(subscription: Subscription, refer: Refer): Problem[] {
  return [
    ...subscription.rules.flatMap((rule, index) => refer('Rule', rule, ['rules', index])),
    ...(subscription.to.channel === undefined
      ? []
      : refer('Channel', subscription.to.channel, ['to', 'channel'])),
    ...(subscription.for?.team === undefined ? [] : refer('Team', subscription.for.team, ['for', 'team'])),
  ];
}

/** A connection is a Source or a Channel. */
const referConnection = (raw: RawDocument, name: string, names: Names): Problem[] =>
  names.has('Source', name) || names.has('Channel', name)
    ? []
    : [
        unknownName(
          raw,
          'Source',
          name,
          ['connection'],
          [...names.of('Source'), ...names.of('Channel')],
          'value',
        ),
      ];

const sampleSubject: Readonly<Record<Rule['each'], string>> = {
  person: 'person: olena@acme.example',
  team: 'team: ferrari',
  connection: 'connection: clockify',
};

function checkException(
  raw: RawDocument,
  exception: RuleException,
  names: Names,
  refer: Refer,
  rule: Rule | undefined,
): Problem[] {
  const team = exception.team === undefined ? [] : refer('Team', exception.team, ['team']);
  const connection =
    exception.connection === undefined ? [] : referConnection(raw, exception.connection, names);
  const named = (['person', 'team', 'connection'] as const).find((one) => exception[one] !== undefined);
  // A team's exception holds for the people in it, too.
  const fits = named === rule?.each || (named === 'team' && rule?.each === 'person');
  const nobody =
    rule && named && !fits
      ? [
          problemIn(
            raw,
            [named],
            `Rule \`${rule.name}\` is about ${subjectWords[rule.each]}`,
            `name one, such as \`${sampleSubject[rule.each]}\``,
          ),
        ]
      : [];
  const params = Object.entries(exception.params ?? {}).flatMap(([name, value]) => {
    if (!rule) return [];
    const expected = rule.params[name];
    if (expected === undefined) {
      const near = nearestName(name, Object.keys(rule.params));
      const known = Object.keys(rule.params)
        .map((one) => `\`${one}\``)
        .join(', ');
      const remedy = near
        ? `did you mean \`${near}\`?`
        : known
          ? `it has ${known}`
          : 'it has no params: say `exempt: true` or nothing';
      return [
        problemIn(raw, ['params', name], `Rule \`${rule.name}\` has no param \`${name}\``, remedy, 'key'),
      ];
    }
    if (typeof expected === typeof value) return [];
    const word = typeof expected === 'number' ? 'a number' : 'a text';
    return [
      problemIn(
        raw,
        ['params', name],
        `\`${name}\` must be ${word}, as in Rule \`${rule.name}\``,
        `such as \`${expected}\``,
      ),
    ];
  });
  return [...refer('Rule', exception.rule, ['rule']), ...team, ...connection, ...nobody, ...params];
}

/** Two calendars that claim the same people would make it a matter of chance whose holidays count. */
export function checkReach(
  calendars: readonly { readonly raw: RawDocument; readonly value: CalendarDocument }[],
): Problem[] {
  const claimed = new Map<string, string>();
  return calendars.flatMap(({ raw, value }) => {
    const claims: [claim: string, path: Path, words: string][] = value.for.zones.map((zone, index) => [
      zone,
      ['for', 'zones', index],
      `\`${zone}\``,
    ]);
    if (value.for.default) claims.push(['', ['for', 'default'], 'everybody else']);
    return claims.flatMap(([claim, path, words]) => {
      const earlier = claimed.get(claim);
      claimed.set(claim, earlier ?? value.name);
      if (earlier === undefined || earlier === value.name) return [];
      return [
        problemIn(
          raw,
          path,
          `Calendar \`${earlier}\` already applies to ${words}`,
          'let one calendar apply to them; people elsewhere name theirs in `calendar`',
        ),
      ];
    });
  });
}
