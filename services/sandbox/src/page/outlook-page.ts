import {
  mailText,
  type MailMessage,
  type OutlookSimulator,
  type SimulatedMailbox,
} from '#channels/simulators';
import { appAvatar, personAvatar } from './avatar.js';
import { escape, html, type Html } from './html.js';
import { back } from './icons.js';
import type { Page } from './layout.js';
import { langAttribute } from './names.js';
import type { VendorPages } from './vendor-pages.js';
import { clockTime, dayTitle, fullTime, viewerOf, type Viewer } from './viewer.js';

/** A mail is in a frame of its own, where it may look as it likes, and do nothing. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The inboxes. */
export const outlookPages = (outlook: OutlookSimulator): VendorPages => ({
  view: 'outlook',
  label: 'Outlook',
  styleSheet: 'outlook.css',
  add: (app, show) => {
    app.get('/outlook', (request, reply) =>
      show(reply, outlookPage(outlook, {}, viewerOf(request.headers.cookie))),
    );
    app.get<{ Params: { mailbox: string; mail?: string } }>('/outlook/:mailbox/:mail?', (request, reply) =>
      show(reply, outlookPage(outlook, request.params, viewerOf(request.headers.cookie))),
    );
    app.get<{ Params: { mailbox: string; mail: string } }>('/outlook/:mailbox/:mail/body', (request, reply) =>
      show(reply.header('content-security-policy', mailPolicy), mailHtml(outlook, request.params)),
    );
  },
});

/** What of Outlook is asked for: somebody's inbox, and a mail in it. */
interface Asked {
  /** By its address. */
  readonly mailbox?: string;
  readonly mail?: string;
}

/** As much of a mail as a list shows. */
const previewLength = 140;

/** Somebody's inbox with one mail open; where none is asked for, that with the newest mail (on a phone then the list alone). */
function outlookPage(outlook: OutlookSimulator, asked: Asked, viewer: Viewer): Page | undefined {
  const mailboxes = outlook.mailboxes();
  const mailbox =
    asked.mailbox === undefined
      ? newestOf(outlook)
      : mailboxes.find(({ address }) => address === asked.mailbox);
  if (!mailbox) return undefined;
  const inbox = inboxOf(outlook, mailbox);
  const open =
    asked.mail === undefined ? inbox[0] : inbox.find(({ immutableId }) => immutableId === asked.mail);
  if (asked.mail !== undefined && !open) return undefined;
  return {
    title: open ? open.content.subject : 'Outlook',
    classes: asked.mail === undefined ? 'at-list' : 'at-channel',
    body: html`${sidebar(outlook, mailbox, inbox, open, viewer)}${open ? mailPane(mailbox, open, inbox, viewer) : nothingYet}`,
  };
}

/** The mail itself as it was sent, for a frame of its own. */
function mailHtml(outlook: OutlookSimulator, { mailbox, mail }: Required<Asked>): string | undefined {
  const owner = outlook.mailboxes().find(({ address }) => address === mailbox);
  const found = owner && inboxOf(outlook, owner).find(({ immutableId }) => immutableId === mail);
  if (!found) return undefined;
  const { contentType, content } = found.content.body;
  if (contentType === 'text')
    return `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><pre style="white-space:pre-wrap">${escape(content)}</pre>`;
  // Links open beside the page, not in the frame.
  return content.replace(/<head>|<head\s[^>]*>/i, (head) => `${head}<base target="_blank">`);
}

const nothingYet = html`<main class="empty">
  <h1>No mail yet</h1>
  <p>It appears here as soon as it arrives.</p>
</main>`;

/** The newest first. */
const inboxOf = (
  outlook: OutlookSimulator,
  { userPrincipalName }: SimulatedMailbox,
): readonly MailMessage[] => outlook.messages(userPrincipalName, 'inbox').toReversed();

function newestOf(outlook: OutlookSimulator): SimulatedMailbox | undefined {
  const last = (mailbox: SimulatedMailbox): string => inboxOf(outlook, mailbox)[0]?.receivedAt ?? '';
  return outlook.mailboxes().toSorted((one, other) => (last(one) < last(other) ? 1 : -1))[0];
}

