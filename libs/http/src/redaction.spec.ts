import { describe as name } from './redaction.js';

const named = (method: 'GET' | 'POST', url: string, label?: string): string =>
  name({ method, ...(label === undefined ? {} : { label }) }, new URL(url));

describe('what an error calls a request', () => {
  it.each([
    [
      'https://api.clockify.me/api/v1/workspaces/64a687e29ae1f428e7ebe303/users',
      '/api/v1/workspaces/64a687e29ae1f428e7ebe303/users',
    ],
    ['https://slack.com/api/conversations.history', '/api/conversations.history'],
    ['https://chat.googleapis.com/v1/spaces/AAAAxyz/messages', '/v1/spaces/AAAAxyz/messages'],
    ['https://acme.example/rest/3/issue/OPS-17', '/rest/3/issue/OPS-17'],
    [
      'https://acme.example/x/0b9f7d0e-1c2d-4e5f-8a9b-0c1d2e3f4a5b',
      '/x/0b9f7d0e-1c2d-4e5f-8a9b-0c1d2e3f4a5b',
    ],
    ['https://acme.example/?access_token=hush#hush', '/'],
    ['https://acme.example/users/olena@acme.example', '/users/…'],
    ['https://acme.example/users/olena%40acme.example', '/users/…'],
    ['https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe', '/…/getMe'],
    ['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX', '/…'],
    ['https://discord.com/api/webhooks/1234567/abcDEFghi', '/api/webhooks/…'],
    [
      'https://acme.webhook.office.com/webhookb2/0b9f7d0e-1c2d-4e5f-8a9b-0c1d2e3f4a5b/IncomingWebhook/1',
      '/…',
    ],
    ['https://acme.example/in/Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA', '/in/…'],
  ])('shows of %s only what opens no door', (url, path) => {
    expect(named('POST', url)).toBe(`POST ${new URL(url).host}${path}`);
  });

  it('shows the label in place of the path where there is one', () => {
    expect(named('POST', 'https://acme.example/in/abc?x=1', 'webhook')).toBe('webhook at acme.example');
  });
});
