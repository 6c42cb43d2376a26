import type { Person, PlacedSubscription, Subject, Subscription } from '#domain';
import type { Company } from './company.js';

/** Whether its place is known, whatever its rules are about. */
export const isPlaced = (subscription: Subscription): subscription is PlacedSubscription =>
  subscription.to.channel !== undefined;

/** Where something is said about a subject: the subscription's own place, or that of whoever owns the subject; undefined where nobody does. */
export const placeOf = (
  company: Pick<Company, 'configuration' | 'people'>,
  subscription: Subscription,
  subject: Subject | undefined,
): PlacedSubscription | undefined => {
  if (isPlaced(subscription)) return subscription;
  return subject?.kind === 'connection' ? ownersPlace(company, subject.connection.owner) : undefined;
};

/** Where an owner hears of troubles: the subscription that is named, or a room with the person who is. */
export function ownersPlace(
  { configuration, people }: Pick<Company, 'configuration' | 'people'>,
  owner: string | null | undefined,
): PlacedSubscription | undefined {
  const named = configuration.subscriptions.filter(isPlaced).find((one) => one.name === owner);
  if (named) return named;
  const person = people.find(({ email }) => email !== undefined && email === owner?.toLowerCase());
  const channel = configuration.subscriptions.find(({ to }) => to.room)?.to.channel;
  return person?.email === undefined || channel === undefined
    ? undefined
    : roomWith({ email: person.email, slug: person.slug }, channel);
}

/** A room with one person, in which nobody else reads. */
export const roomWith = (
  { email, slug }: Required<Pick<Person, 'email' | 'slug'>>,
  channel: string,
): PlacedSubscription => ({
  name: `owner ${email}`,
  rules: [],
  digest: false,
  to: { channel, room: { name: `carillon-${slug}`, members: [{ email }] } },
  untilMs: 0,
  whenUnknown: 'leave',
});
