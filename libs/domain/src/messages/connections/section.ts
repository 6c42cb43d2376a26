import type { Decision } from '../../decision.js';
import type { Locale } from '../../message.js';
import { numberInput } from '../said-inputs.js';
import { formatShare } from './share.js';
import type { ConnectionMessage, ConnectionPhrases } from './phrases.js';

/** What one decision about a connection has to say. */
interface ConnectionSection {
  /** What stands in the title. */
  readonly topic: string;
  readonly fields: readonly { readonly label: string; readonly value: string }[];
}

type Written = (count: number) => string;

/** The number that a message tells, by the name that the rule gives it, and the others that it shows as far as the rule has them. */
export function connectionSection(
  say: ConnectionMessage,
  decision: Decision,
  locale: Locale,
  phrases: ConnectionPhrases,
): ConnectionSection {
  const { topics, labels, calls, seconds, hours, days, runs } = phrases;
  const share: Written = (count) => formatShare(locale, count);
  /** Nobody asks how many minutes. */
  const wholeHours: Written = (count) => hours(Math.floor(count));
  const told = numberInput(decision, numberOfConnection[say]) ?? 0;
  const fields = (
    ...all: readonly (readonly [input: string, label: string, written: Written])[]
  ): ConnectionSection['fields'] =>
    all.flatMap(([input, label, written]) => {
      const value = numberInput(decision, input);
      return value === undefined ? [] : [{ label, value: written(value) }];
    });
  switch (say) {
    case 'connection-errors':
      return {
        topic: topics.errors(calls(told)),
        fields: fields(['errors', labels.failed, calls], ['calls', labels.calls, calls]),
      };
    case 'connection-slow':
      return {
        topic: topics.slow(seconds(told)),
        fields: fields(['slow', labels.mostTake, seconds], ['limit', labels.limit, seconds]),
      };
    case 'stale-source':
      return {
        topic: topics.stale(wholeHours(told)),
        fields: fields(['age', labels.age, wholeHours], ['interval', labels.interval, hours]),
      };
    case 'quota-low':
      return {
        topic: topics.quota(share(told)),
        fields: fields(['used', labels.used, share], ['limit', labels.limit, share]),
      };
    case 'token-expires':
      return {
        topic: told < 0 ? topics.tokenOver : told === 0 ? topics.tokenToday : topics.token(days(told)),
        fields: told > 0 ? fields(['left', labels.left, days], ['limit', labels.limit, days]) : [],
      };
    case 'run-missing':
      return { topic: topics.runs(runs(told)), fields: fields(['missing', labels.missing, runs]) };
  }
}

/** The number without which a message about a connection has nothing to tell: a measure or a `let` of the rule. */
export const numberOfConnection: Readonly<Record<ConnectionMessage, string>> = {
  'connection-errors': 'errors',
  'connection-slow': 'slow',
  'stale-source': 'age',
  'quota-low': 'used',
  'token-expires': 'left',
  'run-missing': 'missing',
};
