import { channels, type ChannelPlugin } from '#channels';
import { CompanyReader, peopleById, subjectNames, type Company } from '#company';
import type { Instant, Message } from '#domain';
import {
  Decisions,
  Deliveries,
  Forwards,
  Pulls,
  Troubles,
  type Database,
  type Delivery,
  type ForwardCounts,
  type ListedRecord,
  type StoredDecision,
  type StoredPull,
} from '#storage';
import { decisionReasonText } from '../explain/reasons.js';
import { namesText } from '../words.js';
import { placeText } from '../place-text.js';
import { whyText } from './why.js';

/** What a run did, as `--output json` prints it. */
export interface RunReport {
  /** How many planned runs it looked at. */
  readonly occurrences: number;
  readonly pulls: readonly ReportedPull[];
  readonly decisions: readonly {
    readonly rule: string;
    readonly fired: number;
    readonly quiet: number;
    readonly suppressed: number;
    readonly held: number;
  }[];
  /** What forwards found and wrote: read = created + updated + unchanged + rejected. */
  readonly forwards: readonly ReportedForward[];
  readonly deliveries: readonly ChannelCounts[];
  /** Every delivery that was made or settled. */
  readonly said: readonly ReportedDelivery[];
  /** Records of a source that could not be taken. */
  readonly rejected: readonly {
    readonly source: string;
    readonly kind: string;
    readonly key: string;
    readonly why: string;
  }[];
  /** What could not be concluded, or not be said, until something changes. */
  readonly held: readonly {
    readonly rule?: string;
    readonly delivery?: string;
    readonly about: string;
    readonly why: string;
  }[];
  readonly unmatched: readonly {
    readonly system: string;
    readonly externalId: string;
    readonly name: string;
  }[];
  /** How many messages of these occurrences were said before and stand. */
  readonly saidBefore: number;
  readonly timedOut: boolean;
  readonly sandbox?: { readonly url: string };
}

/** A forward's run; every record that is not in the table as it should be is listed with its reason. */
interface ReportedForward extends ForwardCounts {
  readonly forward: string;
  readonly rejections: readonly ListedRecord[];
  readonly vanishings: readonly ListedRecord[];
}

export interface ReportedPull {
  readonly source: string;
  readonly fetched: number;
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  readonly rejected: number;
  readonly gone: number;
  readonly calls: number;
  readonly what: StoredPull['what'];
  readonly state: StoredPull['state'];
  readonly reason?: string;
  readonly detail?: string;
}

export interface ReportedDelivery {
  readonly delivery: string;
  readonly channel: string;
  readonly state: Delivery['state'] | 'edited';
  /** The person or team it is about; absent where it is about none or several. */
  readonly person?: string;
  /** The room's name, or the address. */
  readonly to: string;
  /** By name, as far as they are known in the channel. */
  readonly members: readonly string[];
  readonly title: string;
  readonly why: string;
  readonly detail?: string;
}

interface ChannelCounts {
  readonly channel: string;
  readonly sent: number;
  readonly failed: number;
  readonly unknown: number;
  readonly held: number;
  readonly pending: number;
}

/** Collects what happened since an instant, and what these occurrences concluded. */
export async function report(
  database: Database,
  since: Instant,
  occurrences: readonly string[],
  ended: { readonly timedOut: boolean; readonly sandboxUrl?: string },
): Promise<RunReport> {
  const pulls = new Pulls(database);
  const decisions = new Decisions(database);
  const deliveries = new Deliveries(database);
  const forwards = new Forwards(database);
  const [pulled, counts, held, made, troubles, company] = await Promise.all([
    pulls.since(since),
    decisions.counts(occurrences),
    decisions.held(occurrences),
    deliveries.since(since),
    new Troubles(database).listOpen(),
    new CompanyReader(database).current(),
  ]);
  const behind = Map.groupBy(await decisions.behind(made.map(({ id }) => id)), ({ delivery_id: id }) => id);
  const tables = new Set(company.configuration.forwards.map(({ name }) => name));
  // Ten thousand rows that are where they should be are counted, not listed.
  const worthTelling = made.filter(
    ({ subscription, state }) => state !== 'sent' || !tables.has(subscription),
  );
  const plugins = await pluginsOf(company, worthTelling);
  const said = worthTelling.map((delivery) =>
    reported(delivery, behind.get(delivery.id) ?? [], company, plugins.get(delivery.channel)),
  );
  const before = await Promise.all(occurrences.map((id) => deliveries.ofOccurrence(id)));
  const isNew = new Set(made.map(({ id }) => id));
  const names = subjectNames(company);
  return {
    occurrences: occurrences.length,
    // Who is known is asked for with the facts; on its own it is worth a line only where it failed.
    pulls: pulled.filter(({ what, state }) => what === 'facts' || state === 'failed').map(reportedPull),
    decisions: counts,
    forwards: (await Promise.all(occurrences.map((id) => reportedForward(forwards, id)))).flat(),
    deliveries: [...Map.groupBy(made, ({ channel }) => channel)].map(([channel, some]) =>
      countsOf(channel, some),
    ),
    said,
    rejected: (
      await Promise.all(
        pulled
          .filter((pull) => pull.rejected > 0)
          .map(async ({ id, system }) =>
            (await pulls.rejections(id)).map(({ kind, key, why }) => ({ source: system, kind, key, why })),
          ),
      )
    ).flat(),
    held: [
      ...held.map(({ rule, subject, reason, detail }) => ({
        rule,
        about: names.get(subject) ?? subject,
        why: decisionReasonText(reason ?? '', detail),
      })),
      ...said
        .filter(({ state }) => state === 'held')
        .map(({ delivery, person, to, detail }) => ({
          delivery,
          about: person ?? to,
          why: detail ?? 'nobody knows why',
        })),
    ],
    unmatched: troubles
      .filter(({ kind }) => kind === 'unmatched')
      .map(({ detail }) => ({
        system: detail['system'] ?? '',
        externalId: detail['externalId'] ?? '',
        name: detail['name'] ?? '',
      })),
    saidBefore: before.flat().filter(({ id, state }) => state === 'sent' && !isNew.has(id)).length,
    timedOut: ended.timedOut,
    ...(ended.sandboxUrl === undefined ? {} : { sandbox: { url: ended.sandboxUrl } }),
  };
}

