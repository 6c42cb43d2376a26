import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { answerBatch } from './simulator/batch.js';
import { usualDoubts, type Doubts } from './simulator/context.js';
import { Entra, type EntraState } from './simulator/entra.js';
import {
  accessDenied,
  badRequest,
  GraphError,
  graphError,
  type RequestIds,
} from './simulator/graph-error.js';
import { publishedLimits, SendingLimits, Throttle, type OutlookLimits } from './simulator/limits.js';
import { MailStore, type MailboxChange, type MailboxSpec } from './simulator/mail-store.js';
import { conversationIdOf } from './simulator/message-resource.js';
import { methodOf, type Method } from './simulator/methods.js';
import { preferencesOf, Query } from './simulator/request.js';
import type { FolderName, MailBody, MailMessage, MailState, SimulatedMailbox } from './simulator/state.js';
import { answerTokenRequest } from './simulator/token-endpoint.js';
import { Transport } from './simulator/transport.js';

export { graphError } from './simulator/graph-error.js';
export type { MailboxSpec } from './simulator/mail-store.js';
export { textOf as mailText } from './simulator/message-resource.js';
export type { FolderName, MailMessage, SimulatedMailbox } from './simulator/state.js';

export interface OutlookSimulatorOptions {
  readonly now?: () => Date;
  /** Whether Microsoft's service limits apply; they do by default. What one request may hold is limited always. */
  readonly limits?: 'vendor' | 'none';
  /** Other numbers than the published ones. */
  readonly numbers?: Partial<OutlookLimits>;
  /** What to do where Microsoft's documents leave it open. */
  readonly doubts?: Partial<Doubts>;
  /** The tenant's domain: mail to an address in it without a mailbox comes back. */
  readonly domain?: string;
  /** How long after its acceptance a message is sent, and in Sent Items; 2 seconds by default. */
  readonly lagMs?: number;
  /** What a call to a mailbox waits for while it is being worked on, for those who want several at the same time. */
  readonly work?: () => Promise<void>;
}

/** Everything that the simulator holds. Secrets are there as digests only. */
export interface OutlookState {
  readonly version: 1;
  readonly mail: MailState;
  readonly entra: EntraState;
}

/** A message that somebody sends into a mailbox from elsewhere. */
export interface IncomingMail {
  readonly from: { readonly name?: string; readonly address: string };
  readonly subject: string;
  readonly body: MailBody;
  /** What it answers: a Message-ID that the mailbox knows. */
  readonly inReplyTo?: string;
}

/** A thread of a mailbox, with what is in it, oldest first. */
export interface MailThread {
  /** The `conversationId` of its messages. */
  readonly id: string;
  readonly messages: readonly MailMessage[];
}

const version = '/v1.0';
/** [D] */
const largestRequest = 4 * 1024 * 1024;

/**
 * Mail of Microsoft Graph in memory: `POST /{tenant}/oauth2/v2.0/token` of Entra, and users, their folders and messages, `sendMail` and
 * `$batch` under `/v1.0`. One tenant that knows one app. Written from Microsoft's documents, and stricter than Graph where Graph would
 * quietly ignore a mistake.
 *
 * How sure a statement is stands beside it. [D]: the documentation, https://learn.microsoft.com/graph. [S]: the published OpenAPI
 * description. [I]: inferred, or from experience.
 * Not here: certificates, delta queries, change notifications, `$search`, upload sessions, calendars, Teams.
 */
export class OutlookSimulator implements VendorSimulator {
  readonly id = 'outlook';
  /** The tenant's directory: the app's secrets, tokens and permissions. */
  readonly entra: Entra;

  readonly #now: () => Date;
  readonly #store: MailStore;
  readonly #transport: Transport;
  readonly #throttle: Throttle | undefined;
  readonly #doubts: Doubts;
  readonly #work: (() => Promise<void>) | undefined;
  readonly #calls = new Map<string, number>();

