import type { Message } from '#domain';
import { RemoteError, type HttpClient, type RateLimit } from '#http';
import type { Address, Attempt, Channel, Receipt } from '../contract.js';
import { usualLimit } from './limit.js';
import { render } from './render.js';
import { signer } from './sign.js';
import { webhookDestination, type WebhookSettings } from './settings.js';

/** What is announced: a message, or its correction. */
type EventType = 'carillon.message' | 'carillon.message.updated';

/** "The endpoint has been removed": a receiver's way to end it, by the specification. */
const gone = 410;

/** Receivers of Standard Webhooks (https://www.standardwebhooks.com). */
export function connectWebhook(settings: WebhookSettings, http: HttpClient): Channel {
  const sign = signer(
    [settings.signingSecret, settings.previousSigningSecret].filter((secret) => secret !== undefined),
  );

  const post = async (type: EventType, message: Message, to: Address, attempt: Attempt): Promise<string> => {
    const id = messageId(attempt);
    const at = new Date(attempt.beganAt.epochMilliseconds);
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const { deliveryId, revision } = attempt;
    const body = JSON.stringify({
      type,
      timestamp: at.toISOString(),
      data: { deliveryId, revision, ...render(message) },
    });
    const { status } = await http.request(
      {
        method: 'POST',
        url: urlOf(to.id, settings),
        // The path of a receiver may be all that keeps others from writing to it.
        label: 'webhook',
        publicOnly: !settings.allowPrivateAddresses,
        // A receiver that has had enough speaks for itself: nobody else waits with it.
        limitScope: 'destination',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': sign(id, timestamp, body),
        },
        body,
        signal: attempt.signal,
      },
      [gone],
    );
    if (status === gone)
      throw new RemoteError('webhook', 'rejected', 'refused', 'the receiver wants no more messages (410)', {
        status,
        code: 'gone',
      });
    return id;
  };

  return {
    limit: limitOf(settings),
    render,
    send: async (message, to, attempt): Promise<Receipt> => ({
      id: await post('carillon.message', message, to, attempt),
      address: to,
    }),
    async update(previous, message, attempt) {
      await post('carillon.message.updated', message, previous.address, attempt);
      return previous;
    },
    // Nobody can be asked. Repeating is safe with receivers that know messages by their `webhook-id`, as the specification wants.
    find: async () => 'cannot-tell',
    async address(destination) {
      const { data } = webhookDestination.safeParse(destination);
      if (!data) throw refused('the destination names no url of a receiver');
      return { id: urlOf(data.url, settings) };
    },
    // Nothing can be asked of receivers either without sending them something.
    probe: async () => [
      { level: 'ok', about: 'signing secret', message: 'The signing secret is well-formed.' },
      ...(settings.previousSigningSecret === undefined
        ? []
        : [
            {
              level: 'warning' as const,
              about: 'previous signing secret',
              message: 'Messages are also signed with the previous secret.',
              remedy: 'Take previousSigningSecret out once every receiver knows the new one.',
            },
          ]),
    ],
  };
}

const limitOf = ({ perSecond }: WebhookSettings): RateLimit | 'none' =>
  perSecond === 'unlimited' ? 'none' : { ...usualLimit, ...asWhole(perSecond) };

/** Fewer than one a second are one in so many seconds. */
const asWhole = (perSecond: number): Pick<RateLimit, 'requests' | 'perSeconds'> =>
  perSecond >= 1
    ? { requests: Math.floor(perSecond), perSeconds: Math.floor(perSecond) / perSecond }
    : { requests: 1, perSeconds: 1 / perSecond };

/** The same over all tries of one version, so that receivers can tell repetitions; no full stops, which separate what is signed. */
const messageId = ({ deliveryId, revision }: Attempt): string => `${deliveryId}-${revision}`;

/** Asked of each URL anew: the settings may have become stricter since it was stored. */
function urlOf(text: string, { allowPrivateAddresses }: WebhookSettings): string {
  const url = URL.parse(text);
  if (!url) throw refused('the destination is no URL');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowPrivateAddresses))
    throw refused(`receivers are reached by https, ${url.host} is not`);
  return url.href;
}

const refused = (message: string): RemoteError => new RemoteError('webhook', 'rejected', 'refused', message);
