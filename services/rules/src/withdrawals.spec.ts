import type { Decision, DecisionOutcome } from '#domain';
import type { Delivery } from '#storage';
import type { Conclusion } from './evaluator.js';
import type { Saying } from './say.js';
import { groundless } from './withdrawals.js';

const said = ['olena', 'max', 'kim'].map(
  (subject) => ({ id: `about ${subject}`, about: 'notification', subject }) as Delivery,
);
const period = { from: '2026-10-05', to: '2026-10-12' };
const conclusion = (outcomes: Readonly<Record<string, DecisionOutcome>>): Conclusion =>
  ({
    period,
    decisions: Object.entries(outcomes).map(([subject, outcome]): Decision => ({
      rule: 'low-hours',
      subject,
      period,
      outcome,
      inputs: {},
    })),
  }) as unknown as Conclusion;
const sayings = (...ids: readonly string[]): readonly Saying[] => ids.map((id) => ({ id }) as Saying);
const withdrawn = (...given: Parameters<typeof groundless> extends [unknown, ...infer Rest] ? Rest : never) =>
  groundless(said, ...given).map(({ id }) => id);

describe('what was said is taken back', () => {
  it('where it is no longer concluded, also while somebody else’s facts are missing', () => {
    expect(
      withdrawn(sayings('about kim'), [conclusion({ olena: 'quiet', max: 'held', kim: 'fired' })]),
    ).toEqual(['about olena']);
  });

  it('not where another rule about the same person is held', () => {
    expect(withdrawn(sayings(), [conclusion({ olena: 'quiet' }), conclusion({ olena: 'held' })])).toEqual([]);
  });

  it('not of those who were not looked at', () => {
    expect(withdrawn(sayings(), [conclusion({ olena: 'quiet' })])).toEqual(['about olena']);
  });
});
