import { deliveriesNeededMs, factsNeededMs, type Retention } from '#domain';
import type { Configuration } from './configuration.js';
import type { Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';

interface Need {
  readonly ms: number;
  readonly who: string;
  readonly why: string;
}

const DAY_MS = 86_400_000;

/** Nothing may be removed that is still needed, to be decided on, corrected, or compared with. */
export function checkRetention(
  raw: RawDocument,
  { factsMs, deliveriesMs }: Retention,
  configuration: Configuration,
): Problem[] {
  return [
    ...tooShort(raw, 'facts', factsMs, neededFacts(configuration)),
    ...tooShort(raw, 'deliveries', deliveriesMs, neededDeliveries(configuration)),
  ];
}

function tooShort(
  raw: RawDocument,
  field: 'facts' | 'deliveries',
  ms: number | undefined,
  needs: readonly Need[],
): Problem[] {
  const longest = needs.reduce<Need | undefined>(
    (most, need) => (most && most.ms >= need.ms ? most : need),
    undefined,
  );
  if (ms === undefined || longest === undefined || ms >= longest.ms) return [];
  return [
    problemIn(
      raw,
      [field],
      `\`${field}\` are kept for a shorter time than ${longest.who} needs: ${longest.why}`,
      `\`${Math.ceil(longest.ms / DAY_MS)}d\` or more, or leave it out to keep them for ever`,
    ),
  ];
}

const neededFacts = ({ rules, subscriptions, forwards, sources }: Configuration): readonly Need[] => [
  ...subscriptions.flatMap(({ rules: names, untilMs }) =>
    rules
      .filter(({ name }) => names.includes(name))
      .map(({ name, over }) => ({
        ms: factsNeededMs(over, untilMs),
        who: `Rule \`${name}\``,
        why: `from the beginning of \`${over}\` until what was said of it is not corrected any more. With fewer, hours that were logged would be missing`,
      })),
  ),
  ...forwards.map(({ name, over, untilMs }) => ({
    ms: factsNeededMs(over, untilMs),
    who: `Forward \`${name}\``,
    why: `from the beginning of \`${over}\` until its rows are not corrected any more. With fewer, rows would seem to have vanished`,
  })),
  ...sources.map(({ name, collect }) => ({
    ms: DAY_MS - collect.fromMs,
    who: `Source \`${name}\``,
    why: 'each read of `collect.from` would bring back what was removed',
  })),
];

const neededDeliveries = ({ rules, subscriptions }: Configuration): readonly Need[] =>
  subscriptions.map((subscription) => ({
    ms: deliveriesNeededMs(
      subscription,
      rules.filter(({ name }) => subscription.rules.includes(name)),
    ),
    who: `Subscription \`${subscription.name}\``,
    why: 'while it corrects what it said, and compares it with what it said before. Without it, what is there could not be edited, and trends would change',
  }));
