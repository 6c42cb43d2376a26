import type { Inline } from '#domain';
import { charactersOf, ellipsis } from '../cut.js';

/**
 * The three characters that mean something to Slack in text, ampersand first. Without it, a project called `<!channel>` would ring
 * everybody. https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Outside text as mrkdwn of at most `max` units: escaped, and never cut inside an entity. */
export function escapeAndCut(text: string, max: number): string {
  const whole = escapeText(text);
  if (whole.length <= max) return whole;
  let kept = '';
  for (const character of charactersOf(text)) {
    const escaped = escapeText(character);
    if (kept.length + escaped.length + ellipsis.length > max) break;
    kept += escaped;
  }
  return kept + ellipsis;
}

/** Running text as mrkdwn of at most `max` units; a mention or a link is there as a whole or not at all. */
export function mrkdwn(sentence: readonly Inline[], max: number): string {
  let text = '';
  for (const [index, part] of sentence.entries()) {
    const isLast = index === sentence.length - 1;
    const room = max - text.length - (isLast ? 0 : ellipsis.length);
    const next = inlineText(part);
    if (next.length <= room) {
      text += next;
      continue;
    }
    return text + (typeof part === 'string' ? escapeAndCut(part, max - text.length) : ellipsis);
  }
  return text;
}

function inlineText(part: Inline): string {
  if (typeof part === 'string') return escapeText(part);
  if ('strong' in part) return strong(part.strong);
  if ('person' in part)
    return part.externalId !== undefined && userId.test(part.externalId)
      ? `<@${part.externalId}>`
      : escapeText(part.person);
  const address = webAddress(part.url);
  return address ? `<${escapeText(address)}|${escapeText(part.link)}>` : escapeText(part.link);
}

/** Emphasis where Slack can take it: not over nothing, nor over line ends. */
export const strong = (text: string): string =>
  text.trim() === '' || text.includes('\n') ? escapeText(text) : `*${escapeText(text)}*`;

const userId = /^[UW][A-Z0-9]+$/;
/** The address with everything encoded that would end a link too soon; undefined where it is none to click on. */
function webAddress(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return ['http:', 'https:', 'mailto:'].includes(protocol)
    ? href.replace(/[<>|]/g, (letter) => encodeURIComponent(letter))
    : undefined;
}
