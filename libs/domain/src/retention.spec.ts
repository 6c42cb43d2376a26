import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { deliveriesNeededMs, reachDays } from './retention.js';
import { windowNames, type Rule } from './rule.js';
import type { Subscription } from './subscription.js';
import { weekdays } from './weekday.js';
import { windowOf } from './windows.js';

const DAY_MS = 86_400_000;

it('knows how far back every period begins, whenever and wherever it is looked at', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...windowNames),
      fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
      fc.constantFrom('UTC', 'Europe/Kyiv', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/Santiago'),
      fc.constantFrom(...weekdays),
      (name, epochMs, zone, weekStart) => {
        const at = Temporal.Instant.fromEpochMilliseconds(epochMs);
        const { window } = windowOf(name, at, zone, weekStart);

        // An hour for a jump of the clock.
        expect(epochMs - window.from.epochMilliseconds).toBeLessThanOrEqual(
          reachDays[name] * DAY_MS + 3_600_000,
        );
      },
    ),
  );
});

describe('how long what was said is needed', () => {
  const subscription = (cron: string): Subscription => ({
    name: 'one',
    rules: ['rule'],
    digest: false,
    schedule: { cron, timezone: 'person' },
    to: { channel: 'slack' },
    untilMs: 0,
    whenUnknown: 'leave',
  });
  const rule = (over: Partial<Rule>): Rule =>
    ({ name: 'rule', say: 'low-hours', let: {}, when: 'true', ...over }) as Rule;
  const days = (cron: string, over: Partial<Rule>): number =>
    deliveriesNeededMs(subscription(cron), [rule(over)]) / DAY_MS;

  it.each<[string, string, Partial<Rule>, number]>([
    ['while it may be corrected', '0 9 * * MON', {}, 29],
    [
      'also by the next one, which asks for it',
      '0 9 * * MON',
      { when: 'has(previous.hours) && hours > previous.hours' },
      36,
    ],
    ['by a trend of eight values', '0 9 * * MON', { say: 'kpi-count' }, 29 + 7 * 7],
    ['longer where they come once a month', '0 9 1 * *', { say: 'kpi-count' }, 29 + 215],
    ['and longest where they come once a year', '0 9 1 1 *', { say: 'kpi-count' }, 29 + 7 * 365 + 2],
  ])('%s', (_, cron, over, needed) => {
    expect(days(cron, over)).toBe(needed);
  });
});