function sidebar(
  outlook: OutlookSimulator,
  mailbox: SimulatedMailbox,
  inbox: readonly MailMessage[],
  open: MailMessage | undefined,
  viewer: Viewer,
): Html {
  const others = outlook
    .mailboxes()
    .filter((one) => one !== mailbox)
    .toSorted((one, other) => one.displayName.localeCompare(other.displayName));
  return html`<nav class="sidebar" aria-label="Inbox" id="sidebar">
    <p class="workspace">
      <span ${langAttribute(mailbox.displayName)}>Inbox of ${mailbox.displayName}</span>
      <span class="address">${mailbox.address}</span>
    </p>
    ${inbox.length === 0 && html`<p class="none">Nothing has arrived yet.</p>`}
    <ul class="mails">
      ${inbox.map((mail) => entry(mailbox, mail, mail === open, viewer))}
    </ul>
    <details id="mailboxes" ${inbox.length === 0 && 'open'}>
      <summary>Other mailboxes</summary>
      <ul>
        ${others.map((other) => otherEntry(other, inboxOf(outlook, other).length))}
      </ul>
    </details>
  </nav>`;
}

function otherEntry({ address, displayName }: SimulatedMailbox, count: number): Html {
  return html`<li>
    <a href="/outlook/${address}" data-channel="mail ${address}" data-count="${count}"
      >${personAvatar(address, displayName)}<span class="label" ${langAttribute(displayName)}
        >${displayName}</span
      >
      <span class="count" hidden></span
    ></a>
  </li>`;
}

const pathOf = (mailbox: SimulatedMailbox, { immutableId }: MailMessage): string =>
  `/outlook/${mailbox.address}/${encodeURIComponent(immutableId)}`;

const secondsOf = ({ receivedAt }: MailMessage): string => String(Date.parse(receivedAt) / 1000);

const senderOf = ({ content: { from } }: MailMessage): string => from?.name ?? from?.address ?? 'Somebody';

/** Like lists of mails do: who, what about, and how it begins. */
function entry(mailbox: SimulatedMailbox, mail: MailMessage, current: boolean, viewer: Viewer): Html {
  const { subject } = mail.content;
  const at = secondsOf(mail);
  return html`<li>
    <a class="mail" href="${pathOf(mailbox, mail)}" ${current && html`aria-current="page"`}>
      <span class="from">${senderOf(mail)}</span>
      <time datetime="${mail.receivedAt}" title="${fullTime(at, viewer)}">${clockTime(at, viewer)}</time>
      <span class="subject" ${langAttribute(subject)}>${subject}</span>
      <span class="preview" ${langAttribute(subject)}
        >${mailText(mail).replaceAll(/\s+/g, ' ').slice(0, previewLength)}</span
      >
    </a>
  </li>`;
}

function mailPane(
  mailbox: SimulatedMailbox,
  mail: MailMessage,
  inbox: readonly MailMessage[],
  viewer: Viewer,
): Html {
  const { subject, to, replyTo, remarks, thread } = mail.content;
  const conversation = inbox.filter(({ content }) => content.thread === thread).toReversed();
  const names = (list: typeof to): string =>
    list.map(({ name, address }) => name ?? address ?? '').join(', ');
  const at = secondsOf(mail);
  return html`<main class="channel" id="main">
    <header class="title">
      <a class="back" href="/outlook/${mailbox.address}" aria-label="The inbox">${back}</a>
      <div>
        <h1><span ${langAttribute(subject)}>${subject}</span></h1>
        <p title="${names(to)}">to ${names(to)}${replyTo.length > 0 && `, answers to ${names(replyTo)}`}</p>
      </div>
    </header>
    <div class="letterhead">
      ${senderOf(mail) === 'Carillon' ? appAvatar : personAvatar(senderOf(mail), senderOf(mail))}
      <div>
        <strong>${senderOf(mail)}</strong>
        <time datetime="${mail.receivedAt}" title="${fullTime(at, viewer)}"
          >${dayTitle(at, viewer)}, ${clockTime(at, viewer)}</time
        >
      </div>
      ${
        conversation.length > 1 &&
        html`<p class="conversation">
          In this conversation:
          ${conversation.map(
            (one, index) =>
              html`<a
                href="${pathOf(mailbox, one)}"
                ${one === mail && html`aria-current="true"`}
                title="${fullTime(secondsOf(one), viewer)}"
                >${index + 1}</a
              >`,
          )}
        </p>`
      }
    </div>
    ${remarks.length > 0 && html`<p class="notice">Taken by Exchange, but: ${remarks.join(', ')}</p>`}
    <iframe
      title="The mail"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      src="${pathOf(mailbox, mail)}/body"
    ></iframe>
    <details class="plain" id="plain">
      <summary>As plain text</summary>
      <pre>${mailText(mail)}</pre>
    </details>
  </main>`;
}
