import { describeChannelConformance } from '../conformance.js';
import { webhook } from './index.js';
import { WebhookSimulator } from './simulator.js';

describeChannelConformance({
  plugin: webhook,
  world: () => {
    const simulator = new WebhookSimulator();
    return {
      simulator,
      settings: () => ({ signingSecret: simulator.secret, allowPrivateAddresses: true }),
      address: (url) => ({ id: `${url}/carillon` }),
      secrets: [simulator.secret],
      arrived: () => simulator.received.length,
    };
  },
  deduplicates: true,
  finds: false,
  // Whatever comes with 2xx: the body of an answer is not read.
  taken: ['200 with HTML', '200 with JSON of another kind', '200 with nothing'],
  renders: {
    // Nothing is markup in JSON and plain text: the text arrives as it is.
    markup: '<b>&amp; *bold* [x](https://x)',
    escaped: (rendered) => rendered.includes('<b>&amp; *bold* [x](https://x)'),
    longest: 20_000,
  },
});
