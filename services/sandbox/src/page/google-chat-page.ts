import type { GoogleChatSimulator, SimulatedSpace } from '#channels/simulators';
import { appAvatar, personAvatar } from './avatar.js';
import { chatMessagesHtml } from './chat-messages.js';
import { html, type Html } from './html.js';
import { back } from './icons.js';
import type { Page } from './layout.js';
import { langAttribute } from './names.js';
import type { VendorPages } from './vendor-pages.js';
import { viewerOf, type Viewer } from './viewer.js';

/** The Spaces. */
export const googleChatPages = (chat: GoogleChatSimulator): VendorPages => ({
  view: 'google-chat',
  label: 'Google Chat',
  styleSheet: 'google-chat.css',
  add: (app, show) => {
    app.get('/google-chat', (request, reply) =>
      show(reply, googleChatPage(chat, undefined, viewerOf(request.headers.cookie))),
    );
    app.get<{ Params: { space: string } }>('/google-chat/:space', (request, reply) =>
      show(reply, googleChatPage(chat, request.params.space, viewerOf(request.headers.cookie))),
    );
  },
});

/** A view of Google Chat with one Space open; where none is asked for, that with the newest message (on a phone then the list alone). */
function googleChatPage(
  chat: GoogleChatSimulator,
  asked: string | undefined,
  viewer: Viewer,
): Page | undefined {
  const spaces = chat.spaces();
  const open = asked === undefined ? newest(chat) : spaces.find(({ name }) => name === `spaces/${asked}`);
  if (asked !== undefined && !open) return undefined;
  return {
    title: open ? labelOf(open, chat) : 'Google Chat',
    classes: asked === undefined ? 'at-list' : 'at-channel',
    body: html`${sidebar(chat, open)}${open ? spaceHtml(chat, open, viewer) : nothingYet}`,
  };
}

const nothingYet = html`<main class="empty">
  <h1>No Spaces yet</h1>
  <p>They appear here as soon as somebody makes one.</p>
</main>`;

function newest(chat: GoogleChatSimulator): SimulatedSpace | undefined {
  const last = ({ name, createTime }: SimulatedSpace): string =>
    chat.messages(name).at(-1)?.createTime ?? `0${createTime}`;
  return [...chat.spaces()].sort((one, other) => (last(one) < last(other) ? 1 : -1))[0];
}

/** The Space's name, or that of whom one talks to. */
const labelOf = (space: SimulatedSpace, chat: GoogleChatSimulator): string =>
  space.displayName ||
  chat
    .members(space.name)
    .map(({ displayName }) => displayName)
    .join(', ') ||
  space.name;

function sidebar(chat: GoogleChatSimulator, open: SimulatedSpace | undefined): Html {
  const sorted = [...chat.spaces()].sort((one, other) =>
    labelOf(one, chat).localeCompare(labelOf(other, chat)),
  );
  const list = (title: string, spaces: readonly SimulatedSpace[]): Html | false =>
    spaces.length > 0 &&
    html`<h2>${title}</h2>
      <ul>
        ${spaces.map((space) => entry(space, chat, space === open))}
      </ul>`;
  return html`<nav class="sidebar" aria-label="Spaces" id="sidebar">
    <p class="workspace">Chat <span>acme.example</span></p>
    ${list(
      'Direct messages',
      sorted.filter(({ spaceType }) => spaceType !== 'SPACE'),
    )}
    ${list(
      'Spaces',
      sorted.filter(({ spaceType }) => spaceType === 'SPACE'),
    )}
  </nav>`;
}

/** The script turns the number of messages into one of those not seen yet. */
function entry(space: SimulatedSpace, chat: GoogleChatSimulator, current: boolean): Html {
  const label = labelOf(space, chat);
  return html`<li>
    <a
      href="/google-chat/${space.name.slice('spaces/'.length)}"
      data-channel="${space.name}"
      data-count="${chat.messages(space.name).length}"
      ${current && html`aria-current="page"`}
    >
      ${tile(space, label)}<span class="label" ${langAttribute(label)}>${label}</span>
      <span class="count" hidden></span>
    </a>
  </li>`;
}

/** A Space has a square with its first letter, or its emoji; people are round. */
const tile = (space: SimulatedSpace, label: string): Html =>
  space.spaceType === 'SPACE'
    ? personAvatar(space.name, [...new Intl.Segmenter().segment(label)][0]?.segment ?? '')
    : personAvatar(space.members[0] ?? space.name, label);

function spaceHtml(chat: GoogleChatSimulator, space: SimulatedSpace, viewer: Viewer): Html {
  const label = labelOf(space, chat);
  return html`<main class="channel" id="main">
    <header class="title">
      <a class="back" href="/google-chat" aria-label="All Spaces">${back}</a>
      ${tile(space, label)}
      <div>
        <h1 ${langAttribute(label)}><span>${label}</span></h1>
        <p>${membersText(space)}</p>
      </div>
      ${membersHtml(chat, space)}
    </header>
    <div class="scroll" id="scroll">
      ${!space.app && html`<p class="notice">Carillon is not in this Space: it cannot see it, nor write here.</p>`}
      ${chat.timeline(space.name).length === 0 && html`<p class="notice">Nothing was said here yet.</p>`}
      ${chatMessagesHtml(chat, space.name, viewer)}
    </div>
  </main>`;
}

const membersText = ({ members }: SimulatedSpace): string =>
  members.length === 1 ? '1 member' : `${members.length} members`;

function membersHtml(chat: GoogleChatSimulator, space: SimulatedSpace): Html {
  const people = chat.members(space.name);
  const webhooks = chat.webhooks(space.name);
  return html`<details class="members" id="members">
    <summary aria-label="${membersText(space)}">
      ${people.slice(0, 3).map(({ name, displayName }) => personAvatar(name, displayName))}<span
        >${people.length}</span
      >
    </summary>
    <ul>
      ${people.map(
        ({ name, displayName, email }) =>
          html`<li>
            ${personAvatar(name, displayName)}
            <div>
              <strong${langAttribute(displayName)}>${displayName}</strong>
              <p>${email}</p>
            </div>
          </li>`,
      )}
      ${
        space.app &&
        html`<li>
          ${appAvatar}
          <div>
            <strong>Carillon</strong> <span class="badge">App</span>
            <p>Added to this Space</p>
          </div>
        </li>`
      }
      ${webhooks.map(
        ({ id, displayName }) =>
          html`<li>
            ${personAvatar(id, displayName)}
            <div>
              <strong${langAttribute(displayName)}>${displayName}</strong> <span class="badge">App</span>
              <p>Incoming webhook</p>
            </div>
          </li>`,
      )}
    </ul>
  </details>`;
}
