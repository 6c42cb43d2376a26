import { Ids } from './ids.js';
import {
  folderNames,
  type FolderName,
  type MailContent,
  type MailMessage,
  type MailState,
  type QueuedMail,
  type SimulatedMailbox,
} from './state.js';

/** A mailbox to put into the tenant. */
export interface MailboxSpec {
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** A GUID; made up where absent. */
  readonly id?: string;
  /** The principal name by default. */
  readonly address?: string;
}

/** What may be set for a mailbox after it was made. */
export type MailboxChange = Partial<Pick<SimulatedMailbox, 'enabled' | 'full' | 'blocked' | 'sendAs'>>;

/** A message to put into a mailbox, or into the hands of somebody outside. */
export type NewMail = Pick<MailMessage, 'mailbox' | 'folder' | 'content' | 'isDraft' | 'received'> &
  Partial<Pick<MailMessage, 'hidden' | 'isRead'>>;

/** The mailboxes in memory, with what lies in them, found quickly. It knows nothing of HTTP and permissions. */
export class MailStore {
  #state: MailState = { mailboxes: [], messages: [], queue: [], ids: 0 };
  readonly ids = new Ids('mail');
  /** By id and by principal name. */
  readonly #mailboxes = new Map<string, SimulatedMailbox>();
  readonly #byAddress = new Map<string, SimulatedMailbox>();
  /** By owner, then immutable id, in the order of arrival. */
  readonly #messages = new Map<string, Map<string, MailMessage>>();
  readonly #byId = new Map<string, MailMessage>();
  /** By owner and a value to look for: an extended property or the Message-ID. */
  readonly #marked = new Map<string, Set<MailMessage>>();
  /** Goes up with every change. */
  revision = 0;

  constructor(private readonly now: () => Date) {}

  get mailboxes(): readonly SimulatedMailbox[] {
    return this.#state.mailboxes;
  }

  /** Accepted and not yet sent. */
  get queue(): QueuedMail[] {
    return this.#state.queue;
  }

