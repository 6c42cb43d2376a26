import type { Company } from '#company';
import type { Person, Subscription } from '#domain';

/** Where an owner hears of troubles: the subscription that is named, or a room with the person who is. */
export function ownersPlace(
  { configuration, people }: Company,
  owner: string | null,
): Subscription | undefined {
  const named = configuration.subscriptions.find((one) => one.name === owner);
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
): Subscription => ({
  name: `owner ${email}`,
  rules: [],
  digest: false,
  to: { channel, room: { name: `carillon-${slug}`, members: [{ email }] } },
  untilMs: 0,
  whenUnknown: 'leave',
});
