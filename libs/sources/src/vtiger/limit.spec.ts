import { quotaUsed } from './limit.js';

describe('the allowance of a day', () => {
  it.each([
    ['as far as it is used up', { 'x-ratelimit-dailylimit': '24000', 'x-ratelimit-remaining': '6000' }, 0.75],
    ['all of it', { 'x-ratelimit-dailylimit': '24000', 'x-ratelimit-remaining': '0' }, 1],
    ['not by a server of one’s own, which has none', {}, undefined],
    ['not where one of the two is missing', { 'x-ratelimit-dailylimit': '24000' }, undefined],
    [
      'not by what is no number',
      { 'x-ratelimit-dailylimit': 'many', 'x-ratelimit-remaining': '5' },
      undefined,
    ],
  ])('is told %s', (_, headers, share) => {
    expect(quotaUsed(headers)).toBe(share);
  });
});
