import type { SimulatedRequest } from '#http/simulation';
import { denied, notFound } from './api-error.js';
import type { Query } from './request.js';
import { chatApp, type MessageSender, type SimulatedSpace, type SpaceWebhook } from './state.js';
import type { Workspace } from './workspace.js';

/** Where Google's documents leave open what happens, which way it goes here. Each default is the stricter or the likelier one. */
export interface Doubts {
  /** What the app hears of a space that it is not in, or no longer in. */
  readonly notInSpace: 'PERMISSION_DENIED' | 'NOT_FOUND';
  /** Whether the name in answers holds the `client-…` id; else Chat's own id. */
  readonly clientIdInName: boolean;
  /** Whether `requestId` and `messageId` of a webhook do anything; else they are taken and ignored. */
  readonly webhookIds: boolean;
  /** Whether an app may look for direct messages by e-mail address. */
  readonly findByEmail: boolean;
  /** Longest text in characters; Google's older documents say 4,096 and its newer ones nothing. */
  readonly longestText: number;
}

export const usualDoubts: Doubts = {
  notInSpace: 'PERMISSION_DENIED',
  clientIdInName: true,
  webhookIds: true,
  findByEmail: false,
  longestText: 4096,
};

/** Who calls. */
export type Caller =
  | {
      readonly kind: 'app';
      /** Whether an administrator lets it read what is not said to it. */
      readonly readsAll: boolean;
    }
  | { readonly kind: 'webhook'; readonly webhook: SpaceWebhook };

/** What a method sees of the world. */
export interface Context {
  readonly workspace: Workspace;
  readonly caller: Caller;
  readonly request: SimulatedRequest;
  readonly query: Query;
  /** The ids in the path, in their order. */
  readonly ids: readonly string[];
  readonly doubts: Doubts;
}

/** The answer's JSON; throws `ApiError`. */
export type Handler = (context: Context) => Readonly<Record<string, unknown>>;

export const senderOf = (caller: Caller): MessageSender =>
  caller.kind === 'app'
    ? chatApp
    : {
        kind: 'webhook',
        name: `users/${caller.webhook.id}`,
        displayName: caller.webhook.displayName,
      };

/** The space of the path, as far as the caller is in it. Throws `NOT_FOUND`, or what is heard of a space that one is not in. */
export function spaceOf({ workspace, ids, caller, doubts }: Context): SimulatedSpace {
  const space = workspace.space(`spaces/${ids[0] ?? ''}`);
  if (!space || (caller.kind === 'app' && !space.app && doubts.notInSpace === 'NOT_FOUND')) throw notFound();
  if (caller.kind === 'app' && !space.app) throw denied('This Chat app is not a member of this space.');
  return space;
}
