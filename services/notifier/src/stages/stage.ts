import type { ConnectedChannel } from '#connections';
import type { Company } from '#company';
import type { Address, Receipt } from '#channels';
import type { ClaimedDelivery } from '#storage';

/** One delivery on its way: what the stages know of it so far. */
export interface Passage {
  readonly delivery: ClaimedDelivery;
  readonly company: Company;
  readonly connected: ConnectedChannel;
  /** Aborts when the process stops or the lease runs out. */
  readonly signal: AbortSignal;
  /** What rests, and for how long still, in ms. */
  readonly paused: ReadonlyMap<string, number>;
  address?: Address;
  /** The stage that it is in. */
  at?: Stage['name'];
  /** The room is taken as it was when it was last seen to be exact. */
  trusted?: boolean;
  /** Whom its room is without, though they should be in it, because the channel does not know them. */
  without?: { readonly room: string; readonly who: readonly string[] };
  /** The provider is being asked whether it is there already, and has not answered. */
  asking?: boolean;
  /** The attempt that is begun and not yet ended. */
  attempt?: { readonly number: number };
}

/** How a delivery's passage ends. */
export type Ending =
  | {
      readonly end: 'arrived';
      readonly revision: number;
      readonly receipt: Receipt;
      /** The attempt that brought it, where we know of it. */
      readonly attempt?: number;
    }
  /** Waits without having tried. */
  | { readonly end: 'wait'; readonly delayMs: number; readonly why: string }
  /** Waits until something that it needs has changed. */
  | { readonly end: 'held'; readonly why: string; readonly room?: string; readonly tell?: true }
  /** Nobody can say whether it arrived, and the subscription would rather not say it twice. */
  | { readonly end: 'left-unknown'; readonly attempt?: number };

/** One step of the way: it adds to the passage and lets it go on (`undefined`), or ends it. Failures throw `RemoteError`. */
export interface Stage {
  readonly name: 'ask' | 'place' | 'fit' | 'send';
  readonly run: (passage: Passage) => Promise<Ending | undefined>;
}
