import { decisionReasonText } from './reasons.js';
import { roundDownHours, type ExpectationStep } from '#domain';
import { messageText } from '../message-text.js';
import type { DeliveryExplanation, ExplainedDecision, Explanation, PersonExplanation } from './explainer.js';

/** An explanation for people, from what was said down to the facts. */
export const explanationText = (explanation: Explanation): string =>
  (explanation.kind === 'delivery' ? ofDelivery(explanation) : ofPerson(explanation)).join('\n');

function ofDelivery({
  delivery,
  message,
  occurrence,
  attempts,
  traceId,
  decisions,
}: DeliveryExplanation): readonly string[] {
  const room = delivery.target['room'] as { readonly name?: string } | undefined;
  return [
    `Delivery ${delivery.id}: ${delivery.state}${delivery.detail === null ? '' : ` — ${delivery.detail}`}`,
    `  said by      subscription ${delivery.subscription}${occurrence ? `, planned for ${occurrence.nominal_at.toString()} (${occurrence.zone}), ${occurrence.state}` : ''}`,
    `  where        ${delivery.channel} ${room?.name ? `#${room.name}` : delivery.destination}${delivery.receipt ? ` (${delivery.receipt.address.id}, message ${delivery.receipt.id})` : ''}`,
    `  version      ${delivery.sent_revision} of ${delivery.revision} is shown${delivery.revision > 1 ? '; it was corrected' : ''}`,
    ...(traceId === undefined ? [] : [`  trace        ${traceId}`]),
    '  attempts',
    ...attempts.map(
      ({ number, began_at, outcome, reason, detail, revision }) =>
        `    ${number}. ${began_at.toString()} version ${revision}: ${outcome ?? 'not ended'}${reason === null ? '' : ` (${reason})`}${detail === null ? '' : ` — ${detail}`}`,
    ),
    '',
    ...('rows' in message
      ? message.rows.map((row) => `  ${JSON.stringify(row)}`)
      : messageText(message)
          .split('\n')
          .map((line) => `  │ ${line}`)),
    ...decisions.flatMap((decision) => ['', ...ofDecision(decision)]),
  ];
}

function ofPerson({ person, rule, inTheWay, decisions, deliveries }: PersonExplanation): readonly string[] {
  return [
    `${person.name} (${person.slug}) and the rule ${rule}`,
    `  zone ${person.zone}, calendar ${person.calendar ?? 'none'}, ${person.dailyHours} h on ${person.workingDays.join(', ').toLowerCase()}`,
    `  known in ${
      Object.entries(person.identities)
        .map(([system, id]) => `${system} as ${id}`)
        .join(', ') || 'no system'
    }`,
    ...inTheWay.map((reason) => `  ✗ ${reason}`),
    ...(deliveries.length === 0
      ? []
      : ['  said:', ...deliveries.map(({ id, state }) => `    ${id} ${state}`)]),
    ...decisions.flatMap((decision) => ['', ...ofDecision(decision)]),
  ];
}

function ofDecision(decision: ExplainedDecision): readonly string[] {
  const facts = Map.groupBy(decision.facts, ({ kind }) => kind);
  return [
    `Rule ${decision.rule}, version ${decision.ruleVersion}, about ${decision.period.from} up to ${lastDay(decision.period.to)}: ${decision.outcome}${decision.reason === null ? '' : ` — ${decisionReasonText(decision.reason, decision.detail)}`}`,
    `  when         ${decision.when}`,
    `  inputs       ${Object.entries(decision.inputs)
      .map(
        ([name, value]) => `${name} = ${typeof value === 'number' ? String(value) : JSON.stringify(value)}`,
      )
      .join(', ')}`,
    `  decided by what was known at ${decision.decidedAsOf.toString()}`,
    ...decision.pulls.map(
      ({ source, began, ended, fetched }) =>
        `  relied on    ${source}, read from ${began?.toString() ?? '?'} to ${ended?.toString() ?? '?'}, ${fetched} facts`,
    ),
    '  days',
    ...decision.days.map(
      ({ day, worked, expected }) =>
        `    ${day}  ${shown(worked)} h logged, ${shown(expected.hours)} h expected: ${expected.steps.map(stepText).join('; ')}`,
    ),
    ...[...facts].map(
      ([kind, some]) =>
        `  facts        ${some.length} × ${kind}, ${shown(some.reduce((sum, fact) => sum + fact.amount, 0))} in all: ${some
          .slice(0, 5)
          .map(({ key }) => key)
          .join(', ')}${some.length > 5 ? ', …' : ''}`,
    ),
  ];
}

/** Absences have no reason here either: only how much of the day they take. */
function stepText(step: ExpectationStep): string {
  switch (step.step) {
    case 'contract':
      return step.workingDay ? `a working day of ${shown(step.hours)} h` : 'no working day';
    case 'before-joining':
      return 'before joining';
    case 'after-leaving':
      return 'after leaving';
    case 'working-day-override':
      return `a moved working day (${step.name}): ${shown(step.hours)} h`;
    case 'public-holiday':
    case 'company-day':
    case 'source-holiday':
      return `${step.step.replace('-', ' ')} ${step.name}: ${shown(step.hours)} h`;
    case 'leave':
      return `off (${step.part.replace('-', ' ')}): ${shown(step.hours)} h`;
  }
}

const shown = (hours: number): string => String(roundDownHours(hours));
const lastDay = (to: string): string => new Date(Date.parse(to) - 86_400_000).toISOString().slice(0, 10);
