import { CompanyReader, route, type Company } from '#company';
import { Vendors, type Connections } from '#connections';
import { testMessage, workspaceDefaults, type Locale, type Subscription } from '#domain';
import { Accounts, Documents } from '#storage';
import { SendByHand } from '../../../notifier/src/send-by-hand.js';
import { messageChannel, testPlace } from './destination.js';

/** A test message that arrived. */
export interface SentTest {
  readonly channel: string;
  /** When it was asked for, as an instant in UTC. */
  readonly at: string;
  /** The destination, as the documents would say it. */
  readonly to: Readonly<Record<string, unknown>>;
  readonly locale: Locale;
  /** The vendor's id of it. */
  readonly receipt: string;
  readonly url?: string;
  /** Who should read it there and does not, because the channel does not know them. */
  readonly without: readonly string[];
}

/**
 * Sends one message on a channel that says that it is a test. Throws `UsageError` where there is no such channel or place, `NotSentError` where it was
 * not sent or nobody can say whether it was.
 */
export async function sendTest(
  { database, secrets, wayOut }: Connections,
  asked: { readonly channel: string; readonly to?: string },
  stopping: AbortSignal,
  { patienceMs }: { readonly patienceMs?: number } = {},
): Promise<SentTest> {
  const vendors = new Vendors(secrets, wayOut, new Accounts(database));
  const company = await new CompanyReader(database).current();
  const channel = await messageChannel(company, vendors, asked.channel);
  const place = await testPlace(company, await new Documents(database).current(), channel, asked.to);
  const { locale, zone } = addressee(company, place);
  const at = await database.now();
  const { receipt, without } = await new SendByHand(database, vendors, patienceMs).send(
    {
      company,
      channel: channel.document,
      subscription: place.name,
      ...route(place, undefined, channel.plugin),
      message: testMessage({ channel: asked.channel, at, zone }, locale),
    },
    stopping,
  );
  const { channel: _, ...to } = place.to;
  return {
    channel: asked.channel,
    at: at.toString({ smallestUnit: 'second' }),
    to,
    locale,
    receipt: receipt.id,
    ...(receipt.url === undefined ? {} : { url: receipt.url }),
    without,
  };
}

/** The language and the zone of those whom the place names by address, where they have them in common. */
function addressee(
  { people }: Company,
  { to: { channel: _, room, ...destination } }: Subscription,
): { readonly locale: Locale; readonly zone: string } {
  const named = new Set(
    (room
      ? room.members.flatMap((one) => (typeof one === 'string' ? [] : one.email))
      : textsIn(destination)
    ).map((text) => text.toLowerCase()),
  );
  const known = people.filter(({ email }) => email !== undefined && named.has(email));
  return {
    locale: inCommon(known.map(({ locale }) => locale)) ?? workspaceDefaults.locale,
    zone: inCommon(known.map(({ zone }) => zone)) ?? workspaceDefaults.zone,
  };
}

const textsIn = (destination: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.values(destination)
    .flat()
    .filter((one) => typeof one === 'string');

const inCommon = <T>(values: readonly T[]): T | undefined =>
  values.every((one) => one === values[0]) ? values[0] : undefined;
