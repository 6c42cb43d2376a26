import { describeChannelConformance } from '../conformance.js';
import { slack } from './index.js';
import { SlackSimulator, slackIdentity } from './simulator.js';

describeChannelConformance({
  plugin: slack,
  world: () => {
    const simulator = new SlackSimulator({ limits: 'none' });
    simulator.addUser({ id: 'U1', name: 'Olena', email: 'olena@acme.example', zone: 'Europe/Kyiv' });
    const room = simulator.addChannel({ name: 'hours', private: true, members: [slackIdentity.user, 'U1'] });
    return {
      simulator,
      settings: (url) => ({ token: simulator.token, baseUrl: `${url}/api/` }),
      address: () => ({ id: room.id }),
      secrets: [simulator.token],
      arrived: () => simulator.messages(room.id).length,
    };
  },
  // chat.postMessage knows no idempotency key: https://docs.slack.dev/reference/methods/chat.postMessage
  deduplicates: false,
  finds: true,
  writes: ({ path }) => /chat\.(postMessage|update)$/.test(path),
  renders: {
    markup: '<!channel> <@U1> <#C1> &',
    // Plain text needs no escaping, and Slack shows it as it is.
    escaped: (rendered) =>
      !/<[!@#]/.test(rendered.replace(/"type":"(plain_text|raw_text)","text":"[^"]*"/g, '')),
    longest: 14_000,
  },
});
