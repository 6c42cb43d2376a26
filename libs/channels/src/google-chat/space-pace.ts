import type { Distance } from '#http';

const link = 'https://developers.google.com/workspace/chat/limits';

/** One write a second and space; a tenth more, because calls do not all travel equally fast. */
const betweenMs = 1100;

/**
 * Keeps the writes of this process to one space apart, also those that belong together: an edit that turns out to be impossible, and the new
 * message in its place. The host keeps replicas apart by the lease of each destination, and by it nobody waits here otherwise.
 */
export const writesOf = (space: string): Distance => ({ place: space, ms: betweenMs, link });
