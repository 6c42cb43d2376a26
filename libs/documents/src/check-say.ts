import {
  kpiMessages,
  kpiValue,
  messagesAbout,
  nearestName,
  numberTold,
  type Rule,
  type ScopeType,
} from '#domain';
import type { Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';
import { subjectWords } from './subject-words.js';

/**
 * Whether the message is there, is said of such subjects, and has what it says. `messages` are those that there are, `names` what the rule's
 * expressions end up with, where all of them are right.
 */
export function* checkSay(
  document: RawDocument,
  rule: Rule,
  messages: readonly string[],
  names: Readonly<Record<string, ScopeType>> | undefined,
): Generator<Problem> {
  const { say, each, params } = rule;
  if (!messages.includes(say)) {
    const near = nearestName(say, messages);
    yield problemIn(
      document,
      ['say'],
      `there is no message \`${say}\``,
      near ? `did you mean \`${near}\`?` : `there are ${list(messages)}`,
    );
    return;
  }
  const fitting = messagesAbout[each].filter((one) => messages.includes(one));
  if (!fitting.includes(say)) {
    yield problemIn(
      document,
      ['say'],
      `\`${say}\` is said of ${saidOf(say)}, and the rule is about ${subjectWords[each]}`,
      fitting.length > 0 ? `there are ${list(fitting)}` : `make it \`each: ${eachFor(say)}\``,
    );
    return;
  }
  const told = numberTold[say];
  if (told !== undefined && names && (names[told] !== 'double' || told in params))
    yield problemIn(
      document,
      ['say'],
      `\`${say}\` tells a number called \`${told}\`, and the rule has none`,
      'give a measure or a `let` that name',
    );
  if (!kpiMessages.some((one) => one === say)) return;
  if (names && (names[kpiValue] !== 'double' || kpiValue in params))
    yield problemIn(
      document,
      ['say'],
      `\`${say}\` tells a number called \`${kpiValue}\`, and the rule has none`,
      `give a measure or a \`let\` that name, such as \`let: { ${kpiValue}: open.High * 5.0 }\``,
    );
  if (typeof params['target'] !== 'number')
    yield problemIn(
      document,
      'target' in params ? ['params', 'target'] : ['say'],
      `\`${say}\` tells how far the target is, and the rule has none`,
      'a number, such as `params: { target: 20.0 }`',
    );
  const { better } = params;
  if (better !== undefined && better !== 'lower' && better !== 'higher')
    yield problemIn(
      document,
      ['params', 'better'],
      `\`${better}\` says not which side of the target is good`,
      '`lower`, which it is without saying, or `higher`',
    );
  if (params['label'] !== undefined && typeof params['label'] !== 'string')
    yield problemIn(document, ['params', 'label'], '`label` is how the number is called', 'a text');
}

const eachFor = (say: string): Rule['each'] =>
  (['person', 'team', 'connection'] as const).find((each) => messagesAbout[each].includes(say)) ?? 'person';

const saidOf = (say: string): string => subjectWords[eachFor(say)];

const list = (names: readonly string[]): string => names.map((one) => `\`${one}\``).join(', ');
