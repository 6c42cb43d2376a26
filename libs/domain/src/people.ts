import anyAscii from 'any-ascii';
import { personId } from './ids.js';
import type { Identity } from './identity.js';
import type { LocalDate } from './instant.js';
import { locales, type Locale } from './message.js';
import type { Person } from './person.js';
import { weekdays, type Weekday } from './weekday.js';

/** What a Person document says of somebody; it wins over every system. */
export interface PersonProfile {
  /** Lower case. */
  readonly email: string;
  readonly name?: string;
  readonly zone?: string;
  readonly locale?: Locale;
  readonly calendar?: string;
  /** E-mail addresses, lower case. Given and empty: nobody. */
  readonly managers?: readonly string[];
  readonly teams?: readonly string[];
  readonly weekStart?: Weekday;
  readonly contract?: { readonly dailyHours?: number; readonly workingDays?: readonly Weekday[] };
  readonly joined?: LocalDate;
  readonly left?: LocalDate;
  /** The person's id by the name of the Source or Channel document. */
  readonly identities?: Readonly<Record<string, string>>;
}

/** One human as first proposed. */
export interface KnownPerson {
  readonly id: string;
  readonly slug: string;
  /** Lower case; of whoever was first proposed by an identity without one, null. */
  readonly email: string | null;
}

export interface Link {
  readonly system: string;
  readonly externalId: string;
  readonly personId: string;
  readonly origin: 'document' | 'email';
}

/** An identity that cannot be linked by itself: a person has to say who it is. */
export interface IdentityConflict {
  readonly system: string;
  readonly externalId: string;
  /** The identity of the same system that the person has already. */
  readonly heldBy: string;
  readonly email: string;
}

export interface Linking {
  readonly people: readonly KnownPerson[];
  readonly links: readonly Link[];
  /** Identities that are nobody's any more: a document has given their person another account of the same system. */
  readonly closed: readonly Pick<Link, 'system' | 'externalId'>[];
  readonly conflicts: readonly IdentityConflict[];
  /** Identities of people (not programs) that nothing links to anybody: no address, and no document names them. */
  readonly unmatched: readonly {
    readonly system: string;
    readonly externalId: string;
    readonly name: string | undefined;
  }[];
}

/** A calendar's reach: whom it applies to where nobody says otherwise. */
export interface CalendarReach {
  readonly name: string;
  readonly zones: readonly string[];
  readonly isDefault: boolean;
}

/** What holds where neither a document nor a system says anything. */
export const workspaceDefaults = {
  zone: 'UTC',
  locale: 'en',
  weekStart: 'MONDAY',
  workingDays: weekdays.slice(0, 5),
  dailyHours: 8,
} as const satisfies Partial<Person>;

type Known = readonly { readonly system: string; readonly identity: Identity }[];

/**
 * Links identities to people. A lower-cased e-mail address only proposes the first link; a link never moves by itself, only where a document
 * names the identity; two identities of one system never become one person: where a document gives somebody another account of a system, the
 * one they had is given up. Systems named in `joinOnly` (channels) create nobody but whom
 * documents name: a chat workspace knows many who are nobody's subject.
 */