  constructor(options: OutlookSimulatorOptions = {}) {
    this.#now = options.now ?? (() => new Date());
    this.#doubts = { ...usualDoubts, ...options.doubts };
    const domain = options.domain ?? 'acme.example';
    const numbers = { ...publishedLimits, ...options.numbers };
    const isLimited = options.limits !== 'none';
    this.entra = new Entra(domain, this.#now);
    this.#store = new MailStore(this.#now);
    this.#throttle = isLimited ? new Throttle(numbers, this.#doubts, this.#now) : undefined;
    this.#transport = new Transport(this.#store, {
      now: this.#now,
      lagMs: options.lagMs ?? 2000,
      domain,
      limits: isLimited ? new SendingLimits(numbers, this.#now) : undefined,
      doubts: this.#doubts,
    });
    // Without some time for work no two calls would ever be there together.
    this.#work =
      options.work ?? (isLimited ? () => new Promise((resolve) => setImmediate(resolve)) : undefined);
  }

  /** Goes up with every change, for whoever wants to look again. */
  get revision(): number {
    this.#transport.settle();
    return this.#store.revision;
  }

  /** How often each method was called, refusals included: by `POST /users/{user}/sendMail` and the like. */
  get calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  addMailbox(spec: MailboxSpec): SimulatedMailbox {
    return this.#store.addMailbox(spec);
  }

  /** Fills a mailbox up, blocks it, takes its licence, lets it send as others. By id or principal name. */
  changeMailbox(name: string, change: MailboxChange): void {
    this.#store.change(this.#mailbox(name), change);
  }

  mailboxes(): readonly SimulatedMailbox[] {
    return this.#store.mailboxes;
  }

  /** What is in a mailbox, or in one folder of it, oldest first. By id or principal name. */
  messages(name: string, folder?: FolderName): readonly MailMessage[] {
    this.#transport.settle();
    const all = this.#store.messages(this.#mailbox(name).id);
    return folder === undefined ? all : all.filter((message) => message.folder === folder);
  }

  /** The threads of a mailbox, the one that began first at the beginning. */
  threads(name: string): readonly MailThread[] {
    const byThread = Map.groupBy(this.messages(name), ({ content }) => content.thread);
    return [...byThread.values()].map((messages) => ({
      id: messages[0] ? conversationIdOf(messages[0]) : '',
      messages,
    }));
  }

  /** Every message that reached an address, in the tenant or outside of it, oldest first; undeliverable ones come back to their sender. */
  arrived(address: string): readonly MailMessage[] {
    this.#transport.settle();
    const owner = this.#store.at(address)?.id ?? address.toLowerCase();
    return this.#store.messages(owner).filter(({ received }) => received);
  }

