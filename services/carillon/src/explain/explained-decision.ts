import { agesCountFrom, demandOf, type Company, type CompanyReader } from '#company';
import {
  amountsPerUnit,
  compareInstants,
  exceptionFor,
  isAbout,
  isOfPeriod,
  localDate,
  looksAtState,
  periodFactsOf,
  stateOf,
  windowOfDays,
  within,
  type DateRange,
  type ExpectedDay,
  type Instant,
  type LeaveAttributes,
  type OpenIssueAttributes,
  type Person,
  type Rule,
  type Subject,
  type TimeWindow,
  type Value,
} from '#domain';
import {
  Decisions,
  ExpectedDays,
  factsOf,
  Occurrences,
  Pulls,
  Retention,
  stateFactsOf,
  type Database,
  type Occurrence,
  type StoredDecision,
  type StoredFact,
  type StoredPull,
} from '#storage';
import { sourcesOf } from '../../../rules/src/evaluator.js';
import { subjectsById } from '../../../rules/src/subjects.js';

/** A decision with everything behind it, as it was known when it was last looked at. */
export interface ExplainedDecision {
  readonly rule: {
    readonly name: string;
    /** The one it was decided by, and the one that holds by now; the latter is absent where the rule is gone. */
    readonly version: number;
    readonly versionNow?: number;
    readonly where?: string;
    readonly when: string;
    readonly say: string;
  };
  readonly occurrence: Pick<
    Occurrence,
    'id' | 'subscription' | 'zone' | 'nominal_at' | 'due_at' | 'until_at' | 'state' | 'detail'
  >;
  /** Whom it is about; absent where they are gone. */
  readonly subject: { readonly kind: Rule['each']; readonly name: string; readonly zone: string } | undefined;
  /** Where it is about one. */
  readonly person:
    Pick<Person, 'name' | 'slug' | 'zone' | 'calendar' | 'dailyHours' | 'workingDays'> | undefined;
  readonly period: DateRange;
  readonly outcome: StoredDecision['outcome'];
  readonly reason: StoredDecision['reason'];
  readonly detail: string | null;
  readonly inputs: Readonly<Record<string, Value>>;
  /** The Exception document that gave other parameters or an exemption; its reason is nobody's business here. */
  readonly exception?: { readonly name: string; readonly until?: string };
  /** By what was known when it came to this conclusion, and when it was last looked at and found the same. */
  readonly decidedAsOf: Instant;
  readonly lookedAsOf: Instant;
  /** What was concluded before, oldest first; this conclusion is the last of them. */
  readonly changes: readonly {
    readonly asOf: Instant;
    readonly outcome: StoredDecision['outcome'];
    readonly reason: StoredDecision['reason'];
    readonly detail: string | null;
    readonly inputs: Readonly<Record<string, Value>>;
  }[];
  /** Whether the rule measures days, which then have work and expected hours. */
  readonly looksAtDays: boolean;
  readonly days: readonly { readonly day: string; readonly worked: number; readonly expected: ExpectedDay }[];
  /** Facts of the period in order of start. Types and reasons of absences are in none of them. */
  readonly facts: readonly ExplainedFact[];
  /** What was read: the pulls that the decision relied on for being complete, and those that the facts came with. */
  readonly pulls: readonly Pick<
    StoredPull,
    'id' | 'system' | 'state' | 'began_at' | 'ended_at' | 'window_from' | 'window_to' | 'fetched' | 'rejected'
  >[];
  /** Needed sources of which no complete pull of the period was there. */
  readonly unread: readonly string[];
  /** Where facts of the period were removed since, because their time was over: those from before this instant. */
  readonly factsRemovedBefore?: Instant;
}

export interface ExplainedFact {
  readonly source: string;
  readonly kind: string;
  readonly key: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly amount: number;
  /** Of leave: whether it counts yet. */
  readonly status?: LeaveAttributes['status'];
  readonly issue?: OpenIssueAttributes;
  /** Of a connection: all that was noted that day. */
  readonly noted?: Readonly<Record<string, unknown>>;
  readonly knownSince: Instant;
  readonly pull: string;
}

