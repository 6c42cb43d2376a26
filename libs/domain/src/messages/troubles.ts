import type { Instant } from '../instant.js';
import type { Inline, Locale, Message, MessageBlock } from '../message.js';
import { catalogue } from './catalogue.js';
import { formatMoment, formatNumber } from './format.js';
import type { Phrases, RunTroubleReason, TroubleReason } from './phrases.js';

/** What every trouble says: since when, seen in which zone (an IANA name, the workspace's). */
interface Trouble {
  readonly since: Instant;
  readonly zone: string;
  /** The other system's own words; never a secret, never anything about a person. */
  readonly detail?: string;
}

export interface SourceTrouble extends Trouble {
  /** The name of the Source document. */
  readonly source: string;
  readonly reason: TroubleReason;
  /** How many decisions wait for it. */
  readonly held?: number;
  /** Those that decisions wait for, though all the others could be read. */
  readonly records?: TroublingRecords;
}

/** How many there are, and the first of them. */
export interface TroublingRecords {
  readonly count: number;
  readonly first: readonly TroublingRecord[];
}

/** A record that could not be read: which one and why, never what it says. */
export interface TroublingRecord {
  /** What the source calls it. */
  readonly name: string;
  readonly url?: string;
  /** Whose number lacks it. */
  readonly of?: string;
  readonly why: string;
}

/** It names the deliveries, never what they say: the owner's room is not those messages' audience. */
export interface DeliveryTrouble extends Trouble {
  /** The name of the Channel document. */
  readonly channel: string;
  readonly reason: TroubleReason;
  /** `unknown`: it may have arrived. */
  readonly outcome: 'refused' | 'unknown';
  /** All that failed alike; the first of them are named. */
  readonly deliveryIds: readonly string[];
  readonly subscription?: string;
  readonly attempts?: number;
}

export interface UnmatchedTrouble extends Trouble {
  /** The name of the Source or Channel document. */
  readonly system: string;
  /** Accounts of that system that belong to nobody, or to more than one person. */
  readonly accounts: readonly {
    readonly externalId: string;
    readonly name?: string;
    readonly email?: string;
  }[];
}

export interface RoomTrouble extends Trouble {
  readonly channel: string;
  /** The rooms' names, as they were wanted; the first of them are named. */
  readonly rooms: readonly string[];
  /** They are used, though somebody who was asked for is missing; messages for them are held otherwise. */
  readonly isUsed?: boolean;
  readonly subscription?: string;
}

export interface RunTrouble extends Trouble {
  /** The name of the Subscription document. */
  readonly subscription: string;
  readonly reason: RunTroubleReason;
}

/** For the owner of a source: it cannot be read, or not completely. */
export const sourceTrouble = (trouble: SourceTrouble, locale: Locale = 'en'): Message => {
  const phrases = catalogue[locale];
  const { source, reasons } = phrases.trouble;
  const { what, whatToDo } = reasons[trouble.reason];
  const held = trouble.held ? `\n${source.held(phrases.decisions(trouble.held))}` : '';
  const { records } = trouble;
  return {
    locale,
    title:
      records === undefined
        ? source.title(trouble.source)
        : source.ofRecords(trouble.source, phrases.records(records.count)),
    blocks: [
      text(`${what}${held}`),
      ...(records === undefined ? [] : [listOfRecords(records, phrases)]),
      facts(trouble, locale, []),
      ...words(trouble, phrases),
      note(whatToDo),
    ],
  };
};

function listOfRecords(
  { count, first }: TroublingRecords,
  { records, labelled, trouble: { source } }: Phrases,
): MessageBlock {
  const shown = first.slice(0, mostListed);
  const more = count - shown.length;
  const lines = shown.map(({ name, url, of, why }): readonly Inline[] => [
    '• ',
    url === undefined ? name : { link: name, url },
    labelled(of === undefined ? '' : ` (${of})`, why),
  ]);
  if (more > 0) lines.push([source.more(records(more))]);
  return { type: 'text', text: lines.flatMap((line, index) => (index > 0 ? ['\n', ...line] : line)) };
}

