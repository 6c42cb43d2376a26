import type { Arguments } from './call.js';
import { scopeFor, type MethodName } from './methods.js';
import type { RateLimits } from './rate-limits.js';
import { Refusal } from './refusal.js';
import { identity, type SimulatedChannel } from './state.js';
import type { Workspace } from './workspace.js';

/** What a method sees of the world. */
export interface Context {
  readonly workspace: Workspace;
  readonly args: Arguments;
  readonly scopes: ReadonlySet<string>;
  /** None where limits are switched off. */
  readonly limits: RateLimits | undefined;
  /** For how long messages may be edited, in seconds; for ever where undefined. */
  readonly editWindowSeconds: number | undefined;
  /** Where the workspace's pages are, with a trailing slash. */
  readonly site: string;
}

/** The fields of the answer, `ok` aside; throws `Refusal` or `TooMany`. */
export type Handler = (context: Context) => Readonly<Record<string, unknown>>;

export type Handlers = Partial<Record<MethodName, Handler>>;

/** Throws `missing_scope` where none of them was granted. */
export function demandScope(granted: ReadonlySet<string>, anyOf: readonly string[]): void {
  if (anyOf.length === 0 || anyOf.some((scope) => granted.has(scope))) return;
  throw new Refusal('missing_scope', { needed: anyOf.join(','), provided: [...granted].join(',') });
}

export const isMember = (channel: SimulatedChannel): boolean => channel.members.includes(identity.user);

/** The channel by its id, as far as the bot can see it: private ones only from the inside. Throws `channel_not_found`. */
export function channelOf(context: Context, name = 'channel'): SimulatedChannel {
  const channel = context.workspace.channel(context.args.text(name) ?? '');
  if (!channel || (channel.kind !== 'public_channel' && !isMember(channel)))
    throw new Refusal('channel_not_found');
  return channel;
}

/** `channelOf`, and the scope that its kind asks for. */
export function readableChannel(context: Context, act: 'read' | 'history'): SimulatedChannel {
  const channel = channelOf(context);
  demandScope(context.scopes, [scopeFor(channel.kind, act)]);
  return channel;
}

/** `channelOf` for those who change it: the scope for its kind, and neither direct nor archived, and the bot inside. */
export function manageableChannel(
  context: Context,
  scopes: Readonly<Record<'public' | 'private', readonly string[]>>,
): SimulatedChannel {
  const channel = channelOf(context);
  if (channel.kind === 'im' || channel.kind === 'mpim')
    throw new Refusal('method_not_supported_for_channel_type');
  demandScope(context.scopes, channel.kind === 'public_channel' ? scopes.public : scopes.private);
  return channel;
}
