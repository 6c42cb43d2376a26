import { localDate, roundDownHours, type ExpectationStep, type Value } from '#domain';
import { counted, dayText, noted, rangeText } from '../words.js';
import type { ExplainedDecision, ExplainedFact } from './explained-decision.js';
import { decisionReasonText } from './reasons.js';

/** More facts than that are in the JSON alone. */
const FACTS_SHOWN = 40;

const subjectWord = (kind: NonNullable<ExplainedDecision['subject']>['kind'] | undefined): string =>
  kind === 'team' ? 'teams' : kind === 'connection' ? 'connections' : 'people';

/** What a rule concluded, from what, and what it concluded before. */
export function decisionText(decision: ExplainedDecision): readonly string[] {
  const { rule, subject, period, changes, exception } = decision;
  return [
    `  about      ${subject?.name ?? 'somebody who is gone'}, ${rangeText(period)}${subject ? ` in ${subject.zone}` : ''}`,
    `  outcome    ${decision.outcome}${decision.reason === null ? '' : `: ${decisionReasonText(decision.reason, decision.detail)}`}`,
    `  version    ${rule.version} of the rule${rule.versionNow === undefined ? '; it is gone by now' : rule.versionNow === rule.version ? '' : `; by now ${rule.versionNow} holds, for later runs`}`,
    ...(rule.where === undefined ? [] : [`  only for   ${subjectWord(subject?.kind)} where ${rule.where}`]),
    `  fires when ${rule.when}, and says ${rule.say}`,
    `  inputs     ${inputsText(decision.inputs) || 'none'}`,
    ...(exception
      ? [`  exception  ${exception.name}${exception.until === undefined ? '' : `, until ${exception.until}`}`]
      : []),
    `  known      decided by what was known at ${noted(decision.decidedAsOf)}${decision.lookedAsOf.equals(decision.decidedAsOf) ? '' : `, the same when last looked at: ${noted(decision.lookedAsOf)}`}`,
    ...(changes.length > 1
      ? [
          '  it changed',
          ...changes.map(
            ({ asOf, outcome, reason, detail, inputs }) =>
              `    ${noted(asOf)}  ${outcome}${reason === null ? '' : ` (${decisionReasonText(reason, detail)})`}: ${inputsText(inputs)}`,
          ),
        ]
      : []),
  ];
}

/** What decisions about one person and period stand on: the days, the facts, and what read them. Of absences it shows only how much of a day they take. */
export function groundText(decision: ExplainedDecision): readonly string[] {
  const { subject } = decision;
  return [
    ...(subject?.kind === 'team' || !decision.looksAtDays ? [] : calendarText(decision)),
    ...(decision.factsRemovedBefore
      ? [
          `  removed    facts from before ${noted(decision.factsRemovedBefore)}, by the Retention document; the inputs are as they were decided on`,
        ]
      : []),
    `  facts      ${decision.facts.length === 0 ? (decision.factsRemovedBefore ? 'none are left' : 'none') : counted(decision.facts.length, 'fact')}`,
    ...decision.facts.slice(0, FACTS_SHOWN).map((fact) => `    ${factText(fact, subject?.zone ?? 'UTC')}`),
    ...(decision.facts.length > FACTS_SHOWN
      ? [`    … and ${decision.facts.length - FACTS_SHOWN} more, with --output json`]
      : []),
    '  read by',
    ...decision.pulls.map(
      ({ id, system, state, began_at, ended_at, fetched, rejected }) =>
        `    pull ${short(id)} of ${system}, ${noted(began_at)} to ${noted(ended_at)}, ${state}: ${counted(fetched, 'record')} of everybody${rejected > 0 ? `, ${rejected} of them unreadable` : ''}`,
    ),
    ...decision.unread.map((source) => `    ${source}: no complete pull of these days yet`),
  ];
}

