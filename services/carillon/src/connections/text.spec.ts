import { instant } from '#domain';
import { connectionsText } from './text.js';

describe('the table of connections', () => {
  it('has a line for each, and a dash for what nobody knows', () => {
    const text = connectionsText([
      {
        name: 'clockify',
        kind: 'source',
        type: 'clockify',
        owner: 'ops-room',
        state: 'trouble',
        troubles: ['source'],
        lastSuccess: instant('2026-03-02T04:05:00Z'),
        calls: 40,
        errors: 12,
        p95Ms: 1500,
        quotaUsed: 0.929,
        tokenDaysLeft: 5,
      },
      { name: 'slack', kind: 'channel', type: 'slack', state: 'unused', troubles: [], calls: 0, errors: 0 },
    ]);

    expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['connection', 'type', 'state', 'last success', 'errors', 'p95', 'quota', 'token', 'owner'],
      [
        ...['clockify', 'clockify source', 'trouble: source', expect.stringContaining('04:05') as string],
        ...['12 of 40', '1.5 s', '92 %', '5 d', 'ops-room'],
      ],
      ['slack', 'slack channel', 'unused', '–', '–', '–', '–', '–', 'nobody'],
    ]);
  });
});
