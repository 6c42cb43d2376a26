import { composeConnectionMessage } from '#domain';
import type { Words } from './words.js';

/** Makes the messages to the owners of connections, of what was decided alone. */
export const connectionWords: Words = (subject, group) => {
  if (subject.kind !== 'connection')
    throw new TypeError('a message about a connection is said of nothing else');
  return composeConnectionMessage(
    group.map(({ rule: { say }, decision }) => ({ say, decision })),
    subject.connection,
  );
};
