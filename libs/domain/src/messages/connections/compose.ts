import type { Connection } from '../../connection.js';
import type { Decision } from '../../decision.js';
import type { Message, MessageBlock } from '../../message.js';
import { endsOf, formatDate, formatList } from '../format.js';
import { catalogue } from '../catalogue.js';
import { connectionCatalogue } from './catalogue.js';
import { connectionMessages, type ConnectionMessage } from './phrases.js';
import { connectionSection } from './section.js';

/**
 * The message to the owner of a connection, in the owner's language: a section for each decision that fired, one title, one small print. Their
 * order does not depend on the order given, so that the same news is the same message.
 *
 * Throws `RangeError` where there is nothing to say, or a name that is no message about connections: documents are checked before.
 */
export function composeConnectionMessage(
  say: readonly { readonly say: string; readonly decision: Decision }[],
  { name, locale }: Connection,
): Message {
  const phrases = connectionCatalogue[locale];
  if (say.length === 0) throw new RangeError('a message needs something to say');
  const sections = inOrder(say).map(({ message, decision }) => ({
    ...connectionSection(message, decision, locale, phrases),
    ...phrases.said[message],
    period: periodText(decision.period),
  }));
  function periodText(period: Decision['period']): string {
    const { first, last } = endsOf(period);
    return first === last
      ? formatDate(locale, first)
      : catalogue[locale].range(formatDate(locale, first), formatDate(locale, last));
  }
  return {
    locale,
    title: phrases.title(
      name,
      formatList(
        locale,
        sections.map(({ topic }) => topic),
      ),
    ),
    blocks: [
      ...sections.flatMap<MessageBlock>(({ topic, what, whatToDo, fields }, index) => [
        ...(index === 0 ? [] : [{ type: 'divider' as const }]),
        // Of one alone the title says it already.
        {
          type: 'text',
          text: sections.length > 1 ? [{ strong: topic }, `\n${what}`] : [what],
        },
        ...(fields.length === 0 ? [] : [{ type: 'fields' as const, fields }]),
        { type: 'text', text: [whatToDo] },
      ]),
      {
        type: 'note',
        text: [[...new Set(sections.map(({ period }) => phrases.how(period)))].join('\n')],
      },
    ],
  };
}

const inOrder = (
  say: readonly { readonly say: string; readonly decision: Decision }[],
): readonly { readonly message: ConnectionMessage; readonly decision: Decision }[] =>
  say
    .map(({ say: name, decision }) => {
      const message = connectionMessages.find((one) => one === name);
      if (!message) throw new RangeError(`no message about connections is called ${name}`);
      return { message, decision, place: connectionMessages.indexOf(message) };
    })
    .toSorted(
      (one, other) =>
        one.place - other.place ||
        (one.decision.rule < other.decision.rule ? -1 : one.decision.rule > other.decision.rule ? 1 : 0) ||
        (one.decision.period.from < other.decision.period.from ? -1 : 1),
    );
