import type { Locale } from './message.js';

/** A system that is read or written to: a Source or a Channel document, as known at one moment. */
export interface Connection {
  /** Ours, made from the name. */
  readonly id: string;
  /** As the document is called; no Source and Channel share one. */
  readonly name: string;
  readonly kind: 'source' | 'channel';
  /** The id of its plugin. */
  readonly type: string;
  /** Who hears of its troubles: a Subscription's name or an e-mail address; absent where nobody does. */
  readonly owner?: string;
  /** In which its owner is spoken to. */
  readonly locale: Locale;
}
