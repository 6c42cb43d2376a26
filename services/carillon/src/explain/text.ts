import type { Address } from '#channels';
import { messageText } from '../message-text.js';
import { counted, momentText, noted, rangeText } from '../words.js';
import { decisionText, groundText, inputsText } from './decision-text.js';
import type { ExplainedDecision } from './explained-decision.js';
import type {
  ConnectionExplanation,
  DeliveryExplanation,
  Explanation,
  PersonExplanation,
  TeamExplanation,
} from './explainer.js';
import { decisionReasonText } from './reasons.js';

/** An explanation for people, from what was said down to the facts. */
export const explanationText = (explanation: Explanation): string =>
  (explanation.kind === 'delivery' ? ofDelivery(explanation) : ofSubject(explanation)).join('\n');

function ofDelivery(explanation: DeliveryExplanation): readonly string[] {
  const { delivery, message, where, room, attempts, traceId, decisions } = explanation;
  const isAboutMany = new Set(decisions.map(whom)).size > 1;
  return [
    `Delivery ${delivery.id}: ${stateText(delivery)}`,
    explanation.row
      ? `  written by forward ${delivery.subscription}`
      : `  said by    subscription ${delivery.subscription}${runsText(decisions)}`,
    `  where      ${whereText(explanation)}`,
    ...(room ? [`  members    ${room.members.join(', ') || 'nobody'}, when it was last said there`] : []),
    ...(traceId === undefined ? [] : [`  trace      ${traceId}`]),
    ...(explanation.keptUntil
      ? [`  kept       until ${noted(explanation.keptUntil)}, then removed by retention`]
      : []),
    '',
    delivery.revision > delivery.sent_revision && delivery.sent_revision > 0
      ? 'What it says by now; the place still shows an earlier version'
      : delivery.revision > 1
        ? `What it says, version ${delivery.revision}`
        : 'What it says',
    ...('rows' in message
      ? message.rows.map((row) => `  │ ${JSON.stringify(row)}`)
      : messageText(message)
          .split('\n')
          .map((line) => `  │ ${line}`.trimEnd())),
    '',
    attempts.length === 0 ? 'Attempts: none yet' : 'Attempts',
    ...attempts.map(
      ({ number, began_at, outcome, reason, detail, revision, address }) =>
        `  ${number}. ${noted(began_at)}, version ${revision} to ${placeOf(address, where)}: ${outcome ?? 'not ended'}${reason === null ? '' : ` (${reason})`}${detail === null ? '' : ` — ${detail}`}`,
    ),
    ...(isAboutMany ? ofMany(decisions) : ofOne(decisions)),
    ...rowText(explanation),
    ...(decisions.length === 0 && delivery.about === 'trouble'
      ? ['', 'It tells an owner of a trouble; no rule decided it.']
      : []),
  ];
}

/** A row stands on one record, whose versions tell why it was changed. */
const rowText = ({ row }: DeliveryExplanation): readonly string[] =>
  row
    ? [
        '',
        `Why: forward ${row.forward} made it of ${row.kind} ${row.fact_key} of ${row.source}, for ${rangeText({ from: row.period_from, to: row.period_to })}; its last run left it ${row.change}`,
        ...row.versions.map(
          ({ known_since, attributes, amount }) =>
            `  ${noted(known_since)}  amount ${amount}, ${JSON.stringify(attributes)}`,
        ),
        ...(row.vanished
          ? [`  ${row.source} has no record of it any more; the row stays until somebody deletes it there`]
          : []),
      ]
    : [];

/** Two people may have one name. */
const whom = ({ person, subject }: ExplainedDecision): string => person?.slug ?? subject?.name ?? '';

const ofOne = (decisions: DeliveryExplanation['decisions']): readonly string[] => [
  ...decisions.flatMap((decision) => [
    '',
    `Why: rule ${decision.rule.name}${decision.says ? '' : ', which it said before it was corrected'}`,
    ...decisionText(decision),
  ]),
  ...grounds(decisions),
];

