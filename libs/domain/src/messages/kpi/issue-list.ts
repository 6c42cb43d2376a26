import type { Inline, Locale, MessageBlock } from '../../message.js';
import { formatDay } from '../format.js';
import { inline } from '../inline.js';
import type { KpiPhrases } from './phrases.js';
import type { SaidIssue, SaidKpi } from './said-kpi.js';

/** More issues than these are only counted. */
export const shownIssues = 5;
/** Letters of a title; more would push the others out of sight. */
const titleLength = 120;

/** The issues that matter most, with their links, and how many more there are. */
export function issueList(
  { which, shown, total }: NonNullable<SaidKpi['issues']>,
  locale: Locale,
  phrases: KpiPhrases,
): readonly MessageBlock[] {
  const { list } = phrases;
  const some = shown.slice(0, shownIssues);
  if (some.length === 0) return [];
  const lines = some.map(
    (issue) =>
      inline`\n• ${titleOf(issue)} – ${which === 'overdue' && issue.due !== null ? list.due(formatDay(locale, issue.due)) : list.open(phrases.days(issue.daysOpen))}`,
  );
  const more = total - some.length;
  return [
    {
      type: 'text',
      text: inline`${{ strong: list[which] }}${lines.flat()}${more > 0 ? `\n${list.more(phrases.issues(more))}` : ''}`,
    },
  ];
}

/** A link only where a browser goes: what a system has as an address is text from outside too. */
function titleOf({ title, url }: SaidIssue): Inline {
  const text = shortened(title.replace(/\s+/g, ' ').trim() || '–');
  return url !== undefined && /^https?:\/\//i.test(url) ? { link: text, url } : text;
}

function shortened(text: string): string {
  const letters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)];
  return letters.length <= titleLength
    ? text
    : `${letters
        .slice(0, titleLength - 1)
        .map(({ segment }) => segment)
        .join('')
        .trimEnd()}…`;
}
