import { slackIdentity, type SimulatedMessage, type SlackSimulator } from '#channels/simulators';
import { appAvatar, personAvatar } from './avatar.js';
import { blocksHtml, textHtml } from './block-kit.js';
import { html, join, type Html } from './html.js';
import { mrkdwnHtml } from './mrkdwn.js';
import { langAttribute, namesOf, type Names } from './names.js';
import { clockTime, dayTitle, fullTime, type Viewer } from './viewer.js';

/** Messages of one author within so many seconds stand together under one name. */
const together = 300;

interface Conversation {
  readonly all: readonly SimulatedMessage[];
  readonly names: Names;
  readonly viewer: Viewer;
}

/** Everything in a channel, oldest first, by days. */
export function messagesHtml(slack: SlackSimulator, channel: string, viewer: Viewer): Html {
  const all = slack.timeline(channel);
  const conversation = { all, names: namesOf(slack), viewer };
  const known = new Set(all.map((message) => message.ts));
  const shown = all.filter(
    (message) => message.threadTs === undefined || message.broadcast || !known.has(message.threadTs),
  );
  let previous: SimulatedMessage | undefined;
  const rows = grouped(shown, viewer).map((group) => {
    const [message] = group;
    const newDay = !previous || dayTitle(previous.ts, viewer) !== dayTitle(message.ts, viewer);
    const follows = !newDay && previous !== undefined && continues(previous, message);
    previous = message;
    return html`${
      newDay && html`<li class="day" role="separator"><span>${dayTitle(message.ts, viewer)}</span></li>`
    }${
      message.subtype === undefined
        ? messageHtml(message, conversation, follows)
        : noteHtml(group, conversation)
    }`;
  });
  return html`<ol class="messages">
    ${rows}
  </ol>`;
}

type Group = readonly [SimulatedMessage, ...SimulatedMessage[]];

/** Each message by itself, but those who came or went one after the other on one day together. */
function grouped(messages: readonly SimulatedMessage[], viewer: Viewer): readonly Group[] {
  const groups: [SimulatedMessage, ...SimulatedMessage[]][] = [];
  for (const message of messages) {
    const last = groups.at(-1);
    const comesOrGoes = message.subtype === 'channel_join' || message.subtype === 'channel_leave';
    if (
      comesOrGoes &&
      last?.[0].subtype === message.subtype &&
      dayTitle(last[0].ts, viewer) === dayTitle(message.ts, viewer)
    )
      last.push(message);
    else groups.push([message]);
  }
  return groups;
}

const continues = (one: SimulatedMessage, next: SimulatedMessage): boolean =>
  one.subtype === undefined &&
  next.subtype === undefined &&
  one.deleted === undefined &&
  one.user === next.user &&
  one.username === next.username &&
  Number(next.ts) - Number(one.ts) < together;

function messageHtml(message: SimulatedMessage, conversation: Conversation, follows: boolean): Html {
  const { names, viewer } = conversation;
  const time = timeHtml(message.ts, viewer);
  const name = message.username ?? names.user(message.user) ?? message.user;
  return html`<li
    class="message${follows ? ' follows' : ''}${message.deleted === undefined ? '' : ' gone'}"
    id="${message.broadcast && message.threadTs === message.ts ? 'r' : 'p'}${message.ts.replace('.', '')}"
  >
    ${follows ? html`<span class="margin">${time}</span>` : avatar(message.user, name)}
    <article>
      ${
        !follows &&
        html`<header>
          <strong class="name" ${langAttribute(name)}>${name}</strong>
          ${message.bot !== undefined && html`<span class="badge">App</span>`} ${time}
        </header>`
      }
      ${strayReply(message, conversation)} ${contentOrGone(message, conversation)}
      ${threadHtml(message, conversation)}
    </article>
  </li>`;
}

