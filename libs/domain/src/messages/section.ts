import type { Inline, Locale, MessageBlock } from '../message.js';
import type { Decision } from '../decision.js';
import { endsOf, formatDate } from './format.js';
import type { Phrases } from './phrases.js';
import type { SaidInputs } from './said-inputs.js';

/** One part of a message: what one decision has to say. */
interface Section {
  /** What stands in the title. */
  readonly topic: string;
  readonly blocks: readonly MessageBlock[];
  /** How it was computed, for the small print; the same sentence is printed once. */
  readonly smallPrint: readonly string[];
}

/** Says one built-in text. */
export type SectionText = (context: SectionContext) => Section;

export interface SectionContext {
  readonly decision: Decision;
  readonly inputs: SaidInputs;
  readonly locale: Locale;
  readonly phrases: Phrases;
}

/** The person as a mention, so that the room sees whom it is about. */
export const personOf = ({ person, personExternalId }: SaidInputs): Inline =>
  personExternalId === undefined
    ? { person: person.name }
    : { person: person.name, externalId: personExternalId };

/** The period in words: `April 27 – May 3`, or the one day it is. */
export const periodText = ({ locale, phrases }: SectionContext, period: Decision['period']): string => {
  const { first, last } = endsOf(period);
  return first === last
    ? formatDate(locale, first)
    : phrases.range(formatDate(locale, first), formatDate(locale, last));
};