/** Reads what stands behind a decision. */
export class DecisionReader {
  readonly #decisions: Decisions;
  readonly #expected: ExpectedDays;
  readonly #occurrences: Occurrences;
  readonly #pulls: Pulls;
  readonly #retention: Retention;

  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
  ) {
    this.#decisions = new Decisions(database);
    this.#expected = new ExpectedDays(database);
    this.#occurrences = new Occurrences(database);
    this.#pulls = new Pulls(database);
    this.#retention = new Retention(database);
  }

  /** What an occurrence last concluded about somebody by a rule, with all that it concluded before. Undefined where it never did. */
  async latest(occurrenceId: string, rule: string, about: string): Promise<ExplainedDecision | undefined> {
    const [history, occurrence, [first], now] = await Promise.all([
      this.#decisions.history(occurrenceId, rule, about),
      this.#occurrences.get(occurrenceId),
      this.#decisions.decidingLooks(occurrenceId),
      this.companies.current(),
    ]);
    const decision = history.at(-1);
    if (!decision || !occurrence) return undefined;
    const last = occurrence.decided_as_of ?? decision.as_of;
    // Rules and people are those of the first look, facts those of the last: as it was decided.
    const company = await this.companies.asOf(first ?? last);
    const document = company.configuration.rules.find(({ name }) => name === rule);
    // How things stood when it was concluded is what it stands on; whatever was read since is not.
    const looked = document && looksAtState(document) ? decision.as_of : last;
    const subject = subjectsById(company, occurrence).get(about);
    const zone = subject?.zone ?? occurrence.zone;
    const period = { from: decision.period_from, to: decision.period_to };
    const window = windowOfDays(period, zone);
    const facts = await this.#facts(company, document, subject, window, looked);
    const person = subject?.kind === 'person' ? subject.person : undefined;
    const days = person ? ((await this.#expected.days([about], period, looked)).get(about) ?? []) : [];
    const worked = workedByDay(facts, zone);
    const needed = Object.entries(document?.needs ?? {});
    const relied = await Promise.all(
      needed.map(([source, need]) => {
        const read = document
          ? demandOf(document, need, window, agesCountFrom(company, occurrence)).window
          : window;
        return this.#pulls.latestComplete(source, 'facts', read, looked);
      }),
    );
    const exception =
      subject &&
      exceptionFor(
        company.configuration.exceptions,
        rule,
        subject,
        localDate(occurrence.nominal_at, subject.zone),
      );
    const versionNow = now.ruleVersions.get(rule);
    const factsSince = await this.#retention.factsSince();
    const removed =
      factsSince && [window.from, looked].some((needed) => compareInstants(needed, factsSince) < 0);
    return {
      rule: {
        name: rule,
        version: decision.rule_version,
        ...(versionNow === undefined ? {} : { versionNow }),
        ...(document?.where === undefined ? {} : { where: document.where }),
        when: document?.when ?? '',
        say: document?.say ?? '',
      },
      occurrence,
      subject: subject && { kind: subject.kind, name: subject.name, zone: subject.zone },
      person,
      period,
      outcome: decision.outcome,
      reason: decision.reason,
      detail: decision.detail,
      inputs: decision.inputs,
      ...(exception
        ? {
            exception: {
              name: exception.name,
              ...(exception.until === undefined ? {} : { until: exception.until }),
            },
          }
        : {}),
      decidedAsOf: decision.as_of,
      lookedAsOf: looked,
      changes: history.map(({ as_of, outcome, reason, detail, inputs }) => ({
        asOf: as_of,
        outcome,
        reason,
        detail,
        inputs,
      })),
      looksAtDays: looksAtDays(document),
      days: days.map((expected) => ({
        day: expected.day,
        worked: worked.get(expected.day) ?? 0,
        expected,
      })),
      facts: facts.map(explainedFact),
      pulls: await this.#pullsOf(facts, relied),
      unread: removed
        ? []
        : needed.flatMap(([source], index) => (relied[index] === undefined ? [source] : [])),
      ...(removed ? { factsRemovedBefore: factsSince } : {}),
    };
  }

  /** Of a person what overlaps the days, of a connection its records of them, of a team how things stood. */
  async #facts(
    company: Company,
    rule: Rule | undefined,
    subject: Subject | undefined,
    window: TimeWindow,
    asOf: Instant,
  ): Promise<readonly StoredFact[]> {
    if (subject?.kind === 'person') {
      const facts = await factsOf(
        this.database,
        ['work.hours', 'leave', 'holiday', 'attendance'],
        window,
        asOf,
        subject.id,
      );
      return facts.filter((fact) => counts(fact, window));
    }
    if (!subject || !rule) return [];
    if (subject.kind === 'connection') {
      const facts = await stateFactsOf(
        this.database,
        [...new Set(Object.values(rule.measure).flatMap((one) => periodFactsOf(one) ?? []))],
        { sources: sourcesOf(company, rule), subject: subject.connection.name, asOf },
      );
      return facts.filter((fact) => counts(fact, window));
    }
    const kinds = Object.values(rule.measure).flatMap((one) => stateOf(one) ?? []);
    return stateFactsOf(this.database, ['team', ...kinds], {
      sources: sourcesOf(company, rule),
      subject: subject.team.name,
      asOf,
    });
  }

  async #pullsOf(
    facts: readonly StoredFact[],
    relied: readonly (StoredPull | undefined)[],
  ): Promise<readonly StoredPull[]> {
    const known = new Map(relied.flatMap((pull) => (pull ? [[pull.id, pull] as const] : [])));
    for (const id of new Set(facts.map(({ pull_id }) => pull_id))) {
      const pull = known.get(id) ?? (await this.#pulls.get(id));
      if (pull) known.set(id, pull);
    }
    return [...known.values()].toSorted((one, other) =>
      String(one.began_at) < String(other.began_at) ? -1 : 1,
    );
  }
}