export function linkIdentities(input: {
  readonly people: readonly KnownPerson[];
  readonly links: readonly Link[];
  readonly identities: Known;
  readonly profiles: readonly PersonProfile[];
  /** Further people whom documents name by their address, lower case: managers, members of rooms. */
  readonly mentioned: ReadonlySet<string>;
  readonly joinOnly: ReadonlySet<string>;
}): Linking {
  const people = new Map(input.people.map((person) => [person.id, person]));
  const byEmail = new Map<string, string>(
    input.people.flatMap((person) => (person.email ? [[person.email, person.id] as const] : [])),
  );
  const slugs = new Set(input.people.map((person) => person.slug));
  const linked = new Map<string, string>(
    input.links.map((link) => [`${link.system}\n${link.externalId}`, link.personId]),
  );
  const held = new Map<string, string>(
    input.links.map((link) => [`${link.system}\n${link.personId}`, link.externalId]),
  );
  const named = new Map<string, PersonProfile>(
    input.profiles.flatMap((profile) =>
      Object.entries(profile.identities ?? {}).map(
        ([system, externalId]) => [`${system}\n${externalId}`, profile] as const,
      ),
    ),
  );
  const result = {
    people: [] as KnownPerson[],
    links: [] as Link[],
    closed: [] as Linking['closed'][number][],
    conflicts: [] as IdentityConflict[],
    unmatched: [] as Linking['unmatched'][number][],
  };

  const proposed = (email: string, name: string | undefined): string => {
    const known = byEmail.get(email);
    if (known) return known;
    const person = { id: personId({ email }), slug: freeSlug(name, email, slugs), email };
    people.set(person.id, person);
    byEmail.set(email, person.id);
    slugs.add(person.slug);
    result.people.push(person);
    return person.id;
  };

  // Whoever a document names without saying how they are called waits for an identity: a slug lasts, and comes from the name.
  for (const profile of input.profiles) if (profile.name !== undefined) proposed(profile.email, profile.name);
  const expected = new Set([...input.profiles.map((profile) => profile.email), ...input.mentioned]);
  // What documents name goes first: an address must not take the place that a person has been given by hand.
  const ordered = input.identities.toSorted(
    (one, other) =>
      Number(named.has(keyOf(other))) - Number(named.has(keyOf(one))) || compare(keyOf(one), keyOf(other)),
  );
  for (const entry of ordered) {
    const { system, identity } = entry;
    if (identity.bot) continue;
    const profile = named.get(keyOf(entry));
    const current = linked.get(keyOf(entry));
    const email = identity.email?.trim().toLowerCase();
    if (current && !profile) continue;
    if (!profile && (!email || (input.joinOnly.has(system) && !byEmail.has(email) && !expected.has(email)))) {
      if (identity.active && !input.joinOnly.has(system))
        result.unmatched.push({ system, externalId: identity.externalId, name: identity.name });
      continue;
    }
    const person = profile
      ? proposed(profile.email, profile.name ?? identity.name)
      : proposed(email ?? '', identity.name);
    if (person === current) continue;
    const other = held.get(`${system}\n${person}`);
    if (other !== undefined && other !== identity.externalId && profile) {
      result.closed.push({ system, externalId: other });
      linked.delete(`${system}\n${other}`);
    } else if (other !== undefined && other !== identity.externalId) {
      // Which of the two it is has been said where a document names the other.
      if (identity.active && named.get(`${system}\n${other}`)?.email !== email)
        result.conflicts.push({
          system,
          externalId: identity.externalId,
          heldBy: other,
          email: email ?? '',
        });
      continue;
    }
    const link: Link = {
      system,
      externalId: identity.externalId,
      personId: person,
      origin: profile ? 'document' : 'email',
    };
    if (current !== undefined) held.delete(`${system}\n${current}`);
    linked.set(keyOf(entry), person);
    held.set(`${system}\n${person}`, identity.externalId);
    result.links.push(link);
  }
  return result;
}

/**
 * Everybody as known at one moment: documents first, then the systems in the order given (sources before channels), then the workspace's
 * defaults. A channel never says in which zone somebody is: chat travels with the laptop. Of the language it knows best: it is where people read.
 */