/** Of records that many people share: a line for each. What they stand on is asked for person by person. */
const ofMany = (decisions: DeliveryExplanation['decisions']): readonly string[] =>
  [...Map.groupBy(decisions, ({ rule }) => rule.name)].flatMap(([rule, some]) => [
    '',
    `Why: rule ${rule}, about ${counted(some.length, 'person', 'people')}`,
    ...some.map(
      ({ person, period, outcome, inputs }) =>
        `  ${person ? `${person.name} (${person.slug})` : 'somebody who is gone'}, ${rangeText(period)}: ${outcome} by ${inputsText(inputs) || 'no inputs'}`,
    ),
    `  what one of them stands on: carillon explain --person <slug> --rule ${rule}`,
  ]);

/** Records may come from the runs of several zones. */
const runsText = (decisions: readonly ExplainedDecision[]): string => {
  const runs = [...new Map(decisions.map(({ occurrence }) => [occurrence.id, occurrence])).values()];
  const texts = runs.map(({ nominal_at, zone, state }) => `${momentText(nominal_at, zone)} (${state})`);
  return texts.length === 0 ? '' : `, its run${texts.length === 1 ? '' : 's'} of ${texts.join(', ')}`;
};

/** The rules of a digest stand on the same days and facts; they are shown once. */
const grounds = (decisions: readonly ExplainedDecision[]): readonly string[] =>
  [...Map.groupBy(decisions, (decision) => `${whom(decision)} ${rangeText(decision.period)}`)].flatMap(
    ([, [widest, ...others]]) =>
      widest
        ? [
            '',
            `What ${others.length === 0 ? 'it stands' : 'they stand'} on`,
            ...groundText({
              ...widest,
              pulls: [
                ...new Map(
                  [widest, ...others].flatMap(({ pulls }) => pulls).map((pull) => [pull.id, pull]),
                ).values(),
              ],
              unread: [...new Set([widest, ...others].flatMap(({ unread }) => unread))],
            }),
          ]
        : [],
  );

function stateText({
  state,
  detail,
  revision,
  sent_revision: shown,
}: DeliveryExplanation['delivery']): string {
  const corrected = shown > 1 ? `, corrected ${counted(shown - 1, 'time')}` : '';
  const waiting = shown > 0 && shown < revision ? `, version ${shown} of ${revision} is shown` : '';
  return `${state}${corrected}${waiting}${detail === null ? '' : ` — ${detail}`}`;
}

function whereText({ delivery, where }: DeliveryExplanation): string {
  if (!delivery.receipt) return `${delivery.channel} ${where}`;
  const { id, address } = delivery.receipt;
  const place = placeOf(address, where);
  return `${delivery.channel} ${where} (${place === where ? '' : `${place}, `}message ${id})`;
}

/** The address that the vendor knows; a channel that puts several things into one is for machines to read, and shown in words. */
const placeOf = ({ id }: Address, where: string): string => (id.startsWith('{') ? where : id);

function headOf(explanation: PersonExplanation | TeamExplanation | ConnectionExplanation): readonly string[] {
  switch (explanation.kind) {
    case 'person':
      return whoItIs(explanation);
    case 'team':
      return whichItIs(explanation);
    case 'connection':
      return whichConnection(explanation);
  }
}

