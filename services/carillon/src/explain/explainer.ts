import { CompanyReader, connectionsOf, teamsOf, type Company } from '#company';
import { channelPluginOf } from '#connections';
import {
  compareInstants,
  type Instant,
  type Message,
  type Person,
  type Team,
  type Connection,
} from '#domain';
import {
  Decisions,
  Deliveries,
  Forwards,
  knownTeams,
  Rooms,
  type Database,
  type Delivery,
  type StoredAttempt,
  type StoredFact,
  type StoredForwardRow,
} from '#storage';
import { UsageError } from '../commands/context.js';
import { placeText } from '../place-text.js';
import { noted } from '../words.js';
import { DecisionReader, type ExplainedDecision } from './explained-decision.js';
import { whatIsInTheWay, whatIsInTheWayOfConnection, whatIsInTheWayOfTeam } from './in-the-way.js';

/** How many runs are explained where somebody asks about a person. */
const LATEST_RUNS = 5;

export interface DeliveryExplanation {
  readonly kind: 'delivery';
  readonly delivery: Pick<
    Delivery,
    | 'id'
    | 'state'
    | 'about'
    | 'channel'
    | 'destination'
    | 'subscription'
    | 'revision'
    | 'sent_revision'
    | 'target'
    | 'reason'
    | 'detail'
    | 'receipt'
    | 'created_at'
  >;
  /** What it says now, whether that has arrived yet or not. */
  readonly message: Message | { readonly rows: readonly unknown[] };
  /** Where it goes, in words; a room by its name. */
  readonly where: string;
  /** The room as it was last made or found, its members by name where they are known. */
  readonly room: { readonly name: string; readonly members: readonly string[] } | undefined;
  readonly attempts: readonly StoredAttempt[];
  readonly traceId: string | undefined;
  /** Where a forward's row comes from: every version of its record, oldest first. */
  readonly row?: StoredForwardRow & { readonly versions: readonly StoredFact[] };
  /** What it says, and what it said before it was corrected. */
  readonly decisions: readonly (ExplainedDecision & { readonly says: boolean })[];
  /** When it is removed, as things stand now; absent where it is kept for ever. */
  readonly keptUntil?: Instant;
}

export interface PersonExplanation {
  readonly kind: 'person';
  readonly person: Person;
  readonly managers: readonly string[];
  readonly rule: string;
  /** What keeps the rule from looking at this person now; empty where nothing does. */
  readonly inTheWay: readonly string[];
  /** The newest runs that decided about this person, newest first. */
  readonly runs: Runs;
  /** Runs from before this were removed; absent where all are kept. */
  readonly keptSince?: Instant;
}

export interface TeamExplanation {
  readonly kind: 'team';
  readonly team: Team;
  /** Which sources know it, as they were last read. */
  readonly knownIn: readonly string[];
  readonly rule: string;
  readonly inTheWay: readonly string[];
  readonly runs: Runs;
  readonly keptSince?: Instant;
}

export interface ConnectionExplanation {
  readonly kind: 'connection';
  readonly connection: Connection;
  readonly rule: string;
  readonly inTheWay: readonly string[];
  readonly runs: Runs;
  readonly keptSince?: Instant;
}

type Runs = readonly {
  readonly decision: ExplainedDecision;
  readonly deliveries: readonly SaidDelivery[];
}[];

/** A delivery about somebody, and whether it says so still. */
type SaidDelivery = Pick<Delivery, 'id' | 'state' | 'detail'> & { readonly says: boolean };

export type Explanation = DeliveryExplanation | PersonExplanation | TeamExplanation | ConnectionExplanation;

/** Reads what was stored when things were decided and said; it never guesses. */
export class Explainer {
  readonly #companies: CompanyReader;
  readonly #decisions: Decisions;
  readonly #deliveries: Deliveries;
  readonly #forwards: Forwards;
  readonly #rooms: Rooms;
  readonly #reader: DecisionReader;

  constructor(private readonly database: Database) {
    this.#companies = new CompanyReader(database);
    this.#decisions = new Decisions(database);
    this.#deliveries = new Deliveries(database);
    this.#forwards = new Forwards(database);
    this.#rooms = new Rooms(database);
    this.#reader = new DecisionReader(database, this.#companies);
  }

