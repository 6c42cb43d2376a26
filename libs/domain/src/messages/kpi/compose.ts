import type { Locale, Message, MessageBlock } from '../../message.js';
import { catalogue } from '../catalogue.js';
import { formatList } from '../format.js';
import { kpiCatalogue } from './catalogue.js';
import { kpiMessages, type KpiMessage } from './phrases.js';
import type { SaidKpi, SaidToTeam } from './said-kpi.js';
import { kpiSection } from './section.js';

/**
 * The message to a team about its numbers, in the team's language: a section for each, one title, one small print. Their order does not
 * depend on the order given, so that the same news is the same message.
 *
 * Throws `RangeError` where there is nothing to say, or a name that is no message about teams: documents are checked before.
 */
export function composeKpiMessage(kpis: readonly SaidKpi[], to: SaidToTeam): Message {
  const { locale, title } = to.team;
  const phrases = kpiCatalogue[locale];
  if (kpis.length === 0) throw new RangeError('a message needs something to say');
  const sections = inOrder(kpis).map(({ say, kpi }) => kpiSection(say, kpi, to, locale, phrases));
  const isDigest = sections.length > 1;
  const smallPrint = new Set([
    ...sections.flatMap((section) => section.smallPrint),
    catalogue[locale].objection.here,
  ]);
  return {
    locale,
    title: phrases.title(
      title,
      titled(
        sections.map(({ topic }) => topic),
        locale,
      ),
    ),
    blocks: [
      ...sections.flatMap<MessageBlock>(({ topic, figures, distance, blocks }, index) => [
        ...(index === 0 ? [] : [{ type: 'divider' as const }]),
        // Of one alone the title says it already; of several the heading says the number and the target.
        ...(isDigest
          ? [
              {
                type: 'text' as const,
                text: [
                  { strong: capitalised(topic, locale) },
                  ...distance.map((words) => `\n${capitalised(words, locale)}`),
                ],
              },
            ]
          : figures),
        ...blocks,
      ]),
      { type: 'note', text: [[...smallPrint].join('\n')] },
    ],
  };
}

/** A title is one line: of many numbers it says the first, and how many more there are. */
const titled = ([first, ...others]: readonly string[], locale: Locale): string =>
  others.length > 1 ? `${first ?? ''} · +${others.length}` : formatList(locale, [first ?? '', ...others]);

const capitalised = (text: string, locale: Locale): string =>
  text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

const inOrder = (kpis: readonly SaidKpi[]): readonly { readonly say: KpiMessage; readonly kpi: SaidKpi }[] =>
  kpis
    .map((kpi) => {
      const say = kpiMessages.find((name) => name === kpi.say);
      if (!say) throw new RangeError(`no message about teams is called ${kpi.say}`);
      return { say, kpi, place: kpiMessages.indexOf(say) };
    })
    .toSorted(
      (one, other) => one.place - other.place || (one.kpi.decision.rule < other.kpi.decision.rule ? -1 : 1),
    );
