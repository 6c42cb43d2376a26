import { slackIdentity, type SimulatedChannel, type SlackSimulator } from '#channels/simulators';
import { html, type Html } from './html.js';
import { back, hash, lock, people } from './icons.js';
import type { Page } from './layout.js';
import { avatar, messagesHtml } from './messages.js';
import { langAttribute, namesOf } from './names.js';
import type { VendorPages } from './vendor-pages.js';
import { clockOf, viewerOf, type Viewer } from './viewer.js';

/** The workspace, by channel. */
export const slackPages = (slack: SlackSimulator): VendorPages => ({
  view: 'slack',
  label: 'Slack',
  add: (app, show) => {
    app.get('/slack', (request, reply) =>
      show(reply, slackPage(slack, undefined, viewerOf(request.headers.cookie))),
    );
    app.get<{ Params: { channel: string } }>('/slack/:channel', (request, reply) =>
      show(reply, slackPage(slack, request.params.channel, viewerOf(request.headers.cookie))),
    );
    // Slack's permalinks, which the simulator gives out with the page's address.
    app.get<{ Params: { channel: string; message: string } }>(
      '/archives/:channel/:message',
      (request, reply) =>
        reply.redirect(
          `/slack/${encodeURIComponent(request.params.channel)}#${encodeURIComponent(request.params.message)}`,
        ),
    );
  },
});

/** A view of the workspace with one channel open; where none is asked for, that with the newest message (on a phone then the list alone). */
function slackPage(slack: SlackSimulator, asked: string | undefined, viewer: Viewer): Page | undefined {
  const channels = slack.channels();
  const open = asked === undefined ? newest(slack) : channels.find((channel) => channel.id === asked);
  if (asked !== undefined && !open) return undefined;
  return {
    title: open ? labelOf(open, slack) : 'Slack',
    classes: asked === undefined ? 'at-list' : 'at-channel',
    body: html`${sidebar(slack, open)}${open ? channelHtml(slack, open, viewer) : nothingYet}`,
  };
}

const nothingYet = html`<main class="empty">
  <h1>No channels yet</h1>
  <p>They appear here as soon as Carillon makes one.</p>
</main>`;

function newest(slack: SlackSimulator): SimulatedChannel | undefined {
  const last = (channel: SimulatedChannel): number => Number(slack.messages(channel.id).at(-1)?.ts ?? 0);
  return [...slack.channels()].sort((one, other) => last(other) - last(one))[0];
}

/** The channel's name, or that of whom one talks to. */
function labelOf(channel: SimulatedChannel, slack: SlackSimulator): string {
  if (channel.kind === 'public_channel' || channel.kind === 'private_channel') return channel.name;
  const names = namesOf(slack);
  return channel.members
    .filter((id) => id !== slackIdentity.user)
    .map((id) => names.user(id) ?? id)
    .join(', ');
}

const signOf = (channel: SimulatedChannel): Html =>
  channel.kind === 'public_channel' ? hash : channel.kind === 'private_channel' ? lock : people;

function sidebar(slack: SlackSimulator, open: SimulatedChannel | undefined): Html {
  const sorted = [...slack.channels()].sort((one, other) =>
    labelOf(one, slack).localeCompare(labelOf(other, slack)),
  );
  const rooms = sorted.filter(({ kind }) => kind === 'public_channel' || kind === 'private_channel');
  const direct = sorted.filter((channel) => !rooms.includes(channel));
  const list = (title: string, channels: readonly SimulatedChannel[]): Html | false =>
    channels.length > 0 &&
    html`<h2>${title}</h2>
      <ul>
        ${channels.map((channel) => entry(channel, slack, channel === open))}
      </ul>`;
  return html`<nav class="sidebar" aria-label="Channels" id="sidebar">
    <p class="workspace">Acme <span>${slack.users().filter((user) => !user.bot).length - 1} people</span></p>
    ${list(
      'Channels',
      rooms.filter((channel) => !channel.archived),
    )}
    ${list('Direct messages', direct)}
    ${list(
      'Archived',
      rooms.filter((channel) => channel.archived),
    )}
  </nav>`;
}

/** The script turns the number of messages into one of those not seen yet. */
function entry(channel: SimulatedChannel, slack: SlackSimulator, current: boolean): Html {
  const count = slack.messages(channel.id).length;
  const label = labelOf(channel, slack);
  return html`<li>
    <a
      href="/slack/${channel.id}"
      data-channel="${channel.id}"
      data-count="${count}"
      ${current && html`aria-current="page"`}
    >
      ${signOf(channel)}<span class="label" ${langAttribute(label)}>${label}</span>
      ${channel.kind === 'private_channel' && html`<span class="hidden">(private)</span>`}
      <span class="count" hidden></span>
    </a>
  </li>`;
}

function channelHtml(slack: SlackSimulator, channel: SimulatedChannel, viewer: Viewer): Html {
  const about = [channel.topic.value, channel.purpose.value].find((text) => text !== '');
  const rooms = channel.kind === 'public_channel' || channel.kind === 'private_channel';
  return html`<main class="channel" id="main">
    <header class="title">
      <a class="back" href="/slack" aria-label="All channels">${back}</a>
      <div>
        <h1>${signOf(channel)}<span>${labelOf(channel, slack)}</span></h1>
        ${about !== undefined && html`<p title="${about}" ${langAttribute(about)}>${about}</p>`}
      </div>
      ${rooms && membersHtml(slack, channel)}
    </header>
    <div class="scroll" id="scroll">
      ${channel.archived && html`<p class="notice">This channel is archived.</p>`}
      ${
        !channel.members.includes(slackIdentity.user) &&
        html`<p class="notice">
          Carillon is not in this channel${channel.kind === 'private_channel' && ' and cannot see it'}.
        </p>`
      }
      ${slack.timeline(channel.id).length === 0 && html`<p class="notice">Nothing was said here yet.</p>`}
      ${messagesHtml(slack, channel.id, viewer)}
    </div>
  </main>`;
}

function membersHtml(slack: SlackSimulator, channel: SimulatedChannel): Html {
  const members = channel.members.flatMap((id) => slack.users().find((user) => user.id === id) ?? []);
  const now = new Date();
  return html`<details class="members" id="members">
    <summary aria-label="${members.length} members">
      ${members.slice(0, 3).map((user) => avatar(user.id, user.name))}<span>${members.length}</span>
    </summary>
    <ul>
      ${members.map(
        (user) =>
          html`<li>
            ${avatar(user.id, user.name)}
            <div>
              <strong${langAttribute(user.name)}>${user.name}</strong>
              ${user.bot && html`<span class="badge">App</span>`}
              <p>${user.email ?? user.handle}${user.zone !== undefined && !user.bot && html` · ${clockOf(user.zone, now)} in ${user.zone}`}</p>
            </div>
          </li>`,
      )}
    </ul>
  </details>`;
}
