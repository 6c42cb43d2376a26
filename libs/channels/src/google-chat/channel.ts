import { AccessToken, RemoteError, type HttpClient } from '#http';
import type { Channel } from '../contract.js';
import { chatApi } from './api.js';
import { AppMessages } from './app-messages.js';
import { serviceAccountGrant } from './grant.js';
import { addressOf, placeOf, spaceOf, type Place } from './place.js';
import { probe } from './probe.js';
import { render } from './render.js';
import { readServiceAccount } from './service-account.js';
import { googleChatDestination, type GoogleChatSettings } from './settings.js';
import { WebhookMessages } from './webhook-messages.js';

/** One Chat app, and the webhooks that were made by hand. */
export function connectGoogleChat(settings: GoogleChatSettings, http: HttpClient): Channel {
  const webhooks = new WebhookMessages(http, settings);
  const account =
    settings.serviceAccount === undefined ? undefined : readServiceAccount(settings.serviceAccount);
  const api =
    account &&
    chatApi(
      http,
      settings.baseUrl,
      new AccessToken('google-chat', serviceAccountGrant(account, settings.tokenUrl, http)),
    );
  const messages = api && new AppMessages(api);
  const asApp = (): AppMessages => {
    if (messages) return messages;
    throw refused('the channel has no serviceAccount, without which only its webhooks can be written to');
  };

  return {
    render: (message) => render(message, 1),
    lane(address) {
      const place = placeOf(address);
      if ('space' in place) return place.space;
      const url = Object.hasOwn(settings.webhooks, place.webhook)
        ? settings.webhooks[place.webhook]
        : undefined;
      return url === undefined ? undefined : spaceOf(url);
    },
    async send(message, to, attempt) {
      const place = placeOf(to);
      return 'space' in place
        ? asApp().send(message, place, attempt)
        : webhooks.send(message, place, attempt);
    },
    async update(previous, message, attempt) {
      const place = placeOf(previous.address);
      return 'space' in place
        ? asApp().update(previous, message, place, attempt)
        : webhooks.update(previous, message, place, attempt);
    },
    async find(attempt, to) {
      const place = placeOf(to);
      return 'space' in place ? asApp().find(attempt, place) : 'cannot-tell';
    },
    async address(destination) {
      const { data } = googleChatDestination.safeParse(destination);
      const place = data && destined(data);
      if (!place) throw refused('the destination names neither a space nor a webhook');
      if ('space' in place) asApp();
      else webhooks.urlOf(place);
      return addressOf(place);
    },
    probe: (signal) => probe(api, Object.keys(settings.webhooks), signal),
  };
}

const destined = ({
  space,
  webhook,
  thread,
}: ReturnType<typeof googleChatDestination.parse>): Place | undefined =>
  space !== undefined ? { space, thread } : webhook !== undefined ? { webhook, thread } : undefined;

const refused = (message: string): RemoteError =>
  new RemoteError('google-chat', 'rejected', 'refused', message);