/** Whether anything of it is a failure. */
export const hasFailed = (run: Pick<RunReport, 'timedOut' | 'pulls' | 'deliveries'>): boolean =>
  run.timedOut ||
  run.pulls.some(({ state }) => state === 'failed') ||
  run.deliveries.some(({ failed, unknown }) => failed + unknown > 0);

async function reportedForward(forwards: Forwards, occurrence: string): Promise<readonly ReportedForward[]> {
  const run = await forwards.newestOf(occurrence);
  if (!run) return [];
  const { counts, rejected, vanished } = await forwards.settled(run);
  return [{ forward: run.forward, ...counts, rejections: rejected, vanishings: vanished }];
}

const reportedPull = (pull: StoredPull): ReportedPull => ({
  source: pull.system,
  fetched: pull.fetched,
  new: pull.new,
  changed: pull.changed,
  same: pull.same,
  rejected: pull.rejected,
  gone: pull.gone,
  calls: pull.calls,
  what: pull.what,
  state: pull.state,
  ...(pull.reason === null ? {} : { reason: pull.reason }),
  ...(pull.detail === null ? {} : { detail: pull.detail }),
});

function reported(
  delivery: Delivery,
  decisions: readonly StoredDecision[],
  company: Company,
  plugin: ChannelPlugin | undefined,
): ReportedDelivery {
  const person = subjectNames(company).get(delivery.subject ?? '');
  const room = delivery.target['room'] as RoomTarget | undefined;
  const says = new Map(company.configuration.rules.map(({ name, say }) => [name, say]));
  const about =
    'rows' in delivery.message
      ? `${delivery.message.rows.length} record${delivery.message.rows.length === 1 ? '' : 's'}`
      : (delivery.message as Message).title;
  const why = [
    ...new Set(decisions.map((decision) => whyText(says.get(decision.rule) ?? '', decision.inputs))),
  ].join('; ');
  return {
    delivery: delivery.id,
    channel: delivery.channel,
    state: delivery.state === 'sent' && delivery.sent_revision > 1 ? 'edited' : delivery.state,
    ...(person === undefined ? {} : { person }),
    to: room ? `#${room.name}` : placeText(delivery, plugin),
    members: room ? membersOf(room, delivery.channel, company) : [],
    title: about,
    // A trouble, or what was withdrawn, stands on no decision; its title says it all.
    why: delivery.about === 'record' ? `${about}: ${namesIn(decisions, company)}` : why || about,
    ...(delivery.detail === null ? {} : { detail: delivery.detail }),
  };
}

interface RoomTarget {
  readonly name: string;
  readonly members: readonly ('person' | 'managers' | { readonly email: string })[];
  readonly person: string | null;
}

function membersOf(room: RoomTarget, channel: string, company: Company): readonly string[] {
  const people = peopleById(company);
  const person = people.get(room.person ?? '');
  const wanted = room.members.flatMap((member) => {
    if (member === 'person') return person ?? [];
    if (member === 'managers') return (person?.managers ?? []).flatMap((id) => people.get(id) ?? []);
    return company.people.find(({ email }) => email === member.email.toLowerCase()) ?? [];
  });
  return [...new Set(wanted)].filter(({ identities }) => channel in identities).map(({ name }) => name);
}

/** What each channel of these is. */
async function pluginsOf(
  { configuration }: Company,
  deliveries: readonly Delivery[],
): Promise<ReadonlyMap<string, ChannelPlugin | undefined>> {
  const names = new Set(deliveries.map(({ channel }) => channel));
  return new Map(
    await Promise.all(
      configuration.channels
        .filter(({ name }) => names.has(name))
        .map(async ({ name, type }) => [name, await channels.get(type)?.()] as const),
    ),
  );
}

const namesIn = (decisions: readonly StoredDecision[], company: Company): string => {
  const names = subjectNames(company);
  return namesText([...new Set(decisions.map(({ subject }) => names.get(subject) ?? subject))]);
};

const countsOf = (channel: string, deliveries: readonly Delivery[]): ChannelCounts => {
  const count = (...states: readonly Delivery['state'][]): number =>
    deliveries.filter(({ state }) => states.includes(state)).length;
  const refused = deliveries.filter(
    ({ state, reason }) => state === 'held' && reason === 'unauthorized',
  ).length;
  return {
    channel,
    sent: count('sent'),
    // Held for credentials that are no good: it will be sent, but somebody has to do something about it.
    failed: count('failed') + refused,
    unknown: count('unknown'),
    held: count('held') - refused,
    pending: count('pending', 'sending', 'retrying'),
  };
};
