import type { Message } from '#domain';
import { deliverQueue } from '#queues';
import type { World } from './stage.ts';

/** The secret that messages of the bench are signed with; it signs nothing else. */
const signingSecret = `whsec_${Buffer.from('what the bench signs its messages with').toString('base64')}`;
export const secrets = { 'hook-key': signingSecret } as const;

/** A channel document for receivers of one's own who take whatever comes. */
export const hookDocument = `
kind: Channel
name: hook
type: webhook
owner: ops@acme.example
audience: managers
settings: { signingSecret: { secret: hook-key }, allowPrivateAddresses: true, perSecond: unlimited }
`;

/** A weekly message of the usual size. */
export const message: Message = {
  locale: 'en',
  title: 'Low hours last week: 12:30 of 40:00',
  blocks: [
    {
      type: 'text',
      text: [
        { strong: 'Olena Kovalenko' },
        ' logged 12:30 in the week of 12 October, where 40:00 were expected.',
      ],
    },
    {
      type: 'table',
      columns: ['Day', 'Logged', 'Expected'],
      rows: [
        ['Mon 12 Oct', '2:30', '8:00'],
        ['Tue 13 Oct', '2:30', '8:00'],
        ['Wed 14 Oct', '2:30', '8:00'],
        ['Thu 15 Oct', '2:30', '8:00'],
        ['Fri 16 Oct', '2:30', '8:00'],
      ],
    },
    { type: 'note', text: ['Holidays and days off are left out of what is expected.'] },
  ],
};

/** One row of deliveries to make, as the rules would have decided them. */
interface Decided {
  readonly count: number;
  /** Destination `n` is `<sink>/to/<n modulo this>`. */
  readonly destinations: number;
  readonly sinkUrl: string;
}

/** Puts decided rows in, all in one transaction, and rings for them as the rules do. Returns Postgres' time of the ring. */
export async function decide(world: World, { count, destinations, sinkUrl }: Decided): Promise<number> {
  const hash = `bench-${Date.now()}`;
  await world.database.query(
    `insert into delivery (id, subscription, channel, destination, about, target, message, message_hash, state, due_at, when_unknown)
     select gen_random_uuid(), 'weekly', 'hook', 'to:[["url","' || url || '"]]', 'notification', jsonb_build_object('channel', 'hook', 'url', url),
       $1::jsonb, $2, 'pending', clock_timestamp(), 'leave'
     from (select $3 || '/to/' || n % $4 as url from generate_series(0, $5::int - 1) as n) as made`,
    [JSON.stringify(message), hash, sinkUrl, destinations, count],
  );
  return ring(world);
}

/** The bell for what is due on the channel. Returns Postgres' time, in ms since 1970. */
async function ring(world: World): Promise<number> {
  const began = (await world.database.now()).epochMilliseconds;
  await world.queues.ring(deliverQueue('hook'), { v: 1, channel: 'hook' }, { jobId: 'hook' });
  return began;
}
