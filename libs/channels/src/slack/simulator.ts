import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { isRecord, readCall, type Call } from './simulator/call.js';
import { chatMethods } from './simulator/chat.js';
import { demandScope, type Context, type Handlers } from './simulator/context.js';
import { conversationMethods } from './simulator/conversations.js';
import { historyMethods } from './simulator/histories.js';
import { membershipMethods } from './simulator/memberships.js';
import { isMethod, methods, usualScopes, type MethodFacts, type MethodName } from './simulator/methods.js';
import { RateLimits } from './simulator/rate-limits.js';
import { Refusal, TooMany } from './simulator/refusal.js';
import {
  identity,
  type SimulatedChannel,
  type SimulatedMessage,
  type SimulatedUser,
  type WorkspaceState,
} from './simulator/state.js';
import { userMethods } from './simulator/users.js';
import { Workspace, type ChannelSpec, type UserSpec } from './simulator/workspace.js';

export { identity as slackIdentity } from './simulator/state.js';
export type { ChannelSpec, UserSpec } from './simulator/workspace.js';
export type {
  MessageMetadata,
  MessageVersion,
  SimulatedChannel,
  SimulatedMessage,
  SimulatedUser,
} from './simulator/state.js';

export interface SlackSimulatorOptions {
  readonly now?: () => Date;
  /** Whether Slack's rate limits apply; they do by default. */
  readonly limits?: 'vendor' | 'none';
  /** What the app was granted; what Carillon asks for by default. */
  readonly scopes?: readonly string[];
}

const handlers: Handlers = {
  ...chatMethods,
  ...conversationMethods,
  ...membershipMethods,
  ...historyMethods,
  ...userMethods,
};

/** What is wrong with the token, in Slack's word. */
type TokenTrouble = 'token_revoked' | 'token_expired' | 'account_inactive';

/**
 * Slack's Web API in memory, under `/api/<method>`: one workspace, one app with its bot user, one bot token. Written from Slack's reference,
 * https://docs.slack.dev/reference/methods, and stricter than Slack where Slack would quietly ignore a mistake.
 */
export class SlackSimulator implements VendorSimulator {
  readonly id = 'slack';
  /** The bot's token. */
  readonly token = 'xoxb-sandbox-carillon';
  /** Where the workspace's pages are, with a trailing slash: permalinks begin with it. */
  site = `https://${identity.domain}.slack.com/`;
  /** For how long messages may be edited, in seconds; for ever while undefined. */
  editWindowSeconds: number | undefined;

  readonly #workspace: Workspace;
  readonly #limits: RateLimits | undefined;
  readonly #planned: { method: string; error: string; details: Readonly<Record<string, unknown>> }[] = [];
  #scopes: ReadonlySet<string>;
  #trouble: TokenTrouble | undefined;

  constructor(options: SlackSimulatorOptions = {}) {
    const now = options.now ?? (() => new Date());
    this.#workspace = new Workspace(now);
    this.#limits = options.limits === 'none' ? undefined : new RateLimits(now);
    this.#scopes = new Set(options.scopes ?? usualScopes);
  }

  /** Goes up with every change, for whoever wants to look again. */
  get revision(): number {
    return this.#workspace.revision;
  }

  addUser(spec: UserSpec): SimulatedUser {
    return this.#workspace.addUser(spec);
  }