const calendarText = (decision: ExplainedDecision): readonly string[] => [
  '  calendar',
  ...(decision.days.length > 0
    ? []
    : [
        decision.factsRemovedBefore
          ? '    the expected hours of these days were removed'
          : '    no expected hours were made for these days',
      ]),
  ...decision.days.map(
    ({ day, worked, expected }) =>
      `    ${dayText(day)}  ${hours(worked)} h logged of ${hours(expected.hours)} h: ${expected.steps.map(stepText).join('; ')}`,
  ),
  ...totals(decision),
];

/** Numbers as messages show them: rounded down. */
export const inputsText = (inputs: Readonly<Record<string, Value>>): string =>
  Object.entries(inputs)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? hours(value) : JSON.stringify(value)}`)
    .join(', ');

function totals({ days }: ExplainedDecision): readonly string[] {
  if (days.length === 0) return [];
  const sum = (of: (day: (typeof days)[number]) => number): string =>
    hours(days.reduce((total, day) => total + of(day), 0));
  return [
    `    together        ${sum(({ worked }) => worked)} h logged of ${sum(({ expected }) => expected.hours)} h`,
  ];
}

function factText(fact: ExplainedFact, zone: string): string {
  return `${fact.kind} ${fact.key} in ${fact.source}: ${spanText(fact, zone)} (known since ${noted(fact.knownSince)}, pull ${short(fact.pull)})`;
}

function spanText(fact: ExplainedFact, zone: string): string {
  const firstDay = dayText(localDate(fact.from, zone));
  if (fact.kind === 'team') return 'the source knows it';
  if (fact.issue) {
    const { priority, status, due, title } = fact.issue;
    return `${priority || 'no priority'}, ${status}, since ${firstDay}, ${due === null ? 'never due' : `due ${dayText(due)}`}: ${title.replace(/\s+/g, ' ')}`;
  }
  if (fact.noted) return `${firstDay}: ${hours(fact.amount)}${notedText(fact.noted)}`;
  if (fact.kind === 'work.hours')
    return `${firstDay} ${timeOf(fact.from, zone)} – ${timeOf(fact.to, zone)}, ${hours(fact.amount)} h`;
  const record = fact.kind === 'attendance' ? `, ${hours(fact.amount)} h present` : '';
  const lastDay = localDate(fact.to.subtract({ milliseconds: fact.to.equals(fact.from) ? 0 : 1 }), zone);
  return `${firstDay} – ${dayText(lastDay)}${record}${fact.status === 'pending' ? ', not approved yet: it does not count' : ''}`;
}

/** What else was noted that day, as it is stored: lengths of time in seconds, those of calls in milliseconds. */
const notedText = ({ day: _, ...noted }: NonNullable<ExplainedFact['noted']>): string => {
  const parts = Object.entries(noted).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

const timeOf = (at: ExplainedFact['from'], zone: string): string =>
  at.toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'minute' });

function stepText(step: ExpectationStep): string {
  switch (step.step) {
    case 'contract':
      return step.workingDay ? `a working day of ${hours(step.hours)} h` : 'no working day';
    case 'before-joining':
      return 'before joining';
    case 'after-leaving':
      return 'after leaving';
    case 'working-day-override':
      return `a moved working day (${step.name}): ${hours(step.hours)} h`;
    case 'public-holiday':
      return `public holiday (${step.name}): ${hours(step.hours)} h left`;
    case 'company-day':
      return `company day off (${step.name}): ${hours(step.hours)} h left`;
    case 'source-holiday':
      return `holiday (${step.name}): ${hours(step.hours)} h left`;
    case 'leave':
      return `${partText(step.part)}: ${hours(step.hours)} h left`;
  }
}

const partText = (part: Extract<ExpectationStep, { step: 'leave' }>['part']): string =>
  part === 'whole' ? 'a day off' : part === 'hours' ? 'some hours off' : 'half a day off';

const hours = (value: number): string => String(roundDownHours(value));
const short = (id: string): string => id.slice(0, 8);
