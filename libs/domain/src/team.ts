import type { Locale } from './message.js';

/** People who are one subject together, as known at one moment. */
export interface Team {
  /** Ours, made from the name. */
  readonly id: string;
  /** As documents name it, and the facts of sources. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** In which it is spoken to. */
  readonly locale: Locale;
  /** How many people documents name as its members. */
  readonly size: number;
}
