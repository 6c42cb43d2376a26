import { CompanyReader, peopleById, peopleOf, type Company } from '#company';
import {
  amountsPerUnit,
  localDate,
  windowOfDays,
  type DateRange,
  type ExpectedDay,
  type Instant,
  type Message,
  type Person,
  type Value,
} from '#domain';
import {
  Decisions,
  Deliveries,
  ExpectedDays,
  factsOf,
  Occurrences,
  Pulls,
  type Database,
  type Delivery,
  type Occurrence,
  type StoredAttempt,
  type StoredDecision,
} from '#storage';

/** A decision with everything behind it, as it was known when it was made. */
export interface ExplainedDecision {
  readonly rule: string;
  readonly ruleVersion: number;
  readonly when: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly period: DateRange;
  readonly decidedAsOf: Instant;
  readonly person:
    Pick<Person, 'name' | 'slug' | 'zone' | 'calendar' | 'dailyHours' | 'workingDays'> | undefined;
  readonly days: readonly { readonly day: string; readonly worked: number; readonly expected: ExpectedDay }[];
  /** Facts of the period by kind: the newest first in no case, always in order of start. Reasons of absences are in none of them. */
  readonly facts: readonly {
    readonly source: string;
    readonly kind: string;
    readonly key: string;
    readonly from: Instant;
    readonly to: Instant;
    readonly amount: number;
    readonly knownSince: Instant;
    readonly pull: string;
  }[];
  /** The pulls of the needed sources that the decision could rely on. */
  readonly pulls: readonly {
    readonly source: string;
    readonly began: Instant | null;
    readonly ended: Instant | null;
    readonly fetched: number;
  }[];
}

export interface DeliveryExplanation {
  readonly kind: 'delivery';
  readonly delivery: Pick<
    Delivery,
    | 'id'
    | 'state'
    | 'channel'
    | 'destination'
    | 'subscription'
    | 'revision'
    | 'sent_revision'
    | 'target'
    | 'reason'
    | 'detail'
    | 'receipt'
  >;
  readonly message: Message | { readonly rows: readonly unknown[] };
  readonly occurrence: Pick<Occurrence, 'id' | 'zone' | 'nominal_at' | 'due_at' | 'state'> | undefined;
  readonly attempts: readonly StoredAttempt[];
  readonly traceId: string | undefined;
  readonly decisions: readonly ExplainedDecision[];
}

export interface PersonExplanation {
  readonly kind: 'person';
  readonly person: Person;
  readonly rule: string;
  /** Why nothing was decided about this person at all; empty where something was. */
  readonly inTheWay: readonly string[];
  readonly decisions: readonly ExplainedDecision[];
  readonly deliveries: readonly Pick<Delivery, 'id' | 'state' | 'detail'>[];
}

export type Explanation = DeliveryExplanation | PersonExplanation;

/** Reads what was stored when things were decided and said. */
export class Explainer {
  readonly #companies: CompanyReader;
  readonly #decisions: Decisions;
  readonly #deliveries: Deliveries;
  readonly #expected: ExpectedDays;
  readonly #occurrences: Occurrences;
  readonly #pulls: Pulls;

  constructor(private readonly database: Database) {
    this.#companies = new CompanyReader(database);
    this.#decisions = new Decisions(database);
    this.#deliveries = new Deliveries(database);
    this.#expected = new ExpectedDays(database);
    this.#occurrences = new Occurrences(database);
    this.#pulls = new Pulls(database);
  }