  /** Deactivates the account of a person who leaves: they are out of every channel and can no longer be written to. */
  deactivateUser(id: string): void {
    const user = this.#workspace.user(id);
    if (!user) throw new Error(`there is no user ${id}`);
    user.deleted = true;
    for (const channel of this.#workspace.channels)
      if (channel.kind === 'public_channel' || channel.kind === 'private_channel')
        this.#workspace.leave(channel, id);
  }

  addChannel(spec: ChannelSpec): SimulatedChannel {
    return this.#workspace.addChannel(spec);
  }

  archiveChannel(id: string): void {
    this.#channel(id).archived = true;
    this.#workspace.revision += 1;
  }

  addMember(channel: string, user: string): void {
    this.#workspace.join(this.#channel(channel), user);
  }

  removeMember(channel: string, user: string): void {
    this.#workspace.leave(this.#channel(channel), user);
  }

  /** Somebody throws the bot out of a channel. */
  removeBot(channel: string): void {
    this.removeMember(channel, identity.user);
  }

  /** A person says something. */
  say(user: string, channel: string, text: string, threadTs?: string): SimulatedMessage {
    return this.#workspace.post({
      channel: this.#channel(channel).id,
      user,
      text,
      ...(threadTs === undefined ? {} : { threadTs }),
    });
  }

  revokeToken(): void {
    this.#trouble = 'token_revoked';
  }

  expireToken(): void {
    this.#trouble = 'token_expired';
  }

  /** Deactivates the bot's own account. */
  deactivateBot(): void {
    this.#trouble = 'account_inactive';
  }

  /** Ends whatever was wrong with the token. */
  restoreToken(): void {
    this.#trouble = undefined;
  }

  grant(scopes: readonly string[]): void {
    this.#scopes = new Set(scopes);
  }

  /** The next call of the method is answered `ok: false` with this code (`ratelimited` with HTTP 429), and does nothing. */
  failNext(method: MethodName, error: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.#planned.push({ method, error, details });
  }

  users(): readonly SimulatedUser[] {
    return this.#workspace.users;
  }

  channels(): readonly SimulatedChannel[] {
    return this.#workspace.channels;
  }

  /** What people and bots said in a channel, oldest first, replies included; without deleted messages and Slack's own notes. */
  messages(channel: string): readonly SimulatedMessage[] {
    return this.#workspace.messages(channel).filter((message) => message.subtype === undefined);
  }

  /** Everything that ever happened in a channel, oldest first: also deleted messages and Slack's own notes. */
  timeline(channel: string): readonly SimulatedMessage[] {
    return this.#workspace.timeline(channel);
  }

  save(): WorkspaceState {
    return this.#workspace.save();
  }

  load(state: unknown): void {
    if (!isState(state)) throw new Error('this is no state of the Slack simulator');
    this.#workspace.load(state);
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const name = /^\/api\/([A-Za-z.]+)\/?$/.exec(request.path)?.[1];
    if (name === undefined) return { status: 404, body: 'Not Found' };
    if (!isMethod(name))
      return answer({ ok: false, error: 'unknown_method', req_method: name }, { status: 200 });
    const facts: MethodFacts = methods[name];
    const headers = {
      'x-oauth-scopes': [...this.#scopes].join(','),
      'x-accepted-oauth-scopes': facts.scopes.join(','),
    };
    try {
      const call = readCall(request, facts.access);
      const fields = this.#answer(name, facts, call);
      return answer({ ok: true, ...remarked(fields, call.warnings) }, { status: 200, headers });
    } catch (error) {
      if (error instanceof TooMany)
        return answer(
          { ok: false, error: 'ratelimited' },
          { status: 429, headers: { 'retry-after': String(error.retryAfter) } },
        );
      if (error instanceof Refusal)
        return answer({ ok: false, error: error.code, ...error.details }, { status: 200, headers });
      throw error;
    }
  }

  #answer(name: MethodName, facts: MethodFacts, call: Call): Readonly<Record<string, unknown>> {
    this.#admit(call.token);
    this.#limits?.call(name);
    const planned = this.#planned.findIndex(({ method }) => method === name);
    if (planned >= 0) {
      const [plan] = this.#planned.splice(planned, 1);
      if (plan?.error === 'ratelimited') throw new TooMany(1);
      if (plan) throw new Refusal(plan.error, plan.details);
    }
    demandScope(this.#scopes, facts.scopes);
    call.args.demand(facts.required);
    const context: Context = {
      workspace: this.#workspace,
      args: call.args,
      scopes: this.#scopes,
      limits: this.#limits,
      editWindowSeconds: this.editWindowSeconds,
      site: this.site,
    };
    const handler = handlers[name];
    if (!handler) throw new Refusal('unknown_method', { req_method: name });
    return handler(context);
  }

  #admit(token: string | undefined): void {
    if (token === undefined) throw new Refusal('not_authed');
    if (token.startsWith('xapp-')) throw new Refusal('not_allowed_token_type');
    if (token !== this.token) throw new Refusal('invalid_auth');
    if (this.#trouble) throw new Refusal(this.#trouble);
  }

  #channel(id: string): SimulatedChannel {
    const channel = this.#workspace.channel(id);
    if (!channel) throw new Error(`there is no channel ${id}`);
    return channel;
  }
}

/** The answer with Slack's remarks on a request that it took nevertheless. */
function remarked(
  fields: Readonly<Record<string, unknown>>,
  warnings: readonly string[],
): Readonly<Record<string, unknown>> {
  if (warnings.length === 0) return fields;
  const own = fields['warning'] === undefined ? warnings : [...warnings, String(fields['warning'])];
  const metadata = isRecord(fields['response_metadata']) ? fields['response_metadata'] : {};
  return { ...fields, warning: own.join(','), response_metadata: { ...metadata, warnings: own } };
}

const answer = (
  body: Readonly<Record<string, unknown>>,
  head: { readonly status: number; readonly headers?: Readonly<Record<string, string>> },
): SimulatedResponse => ({ ...head, body });

const isState = (state: unknown): state is WorkspaceState => isRecord(state) && state['version'] === 1;