  save(): MailState {
    const messages = [...this.#messages.values()].flatMap((owned) => [...owned.values()]);
    return structuredClone({ ...this.#state, messages, ids: this.ids.count });
  }

  load(state: MailState): void {
    this.#state = { ...structuredClone(state), messages: [] };
    this.ids.count = state.ids;
    for (const index of [this.#mailboxes, this.#byAddress, this.#messages, this.#byId, this.#marked])
      index.clear();
    for (const mailbox of this.#state.mailboxes) this.#indexMailbox(mailbox);
    for (const message of structuredClone(state.messages)) this.#index(message);
    this.revision += 1;
  }

  addMailbox({ userPrincipalName, displayName, ...given }: MailboxSpec): SimulatedMailbox {
    const mailbox: SimulatedMailbox = {
      id: given.id ?? this.ids.guid(),
      userPrincipalName,
      address: given.address ?? userPrincipalName,
      displayName,
      folders: Object.keys(folderNames).map((name) => ({
        id: `AQMkAD${this.ids.letters(42)}`,
        name: name as FolderName,
      })),
      enabled: true,
      full: false,
      blocked: false,
      sendAs: [],
    };
    if (this.mailbox(mailbox.id) || this.mailbox(userPrincipalName) || this.at(mailbox.address))
      throw new Error(`there is a mailbox ${userPrincipalName} already`);
    this.#state.mailboxes.push(mailbox);
    this.#indexMailbox(mailbox);
    this.revision += 1;
    return mailbox;
  }

  change(mailbox: SimulatedMailbox, change: MailboxChange): void {
    Object.assign(mailbox, change);
    this.revision += 1;
  }

  /** By the user's id or principal name, in any case of letters. */
  mailbox(name: string): SimulatedMailbox | undefined {
    return this.#mailboxes.get(name.toLowerCase());
  }

  /** By the address to which mail is sent. */
  at(address: string): SimulatedMailbox | undefined {
    return this.#byAddress.get(address.toLowerCase());
  }

  add(spec: NewMail): MailMessage {
    const at = this.#time();
    const message: MailMessage = {
      hidden: false,
      isRead: !spec.received,
      ...spec,
      immutableId: `AAkALg${this.ids.letters(42)}`,
      id: `AAMkAG${this.ids.letters(42)}`,
      createdAt: at,
      modifiedAt: at,
      receivedAt: at,
      ...(spec.isDraft ? {} : { sentAt: at }),
      version: 1,
    };
    this.#index(message);
    this.revision += 1;
    return message;
  }

  /** Changes what a message says. */
  edit(message: MailMessage, content: MailContent, isRead = message.isRead): void {
    this.#unmark(message);
    message.content = content;
    message.isRead = isRead;
    this.#mark(message);
    this.#touch(message);
  }

  /** Into another folder, where its usual id is another one. */
  move(message: MailMessage, folder: FolderName, hidden = false): void {
    this.#byId.delete(message.id);
    message.id = `AAMkAG${this.ids.letters(42)}`;
    message.folder = folder;
    message.hidden = hidden;
    this.#byId.set(message.id, message);
    this.#touch(message);
  }

  /** It is no draft any more. */
  submit(message: MailMessage): void {
    message.isDraft = false;
    message.sentAt = this.#time();
    message.receivedAt = message.sentAt;
  }

  remove(message: MailMessage): void {
    this.#messages.get(message.mailbox)?.delete(message.immutableId);
    this.#byId.delete(message.id);
    this.#byId.delete(message.immutableId);
    this.#unmark(message);
    this.revision += 1;
  }

  /** By either kind of id; also what is hidden. */
  message(id: string): MailMessage | undefined {
    return this.#byId.get(id);
  }

  /** What is in a mailbox, or what somebody outside got, in the order of arrival. */
  messages(owner: string): readonly MailMessage[] {
    return [...(this.#messages.get(owner)?.values() ?? [])].filter(({ hidden }) => !hidden);
  }

  /** Those messages of a mailbox that have the mark, as `markOf…` writes it. */
  marked(owner: string, mark: string): readonly MailMessage[] {
    return [...(this.#marked.get(`${owner}\n${mark}`) ?? [])].filter(({ hidden }) => !hidden);
  }

  /** To the second, as Outlook keeps time. */
  #time(): string {
    return `${this.now().toISOString().slice(0, 19)}Z`;
  }

  #touch(message: MailMessage): void {
    message.version += 1;
    message.modifiedAt = this.#time();
    this.revision += 1;
  }

  #indexMailbox(mailbox: SimulatedMailbox): void {
    this.#mailboxes.set(mailbox.id.toLowerCase(), mailbox);
    this.#mailboxes.set(mailbox.userPrincipalName.toLowerCase(), mailbox);
    this.#byAddress.set(mailbox.address.toLowerCase(), mailbox);
  }

  #index(message: MailMessage): void {
    const owned = this.#messages.get(message.mailbox);
    if (owned) owned.set(message.immutableId, message);
    else this.#messages.set(message.mailbox, new Map([[message.immutableId, message]]));
    this.#byId.set(message.id, message);
    this.#byId.set(message.immutableId, message);
    this.#mark(message);
  }

  #mark(message: MailMessage): void {
    for (const mark of marksOf(message)) {
      const marked = this.#marked.get(mark);
      if (marked) marked.add(message);
      else this.#marked.set(mark, new Set([message]));
    }
  }

  #unmark(message: MailMessage): void {
    for (const mark of marksOf(message)) {
      const marked = this.#marked.get(mark);
      marked?.delete(message);
      if (marked?.size === 0) this.#marked.delete(mark);
    }
  }
}

export const markOfMessageId = (id: string): string => `message-id ${id}`;
export const markOfProperty = (id: string, value: string): string => `${id}\n${value}`;

const marksOf = ({ mailbox, content }: MailMessage): readonly string[] =>
  [
    markOfMessageId(content.internetMessageId),
    ...content.properties.map(({ id, value }) => markOfProperty(id, value)),
  ].map((mark) => `${mailbox}\n${mark}`);
