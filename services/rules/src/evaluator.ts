import { Injectable } from '@nestjs/common';
import { agesCountFrom, demandOf, type Company } from '#company';
import {
  asksForPrevious,
  decide,
  exceptionFor,
  looksAtState,
  occurrenceId,
  previousOf,
  windowOf,
  type DateRange,
  type Decision,
  type Instant,
  type Rule,
  type Subscription,
  type TimeWindow,
  type Value,
} from '#domain';
import { Database, ExpectedDays, Pulls, saidBefore } from '#storage';
import { compiledRule } from './compiled-rules.js';
import { measure } from './measures.js';
import { isWholeFor, readOf, type Read } from './sources-of-truth.js';
import { subjectsOf, type Looked } from './subjects.js';

/** What is looked at: a planned run of a subscription for the people of one zone, or for teams. */
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

/** What one rule concluded about all its subjects. */
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
    const compiled = compiledRule(rule);
    const sources = sourcesOf(company, rule);
    const subjects = subjectsOf(company, occasion, compiled);
    const { nominal_at: nominal } = occasion;
    const { asOf } = company;
    const { database, expectedDays } = this;
    const [measured, previous] = await Promise.all([
      measure({ database, expectedDays, rule, sources, nominal, asOf }, subjects),
      this.#previous(company, occasion, rule, subjects),
    ]);
    const needed = Object.keys(rule.needs);
    // After the facts, never beside them: where some were removed meanwhile because their time was over, no pull counts as complete any more.
    const reads = await this.#reads(company, occasion, rule, subjects);
    const asked = {
      ...(rule.over === 'latest' ? { snapshot: occurrenceOf(occasion) } : {}),
      ...(looksAtState(rule) ? { knownAt: asOf } : {}),
    };
    const decisions = subjects.map(({ subject, dates, window, today }) => {
      const incomplete: string[] = [];
      const unknownIn: string[] = [];
      for (const source of needed) {
        const isWhole = isWholeFor(reads.get(window)?.get(source), measured.called(subject, source));
        if (!isWhole) incomplete.push(source);
        if (!measured.isKnown(subject, source, isWhole)) unknownIn.push(source);
      }
      const expected = measured.expected.get(subject.id);
      if (!expected && usesCalendar(rule)) incomplete.push(EXPECTED_HOURS);
      const decision = decide(compiled, {
        subject,
        period: dates,
        measures: measured.values.get(subject.id) ?? {},
        previous: previous.get(subject.id),
        exception: exceptionFor(company.configuration.exceptions, rule.name, subject, today),
        unknownIn,
        incomplete,
        unrecorded: measured.unrecorded(subject),
        expectedHours: expected?.hours,
      });
      return { ...decision, ...asked };
    });
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

  /** How complete each source is that the rule needs, by the windows that its subjects have: a few, however many there are. */
  async #reads(
    company: Company,
    occasion: Occasion,
    rule: Rule,
    subjects: readonly Looked[],
  ): Promise<ReadonlyMap<TimeWindow, ReadonlyMap<string, Read>>> {
    const agesFrom = agesCountFrom(company, occasion);
    const windows = [...new Set(subjects.map(({ window }) => window))];
    const needs = Object.entries(rule.needs);
    return new Map(
      await Promise.all(
        windows.map(async (window) => {
          const reads = needs.map(async ([source, need]) => {
            const demand = demandOf(rule, need, window, agesFrom);
            return [source, await readOf(source, demand, company.asOf, this.pulls)] as const;
          });
          return [window, new Map(await Promise.all(reads))] as const;
        }),
      ),
    );
  }

  /** What the rule said of each the last time before this one, where its expressions ask. */
  async #previous(
    { asOf }: Company,
    { subscription, nominal_at: before }: Occasion,
    rule: Rule,
    subjects: readonly Looked[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, Value>>>> {
    if (!asksForPrevious(rule)) return new Map();
    const said = await saidBefore(
      this.database,
      { subscription, rule: rule.name, subjects: subjects.map(({ subject }) => subject.id), before, asOf },
      1,
    );
    return new Map(
      [...said].flatMap(([subject, [last]]) => (last ? [[subject, previousOf(rule, last.inputs)]] : [])),
    );
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

const usesCalendar = (rule: Rule): boolean => Object.values(rule.measure).some((one) => 'calendar' in one);

const hullOf = (periods: readonly DateRange[], otherwise: DateRange): DateRange =>
  periods.length === 0
    ? otherwise
    : periods.reduce((hull, period) => ({
        from: period.from < hull.from ? period.from : hull.from,
        to: period.to > hull.to ? period.to : hull.to,
      }));