  /** By the delivery's id, or an unambiguous beginning of it; undefined where there is none. */
  async delivery(idOrPrefix: string): Promise<DeliveryExplanation | undefined> {
    const delivery = await this.#deliveries.find(idOrPrefix);
    if (!delivery) return undefined;
    const occurrence =
      delivery.occurrence_id === null ? undefined : await this.#occurrences.get(delivery.occurrence_id);
    const decisions = await this.#decisions.ofDelivery(delivery.id);
    return {
      kind: 'delivery',
      delivery,
      message: delivery.message,
      occurrence,
      attempts: await this.#deliveries.attempts(delivery.id),
      traceId: delivery.traceparent?.split('-')[1],
      decisions: await Promise.all(decisions.map((decision) => this.#explain(decision))),
    };
  }

  /** By e-mail address or slug; undefined where nobody is known by it. */
  async person(who: string, rule: string): Promise<PersonExplanation | undefined> {
    const company = await this.#companies.current();
    const person = company.people.find(({ email, slug }) => email === who.toLowerCase() || slug === who);
    if (!person) return undefined;
    const decisions = await this.#decisions.about(rule, person.id, 5);
    return {
      kind: 'person',
      person,
      rule,
      inTheWay: decisions.length > 0 ? [] : whatIsInTheWay(company, person, rule),
      decisions: await Promise.all(decisions.map((decision) => this.#explain(decision))),
      deliveries: await this.#deliveries.about(person.id, rule),
    };
  }

  async #explain(decision: StoredDecision): Promise<ExplainedDecision> {
    const company = await this.#companies.asOf(decision.as_of);
    const rule = company.configuration.rules.find(({ name }) => name === decision.rule);
    const person = peopleById(company).get(decision.subject);
    const period = { from: decision.period_from, to: decision.period_to };
    const zone = person?.zone ?? 'UTC';
    const window = windowOfDays(period, zone);
    const facts = person
      ? await factsOf(this.database, ['work.hours', 'leave', 'holiday'], window, decision.as_of, person.id)
      : [];
    const days =
      (await this.#expected.days([decision.subject], period, decision.as_of)).get(decision.subject) ?? [];
    const worked = new Map<string, number>();
    for (const fact of facts.filter(({ kind }) => kind === 'work.hours')) {
      const day = localDate(fact.starts, zone);
      worked.set(day, (worked.get(day) ?? 0) + fact.amount);
    }
    const pulls = await Promise.all(
      Object.keys(rule?.needs ?? {}).map(async (source) => ({
        source,
        pull: await this.#pulls.latestComplete(source, 'facts', window, decision.as_of),
      })),
    );
    return {
      rule: decision.rule,
      ruleVersion: decision.rule_version,
      when: rule?.when ?? '',
      outcome: decision.outcome,
      reason: decision.reason,
      detail: decision.detail,
      inputs: decision.inputs,
      period,
      decidedAsOf: decision.as_of,
      person,
      days: days.map((expected) => ({
        day: expected.day,
        worked: (worked.get(expected.day) ?? 0) / amountsPerUnit['work.hours'],
        expected,
      })),
      facts: facts.map((fact) => ({
        source: fact.source,
        kind: fact.kind,
        key: fact.key,
        from: fact.starts,
        to: fact.ends,
        amount: fact.amount / amountsPerUnit[fact.kind],
        knownSince: fact.known_since,
        pull: fact.pull_id,
      })),
      pulls: pulls.flatMap(({ source, pull }) =>
        pull ? [{ source, began: pull.began_at, ended: pull.ended_at, fetched: pull.fetched }] : [],
      ),
    };
  }
}

/** What keeps a rule from ever looking at somebody. */
function whatIsInTheWay(company: Company, person: Person, ruleName: string): readonly string[] {
  const { configuration } = company;
  const rule = configuration.rules.find(({ name }) => name === ruleName);
  if (!rule)
    return [
      `there is no rule ${ruleName}; there are: ${configuration.rules.map(({ name }) => name).join(', ') || 'none'}`,
    ];
  const subscriptions = configuration.subscriptions.filter(({ rules }) => rules.includes(ruleName));
  if (subscriptions.length === 0) return [`no subscription has the rule ${ruleName}`];
  if (!person.active) return [`${person.name} is not active in any source`];
  const missing = Object.keys(rule.needs).filter((source) => person.identities[source] === undefined);
  const reached = subscriptions.some((one) =>
    peopleOf(company, { subscription: one.name, zone: '', calendar: '' }, 'any zone').some(
      ({ id }) => id === person.id,
    ),
  );
  return [
    ...missing.map((source) => `${person.name} is not known in ${source}`),
    ...(reached ? [] : [`no subscription with the rule ${ruleName} is for ${person.name}`]),
    ...(rule.where === undefined ? [] : [`the rule is only about people where ${rule.where}`]),
    ...(person.joined === undefined ? [] : [`${person.name} joined on ${person.joined}`]),
    'no occurrence has been decided about this person yet',
  ];
}
