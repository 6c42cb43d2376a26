import { windowOf, type Forward, type NamedWindow, type Schedule } from '#domain';
import type { Configuration } from '#documents';

/** What has planned runs: a subscription, which has rules decided, or a forward, which has facts mapped. Their names are told apart. */
export interface Runner {
  readonly kind: 'Subscription' | 'Forward';
  readonly name: string;
  readonly schedule: Schedule;
  /** How long after the planned instant a run may still wait, in ms. */
  readonly untilMs: number;
}

export const runnersOf = ({
  subscriptions,
  forwards,
}: Pick<Configuration, 'subscriptions' | 'forwards'>): readonly Runner[] => [
  ...subscriptions.flatMap(({ name, schedule, untilMs }) =>
    schedule ? [{ kind: 'Subscription' as const, name, schedule, untilMs }] : [],
  ),
  ...forwards.map(({ name, schedule, untilMs }) => ({ kind: 'Forward' as const, name, schedule, untilMs })),
];

/** The forward whose planned run an occurrence is; undefined where it is a subscription's. */
export const forwardOf = (
  { forwards }: Pick<Configuration, 'forwards'>,
  occurrence: { readonly subscription: string },
): Forward | undefined => forwards.find(({ name }) => name === occurrence.subscription);

/** The period of a forward's run. */
export const periodOf = (
  { over }: Forward,
  occurrence: { readonly nominal_at: Parameters<typeof windowOf>[1]; readonly zone: string },
): NamedWindow => windowOf(over, occurrence.nominal_at, occurrence.zone, 'MONDAY');
