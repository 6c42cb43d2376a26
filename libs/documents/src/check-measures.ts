import {
  countedBy,
  isAbout,
  isOfPeriod,
  isState,
  nearestName,
  numbersOf,
  periodFactsOf,
  stateOf,
  type FactKind,
  type Measure,
  type Rule,
} from '#domain';
import type { Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';
import { subjectWords } from './subject-words.js';

/**
 * Whether a rule's measures fit its subjects and its period: a state is what a team has at a moment, all else is what people did or
 * connections went through over some time. What emits the facts is looked at elsewhere.
 */
export function* checkMeasures(document: RawDocument, rule: Rule): Generator<Problem> {
  for (const [name, one] of Object.entries(rule.measure)) {
    const [verb = ''] = Object.keys(one);
    const mistake = mistakeOf(one, verb, rule);
    if (mistake)
      yield problemIn(
        document,
        ['measure', name, mistake.at ?? verb],
        mistake.message,
        mistake.remedy,
        mistake.at === undefined ? 'key' : 'value',
      );
  }
  const wrongly = wrongPeriod(rule);
  if (wrongly) yield problemIn(document, ['over'], wrongly.message, wrongly.remedy);
}

interface Mistake {
  readonly message: string;
  readonly remedy: string;
  readonly at?: string;
}

/** What is measured of each kind of subject. */
const measuredOf: Readonly<Record<Rule['each'], string>> = {
  person: '`sum` or `count` over a period, such as `{ sum: work.hours }`',
  team: '`latest`, `oldest` or `overdue`, such as `{ latest: kpi.openIssues }`',
  connection: '`sum` or `last` over a period, such as `{ sum: connection.calls, of: errors }`',
};

function mistakeOf(measure: Measure, verb: string, { each }: Rule): Mistake | undefined {
  if ('calendar' in measure)
    return each === 'person'
      ? undefined
      : { message: `people have a calendar, a ${each} has none`, remedy: measuredOf[each] };
  const state = stateOf(measure);
  const kind = state ?? periodFactsOf(measure);
  if (kind === undefined) return undefined;
  if (state === undefined && isState(kind))
    return {
      message: `\`${kind}\` is how things stand: over a period there is nothing to ${verb}`,
      remedy: `\`latest: ${kind}\` in a rule with \`each: team\` and \`over: latest\``,
    };
  if (state === undefined) {
    if (isAbout[kind] !== each)
      return {
        message: `\`${kind}\` is ${isAbout[kind] === 'person' ? 'what people did' : `about ${subjectWords[isAbout[kind]]}`}, and the rule is about ${subjectWords[each]}`,
        remedy: measuredOf[each],
      };
    if ('last' in measure && !isOfPeriod(kind))
      return {
        message: `\`${kind}\` has no record of a day or month, of which there is a last`,
        remedy: `\`sum: ${kind}\``,
      };
    return 'sum' in measure || 'last' in measure ? wrongNumber(kind, measure, verb) : undefined;
  }
  if (!isState(state))
    return {
      message: `\`${state}\` happens over time: there is no \`${verb}\` of it`,
      remedy: '`sum` or `count` over a period',
    };
  const attributes = countedBy[state];
  if (!attributes)
    return {
      message: `\`${state}\` only says that a source knows the team`,
      remedy: 'what it knows of the team, such as `kpi.openIssues`',
    };
  if (each !== 'team')
    return {
      message: `\`${state}\` is of teams, and the rule is about ${subjectWords[each]}`,
      remedy: '`each: team`',
    };
  return 'latest' in measure && measure.by !== undefined
    ? unknownAttribute(state, measure.by, attributes)
    : undefined;
}

function wrongNumber(
  kind: FactKind,
  { of: named }: { readonly of?: string },
  verb: string,
): Mistake | undefined {
  const numbers = Object.keys(numbersOf[kind] ?? {});
  if (numbers.length === 0)
    return named === undefined
      ? undefined
      : { message: `\`${kind}\` holds one number`, remedy: `\`{ ${verb}: ${kind} }\``, at: 'of' };
  if (named !== undefined && numbers.includes(named)) return undefined;
  const near = named === undefined ? undefined : nearestName(named, numbers);
  const known = numbers.map((one) => `\`${one}\``).join(', ');
  return named === undefined
    ? {
        message: `\`${kind}\` holds many numbers`,
        remedy: `name one with \`of\`, such as \`{ ${verb}: ${kind}, of: ${numbers[0] ?? ''} }\`; there are ${known}`,
      }
    : {
        message: `\`${kind}\` holds no number \`${named}\``,
        remedy: near ? `did you mean \`${near}\`?` : `there are ${known}`,
        at: 'of',
      };
}

function unknownAttribute(kind: FactKind, by: string, attributes: readonly string[]): Mistake | undefined {
  if (attributes.includes(by)) return undefined;
  const near = nearestName(by, attributes);
  return {
    message: `\`${kind}\` is not counted by \`${by}\``,
    remedy: near ? `did you mean \`${near}\`?` : `by ${attributes.map((one) => `\`${one}\``).join(' or ')}`,
    at: 'by',
  };
}

function wrongPeriod({ each, over, measure }: Rule): Mistake | undefined {
  if (each === 'team' && over !== 'latest')
    return {
      message: `a rule about teams looks at how things stand, not at \`${over}\``,
      remedy: '`over: latest`',
    };
  const summed = Object.values(measure).some((one) => periodFactsOf(one) !== undefined);
  if (each !== 'team' && over === 'latest' && summed)
    return {
      message: '`latest` is a moment, in which there is nothing to sum or count',
      remedy: 'a period, such as `yesterday` or `lastWeek`',
    };
  const record = Object.values(measure)
    .map(periodFactsOf)
    .find((kind) => kind !== undefined && isOfPeriod(kind));
  if (each === 'person' && record !== undefined && over !== 'lastMonth' && over !== 'thisMonth')
    return {
      message: `\`${record}\` is told of whole months, and of \`${over}\` nothing is`,
      remedy: '`lastMonth`, or `thisMonth` for how far it is',
    };
  return undefined;
}