/** For the owner of a channel: a message did not arrive, or may not have. */
export const deliveryTrouble = (trouble: DeliveryTrouble, locale: Locale = 'en'): Message => {
  const phrases = catalogue[locale];
  const { delivering, reasons, subscription, delivery, attempts } = phrases.trouble;
  const { what, whatToDo } = reasons[trouble.reason];
  const said = trouble.deliveryIds.length > 1 ? delivering.several : delivering;
  return {
    locale,
    title: said.title(trouble.channel),
    blocks: [
      text(`${trouble.outcome === 'unknown' ? said.unknown : said.failed}\n${what}`),
      facts(trouble, locale, [
        ...(trouble.subscription === undefined ? [] : [{ label: subscription, value: trouble.subscription }]),
        ...listed(delivery, trouble.deliveryIds, locale),
        ...(trouble.attempts === undefined
          ? []
          : [{ label: attempts, value: formatNumber(locale, trouble.attempts) }]),
      ]),
      ...words(trouble, phrases),
      note(whatToDo),
    ],
  };
};

/** How many accounts, deliveries or rooms are listed by name; the rest are counted. */
const mostListed = 20;

/** For the owner of a system: accounts that belong to nobody whom rules know. */
export const unmatched = (trouble: UnmatchedTrouble, locale: Locale = 'en'): Message => {
  const phrases = catalogue[locale];
  const { unmatched: said } = phrases.trouble;
  const { accounts } = trouble;
  const more = accounts.length - mostListed;
  const list = [
    ...accounts
      .slice(0, mostListed)
      .map(({ externalId, name, email }) =>
        ['•', name, email, `(${externalId})`].filter((part) => part !== undefined).join(' '),
      ),
    ...(more > 0 ? [said.more(phrases.people(more))] : []),
  ];
  return {
    locale,
    title: said.title(trouble.system, phrases.people(accounts.length)),
    blocks: [
      text(said.what),
      ...(list.length === 0 ? [] : [text(list.join('\n'))]),
      facts(trouble, locale, []),
      ...words(trouble, phrases),
      note(said.whatToDo),
    ],
  };
};

/** For the owner of a subscription: its room cannot be made what it should be. */
export const roomTrouble = (trouble: RoomTrouble, locale: Locale = 'en'): Message => {
  const phrases = catalogue[locale];
  const { rooms, room, subscription } = phrases.trouble;
  const [first = ''] = trouble.rooms;
  return {
    locale,
    title: trouble.rooms.length > 1 ? rooms.several(trouble.channel) : rooms.title(first),
    blocks: [
      text(trouble.isUsed ? rooms.without : rooms.what),
      facts(trouble, locale, [
        ...listed(
          room,
          trouble.rooms.map((name) => `${trouble.channel} / ${name}`),
          locale,
        ),
        ...(trouble.subscription === undefined ? [] : [{ label: subscription, value: trouble.subscription }]),
      ]),
      ...words(trouble, phrases),
      note(rooms.whatToDo),
    ],
  };
};

/** For the owner of what a subscription needs: a run of it was not decided as a whole. */
export const runTrouble = (trouble: RunTrouble, locale: Locale = 'en'): Message => {
  const phrases = catalogue[locale];
  const { runs } = phrases.trouble;
  return {
    locale,
    title: runs.title(trouble.subscription),
    blocks: [
      text(runs.what[trouble.reason]),
      facts(trouble, locale, []),
      ...words(trouble, phrases),
      note(runs.whatToDo),
    ],
  };
};

const text = (sentence: string): MessageBlock => ({ type: 'text', text: [sentence] });
const note = (sentence: string): MessageBlock => ({ type: 'note', text: [sentence] });

/** One by its name; several by their number and the first of their names. */
const listed = (
  label: string,
  names: readonly string[],
  locale: Locale,
): readonly { readonly label: string; readonly value: string }[] => [
  ...(names.length > 1
    ? [{ label: catalogue[locale].trouble.howMany, value: formatNumber(locale, names.length) }]
    : []),
  { label, value: [...names.slice(0, mostListed), ...(names.length > mostListed ? ['…'] : [])].join('\n') },
];

const facts = (
  { since, zone }: Trouble,
  locale: Locale,
  more: readonly { readonly label: string; readonly value: string }[],
): MessageBlock => ({
  type: 'fields',
  fields: [{ label: catalogue[locale].trouble.since, value: formatMoment(locale, since, zone) }, ...more],
});

const words = ({ detail }: Trouble, { labelled, trouble }: Phrases): readonly MessageBlock[] =>
  detail === undefined || detail.trim() === '' ? [] : [text(labelled(trouble.words, detail.trim()))];
