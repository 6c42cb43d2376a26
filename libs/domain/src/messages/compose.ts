import type { Decision } from '../decision.js';
import type { Rule } from '../rule.js';
import type { Inline, Locale, Message, MessageBlock } from '../message.js';
import { catalogue } from './catalogue.js';
import { connectionMessages, numberOfConnection } from './connections/index.js';
import { daysOff } from './days-off.js';
import { exceptionalDays } from './exceptional-days.js';
import { formatList } from './format.js';
import { inline } from './inline.js';
import { kpiMessages } from './kpi/phrases.js';
import { lowHours } from './low-hours.js';
import { missingHoliday } from './missing-holiday.js';
import { overtime } from './overtime.js';
import type { SaidInputs } from './said-inputs.js';
import { periodText, type SectionContext, type SectionText } from './section.js';

const texts: ReadonlyMap<string, SectionText> = new Map([
  ['low-hours', lowHours],
  ['days-off', daysOff],
  ['missing-holiday', missingHoliday],
  ['exceptional-days', exceptionalDays],
  ['overtime', overtime],
]);

/** What the `say` of a Rule may name, by what the rule is about, in the order in which a digest says them. */
export const messagesAbout: Readonly<Record<Rule['each'], readonly string[]>> = {
  person: [...texts.keys()],
  team: kpiMessages,
  connection: connectionMessages,
};

/** The number without which a message has nothing to tell: a measure or a `let` of the rule. */
export const numberTold: Readonly<Record<string, string>> = {
  'exceptional-days': 'days',
  overtime: 'overtime',
  ...numberOfConnection,
};

/** All of them. */
export const builtInMessages: readonly string[] = Object.values(messagesAbout).flat();

/**
 * The message about one person, in the person's language: a section for each decision that fired, one title, one small print. Their order
 * does not depend on the order given, so that the same news is the same message.
 *
 * Throws `RangeError` where there is nothing to say, or a name that is no built-in message: documents are checked before.
 */
export const composeMessage = (
  say: readonly { readonly say: string; readonly decision: Decision }[],
  inputs: SaidInputs,
): Message => {
  const locale = inputs.person.locale;
  const phrases = catalogue[locale];
  const ordered = inOrder(say);
  const first = ordered[0];
  if (!first) throw new RangeError('a message needs something to say');

  const sections = ordered.map(({ text, decision }) => text({ decision, inputs, locale, phrases }));
  const topics = [...new Set(sections.map(({ topic }) => topic))];
  const context: SectionContext = { decision: first.decision, inputs, locale, phrases };
  const period = sections.length === 1 ? first.decision.period : inputs.period;
  return {
    locale,
    title: phrases.title(inputs.person.name, formatList(locale, topics), periodText(context, period)),
    blocks: [
      ...sections.flatMap<MessageBlock>(({ blocks }, index) =>
        index === 0 ? blocks : [{ type: 'divider' }, ...blocks],
      ),
      {
        type: 'note',
        text: smallPrint(
          sections.flatMap((section) => section.smallPrint),
          inputs,
        ),
      },
    ],
  };
};

/** What takes the place of a message that a later fact has made wrong and left with nothing to say. */
export const composeWithdrawn = (previousTitle: string, locale: Locale): Message => {
  const { withdrawn } = catalogue[locale];
  return {
    locale,
    title: withdrawn.title(previousTitle),
    blocks: [{ type: 'text', text: [withdrawn.text(previousTitle)] }],
    withdraws: true,
  };
};

const inOrder = (
  say: readonly { readonly say: string; readonly decision: Decision }[],
): readonly { readonly text: SectionText; readonly decision: Decision }[] =>
  say
    .map(({ say: name, decision }) => {
      const text = texts.get(name);
      if (!text) throw new RangeError(`no built-in message is called ${name}`);
      return {
        text,
        decision,
        key: [messagesAbout.person.indexOf(name), decision.rule, decision.period.from],
      };
    })
    .toSorted((one, other) => compareKeys(one.key, other.key));

const compareKeys = (one: readonly (string | number)[], other: readonly (string | number)[]): number => {
  for (const [index, mine] of one.entries()) {
    const theirs = other[index];
    if (theirs === undefined || mine === theirs) continue;
    return mine < theirs ? -1 : 1;
  }
  return 0;
};

const smallPrint = (sentences: readonly string[], { managers, person }: SaidInputs): readonly Inline[] => {
  const { objection } = catalogue[person.locale];
  const how = [...new Set(sentences)].map((sentence) => `${sentence}\n`).join('');
  return inline`${how}${managers.length === 0 ? objection.here : objection.managers(mentions(managers))}`;
};

const mentions = (managers: SaidInputs['managers']): readonly Inline[] =>
  managers.flatMap(({ name, externalId }, index) => [
    ...(index === 0 ? [] : [', ']),
    externalId === undefined ? { person: name } : { person: name, externalId },
  ]);
