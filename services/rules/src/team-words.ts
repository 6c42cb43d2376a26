import type { Company } from '#company';
import {
  composeKpiMessage,
  drawnValues,
  kpiValue,
  localDate,
  partsOf,
  shownIssues,
  stateOf,
  type Instant,
  type Rule,
  type SaidKpi,
  type Subject,
} from '#domain';
import { issuesOf, saidBefore, type Database, type SaidBefore } from '#storage';
import { compiledRule } from './compiled-rules.js';
import { sourcesOf, type Occasion } from './evaluator.js';
import { daysSince } from './measure-teams.js';
import { subjectsById } from './subjects.js';
import type { Fired, Words } from './words.js';

/**
 * Makes the messages to teams about their numbers: of what fired, beside what was said before and the issues that matter most. All of it by
 * what was known when it was concluded, so that it stays the same however often it is looked at.
 */
export async function teamWords(
  database: Database,
  company: Company,
  occasion: Occasion,
  fired: readonly Fired[],
): Promise<Words> {
  const subjects = subjectsById(company, occasion);
  const kpis = new Map(
    await Promise.all(
      fired.map(async (one) => {
        const subject = subjects.get(one.decision.subject);
        const kpi = subject && (await kpiOf(database, company, occasion, one, subject));
        return [one, kpi] as const;
      }),
    ),
  );
  return (subject, group) => {
    if (subject.kind !== 'team') throw new TypeError('a message to a team is said to nobody else');
    const sources = group.flatMap(({ rule }) => sourcesOf(company, rule));
    return composeKpiMessage(
      group.flatMap((one) => kpis.get(one) ?? []),
      { team: subject.team, zone: subject.zone, sources: [...new Set(sources)].toSorted() },
    );
  };
}

async function kpiOf(
  database: Database,
  company: Company,
  occasion: Occasion,
  { rule, decision }: Fired,
  subject: Subject,
): Promise<SaidKpi> {
  const at = decision.knownAt ?? company.asOf;
  const [said, issues] = await Promise.all([
    saidBefore(
      database,
      {
        subscription: occasion.subscription,
        rule: rule.name,
        subjects: [subject.id],
        before: occasion.nominal_at,
        asOf: at,
      },
      drawnValues - 1,
    ),
    issuesToShow(database, company, occasion, rule, subject, at),
  ]);
  const parts = partsOf(compiledRule(rule), decision, subject);
  return {
    say: rule.say,
    decision,
    at,
    history: valuesOf(said.get(subject.id) ?? [], subject.zone),
    ...(parts ? { parts } : {}),
    ...(issues ? { issues } : {}),
  };
}

const valuesOf = (said: readonly SaidBefore[], zone: string): SaidKpi['history'] =>
  said.flatMap(({ nominalAt, inputs }) => {
    const value = Object.hasOwn(inputs, kpiValue) ? inputs[kpiValue] : undefined;
    return typeof value === 'number' ? [{ value, on: localDate(nominalAt, zone) }] : [];
  });

/** Those that a rule measures by: what is overdue, or what has been open for longest. */
async function issuesToShow(
  database: Database,
  company: Company,
  { nominal_at: nominal }: Occasion,
  rule: Rule,
  subject: Subject,
  asOf: Instant,
): Promise<SaidKpi['issues']> {
  const measures = Object.values(rule.measure);
  const measure = measures.find((one) => 'overdue' in one) ?? measures.find((one) => 'oldest' in one);
  const kind = measure && stateOf(measure);
  if (!kind || subject.kind !== 'team') return undefined;
  const which = 'overdue' in measure ? 'overdue' : 'oldest';
  const today = localDate(nominal, subject.zone);
  const found = await issuesOf(
    database,
    { kind, sources: sourcesOf(company, rule), subject: subject.team.name, asOf },
    { overdueOn: which === 'overdue' ? today : undefined, limit: shownIssues },
  );
  return {
    which,
    total: found[0]?.total ?? 0,
    shown: found.map(({ starts, attributes: { title, url, due } }) => ({
      title,
      ...(url === undefined ? {} : { url }),
      daysOpen: daysSince(starts, today, subject.zone),
      due,
    })),
  };
}
