import { channels, type ChannelPlugin } from '#channels';
import { isPlaced, roomWith, type Company } from '#company';
import type { Vendors } from '#connections';
import { checkDocuments, loadPlugins, type ChannelDocument, type RawDocument } from '#documents';
import { builtInMessages, nearestName, type PlacedSubscription } from '#domain';
import { sources } from '#sources';
import { randomUUID } from 'node:crypto';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../usage-error.js';

/** A channel that takes messages. */
export interface MessageChannel {
  readonly document: ChannelDocument;
  readonly plugin: ChannelPlugin;
  /** Whether rooms can be kept there for exactly the right people. */
  readonly keepsRooms: boolean;
}

/** The channel of that name, connected. Throws `UsageError` where there is none, or none that people read; `SecretError` without its secrets. */
export async function messageChannel(
  { configuration }: Company,
  vendors: Vendors,
  name: string,
): Promise<MessageChannel> {
  const names = configuration.channels.map((one) => one.name);
  if (names.length === 0)
    throw new UsageError('There are no Channel documents: apply some first, with `carillon apply`.');
  const document = configuration.channels.find((one) => one.name === name);
  if (!document) {
    const near = nearestName(name, names);
    throw new UsageError(
      `There is no Channel \`${name}\`${near === undefined ? '.' : `; did you mean \`${near}\`?`} There are: ${names.join(', ')}.`,
    );
  }
  const plugin = await channels.get(document.type)?.();
  if (!plugin)
    throw new UsageError(
      `This build has no channel plugin \`${document.type}\`, which Channel \`${name}\` names.`,
    );
  if (plugin.takes === 'table')
    throw new UsageError(
      `Channel \`${name}\` takes rows of tables, and no messages: \`carillon doctor\` asks whether it can be written to, \`carillon forward show <name>\` shows what was.`,
    );
  if (plugin.takes === 'records')
    throw new UsageError(
      `Channel \`${name}\` takes records, and no messages: \`carillon doctor\` asks whether it can be written to, \`carillon preview <rule>\` shows what would be.`,
    );
  const { channel } = await vendors.channel(document);
  return { document, plugin, keepsRooms: channel.room !== undefined };
}

/**
 * Where the test goes: what `--to` names, else the place of the channel's owner there, as a subscription would say it. It is checked as one, among all the
 * documents: a room of the same name with other members is refused. Throws `UsageError`.
 */
export async function testPlace(
  company: Company,
  documents: readonly RawDocument[],
  channel: MessageChannel,
  to: string | undefined,
): Promise<PlacedSubscription> {
  const place = to === undefined ? ownersPlaceOn(company, channel) : named(company, channel, to.trim());
  return 'written' in place ? checked(documents, channel, place.written) : place;
}

/** A subscription whose place is known, or a place as it was written. */
type Wanted = PlacedSubscription | { readonly written: Readonly<Record<string, unknown>> };

function ownersPlaceOn(company: Company, channel: MessageChannel): Wanted {
  const { name, owner } = channel.document;
  const say = (why: string): UsageError => new UsageError(`${why} ${whatToSay(company, channel)}`);
  if (owner === undefined)
    throw say(`Channel \`${name}\` names no owner, so it must be said where the test goes.`);
  const subscription = company.configuration.subscriptions.filter(isPlaced).find((one) => one.name === owner);
  if (!subscription) return personsPlace(company, channel, owner);
  if (subscription.to.channel !== name || !isFixed(subscription))
    throw say(
      `The owner of Channel \`${name}\`, Subscription \`${owner}\`, has no place of its own on it, so it must be said where the test goes.`,
    );
  return subscription;
}

