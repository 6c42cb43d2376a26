import { Injectable } from '@nestjs/common';
import { agesCountFrom, peopleOf, type Company } from '#company';
import {
  compileRule,
  decide,
  exceptionFor,
  isSubject,
  localDate,
  occurrenceId,
  personSubject,
  windowOf,
  type CompiledRule,
  type DateRange,
  type Decision,
  type Instant,
  type Rule,
  type Subscription,
} from '#domain';
import { Database, ExpectedDays, Pulls } from '#storage';
import { measure, type Subject } from './measures.js';
import { Completeness } from './sources-of-truth.js';

/** What is looked at: a planned run of a subscription for the people of one zone. */
export interface Occasion {
  readonly subscription: string;
  readonly zone: string;
  readonly calendar: string;
  readonly nominal_at: Instant;
  readonly due_at: Instant;
  readonly until_at: Instant;
  /** Asked for by hand. */
  readonly manual: boolean;
}

/** What a decision waits for that is no source: expected hours are made, not read. */
export const EXPECTED_HOURS = 'expected hours';

/** What one rule concluded about everybody it is about. */
export interface Conclusion {
  readonly rule: Rule;
  readonly ruleVersion: number;
  /** The hull of all subjects' periods, which differ where weeks start on different days. */
  readonly period: DateRange;
  readonly decisions: readonly Decision[];
}

/** Decides the rules of a subscription, by what was known at the company's moment. It writes nothing: previews use it as it is. */
@Injectable()
export class Evaluator {
  readonly #compiled = new WeakMap<Rule, CompiledRule>();

  constructor(
    private readonly database: Database,
    private readonly expectedDays: ExpectedDays,
    private readonly pulls: Pulls,
  ) {}

  async conclude(company: Company, occasion: Occasion): Promise<readonly Conclusion[]> {
    const subscription = subscriptionOf(company, occasion);
    const rules = company.configuration.rules.filter((rule) => subscription?.rules.includes(rule.name));
    return Promise.all(rules.map((rule) => this.#concludeRule(company, occasion, rule)));
  }

  async #concludeRule(company: Company, occasion: Occasion, rule: Rule): Promise<Conclusion> {
    // `check` refuses them; decided about people, a team's rule would tell each of them what is meant for nobody.
    if (rule.each !== 'person')
      throw new TypeError(`the rule ${rule.name} is about teams, and we only decide about people`);
    const compiled = this.#compile(rule);
    const sources = sourcesOf(company, rule);
    const subjects = subjectsOf(company, occasion, compiled);
    const measured = await measure(this.database, this.expectedDays, rule, sources, subjects, company.asOf);
    const completeness = new Completeness(this.pulls, company.asOf);
    const agesFrom = agesCountFrom(company, occasion);
    const decisions = await Promise.all(
      subjects.map(async ({ person, dates, window }) => {
        const incomplete: string[] = [];
        for (const [source, need] of Object.entries(rule.needs)) {
          if (!(await completeness.holds(source, need, window, agesFrom, person.identities[source])))
            incomplete.push(source);
        }
        const expected = measured.expected.get(person.id);
        if (!expected && usesCalendar(rule)) incomplete.push(EXPECTED_HOURS);
        const decision = decide(compiled, {
          subject: personSubject(person),
          period: dates,
          measures: measured.values.get(person.id) ?? {},
          exception: exceptionFor(
            company.configuration.exceptions,
            rule.name,
            personSubject(person),
            localDate(occasion.nominal_at, person.zone),
          ),
          unknownIn: Object.keys(rule.needs).filter((source) => person.identities[source] === undefined),
          incomplete,
          expectedHours: expected?.hours,
        });
        return rule.over === 'latest' ? { ...decision, snapshot: occurrenceOf(occasion) } : decision;
      }),
    );
    return {
      rule,
      ruleVersion: company.ruleVersions.get(rule.name) ?? 0,
      period: hullOf(
        subjects.map(({ dates }) => dates),
        windowOf(rule.over, occasion.nominal_at, occasion.zone, 'MONDAY').dates,
      ),
      decisions,
    };
  }

  #compile(rule: Rule): CompiledRule {
    const known = this.#compiled.get(rule);
    if (known) return known;
    const compiled = compileRule(rule);
    this.#compiled.set(rule, compiled);
    return compiled;
  }
}

/** The id of the occurrence that an occasion is, or would be. */
export const occurrenceOf = ({
  subscription,
  zone,
  calendar,
  nominal_at: nominal,
}: Pick<Occasion, 'subscription' | 'zone' | 'calendar' | 'nominal_at'>): string =>
  occurrenceId({ subscription, zone, calendar, nominal });

/** The sources whose facts a rule measures: those it needs; all, where it names none. */
export const sourcesOf = ({ configuration }: Company, { needs }: Rule): readonly string[] =>
  Object.keys(needs).length > 0 ? Object.keys(needs) : configuration.sources.map(({ name }) => name);

export const subscriptionOf = (
  company: Company,
  occasion: Pick<Occasion, 'subscription'>,
): Subscription | undefined =>
  company.configuration.subscriptions.find((one) => one.name === occasion.subscription);

/** Those the rule is about, each with the period in the own zone and week. */
function subjectsOf(company: Company, occasion: Occasion, compiled: CompiledRule): readonly Subject[] {
  return peopleOf(company, occasion).flatMap((person) => {
    const { dates, window } = windowOf(
      compiled.rule.over,
      occasion.nominal_at,
      person.zone,
      person.weekStart,
    );
    return isSubject(compiled, personSubject(person), dates) ? [{ person, dates, window }] : [];
  });
}

const usesCalendar = (rule: Rule): boolean => Object.values(rule.measure).some((one) => 'calendar' in one);

const hullOf = (periods: readonly DateRange[], otherwise: DateRange): DateRange =>
  periods.length === 0
    ? otherwise
    : periods.reduce((hull, period) => ({
        from: period.from < hull.from ? period.from : hull.from,
        to: period.to > hull.to ? period.to : hull.to,
      }));
