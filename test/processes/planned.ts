import { occurrenceId, type Instant } from '#domain';
import { Occurrences } from '#storage';
import type { Story } from './story.js';

/** Plans a run of each of these subscriptions for an instant before any process can, and holds it back until `comeDue`. */
export async function planHeldBack(
  { test }: Story,
  subscriptions: readonly string[],
  nominalAt: Instant,
): Promise<void> {
  const dueAt = (await test.database.now()).add({ hours: 1 });
  await new Occurrences(test.database).plan(
    subscriptions.map((subscription) => ({
      id: occurrenceId({ subscription, zone: 'UTC', calendar: '', nominal: nominalAt }),
      subscription,
      zone: 'UTC',
      calendar: '',
      nominalAt,
      dueAt,
      untilAt: dueAt.add({ hours: 12 }),
      manual: false,
    })),
  );
}

/** The runs of these subscriptions come due one after the other, so far apart. */
export async function comeDue({ test }: Story, subscriptions: readonly string[], everyMs = 0): Promise<void> {
  await test.database.query(
    `update occurrence set due_at = due.at, wake_at = due.at
     from (select name, clock_timestamp() + (place - 1) * $2 * interval '1 millisecond' as at from unnest($1::text[]) with ordinality as one(name, place)) due
     where occurrence.subscription = due.name`,
    [subscriptions, everyMs],
  );
}

/** A subscription of the weekly rule with a room for each person that bears its name. */
export const subscriptionNamed = (name: string, schedule: string): string => `
kind: Subscription
name: ${name}
rules: [low-hours]
schedule: ${schedule}
to: { channel: slack, room: { name: '${name}-{{ person.slug }}', members: [person] } }
`;

/** What the rooms of a subscription show, by person, in the order of their names. */
export const shownBy = (story: Story, subscription: string): readonly (readonly string[])[] =>
  Object.entries(story.shown())
    .filter(([room]) => room.startsWith(`${subscription}-`))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { messages }]) => messages);
