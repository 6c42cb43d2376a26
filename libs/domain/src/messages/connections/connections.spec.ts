import { connectionId } from '../../ids.js';
import type { Decision } from '../../decision.js';
import { locales, type Locale } from '../../message.js';
import { composeConnectionMessage } from './compose.js';
import { connectionMessages, type ConnectionMessage } from './phrases.js';

const inputs: Readonly<Record<ConnectionMessage, Decision['inputs']>> = {
  'token-expires': { left: 5, limit: 14 },
  'stale-source': { age: 13.7, interval: 6, patience: 2 },
  'run-missing': { missing: 2 },
  'connection-errors': { errors: 21, calls: 40, share: 0.2 },
  'connection-slow': { slow: 7.5, calls: 40, limit: 5 },
  'quota-low': { used: 0.929, limit: 0.8 },
};

const saying = (say: ConnectionMessage, more: Decision['inputs'] = {}) => ({
  say,
  decision: {
    rule: say,
    subject: connectionId('clockify'),
    period: { from: '2026-03-02', to: '2026-03-03' },
    outcome: 'fired',
    inputs: { ...inputs[say], ...more },
  } satisfies Decision,
});

const to = (locale: Locale) =>
  ({ id: connectionId('clockify'), name: 'clockify', kind: 'source', type: 'clockify', locale }) as const;

describe.each(locales)('what is said of a connection in %s', (locale) => {
  it.each(connectionMessages)('%s', (say) => {
    expect(composeConnectionMessage([saying(say)], to(locale))).toMatchSnapshot();
  });

  it.each([0, -3])('a token with %d days left', (left) => {
    expect(composeConnectionMessage([saying('token-expires', { left })], to(locale)).title).toMatchSnapshot();
  });
});

describe('a message about a connection', () => {
  it('says all that fired in one order, whichever came first', () => {
    const both = [saying('quota-low'), saying('stale-source')];

    const message = composeConnectionMessage(both, to('en'));

    expect(message).toEqual(composeConnectionMessage(both.toReversed(), to('en')));
    expect(message.title).toBe('clockify · not read for 13 hours and 92% of the quota used');
  });

  it.each([
    [1, 'не відбулося: 1 запуск'],
    [3, 'не відбулося: 3 запуски'],
    [5, 'не відбулося: 5 запусків'],
  ])('has the form that a number asks for: %d', (missing, topic) => {
    expect(composeConnectionMessage([saying('run-missing', { missing })], to('uk')).title).toBe(
      `clockify · ${topic}`,
    );
  });

  it('is refused where there is nothing to say, or no such message', () => {
    expect(() => composeConnectionMessage([], to('en'))).toThrow(RangeError);
    expect(() => composeConnectionMessage([{ ...saying('quota-low'), say: 'low-hours' }], to('en'))).toThrow(
      RangeError,
    );
  });
});
