import { describeChannelConformance } from '../conformance.js';
import { outlook } from './index.js';
import { OutlookSimulator, type OutlookState } from './simulator.js';

/** Tokens that are given out and the numbers of requests change nothing that anybody sees. */
class Tenant extends OutlookSimulator {
  override save(): OutlookState {
    const state = super.save();
    const { mail, entra } = state;
    return { ...state, mail: { ...mail, ids: 0 }, entra: { ...entra, tokens: [], ids: 0 } };
  }
}

const bot = 'carillon@acme.example';

describeChannelConformance({
  plugin: outlook,
  world: () => {
    const simulator = new Tenant({ limits: 'none', lagMs: 0 });
    simulator.addMailbox({ userPrincipalName: bot, displayName: 'Carillon' });
    simulator.addMailbox({ userPrincipalName: 'olena@acme.example', displayName: 'Olena' });
    const { tenantId, clientId } = simulator.entra;
    const secret = simulator.entra.issueSecret();
    return {
      simulator,
      settings: (url) => ({
        tenant: tenantId,
        clientId,
        clientSecret: secret,
        mailbox: bot,
        baseUrl: `${url}/v1.0/`,
        authority: `${url}/`,
      }),
      address: () => ({ id: `mailto:olena@acme.example?from=${bot}` }),
      secrets: [secret],
      arrived: () => simulator.arrived('olena@acme.example').length,
    };
  },
  deduplicates: true,
  finds: true,
  // A draft tells nobody; what becomes of it is in the spec of the channel.
  writes: ({ method, path }) => method === 'POST' && path.endsWith('/send'),
  renders: {
    markup: 'R&D <b>x</b> <a href="https://x">y</a> <img src=x onerror=alert(1)> {}*|',
    escaped: (rendered) => {
      const content = rendered.replace(/"subject":"(\\.|[^"\\])*"/g, '');
      return !/<b>x|<a href=\\"https:\/\/x\\"|<img|R&D/.test(content) && content.includes('R&amp;D');
    },
    longest: 110_000,
  },
});
