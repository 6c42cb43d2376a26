import type { HttpCall } from '#http';
import type { CallNotes } from '#storage';
import { CallCounter, expiryOf } from './call-counter.js';

const call = (more: Partial<HttpCall> = {}): HttpCall => ({
  system: 'vendor',
  method: 'GET',
  host: 'vendor.example',
  durationMs: 40,
  ...more,
});

const token = (claims: object): string =>
  ['{"alg":"none"}', JSON.stringify(claims), '']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

describe('the calls of connections', () => {
  let written: CallNotes[];
  let fails: boolean;
  let counter: CallCounter;
  beforeEach(() => {
    written = [];
    fails = false;
    counter = new CallCounter({
      add: async (notes) => {
        if (fails) throw new Error('no database');
        written.push(notes);
      },
      forget: async () => undefined,
    });
  });
  afterEach(() => counter.onApplicationShutdown());

  it('are written down as sums by connection and outcome, once', async () => {
    counter.note('clockify', call());
    counter.note('clockify', call({ durationMs: 120_000 }));
    counter.note('clockify', call({ reason: 'timeout' }));
    counter.note('slack', call());

    await counter.flush();
    await counter.flush();

    expect(written).toHaveLength(1);
    expect(written[0]?.calls.map(({ connection, outcome, calls }) => [connection, outcome, calls])).toEqual([
      ['clockify', 'ok', 2],
      ['clockify', 'timeout', 1],
      ['slack', 'ok', 1],
    ]);
    expect(written[0]?.calls[0]?.times).toEqual([1, ...Array<number>(15).fill(0), 1]);
  });

  it('are kept where they cannot be written, with those that come meanwhile', async () => {
    counter.note('clockify', call({ quotaUsed: 0.6 }));
    fails = true;
    await expect(counter.flush()).rejects.toThrow('no database');
    counter.note('clockify', call({ quotaUsed: 0.5 }));
    fails = false;

    await counter.flush();

    expect(written[0]?.calls).toMatchObject([{ connection: 'clockify', outcome: 'ok', calls: 2 }]);
    expect(written[0]?.quotas).toEqual([{ connection: 'clockify', used: 0.6 }]);
  });

  it('are written down when the process stops', async () => {
    counter.note('clockify', call());

    await counter.onApplicationShutdown();

    expect(written).toHaveLength(1);
  });

  it('bring along when the first of the credentials expires, and nothing else of them', async () => {
    const [first, later] = [token({ exp: 1_772_668_800 }), token({ exp: 1_782_668_800 })];
    counter.noteCredentials('clockify', { apiKey: later, more: [{ token: first }] });
    counter.noteCredentials('slack', { token: 'xoxb-1' });

    await counter.flush();

    expect(
      written[0]?.credentials.map(({ connection, expiresAt }) => [connection, String(expiresAt)]),
    ).toEqual([
      ['clockify', '2026-03-05T00:00:00Z'],
      ['slack', 'null'],
    ]);
    expect(JSON.stringify(written)).not.toContain(first);
  });
});

describe('the end of a credential', () => {
  it.each([
    ['a key', 'abc123'],
    ['a token without an end', token({ sub: 'bot' })],
    ['a token whose end is no number', token({ exp: 'soon' })],
    ['what only looks like a token', 'eyJhbGciOiJub25lIn0.eyJleHAi.x'],
  ])('is not known of %s', (_, text) => {
    expect(expiryOf(text)).toBeUndefined();
  });
});