export function resolvePeople(input: {
  readonly people: readonly KnownPerson[];
  readonly links: readonly Link[];
  readonly identities: Known;
  readonly profiles: readonly PersonProfile[];
  readonly teams: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly calendars: readonly CalendarReach[];
  readonly sources: readonly string[];
  readonly channels: readonly string[];
}): readonly Person[] {
  const identities = new Map<string, Identity>(
    input.identities.map((entry) => [keyOf(entry), entry.identity]),
  );
  const personOf = new Map<string, string>(
    input.links.map((link) => [`${link.system}\n${link.externalId}`, link.personId]),
  );
  const profiles = new Map(input.profiles.map((profile) => [profile.email, profile]));
  const idOf = new Map<string, string>(
    input.people.flatMap((person) => (person.email ? [[person.email, person.id] as const] : [])),
  );
  const linksOf = Map.groupBy(input.links, (link) => link.personId);
  const order = [...input.sources, ...input.channels];

  return input.people.map((known) => {
    const profile = known.email ? profiles.get(known.email) : undefined;
    const links = (linksOf.get(known.id) ?? []).toSorted(
      (one, other) => order.indexOf(one.system) - order.indexOf(other.system),
    );
    const there = links.flatMap((link) => {
      const identity = identities.get(`${link.system}\n${link.externalId}`);
      return identity && order.includes(link.system) ? [{ system: link.system, identity }] : [];
    });
    const fromSources = there
      .filter(({ system }) => input.sources.includes(system))
      .map(({ identity }) => identity);
    const first = <Key extends keyof Identity>(
      key: Key,
      from = there.map(({ identity }) => identity),
    ): Identity[Key] | undefined => from.find((identity) => identity[key] !== undefined)?.[key];
    const zone = profile?.zone ?? first('zone', fromSources) ?? workspaceDefaults.zone;
    const managers = profile?.managers
      ? profile.managers.flatMap((email) => idOf.get(email.toLowerCase()) ?? [])
      : there.flatMap(({ system, identity }) =>
          (identity.managers ?? []).flatMap((id) => personOf.get(`${system}\n${id}`) ?? []),
        );
    const calendar =
      profile?.calendar ??
      (
        input.calendars.find((one) => one.zones.includes(zone)) ??
        input.calendars.find((one) => one.isDefault)
      )?.name;
    return {
      id: known.id,
      slug: known.slug,
      name: profile?.name ?? first('name') ?? known.email ?? known.slug,
      ...(known.email === null ? {} : { email: known.email }),
      zone,
      locale: profile?.locale ?? localeOf(there, input.channels) ?? workspaceDefaults.locale,
      ...(calendar === undefined ? {} : { calendar }),
      weekStart: profile?.weekStart ?? first('weekStart', fromSources) ?? workspaceDefaults.weekStart,
      workingDays:
        profile?.contract?.workingDays ?? first('workingDays', fromSources) ?? workspaceDefaults.workingDays,
      dailyHours:
        profile?.contract?.dailyHours ?? first('dailyHours', fromSources) ?? workspaceDefaults.dailyHours,
      ...(profile?.joined === undefined ? {} : { joined: profile.joined }),
      ...(profile?.left === undefined ? {} : { left: profile.left }),
      active: fromSources.some((identity) => identity.active),
      managers: [...new Set(managers)].filter((id) => id !== known.id).toSorted(),
      teams: [
        ...new Set([
          ...(profile?.teams ?? []),
          ...input.teams
            .filter((team) => known.email && team.members.includes(known.email))
            .map((team) => team.name),
        ]),
      ].toSorted(),
      identities: Object.fromEntries(
        there
          .filter(({ identity }) => identity.active)
          .map(({ system, identity }) => [system, identity.externalId]),
      ),
    };
  });
}

/** A name in plain ASCII, fit for a room: Hangul, Han and Cyrillic are spelled out in Latin letters. Empty where nothing is left. */
export const slugOf = (text: string): string =>
  anyAscii(text)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');

const freeSlug = (name: string | undefined, email: string, taken: ReadonlySet<string>): string => {
  const wanted = slugOf(name ?? '') || slugOf(email.split('@')[0] ?? '') || 'person';
  for (let count = 1; ; count += 1) {
    const slug = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(slug)) return slug;
  }
};

/** The first language of ours that a system names; channels first, since there the messages are read. */
const localeOf = (there: Known, channels: readonly string[]): Locale | undefined =>
  there
    .toSorted((one, other) => Number(channels.includes(other.system)) - Number(channels.includes(one.system)))
    .flatMap(({ identity }) => {
      const language = identity.locale?.toLowerCase().split(/[-_]/)[0];
      return locales.filter((locale) => locale === language);
    })[0];

const keyOf = (entry: { readonly system: string; readonly identity: Identity }): string =>
  `${entry.system}\n${entry.identity.externalId}`;
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
