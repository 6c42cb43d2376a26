import type { ChannelPlugin } from '../contract.js';

/** A destination by a webhook that the settings do not list, or by the app where there is none. */
export const missing: NonNullable<ChannelPlugin['missing']> = (
  { space, webhook },
  { serviceAccount, webhooks },
) => {
  const names = typeof webhooks === 'object' && webhooks !== null ? Object.keys(webhooks) : [];
  if (space !== undefined && serviceAccount === undefined)
    return [
      {
        key: 'space',
        message: 'the channel has no `serviceAccount`, without which only its webhooks can be written to',
        remedy:
          names.length > 0
            ? `\`webhook\`: there ${listOf(names)}`
            : '`serviceAccount: { secret: google-chat-service-account }`',
      },
    ];
  if (typeof webhook !== 'string' || webhook.includes('{{') || names.includes(webhook)) return [];
  return [
    {
      key: 'webhook',
      message: `the channel has no webhook \`${webhook}\``,
      remedy: names.length > 0 ? `there ${listOf(names)}` : 'put it under `webhooks` in its settings',
    },
  ];
};

const listOf = (names: readonly string[]): string =>
  `${names.length === 1 ? 'is' : 'are'} ${names.map((name) => `\`${name}\``).join(', ')}`;
