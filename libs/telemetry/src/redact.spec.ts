import { redactPath, redactText, redactUrl } from './redact.js';

describe('redactUrl', () => {
  it.each([
    ['https://slack.com/api/chat.postMessage', 'https://slack.com/api/chat.postMessage'],
    ['https://hooks.slack.com/services/T0AB/B0CD/abcdefghijkl', 'https://hooks.slack.com/services/***'],
    [
      'https://chat.googleapis.com/v1/spaces/AAAAxyz123/messages?key=k&token=t',
      'https://chat.googleapis.com/v1/spaces/***/messages',
    ],
    ['https://user:pass@example.test/rest/api?x=1#y', 'https://example.test/rest/api'],
    [
      'https://graph.microsoft.com/v1.0/users/olena@acme.example/sendMail',
      'https://graph.microsoft.com/***/users/***/sendMail',
    ],
    [
      'https://qyapi.weixin.qq.com/cgi-bin/checkin?access_token=secret',
      'https://qyapi.weixin.qq.com/cgi-bin/checkin',
    ],
    ['not a url', '***'],
  ])('shows %s as %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

it('keeps versions and endpoint names of a path, and hides ids', () => {
  expect(redactPath('/api/v1/workspaces/64a687e29ae1f428e7ebe303/users')).toBe(
    '/api/v1/workspaces/***/users',
  );
});

describe('redactText', () => {
  it.each([
    ['request to https://x.test/a?token=abc failed', 'request to https://x.test/a failed'],
    ['sent Authorization: Bearer abc.def-123', 'sent Authorization: *** ***'],
    ['{"api_key":"k-123"}', '{"api_key":"***"}'],
    ['invalid xoxb-123-456-abc here', 'invalid *** here'],
    ['at run (file:///app/dist/run-1.js:12:3)', 'at run (file:///app/dist/run-1.js:12:3)'],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED 127.0.0.1:5432'],
    ['postgres://carillon:pw@db:5432/carillon is away', 'postgres://db:5432/carillon is away'],
  ])('shows %s as %s', (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });
});