function named(company: Company, channel: MessageChannel, to: string): Wanted {
  const { name } = channel.document;
  if (/^[^\s@:{}[\]"']+@[^\s@:{}[\]"']+$/.test(to)) return personsPlace(company, channel, to);
  const subscription = company.configuration.subscriptions.filter(isPlaced).find((one) => one.name === to);
  if (subscription) {
    if (subscription.to.channel !== name)
      throw new UsageError(
        `Subscription \`${to}\` is said on Channel \`${subscription.to.channel}\`, not on \`${name}\`.`,
      );
    if (!isFixed(subscription))
      throw new UsageError(
        `Subscription \`${to}\` goes to another place for each subject. ${whatToSay(company, channel)}`,
      );
    return subscription;
  }
  const written = readPlace(to);
  if (!written)
    throw new UsageError(
      `--to \`${to}\` names no place on Channel \`${name}\`. ${whatToSay(company, channel)}`,
    );
  const other = written['channel'];
  if (other !== undefined && other !== name)
    throw new UsageError(
      `--to names Channel \`${String(other)}\`, and the test is of \`${name}\`: leave it out.`,
    );
  return { written };
}

/** The place of one person alone: an address of theirs, else a room with them. */
function personsPlace(company: Company, channel: MessageChannel, email: string): Wanted {
  const { document, plugin, keepsRooms } = channel;
  if (plugin.alone) return { written: plugin.alone(email) };
  const person = company.people.find((one) => one.email === email.toLowerCase());
  const say = (why: string): UsageError => new UsageError(`${why} ${whatToSay(company, channel)}`);
  if (!keepsRooms) throw say(`Channel \`${document.name}\` has no place for one person alone.`);
  if (!person?.email) throw say(`No person here has the e-mail address \`${email}\`.`);
  if (person.identities[document.name] === undefined)
    throw say(
      `\`${email}\` is not known in Channel \`${document.name}\`: \`carillon collect\` reads who is there.`,
    );
  return roomWith({ email: person.email, slug: person.slug }, document.name);
}

/** `space: spaces/AAAAxyz`, with or without braces; undefined for what is no map. */
function readPlace(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch (error) {
    if (error instanceof YAMLParseError) return undefined;
    throw error;
  }
}

async function checked(
  documents: readonly RawDocument[],
  { document: { name: channel } }: MessageChannel,
  written: Readonly<Record<string, unknown>>,
): Promise<PlacedSubscription> {
  const name = `send-test-${randomUUID().slice(0, 8)}`;
  const ours: RawDocument = { kind: 'Subscription', name, content: { name, to: { ...written, channel } } };
  const { problems, configuration } = checkDocuments(
    [...documents, ours],
    await loadPlugins({ sources, channels }, [...documents, ours]),
    builtInMessages,
  );
  const wrong = problems.filter(({ document }) => document === `Subscription ${name}`);
  if (wrong.length > 0)
    throw new UsageError(wrong.map(({ message, remedy }) => `--to: ${message} — ${remedy}`).join('\n'));
  const subscription = configuration?.subscriptions.filter(isPlaced).find((one) => one.name === name);
  if (!subscription)
    throw new UsageError('The applied documents are not right by this build: `carillon check` says where.');
  if (!isFixed(subscription))
    throw new UsageError(
      '--to: a test is about nobody, so there is nothing to put into `{{ … }}` — write it out.',
    );
  return { ...subscription, name: 'test message' };
}

/** Whether it is one place, whomever a message is about. */
const isFixed = ({ to }: PlacedSubscription): boolean =>
  !JSON.stringify(to).includes('{{') && !to.room?.members.some((member) => typeof member === 'string');

const PLACES_NAMED = 5;

/** What `--to` could be on this channel. */
function whatToSay({ configuration }: Company, { document, plugin, keepsRooms }: MessageChannel): string {
  const places = configuration.subscriptions
    .filter(isPlaced)
    .filter((one) => one.to.channel === document.name && isFixed(one));
  return `--to can be ${[
    ...(keepsRooms || plugin.alone ? ['a person’s e-mail address'] : []),
    ...(places.length > 0
      ? [
          `a Subscription with a place there (${places
            .slice(0, PLACES_NAMED)
            .map(({ name }) => name)
            .join(', ')})`,
        ]
      : []),
    `a destination as the \`to\` of a Subscription says it, by ${keysOf(plugin)}`,
  ].join(', or ')}.`;
}

/** What a destination may say there: `space`, `webhook`, `thread`. */
const keysOf = ({ destination }: ChannelPlugin): string =>
  Object.keys(z.toJSONSchema(destination, { io: 'input', unrepresentable: 'any' }).properties ?? {})
    .map((key) => `\`${key}\``)
    .join(', ');