function ofSubject(
  explanation: PersonExplanation | TeamExplanation | ConnectionExplanation,
): readonly string[] {
  const { inTheWay, runs } = explanation;
  return [
    ...headOf(explanation),
    ...(inTheWay.length === 0 ? [] : ['', 'As things stand now, nothing is said:']),
    ...inTheWay.map((reason) => `  ✗ ${reason}`),
    '',
    ...(runs.length === 0
      ? [
          inTheWay.length === 0
            ? `Nothing is in the way, but no run has decided about this ${explanation.kind} yet: see \`carillon preview\`.`
            : `No run ever decided about this ${explanation.kind}.`,
        ]
      : [runs.length === 1 ? 'The only run' : `The last ${runs.length} runs, newest first`]),
    ...runs.flatMap(({ decision, deliveries }) => [
      `  ${momentText(decision.occurrence.nominal_at, decision.occurrence.zone)}, about ${rangeText(decision.period)}: ${verdict(decision, deliveries)}`,
    ]),
    ...(explanation.keptSince
      ? [`  what was decided before ${noted(explanation.keptSince)} is removed by retention`]
      : []),
    ...runs
      .slice(0, 1)
      .flatMap(({ decision }) => [
        '',
        'The newest in full',
        ...decisionText(decision),
        ...groundText(decision),
      ]),
  ];
}

const whoItIs = ({ person, managers, rule }: PersonExplanation): readonly string[] => [
  `${person.name} (${[person.slug, person.email].filter(Boolean).join(', ')}) and the rule ${rule}`,
  `  zone ${person.zone}, calendar ${person.calendar ?? 'none'}, ${person.dailyHours} h on ${person.workingDays.map((day) => day.slice(0, 1) + day.slice(1, 3).toLowerCase()).join(' ') || 'no day'}`,
  `  managers: ${managers.join(', ') || 'nobody'}`,
  `  known in ${
    Object.entries(person.identities)
      .map(([system, id]) => `${system} as ${id}`)
      .join(', ') || 'no system'
  }`,
];

const whichConnection = ({ connection, rule }: ConnectionExplanation): readonly string[] => [
  `${connection.name} and the rule ${rule}`,
  `  a ${connection.kind} of type ${connection.type}`,
  `  owner ${connection.owner ?? 'nobody'}, spoken to in ${connection.locale}`,
];

const whichItIs = ({ team, rule, knownIn }: TeamExplanation): readonly string[] => [
  `${team.title} (${team.name}) and the rule ${rule}`,
  `  language ${team.locale}, ${counted(team.size, 'member')} by documents`,
  `  known in ${knownIn.join(', ') || 'no source'}`,
];

/** In one line: what was said, or why nothing was. */
function verdict(
  decision: ExplainedDecision,
  deliveries: PersonExplanation['runs'][number]['deliveries'],
): string {
  const said = deliveries.find(({ says }) => says);
  const once = deliveries.find(({ says }) => !says);
  if (said)
    return `said, delivery ${said.id} is ${said.state}${said.detail === null ? '' : ` — ${said.detail}`}`;
  if (once) return `taken back, delivery ${once.id} is ${once.state}; ${whyNot(decision)}`;
  return `nothing said; ${whyNot(decision)}`;
}

function whyNot({
  outcome,
  reason,
  detail,
  inputs,
  changes,
  exception,
  rule,
  occurrence,
}: ExplainedDecision): string {
  switch (outcome) {
    case 'quiet':
      return `quiet: ${rule.when} does not hold for ${inputsText(inputs)}`;
    case 'suppressed':
      return `${decisionReasonText(reason ?? '', detail)}${exception?.until === undefined || reason !== 'exempt' ? '' : `, until ${exception.until}`}`;
    case 'held':
      return `held: ${decisionReasonText(reason ?? '', detail)}; ${
        occurrence.state === 'held'
          ? `looked at again after each pull, until ${noted(occurrence.until_at)}`
          : `its time ran out at ${noted(occurrence.until_at)}`
      }`;
    case 'fired': {
      const before = changes.findLast((change) => change.outcome !== 'fired');
      return before?.outcome === 'held' || before === undefined
        ? `it fired after ${noted(occurrence.until_at)}, when it was too late to be said`
        : `it fired only when facts had changed later. At first it was ${before.outcome}, and who had nothing to hear then is not told afterwards`;
    }
  }
}