/** Slack's own lines: who came and went, and what else somebody did to the channel. */
function noteHtml(group: Group, { names, viewer }: Conversation): Html {
  const [message] = group;
  const named = group.map(({ user }) => names.user(user) ?? user);
  const did =
    message.subtype === 'channel_join'
      ? 'joined'
      : message.subtype === 'channel_leave'
        ? 'left'
        : mrkdwnHtml(message.text, names);
  return html`<li class="note" id="p${message.ts.replace('.', '')}">
    ${named.map(
      (name, index) =>
        html`${index > 0 && (index === named.length - 1 ? ' and ' : ', ')}<strong${langAttribute(name)}>${name}</strong>`,
    )}
    <span class="text">${did}</span> ${timeHtml(message.ts, viewer)}
  </li>`;
}

function strayReply(message: SimulatedMessage, { all }: Conversation): Html | undefined {
  if (message.threadTs === undefined || message.threadTs === message.ts) return undefined;
  return all.some((one) => one.ts === message.threadTs)
    ? html`<p class="aside">replied to a thread</p>`
    : html`<p class="aside">in a thread whose first message is not here</p>`;
}

function contentOrGone(message: SimulatedMessage, conversation: Conversation): Html {
  if (message.deleted === undefined)
    return html`${contentHtml(message, conversation)}${versionsHtml(message, conversation)}`;
  return html`<details class="earlier">
    <summary>This message was deleted</summary>
    <div class="version">${contentHtml(message, conversation)}</div>
  </details>`;
}

type Content = Pick<SimulatedMessage, 'text' | 'blocks' | 'attachments'>;

function contentHtml(content: Content, { names }: Conversation): Html {
  const blocks = content.blocks ?? [];
  const main =
    blocks.length > 0
      ? blocksHtml(blocks, names)
      : html`<div class="block">${textHtml({ type: 'mrkdwn', text: content.text }, names)}</div>`;
  const attachments = (content.attachments ?? []).map((attachment) => attachmentHtml(attachment, names));
  return html`<div class="content">${main}${attachments}</div>`;
}

function attachmentHtml(attachment: unknown, names: Names): Html {
  const { blocks, text } = attachment as { blocks?: unknown; text?: unknown };
  return html`<div class="attachment">
    ${
      Array.isArray(blocks)
        ? blocksHtml(blocks, names)
        : textHtml({ type: 'mrkdwn', text: typeof text === 'string' ? text : '' }, names)
    }
  </div>`;
}

/** "(edited)", and on demand what was said before. */
function versionsHtml(message: SimulatedMessage, conversation: Conversation): Html | undefined {
  if (message.versions.length === 0) return undefined;
  const { viewer } = conversation;
  return html`<details class="earlier" id="v${message.ts.replace('.', '')}">
    <summary>(edited)</summary>
    ${message.versions.toReversed().map(
      (version) =>
        html`<div class="version">
          <p class="aside">
            until
            <time datetime="${isoTime(version.until)}">${fullTime(version.until, viewer)}</time>
          </p>
          ${contentHtml(version, conversation)}
        </div>`,
    )}
  </details>`;
}

function threadHtml(message: SimulatedMessage, conversation: Conversation): Html | undefined {
  const replies = conversation.all.filter((one) => one.threadTs === message.ts && one.ts !== message.ts);
  const last = replies.at(-1);
  if (!last) return undefined;
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  const rows = replies.map((reply) => messageHtml({ ...reply, threadTs: reply.ts }, conversation, false));
  return html`<details class="thread" open id="t${message.ts.replace('.', '')}">
    <summary>
      ${count}
      <span
        >Last reply ${dayTitle(last.ts, conversation.viewer)},
        ${clockTime(last.ts, conversation.viewer)}</span
      >
    </summary>
    <ol>
      ${join(rows)}
    </ol>
  </details>`;
}

const isoTime = (ts: string): string => new Date(Number(ts) * 1000).toISOString();

const timeHtml = (ts: string, viewer: Viewer): Html =>
  html`<time datetime="${isoTime(ts)}" title="${fullTime(ts, viewer)}">${clockTime(ts, viewer)}</time>`;

/** Of a user of the workspace. */
export const avatar = (user: string, name: string): Html =>
  user === slackIdentity.user ? appAvatar : personAvatar(user, name);
