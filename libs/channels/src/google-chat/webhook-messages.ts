import type { Message } from '#domain';
import { RemoteError, type HttpClient } from '#http';
import type { Attempt, Receipt } from '../contract.js';
import { chatCall } from './api.js';
import { addressOf, spaceOf, type Place } from './place.js';
import { render } from './render.js';
import { said } from './schema.js';
import type { GoogleChatSettings } from './settings.js';
import { writesOf } from './space-pace.js';

type Webhook = Extract<Place, { readonly webhook: string }>;

/** What incoming webhooks say. They can post, and nothing else. https://developers.google.com/workspace/chat/quickstart/webhooks */
export class WebhookMessages {
  constructor(
    private readonly http: HttpClient,
    private readonly settings: Pick<GoogleChatSettings, 'webhooks' | 'baseUrl'>,
  ) {}

  /** Each delivery has a thread, its own where the destination names none, so that a correction finds it. */
  async send(
    message: Message,
    place: Webhook,
    attempt: Attempt,
    options: { readonly corrects?: boolean } = {},
  ): Promise<Receipt> {
    const url = this.urlOf(place);
    const post = {
      label: 'posting to a webhook',
      method: 'POST',
      // Never put together anew: what Chat escaped has to stay so.
      url: `${url}&${new URLSearchParams({
        messageReplyOption: 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD',
        // Whether webhooks heed it is written nowhere, so nothing relies on it.
        requestId: `${attempt.deliveryId}-${attempt.revision}`,
      }).toString()}`,
      json: {
        ...render(message, attempt.revision, options),
        thread: { threadKey: place.thread ?? attempt.deliveryId },
      },
      answer: said,
      hints: {
        401: `the webhook ${place.webhook} was deleted, or its URL is not the one that Chat shows`,
        403: `the webhook ${place.webhook} was deleted, or its URL is not the one that Chat shows`,
        404: `the space of the webhook ${place.webhook} is not there any more`,
      },
      apart: writesOf(spaceOf(url) ?? place.webhook),
      signal: attempt.signal,
    } as const;
    const { name } = await chatCall(this.http, post, { publicOnly: !this.#isOurs(url) });
    return { id: name, address: addressOf(place) };
  }

  /** Follows what was said, in its thread. */
  async update(previous: Receipt, message: Message, place: Webhook, attempt: Attempt): Promise<Receipt> {
    await this.send(message, place, attempt, { corrects: true });
    return previous;
  }

  /** The secret URL; throws `RemoteError` `rejected` where the settings have none of that name, or it leads where it may not. */
  urlOf({ webhook }: Webhook): string {
    const { webhooks } = this.settings;
    const url = Object.hasOwn(webhooks, webhook) ? webhooks[webhook] : undefined;
    if (url === undefined)
      throw new RemoteError('google-chat', 'rejected', 'refused', `the channel has no webhook ${webhook}`);
    if (new URL(url).protocol !== 'https:' && !this.#isOurs(url))
      throw new RemoteError('google-chat', 'rejected', 'refused', 'webhooks are reached by https');
    return url;
  }

  /** Whether it is where the settings say that Chat is, which may be inside the network. */
  #isOurs(url: string): boolean {
    return new URL(url).origin === new URL(this.settings.baseUrl).origin;
  }
}
