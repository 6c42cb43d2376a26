import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { admit } from './simulator/admission.js';
import { ApiError, googleError } from './simulator/api-error.js';
import { usualDoubts, type Doubts } from './simulator/context.js';
import { Credentials, tokenUri, type CredentialsState } from './simulator/credentials.js';
import { methodOf, type Method } from './simulator/methods.js';
import { publishedQuotas, QuotaCounters, type ChatQuotas } from './simulator/quotas.js';
import { Query } from './simulator/request.js';
import type {
  SimulatedSpace,
  SpaceMessage,
  SpacePerson,
  SpaceThread,
  SpaceWebhook,
  WorkspaceState,
} from './simulator/state.js';
import { issueToken } from './simulator/token-endpoint.js';
import { Workspace, type PersonSpec, type SpaceSpec } from './simulator/workspace.js';

export { googleError } from './simulator/api-error.js';
export type { ServiceAccountKey } from './simulator/credentials.js';
export { chatApp, type MessageSender } from './simulator/state.js';
export type {
  EarlierContent,
  MessageCard,
  MessageContent,
  SimulatedSpace,
  SpaceMessage,
  SpacePerson,
  SpaceThread,
  SpaceWebhook,
} from './simulator/state.js';
export type { PersonSpec, SpaceSpec } from './simulator/workspace.js';

export interface GoogleChatSimulatorOptions {
  readonly now?: () => Date;
  /** Whether Google's quotas apply; they do by default. */
  readonly limits?: 'vendor' | 'none';
  /** Other numbers than the published ones. */
  readonly quotas?: Partial<ChatQuotas>;
  /** What to do where Google's documents leave it open. */
  readonly doubts?: Partial<Doubts>;
}

/** Everything that the simulator holds. The private halves of keys are not among it. */
export interface GoogleChatState {
  readonly version: 1;
  readonly workspace: WorkspaceState;
  readonly credentials: CredentialsState;
}

/**
 * Google Chat in memory: `POST /token` for service accounts, the Chat API and incoming webhooks under `/v1`. One organisation with one Chat
 * app. Written from Google's documents, and stricter than Google where Google would quietly ignore a mistake.
 *
 * How sure a statement is stands beside it. [S]: the discovery document of chat v1, https://chat.googleapis.com/$discovery/rest?version=v1,
 * revision 20260405. [D]: the documentation, https://developers.google.com/workspace/chat. [I]: inferred, or from experience.
 * Not here: interaction events, uploads, reactions, user authentication.
 */
export class GoogleChatSimulator implements VendorSimulator {
  readonly id = 'google-chat';
  /** What assertions must be addressed to; Google's own token endpoint, wherever the simulator listens. */
  audience = tokenUri;
  /** The app's keys, tokens and approvals. */
  readonly credentials: Credentials;

  readonly #now: () => Date;
  readonly #workspace: Workspace;
  readonly #quotas: QuotaCounters | undefined;
  readonly #doubts: Doubts;