/** Whether a fact that overlaps the window is measured in it: work by its start, records of a period by their middle. */
function counts({ kind, starts, ends }: StoredFact, window: TimeWindow): boolean {
  if (kind === 'work.hours') return within(window, starts);
  const half = ends.since(starts).total('milliseconds') / 2;
  return !isOfPeriod(kind) || within(window, starts.add({ milliseconds: Math.floor(half) }));
}

/** Whether the rule measures days, as work and expected hours are; a record of a whole period tells of none. */
const looksAtDays = (rule: Rule | undefined): boolean =>
  Object.values(rule?.measure ?? {}).some(
    (one) =>
      'calendar' in one ||
      ('sum' in one && !isOfPeriod(one.sum)) ||
      ('count' in one && !isOfPeriod(one.count)),
  );

const explainedFact = (fact: StoredFact): ExplainedFact => ({
  source: fact.source,
  kind: fact.kind,
  key: fact.key,
  from: fact.starts,
  to: fact.ends,
  amount: fact.amount / amountsPerUnit[fact.kind],
  ...(fact.kind === 'kpi.openIssues' ? { issue: fact.attributes as unknown as OpenIssueAttributes } : {}),
  ...(fact.kind === 'leave' ? { status: (fact.attributes as unknown as LeaveAttributes).status } : {}),
  ...(isAbout[fact.kind] === 'connection' ? { noted: fact.attributes } : {}),
  knownSince: fact.known_since,
  pull: fact.pull_id,
});

function workedByDay(facts: readonly StoredFact[], zone: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const fact of facts.filter(({ kind }) => kind === 'work.hours')) {
    const day = localDate(fact.starts, zone);
    sums.set(day, (sums.get(day) ?? 0) + fact.amount);
  }
  return new Map([...sums].map(([day, amount]) => [day, amount / amountsPerUnit['work.hours']]));
}
