/** https://docs.slack.dev/reference/methods/conversations.create#naming */
const maxLength = 80;

/**
 * A name as Slack takes it: lower-case letters, digits, `-` and `_`, at most 80, never empty. Slack checks names and mends none.
 * @param suffix 1 for the name itself, 2 for `name-2` where another channel has it
 */
export function roomName(wanted: string, suffix = 1): string {
  const plain = wanted
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
  const ending = suffix === 1 ? '' : `-${suffix}`;
  return (plain || 'room').slice(0, maxLength - ending.length) + ending;
}

/** conversations.setPurpose cuts nothing: longer is `too_long`. */
const maxPurpose = 250;

/** What marks a room as ours, whatever people rename it to. */
export const markOf = (key: string): string => `[carillon:${key}]`;

/** The purpose people read, with the room's mark behind it. */
export function markedPurpose(purpose: string, key: string): string {
  const mark = markOf(key);
  const room = maxPurpose - mark.length - 1;
  const text = purpose.replace(/\s+/g, ' ').trim();
  if (text.length <= room) return `${text} ${mark}`.trim();
  return `${text.slice(0, Math.max(0, room - 1))}… ${mark}`;
}
