import type { Echo, EchoingVendor } from './echoing-vendor.js';

/** Of a webhook of Google Chat, whose secret is its URL. */
export const webhookName = (echo: Echo): string => `canary-webhook-${echo}`;

/**
 * Every plugin that there is, each at a vendor that says back whatever it is sent; each channel has somebody who hears by it of too few
 * hours. Secrets go by the names of `plantCanaries`.
 */
export function documentsAt(vendor: EchoingVendor, echo: Echo, schedule: string): string {
  const url = (name: string): string => `'${vendor.at(echo, name)}'`;
  const workspaceId = '64a687e29ae1f428e7ebe303';
  const source = (type: string, settings: string): string => `
kind: Source
name: ${type}-${echo}
type: ${type}
owner: ops-room
settings: { ${settings} }`;
  const channel = (type: string, settings: string): string => `
kind: Channel
name: ${type === 'clockify' ? 'holidays' : type}-${echo}
type: ${type}
owner: ops-room
audience: managers
settings: { ${settings} }`;
  const heard = (type: string, to: string): string => `
kind: Subscription
name: ${type}-${to.split(':', 1)[0] ?? ''}-${echo}
rules: [low-hours]
schedule: ${schedule}
to: { channel: ${type}-${echo}, ${to} }`;
  return [
    source(
      'clockify',
      `workspaceId: ${workspaceId}, apiKey: { secret: canary-clockify-key }, baseUrl: ${url('clockify')}, reportsUrl: ${url('clockify')}`,
    ),
    source(
      'vtiger',
      `baseUrl: ${url('vtiger')}, username: carillon, accessKey: { secret: canary-vtiger-key }, teams: { ferrari: { groups: [Ferrari] } }`,
    ),
    source(
      'wecom',
      `baseUrl: ${url('wecom')}, corpId: ww0123456789abcdef, secret: { secret: canary-wecom-secret }`,
    ),
    channel('slack', `token: { secret: canary-slack-token }, baseUrl: '${vendor.at(echo, 'slack')}/'`),
    heard('slack', `room: { name: 'x-${echo}-{{ person.slug }}', members: [person, managers] }`),
    channel(
      'google-chat',
      `serviceAccount: { secret: canary-google-account }, webhooks: { hook: { secret: ${webhookName(echo)} } }, ` +
        `baseUrl: ${url('chat')}, tokenUrl: '${vendor.at(echo, 'chat')}/token'`,
    ),
    heard('google-chat', 'space: spaces/AAAAcanary'),
    heard('google-chat', 'webhook: hook'),
    channel(
      'outlook',
      `tenant: acme.example, clientId: 0f1c2b3a-7d5e-4c69-9a8b-1e2d3c4b5a60, clientSecret: { secret: canary-outlook-secret }, ` +
        `mailbox: carillon@acme.example, baseUrl: ${url('graph')}, authority: ${url('login')}`,
    ),
    heard('outlook', `mail: '{{ person.email }}'`),
    channel(
      'jira',
      `baseUrl: ${url('jira')}, email: carillon@acme.example, apiToken: { secret: canary-jira-token }`,
    ),
    heard('jira', 'project: OPS'),
    channel('webhook', 'signingSecret: { secret: canary-signing-secret }, allowPrivateAddresses: true'),
    heard('webhook', `url: ${url('receiver')}`),
    channel('jiandaoyun', `apiKey: { secret: canary-jiandaoyun-key }, baseUrl: ${url('jiandaoyun')}`),
    channel(
      'clockify',
      `workspaceId: ${workspaceId}, apiKey: { secret: canary-clockify-key }, baseUrl: ${url('clockify')}`,
    ),
  ].join('\n---');
}
