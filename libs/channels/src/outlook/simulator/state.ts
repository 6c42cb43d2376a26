/** What the simulated Exchange holds. Everything is JSON, so that a sandbox can keep it over a restart. */
export interface MailState {
  mailboxes: SimulatedMailbox[];
  messages: MailMessage[];
  /** Accepted and not yet sent, in the order of acceptance. */
  queue: QueuedMail[];
  /** Counts everything that got an id, so that no id comes twice. */
  ids: number;
}

/** The folders that every mailbox has, by their well-known names. */
export const folderNames = {
  inbox: 'Inbox',
  drafts: 'Drafts',
  outbox: 'Outbox',
  sentitems: 'Sent Items',
  deleteditems: 'Deleted Items',
  archive: 'Archive',
  junkemail: 'Junk Email',
} as const;

export type FolderName = keyof typeof folderNames;

export const isFolderName = (name: string): name is FolderName => Object.hasOwn(folderNames, name);

export interface MailFolder {
  readonly id: string;
  readonly name: FolderName;
}

/** A user of the tenant with what is set for their mailbox. */
export interface SimulatedMailbox {
  /** The user's id, a GUID. */
  readonly id: string;
  /** With the id the only names that a path knows the user by. */
  readonly userPrincipalName: string;
  /** Where mail reaches it. */
  readonly address: string;
  readonly displayName: string;
  readonly folders: readonly MailFolder[];
  /** Whether there is a mailbox; a user without a licence has none. */
  enabled: boolean;
  /** Nothing can be put into it or sent from it. */
  full: boolean;
  /** Exchange blocked it as a sender. */
  blocked: boolean;
  /** Addresses of others as whom it may send. */
  sendAs: string[];
}

export interface EmailAddress {
  readonly name?: string;
  readonly address?: string;
}

export interface MailBody {
  readonly contentType: 'text' | 'html';
  readonly content: string;
}

export interface MailHeader {
  readonly name: string;
  readonly value: string;
}

interface ExtendedProperty {
  /** In the form of `propertyId`. */
  readonly id: string;
  readonly value: string;
}

export interface MailAttachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  /** Of the content, in bytes. */
  readonly size: number;
  readonly contentBytes: string;
  readonly isInline: boolean;
  readonly contentId?: string;
}

/** What whoever writes a message says. */
export interface MailContent {
  readonly subject: string;
  readonly body: MailBody;
  readonly from?: EmailAddress;
  readonly to: readonly EmailAddress[];
  readonly cc: readonly EmailAddress[];
  readonly bcc: readonly EmailAddress[];
  readonly replyTo: readonly EmailAddress[];
  readonly importance: 'low' | 'normal' | 'high';
  readonly categories: readonly string[];
  /** Only those that the sender made up, `x-…`. */
  readonly headers: readonly MailHeader[];
  readonly attachments: readonly MailAttachment[];
  /** `<…@…>` */
  readonly internetMessageId: string;
  /** The Message-ID of what it answers. */
  readonly inReplyTo?: string;
  /** What all messages of a thread have in common, and whatever is done with it stays. */
  readonly thread: string;
  /** Stay in the mailbox in which they were set; recipients do not get them. */
  readonly properties: readonly ExtendedProperty[];
  /** What Graph did with it without a word, such as removing a script. A careful sender has none. */
  readonly remarks: readonly string[];
}

/** A message as it lies in a folder. Times are RFC 3339, UTC, to the second. */
export interface MailMessage {
  /** Never changes while the message stays in its mailbox. */
  readonly immutableId: string;
  /** The usual id: another one after each move. */
  id: string;
  /** The id of the mailbox, or the address of somebody outside the tenant. */
  readonly mailbox: string;
  folder: FolderName;
  /** Accepted, and in no folder for now. */
  hidden: boolean;
  isDraft: boolean;
  isRead: boolean;
  readonly received: boolean;
  content: MailContent;
  readonly createdAt: string;
  modifiedAt: string;
  /** When it came, was sent or was written. */
  receivedAt: string;
  sentAt?: string;
  /** Goes up with every change. */
  version: number;
}

export interface QueuedMail {
  readonly immutableId: string;
  /** Whether a copy stays in Sent Items. */
  readonly keep: boolean;
  /** Unix milliseconds. */
  readonly due: number;
  /** Why Exchange will not deliver it, though it was accepted. */
  readonly refusal?: string;
}