  constructor(options: GoogleChatSimulatorOptions = {}) {
    this.#now = options.now ?? (() => new Date());
    this.#workspace = new Workspace(this.#now);
    this.credentials = new Credentials(this.#now);
    this.#doubts = { ...usualDoubts, ...options.doubts };
    this.#quotas =
      options.limits === 'none'
        ? undefined
        : new QuotaCounters({ ...publishedQuotas, ...options.quotas }, this.#now);
  }

  /** Goes up with every change, for whoever wants to look again. */
  get revision(): number {
    return this.#workspace.revision;
  }

  addPerson(spec: PersonSpec): SpacePerson {
    return this.#workspace.addPerson(spec);
  }

  addSpace(spec: SpaceSpec): SimulatedSpace {
    return this.#workspace.addSpace(spec);
  }

  /** A person begins to talk with the app; apps cannot begin it. It is listed after the first message. */
  openDirectMessage(person: string): SimulatedSpace {
    return (
      this.#workspace.directWith(person) ??
      this.#workspace.addSpace({ spaceType: 'DIRECT_MESSAGE', members: [person] })
    );
  }

  /** Somebody adds the app to a space. */
  addApp(space: string): void {
    this.#workspace.setApp(this.#space(space), true);
  }

  /** Somebody throws the app out of a space. */
  removeApp(space: string): void {
    this.#workspace.setApp(this.#space(space), false);
  }

  addMember(space: string, person: string): void {
    if (this.#workspace.person(person)?.name !== person) throw new Error(`there is no person ${person}`);
    this.#workspace.join(this.#space(space), person);
  }

  removeMember(space: string, person: string): void {
    this.#workspace.leave(this.#space(space), person);
  }

  deleteSpace(space: string): void {
    this.#workspace.deleteSpace(this.#space(space));
  }

  /** A person says something, in a thread or in a new one. */
  say(person: string, space: string, text: string, thread?: string): SpaceMessage {
    const found = this.#workspace.person(person);
    if (!found) throw new Error(`there is no person ${person}`);
    const inThread = thread === undefined ? undefined : this.#workspace.thread(thread);
    if (thread !== undefined && inThread?.space !== space) throw new Error(`there is no thread ${thread}`);
    if (!this.#space(space).members.includes(person)) throw new Error(`${person} is not in ${space}`);
    return this.#workspace.post({
      space,
      thread: (inThread ?? this.#workspace.addThread(space, found.name)).name,
      isReply: inThread !== undefined,
      sender: { kind: 'person', name: found.name, displayName: found.displayName },
      content: { text },
      remarks: [],
    });
  }

  /** Somebody makes an incoming webhook in a space. */
  addWebhook(space: string, displayName: string): SpaceWebhook {
    return this.#workspace.addWebhook(this.#space(space).name, displayName);
  }

  /** The webhook's secret URL as Chat shows it, at the simulator's own address (without a trailing slash). */
  webhookUrl({ space, key, token }: SpaceWebhook, origin = 'https://chat.googleapis.com'): string {
    return `${origin}/v1/${space}/messages?${new URLSearchParams({ key, token }).toString()}`;
  }

  deleteWebhook(id: string): void {
    this.#workspace.changeWebhook(id, { deleted: true });
  }

  /** The webhook's API key is worth nothing any more. */
  revokeWebhookKey(id: string): void {
    this.#workspace.changeWebhook(id, { keyRevoked: true });
  }

  /** Who there is, apps aside. */
  people(): readonly SpacePerson[] {
    return this.#workspace.people;
  }

  /** Every space that was not deleted, whether the app is in it or not. */
  spaces(): readonly SimulatedSpace[] {
    return this.#workspace.spaces.filter(({ deleted }) => !deleted);
  }

  members(space: string): readonly SpacePerson[] {
    return this.#space(space).members.flatMap((name) => this.#workspace.person(name) ?? []);
  }

  webhooks(space: string): readonly SpaceWebhook[] {
    return this.#workspace.webhooks.filter((webhook) => webhook.space === space && !webhook.deleted);
  }

  /** The space's threads with what is in them, oldest first; without deleted messages and threads that are empty. */
  threads(space: string): readonly (SpaceThread & { readonly messages: readonly SpaceMessage[] })[] {
    const byThread = Map.groupBy(this.messages(space), ({ thread }) => thread);
    return this.#workspace.threads.flatMap((thread) => {
      const messages = byThread.get(thread.name);
      return messages ? [{ ...thread, messages }] : [];
    });
  }

  /** What there is to read in a space, oldest first; deleted messages are not. */
  messages(space: string): readonly SpaceMessage[] {
    return this.timeline(space).filter(({ deleteTime }) => deleteTime === undefined);
  }

  /** Everything that ever was in a space, oldest first. */
  timeline(space: string): readonly SpaceMessage[] {
    return this.#workspace.timeline(space);
  }

  save(): GoogleChatState {
    return { version: 1, workspace: this.#workspace.save(), credentials: this.credentials.save() };
  }

  load(state: unknown): void {
    if (!isState(state)) throw new Error('this is no state of the Google Chat simulator');
    this.#workspace.load(state.workspace);
    this.credentials.load(state.credentials);
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    if (request.path === '/token' && request.method === 'POST')
      return issueToken(request, {
        credentials: this.credentials,
        audience: this.audience,
        now: this.#now(),
      });
    const called = methodOf(request.method, request.path);
    if (!called) return nothingHere;
    try {
      return { status: 200, body: this.#call(request, called.method, called.ids) };
    } catch (error) {
      if (error instanceof ApiError) return googleError(error.status, error.message, error.details);
      throw error;
    }
  }

  #call(
    request: SimulatedRequest,
    method: Method,
    ids: readonly string[],
  ): Readonly<Record<string, unknown>> {
    const space = ids[0] === undefined ? undefined : `spaces/${ids[0]}`;
    const caller = admit(request, method, space, {
      workspace: this.#workspace,
      credentials: this.credentials,
    });
    if (caller.kind === 'app') this.#quotas?.project(method.quota);
    if (space !== undefined && method.ofSpace) this.#quotas?.space(space, method.ofSpace);
    const query = new Query(request.query, caller.kind === 'app' ? method.query : [...method.query, 'token']);
    return method.handler({
      workspace: this.#workspace,
      caller,
      request,
      query,
      ids,
      doubts: this.#doubts,
    });
  }

  #space(name: string): SimulatedSpace {
    const space = this.#workspace.space(name);
    if (!space) throw new Error(`there is no space ${name}`);
    return space;
  }
}

const isState = (state: unknown): state is GoogleChatState =>
  typeof state === 'object' && state !== null && 'version' in state && state.version === 1;

/** Google tells of paths that it does not know in HTML. [I] */
const nothingHere: SimulatedResponse = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>',
};
