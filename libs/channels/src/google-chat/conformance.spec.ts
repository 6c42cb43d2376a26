import { describeChannelConformance } from '../conformance.js';
import { googleChat } from './index.js';
import { GoogleChatSimulator, type GoogleChatState } from './simulator.js';

/** A token that is given out changes nothing that anybody sees. */
class Chat extends GoogleChatSimulator {
  override save(): GoogleChatState {
    const state = super.save();
    return { ...state, credentials: { ...state.credentials, tokens: [], ids: 0 } };
  }
}

const posts = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  path.includes('/messages') && method !== 'GET';

const renders = {
  markup: 'R&D <users/all> *b* _i_ ~s~ `c` <b>x</b> <a href="https://x">y</a>',
  escaped: (rendered: string): boolean => {
    // The title and the labels are plain text, and shown as they are.
    const formatted = rendered.replace(/"(title|topLabel)":"(\\.|[^"\\])*"/g, '');
    const plain = /"(text|fallbackText)":"((?:\\.|[^"\\])*)","(?=fallbackText|cardsV2)/g;
    return (
      !/<users|<b>x|<a href=\\"https:\/\/x\\"/.test(formatted) &&
      [...formatted.matchAll(plain)].every(([, , text = '']) => !/[*_~`<>]/.test(text))
    );
  },
  longest: 32_000,
};

describe('as an app', () => {
  describeChannelConformance({
    plugin: googleChat,
    world: () => {
      const simulator = new Chat({ limits: 'none' });
      const account = simulator.credentials.issueKey();
      const space = simulator.addSpace({ displayName: 'Ops' });
      const serviceAccount = JSON.stringify(account);
      return {
        simulator,
        settings: (url) => ({ serviceAccount, baseUrl: `${url}/`, tokenUrl: `${url}/token` }),
        address: () => ({ id: `${space.name}#kpi-ferrari` }),
        secrets: [serviceAccount, account.private_key, account.private_key.slice(100, 160)],
        arrived: () => simulator.messages(space.name).length,
      };
    },
    deduplicates: true,
    finds: true,
    writes: posts,
    renders,
  });
});

describe('by webhook', () => {
  describeChannelConformance({
    plugin: googleChat,
    world: () => {
      const simulator = new Chat({ limits: 'none' });
      const space = simulator.addSpace({ displayName: 'Ops' });
      const webhook = simulator.addWebhook(space.name, 'Carillon');
      return {
        simulator,
        settings: (url) => ({
          webhooks: { ops: simulator.webhookUrl(webhook, url) },
          baseUrl: `${url}/`,
        }),
        address: () => ({ id: 'webhooks/ops' }),
        secrets: [webhook.key, webhook.token],
        arrived: () => simulator.messages(space.name).length,
      };
    },
    // Google says nowhere whether webhooks heed `requestId`; the simulator's do, and nothing relies on it.
    deduplicates: true,
    finds: false,
    writes: posts,
    renders,
  });
});