  /**
   * By its id or the beginning of it.
   * @throws UsageError where no delivery begins so, or several do, or it was removed because its time was over
   */
  async delivery(idOrPrefix: string): Promise<DeliveryExplanation> {
    const delivery = await this.#deliveries.find(idOrPrefix);
    if (!delivery) {
      const removedAt = await this.#deliveries.removedAt(idOrPrefix);
      throw new UsageError(
        removedAt
          ? `What ${idOrPrefix} said and why was removed at ${noted(removedAt)}, as the Retention document says. Its key is kept, so it is never said again.`
          : `There is no delivery ${idOrPrefix}, or more than one whose id begins so.`,
      );
    }
    const decisions: (ExplainedDecision & { readonly says: boolean })[] = [];
    for (const { rule, subject, says, occurrence_id } of await this.#deliveries.notifications(delivery.id)) {
      const decision = await this.#reader.latest(occurrence_id, rule, subject);
      if (decision) decisions.push({ ...decision, says });
    }
    const row = await this.#forwards.rowOf(delivery.id);
    return {
      kind: 'delivery',
      delivery,
      message: delivery.message,
      where: await this.#where(delivery),
      room: await this.#room(delivery),
      attempts: await this.#deliveries.attempts(delivery.id),
      traceId: delivery.traceparent?.split('-')[1],
      ...(row
        ? { row: { ...row, versions: await this.#forwards.recordOf(row) } }
        : keptUntil(await this.#companies.current(), delivery, decisions)),
      decisions,
    };
  }

  /**
   * By e-mail address or slug.
   * @throws UsageError where nobody is known by it, or there is no such rule and never was one that decided about this person
   */
  async person(who: string, rule: string): Promise<PersonExplanation> {
    const company = await this.#companies.current();
    const person = company.people.find(({ email, slug }) => email === who.toLowerCase() || slug === who);
    if (!person) throw new UsageError(unknownPerson(company, who));
    return {
      kind: 'person',
      person,
      managers: person.managers.map((id) => company.people.find((one) => one.id === id)?.name ?? id),
      rule,
      inTheWay: whatIsInTheWay(company, person, rule),
      runs: await this.#runs(company, person.id, rule),
      ...keptSince(company),
    };
  }

  /**
   * By the name of its document.
   * @throws UsageError where there is no such team, or no such rule and never was one that decided about it
   */
  async team(name: string, rule: string): Promise<TeamExplanation> {
    const company = await this.#companies.current();
    const teams = teamsOf(company);
    const team = teams.find((one) => one.name === name);
    if (!team)
      throw new UsageError(
        `There is no team ${name}; there are: ${teams.map((one) => one.name).join(', ') || 'none, apply documents first'}.`,
      );
    const sources = company.configuration.sources.map((source) => source.name);
    const known = await knownTeams(this.database, sources, company.asOf);
    const knownIn = sources.filter((source) => known.get(source)?.has(name));
    return {
      kind: 'team',
      team,
      knownIn,
      rule,
      inTheWay: whatIsInTheWayOfTeam(company, team, knownIn, rule),
      runs: await this.#runs(company, team.id, rule),
      ...keptSince(company),
    };
  }

  /**
   * By the name of its Source or Channel document.
   * @throws UsageError where there is no such document, or no such rule and never was one that decided about it
   */
  async connection(name: string, rule: string): Promise<ConnectionExplanation> {
    const company = await this.#companies.current();
    const connections = connectionsOf(company);
    const connection = connections.find((one) => one.name === name);
    if (!connection)
      throw new UsageError(
        `There is no connection ${name}; there are: ${connections.map((one) => one.name).join(', ') || 'none, apply documents first'}.`,
      );
    return {
      kind: 'connection',
      connection,
      rule,
      inTheWay: whatIsInTheWayOfConnection(company, connection, rule),
      runs: await this.#runs(company, connection.id, rule),
      ...keptSince(company),
    };
  }

  async #runs(company: Company, subject: string, rule: string): Promise<Runs> {
    const decided = await this.#decisions.about(rule, subject, 50);
    const known = company.configuration.rules.map(({ name }) => name);
    if (decided.length === 0 && !known.includes(rule))
      throw new UsageError(
        `There is no rule ${rule}; there are: ${known.join(', ') || 'none, apply documents first'}.`,
      );
    const said = await this.#said(subject, rule);
    const occurrences = [...new Set(decided.map(({ occurrence_id }) => occurrence_id))].slice(0, LATEST_RUNS);
    const runs = await Promise.all(
      occurrences.map(async (id) => {
        const decision = await this.#reader.latest(id, rule, subject);
        return decision ? [{ decision, deliveries: said.get(id) ?? [] }] : [];
      }),
    );
    return runs
      .flat()
      .toSorted((one, other) =>
        other.decision.occurrence.nominal_at
          .toString()
          .localeCompare(one.decision.occurrence.nominal_at.toString()),
      );
  }

  /** What was ever said about somebody by a rule, by the run that concluded it. */
  async #said(subject: string, rule: string): Promise<ReadonlyMap<string, readonly SaidDelivery[]>> {
    const said = await Promise.all(
      (await this.#deliveries.about(subject, rule)).map(async ({ id, state, detail }) =>
        (await this.#deliveries.notifications(id))
          .filter((one) => one.rule === rule && one.subject === subject)
          .map(({ says, occurrence_id: run }) => ({ run, delivery: { id, state, detail, says } })),
      ),
    );
    const byRun = Map.groupBy(said.flat(), ({ run }) => run);
    return new Map([...byRun].map(([run, some]) => [run, some.map(({ delivery }) => delivery)]));
  }

  async #where(delivery: Delivery): Promise<string> {
    const target = delivery.target['room'] as { readonly name?: string } | undefined;
    const room = (await this.#rooms.get(delivery.channel, delivery.destination))?.name ?? target?.name;
    if (room !== undefined) return `#${room}`;
    const { configuration } = await this.#companies.current();
    return placeText(delivery, await channelPluginOf(configuration, delivery.channel));
  }

  async #room(delivery: Delivery): Promise<DeliveryExplanation['room']> {
    const room = await this.#rooms.get(delivery.channel, delivery.destination);
    if (!room) return undefined;
    const { people } = await this.#companies.current();
    const nameOf = (externalId: string): string =>
      people.find(({ identities }) => identities[delivery.channel] === externalId)?.name ?? externalId;
    return { name: room.name, members: room.members.map(nameOf).toSorted() };
  }
}

/** From its run on, and from when it was last said otherwise. */
function keptUntil(
  { configuration }: Company,
  { created_at, settled_at }: Delivery,
  decisions: readonly ExplainedDecision[],
): { readonly keptUntil?: Instant } {
  const { deliveriesMs } = configuration.retention;
  if (deliveriesMs === undefined) return {};
  const last = decisions
    .map(({ occurrence }) => occurrence.nominal_at)
    .reduce((latest, at) => (compareInstants(at, latest) > 0 ? at : latest), settled_at ?? created_at);
  return { keptUntil: last.add({ milliseconds: deliveriesMs }) };
}

const keptSince = ({ configuration, asOf }: Company): { readonly keptSince?: Instant } =>
  configuration.retention.deliveriesMs === undefined
    ? {}
    : { keptSince: asOf.subtract({ milliseconds: configuration.retention.deliveriesMs }) };

/** Somebody who mistypes an address finds the slug. */
function unknownPerson({ people }: Company, who: string): string {
  const [start] = who.toLowerCase().split(/[@.\s-]/);
  const alike = people.filter(
    ({ name, slug, email }) =>
      start !== undefined &&
      start !== '' &&
      [name.toLowerCase(), slug, email ?? ''].some((text) => text.includes(start)),
  );
  return `Nobody is known as ${who}: give an e-mail address or a slug.${
    alike.length > 0
      ? ` Alike are: ${alike
          .slice(0, 5)
          .map(({ slug }) => slug)
          .join(', ')}.`
      : ''
  }`;
}
