import type { Instant } from '../instant.js';
import type { Locale, Message } from '../message.js';
import { catalogue } from './catalogue.js';
import { formatMoment } from './format.js';

/** A message that was asked for by hand, to see whether a channel works. */
export interface TestMessage {
  /** The name of the Channel document. */
  readonly channel: string;
  /** When it was asked for. */
  readonly at: Instant;
  /** The receiver's zone, an IANA name. */
  readonly zone: string;
}

/** Says of itself that it is a test and asks for nothing. */
export const testMessage = ({ channel, at, zone }: TestMessage, locale: Locale = 'en'): Message => {
  const { test } = catalogue[locale];
  return {
    locale,
    title: test.title(channel),
    blocks: [
      { type: 'text', text: [test.what(channel)] },
      { type: 'fields', fields: [{ label: test.askedAt, value: formatMoment(locale, at, zone) }] },
      { type: 'note', text: [test.nothingToDo] },
    ],
  };
};
