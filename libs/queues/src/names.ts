/**
 * One queue per source or channel document, so that a throttled Slack never delays Jira and two Slack workspaces do not delay each other.
 * Only the functions below make names.
 */
export type QueueName = `collect.${string}` | `directory.${string}` | 'evaluate' | `deliver.${string}`;

/** What a queue's jobs are about: the part of its name before the document. */
export type QueueKind = 'collect' | 'directory' | 'evaluate' | 'deliver';

export type KindOf<Name extends QueueName> = Name extends `${infer Kind extends QueueKind}.${string}`
  ? Kind
  : 'evaluate';

/** Pulls of one source. */
export const collectQueue = (source: string): `collect.${string}` => `collect.${legal(source)}`;

/** The people that one source or channel knows, to be read and matched. */
export const directoryQueue = (document: string): `directory.${string}` => `directory.${legal(document)}`;

/** Occurrences whose rules are to be decided. */
export const evaluateQueue = 'evaluate';

/** Deliveries of one channel. */
export const deliverQueue = (channel: string): `deliver.${string}` => `deliver.${legal(channel)}`;

export const kindOf = <Name extends QueueName>(name: Name): KindOf<Name> =>
  name.split('.', 1)[0] as KindOf<Name>;

/**
 * Documents may be called anything; BullMQ takes no colon, and braces mean something to a Redis cluster. Percent-encoding leaves ordinary
 * names as they are and gives two names never the same queue. Throws `URIError` on half a surrogate pair, which no document name has.
 */
const legal = (document: string): string => encodeURIComponent(document);
