import { createHttpClient } from '#http';
import { googleChat } from './index.js';

const secret = { secret: 'a-secret' };

describe('a destination', () => {
  const missing = (destination: object, settings: object) =>
    googleChat.missing?.({ ...destination }, { ...settings }).map(({ key, message }) => `${key}: ${message}`);

  it.each([
    [{ space: 'spaces/A' }, { serviceAccount: secret }],
    [{ webhook: 'ferrari' }, { webhooks: { ferrari: secret } }],
    [{ webhook: '{{ team.name }}' }, { webhooks: { ferrari: secret } }],
  ])('%j is there', (destination, settings) => {
    expect(missing(destination, settings)).toEqual([]);
  });

  it.each([
    [
      { webhook: 'ferari' },
      { webhooks: { ferrari: secret } },
      'webhook: the channel has no webhook `ferari`',
    ],
    [{ webhook: 'ferrari' }, { serviceAccount: secret }, 'webhook: the channel has no webhook `ferrari`'],
    [{ webhook: 'toString' }, { webhooks: {} }, 'webhook: the channel has no webhook `toString`'],
    [
      { space: 'spaces/A' },
      { webhooks: { ferrari: secret } },
      'space: the channel has no `serviceAccount`, without which only its webhooks can be written to',
    ],
  ])('%j is not', (destination, settings, problem) => {
    expect(missing(destination, settings)).toEqual([problem]);
  });
});

describe('the lane of an address', () => {
  const url = 'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=k&token=t';
  const channel = googleChat.connect(
    googleChat.settings.parse({ webhooks: { ferrari: url } }),
    createHttpClient({ system: 'google-chat' }),
  );

  it('is the space, for the app and for whoever writes there by a webhook, whatever the thread', () => {
    for (const id of ['spaces/AAAA', 'spaces/AAAA#kpi', 'webhooks/ferrari', 'webhooks/ferrari#kpi'])
      expect(channel.lane?.({ id })).toBe('spaces/AAAA');
  });

  it('is not known of a webhook that the settings do not have', () => {
    expect(channel.lane?.({ id: 'webhooks/porsche' })).toBeUndefined();
  });
});
