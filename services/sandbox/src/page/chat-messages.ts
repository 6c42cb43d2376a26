import type { GoogleChatSimulator, SpaceMessage } from '#channels/simulators';
import { appAvatar, personAvatar } from './avatar.js';
import { buttonsHtml, cardHtml } from './chat-card.js';
import { chatTextHtml, type NameOf } from './chat-text.js';
import { html, type Html } from './html.js';
import { langAttribute } from './names.js';
import { clockTime, dayTitle, fullTime, type Viewer } from './viewer.js';

/** Messages of one sender within so many seconds stand together under one name. */
const together = 300;

interface Conversation {
  readonly nameOf: NameOf;
  readonly viewer: Viewer;
}

/** Everything in a space, oldest first, by days; answers stand below what began their thread. */
export function chatMessagesHtml(chat: GoogleChatSimulator, space: string, viewer: Viewer): Html {
  const names = new Map(chat.people().map(({ name, displayName }) => [name, displayName]));
  const conversation: Conversation = { nameOf: (user) => names.get(user), viewer };
  const threads = Map.groupBy(chat.timeline(space), ({ thread }) => thread);
  let lastDay = '';
  let previous: SpaceMessage | undefined;
  const rows = [...threads.values()].map(([first, ...replies]) => {
    if (!first) return undefined;
    const day = dayTitle(secondsOf(first.createTime), viewer);
    const newDay = day !== lastDay;
    const follows = !newDay && previous !== undefined && continues(previous, first);
    lastDay = day;
    // Whatever comes after an answered message stands by itself.
    previous = replies.length > 0 ? undefined : first;
    return html`${newDay && html`<li class="day" role="separator"><span>${day}</span></li>`}${messageHtml(first, replies, conversation, follows)}`;
  });
  return html`<ol class="messages">
    ${rows}
  </ol>`;
}

const continues = (one: SpaceMessage, next: SpaceMessage): boolean =>
  one.sender.name === next.sender.name &&
  one.deleteTime === undefined &&
  Number(secondsOf(next.createTime)) - Number(secondsOf(one.createTime)) < together;

function messageHtml(
  message: SpaceMessage,
  replies: readonly SpaceMessage[],
  conversation: Conversation,
  follows: boolean,
): Html {
  const { sender, privateTo } = message;
  const { nameOf } = conversation;
  const time = timeHtml(message.createTime, conversation.viewer);
  const isGone = message.deleteTime !== undefined;
  return html`<li
    class="message${follows && ' follows'}${isGone && ' gone'}"
    id="m-${message.name.split('/').at(-1)}"
  >
    ${
      follows
        ? html`<span class="margin">${time}</span>`
        : sender.kind === 'app'
          ? appAvatar
          : personAvatar(sender.name, sender.displayName)
    }
    <article>
      ${
        !follows &&
        html`<header>
          <strong class="name" ${langAttribute(sender.displayName)}>${sender.displayName}</strong>
          ${sender.kind !== 'person' && html`<span class="badge">App</span>`} ${time}
        </header>`
      }
      ${privateTo !== undefined && html`<p class="aside">Only visible to ${nameOf(privateTo) ?? privateTo}</p>`}
      ${
        isGone
          ? html`<details class="earlier">
              <summary>Message deleted</summary>
              <div class="version">${contentHtml(message.content, conversation)}</div>
            </details>`
          : html`${contentHtml(message.content, conversation)}${remarksHtml(message)}${versionsHtml(message, conversation)}`
      }
      ${threadHtml(replies, conversation)}
    </article>
  </li>`;
}

function contentHtml(
  { text, cardsV2 = [], accessoryWidgets = [] }: SpaceMessage['content'],
  { nameOf }: Conversation,
): Html {
  return html`<div class="content">
    ${text !== undefined && html`<div class="block" ${langAttribute(text)}>${chatTextHtml(text, nameOf)}</div>`}
    ${cardsV2.map(({ card }) => cardHtml(card))}
    ${accessoryWidgets.map((widget) => buttonsHtml((widget as AccessoryWidget).buttonList.buttons))}
  </div>`;
}

/** The only kind that the simulator takes. */
interface AccessoryWidget {
  readonly buttonList: { readonly buttons: Parameters<typeof buttonsHtml>[0] };
}

/** What Chat did with it without a word, and nobody would see. */
const remarksHtml = ({ remarks }: SpaceMessage): Html | false =>
  remarks.length > 0 && html`<p class="aside remark">Taken by Chat, but: ${remarks.join(', ')}</p>`;

/** "Edited", and on demand what it showed before. */
const versionsHtml = ({ name, versions }: SpaceMessage, conversation: Conversation): Html | false =>
  versions.length > 0 &&
  html`<details class="earlier" id="v-${name.split('/').at(-1)}">
    <summary>Edited</summary>
    ${versions.toReversed().map(
      ({ content, until }) =>
        html`<div class="version">
          <p class="aside">
            until <time datetime="${until}">${fullTime(secondsOf(until), conversation.viewer)}</time>
          </p>
          ${contentHtml(content, conversation)}
        </div>`,
    )}
  </details>`;

function threadHtml(replies: readonly SpaceMessage[], conversation: Conversation): Html | undefined {
  const last = replies.at(-1);
  if (!last) return undefined;
  const when = secondsOf(last.createTime);
  const { viewer } = conversation;
  return html`<details class="thread" open id="t-${last.thread.split('/').at(-1)}">
    <summary>
      ${replies.length === 1 ? '1 reply' : `${replies.length} replies`}
      <span>${dayTitle(when, viewer)}, ${clockTime(when, viewer)}</span>
    </summary>
    <ol>
      ${replies.map((reply) => messageHtml(reply, [], conversation, false))}
    </ol>
  </details>`;
}

/** As the viewer's clock takes it. */
const secondsOf = (time: string): string => String(Date.parse(time) / 1000);

const timeHtml = (time: string, viewer: Viewer): Html =>
  html`<time datetime="${time}" title="${fullTime(secondsOf(time), viewer)}"
    >${clockTime(secondsOf(time), viewer)}</time
  >`;