  /** Somebody writes to a mailbox. */
  receive(name: string, mail: IncomingMail): MailMessage {
    const mailbox = this.#mailbox(name);
    const internetMessageId = this.#transport.messageId();
    const answered = this.messages(name).find(({ content }) => content.internetMessageId === mail.inReplyTo);
    if (mail.inReplyTo !== undefined && !answered) throw new Error(`there is no message ${mail.inReplyTo}`);
    return this.#transport.hand(mailbox.id, {
      subject: mail.subject,
      body: mail.body,
      from: mail.from,
      to: [{ name: mailbox.displayName, address: mailbox.address }],
      cc: [],
      bcc: [],
      replyTo: [],
      importance: 'normal',
      categories: [],
      headers: [],
      attachments: [],
      internetMessageId,
      ...(mail.inReplyTo === undefined ? {} : { inReplyTo: mail.inReplyTo }),
      thread: answered?.content.thread ?? internetMessageId,
      properties: [],
      remarks: [],
    });
  }

  save(): OutlookState {
    return { version: 1, mail: this.#store.save(), entra: this.entra.save() };
  }

  load(state: unknown): void {
    if (!isState(state)) throw new Error('this is no state of the Outlook simulator');
    this.#store.load(state.mail);
    this.entra.load(state.entra);
  }

  async handle(request: SimulatedRequest): Promise<SimulatedResponse> {
    this.#transport.settle();
    const ids = this.#idsOf(request);
    const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(request.path)?.[1];
    if (tenant !== undefined && request.method === 'POST') {
      this.#count('POST /{tenant}/oauth2/v2.0/token');
      return answerTokenRequest(request, tenant, this.entra, ids);
    }
    try {
      const answer = await this.#graph(request);
      const headers = { 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId };
      return { ...answer, headers: { ...headers, ...answer.headers } };
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      return graphError(error.status, error.code, error.message, error.headers, ids);
    }
  }

  async #graph(request: SimulatedRequest): Promise<SimulatedResponse> {
    const path = request.path.startsWith(`${version}/`) ? request.path.slice(version.length) : '';
    const isBatch = path === '/$batch' && request.method === 'POST';
    const called = methodOf(request.method, path);
    if (isBatch) this.#count('POST /$batch');
    else if (called && called !== 'wrongHttp') this.#count(`${called.method.http} ${called.method.path}`);
    const roles = this.#rolesOf(request);
    if (Buffer.byteLength(request.body) > largestRequest)
      throw new GraphError(413, 'RequestEntityTooLarge', 'The request is larger than 4 MB.');
    if (isBatch) {
      this.#throttle?.app();
      return answerBatch(request, (inner) => this.handle(inner));
    }
    if (/^\/me(\/|$)/.test(path))
      throw badRequest('/me request is only valid with delegated authentication flow.');
    if (called === 'wrongHttp')
      throw new GraphError(
        405,
        'Request_BadRequest',
        'Specified HTTP method is not allowed for the request target.',
      );
    if (!called) throw badRequest(`Resource not found for the segment '${path.split('/').at(-1) ?? ''}'.`);
    const { method, ids } = called;
    if (!method.permissions.some((one) => roles.includes(one)))
      throw method.ofDirectory
        ? new GraphError(
            403,
            'Authorization_RequestDenied',
            'Insufficient privileges to complete the operation.',
          )
        : accessDenied();
    return this.#call(request, method, ids);
  }

  async #call(
    request: SimulatedRequest,
    method: Method,
    [user = '', ...ids]: readonly string[],
  ): Promise<SimulatedResponse> {
    const mailbox = this.#admitted(user, method);
    const end = this.#throttle?.begin(mailbox.id, Buffer.byteLength(request.body));
    try {
      if (this.#work) await this.#work();
      const host = request.headers['host'];
      return method.handler({
        store: this.#store,
        transport: this.#transport,
        doubts: this.#doubts,
        mailbox,
        request,
        ids,
        query: new Query(request.query, method.query),
        prefer: preferencesOf(request),
        origin: host ? `http://${host}` : 'https://graph.microsoft.com',
      });
    } finally {
      end?.();
    }
  }

  /** The mailbox that the path names, if it is there and the app may use it. */
  #admitted(user: string, method: Method): SimulatedMailbox {
    const mailbox = this.#store.mailbox(user);
    if (!mailbox)
      throw method.ofDirectory
        ? new GraphError(404, 'Request_ResourceNotFound', `Resource '${user}' does not exist.`)
        : new GraphError(404, 'ErrorInvalidUser', `The requested user '${user}' is invalid.`);
    if (method.ofDirectory) return mailbox;
    if (!mailbox.enabled)
      throw new GraphError(
        404,
        'MailboxNotEnabledForRESTAPI',
        'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
      );
    if (!this.entra.mayUse(mailbox.userPrincipalName))
      throw accessDenied('Access to OData is disabled: the application is restricted to other mailboxes.');
    return mailbox;
  }

  #rolesOf(request: SimulatedRequest) {
    const token = /^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1];
    if (token === undefined)
      throw new GraphError(401, 'InvalidAuthenticationToken', 'Access token is empty.');
    const roles = this.entra.rolesOf(token);
    if (!roles)
      throw new GraphError(
        401,
        'InvalidAuthenticationToken',
        'Lifetime validation failed, the token is expired, or it is none.',
      );
    return roles;
  }

  #idsOf({ headers }: SimulatedRequest): RequestIds {
    const requestId = this.#store.ids.guid();
    return { requestId, clientRequestId: headers['client-request-id'] ?? requestId, at: this.#now() };
  }

  #count(method: string): void {
    this.#calls.set(method, (this.#calls.get(method) ?? 0) + 1);
  }

  #mailbox(name: string): SimulatedMailbox {
    const mailbox = this.#store.mailbox(name);
    if (!mailbox) throw new Error(`there is no mailbox ${name}`);
    return mailbox;
  }
}

const isState = (state: unknown): state is OutlookState =>
  typeof state === 'object' && state !== null && 'version' in state && state.version === 1;
