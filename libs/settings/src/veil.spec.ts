import fc from 'fast-check';
import { Secret } from './secret.js';
import { veil } from './veil.js';

describe('a text with a secret in it', () => {
  it.each([
    ['plain', 'a-token-of-jira', 'refused: a-token-of-jira!', 'refused: [secret]!'],
    ['encoded for a URL', 'päss&wörd=1', 'at ?x=p%C3%A4ss%26w%C3%B6rd%3D1', 'at ?x=[secret]'],
    [
      'as the password of a URL',
      'postgres://carillon:a-long-password@db/carillon',
      'no entry for a-long-password at carillon',
      'no entry for [secret] at carillon',
    ],
    [
      'as a parameter of a URL',
      'https://chat.example/v1/spaces/AAAA/messages?key=a-key-of-chat&token=a-token-of-chat',
      'key a-key-of-chat, token a-token-of-chat',
      'key [secret], token [secret]',
    ],
    ['without its prefix', 'whsec_c2lnbmluZy1rZXktb2YtdGVzdHM=', 'c2lnbmluZy1rZXktb2YtdGVzdHM=', '[secret]'],
  ])('does not show it: %s', (_, secret, text, shown) => {
    new Secret(secret);

    expect(veil(text)).toBe(shown);
  });

  it('does not show it in the middle of base64, wherever it begins', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{16,60}$/), fc.string({ maxLength: 9 }), (secret, user) => {
        new Secret(secret);
        const header = Buffer.from(`${user}:${secret}`).toString('base64');

        // At most the two characters at each end, which its neighbours have a share in, are left.
        expect(veil(header).replace(/\[secret\].{0,4}$/, '').length).toBeLessThanOrEqual(
          Math.ceil((Buffer.byteLength(user) + 1) / 3) * 4,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('shows words that only look like a short one, and is as it was without any', () => {
    new Secret('pass');
    new Secret('postgres://carillon:carillon@db/carillon');

    expect(veil('carillon does not pass')).toBe('carillon does not pass');
  });
});
