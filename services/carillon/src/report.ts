import type { Instant, Message } from '#domain';
import {
  Decisions,
  Deliveries,
  Pulls,
  Troubles,
  type Database,
  type Delivery,
  type StoredPull,
} from '#storage';
import type { Terminal } from './terminal.js';

/** What a run did, as `--output json` prints it. */
export interface RunReport {
  readonly pulls: readonly {
    readonly source: string;
    readonly fetched: number;
    readonly new: number;
    readonly changed: number;
    readonly same: number;
    readonly rejected: number;
    readonly gone: number;
    readonly calls: number;
    readonly state: StoredPull['state'];
    readonly reason?: string;
  }[];
  readonly decisions: readonly {
    readonly rule: string;
    readonly fired: number;
    readonly quiet: number;
    readonly suppressed: number;
    readonly held: number;
  }[];
  readonly deliveries: readonly ChannelCounts[];
  readonly unmatched: readonly {
    readonly system: string;
    readonly externalId: string;
    readonly name: string;
  }[];
  readonly timedOut: boolean;
  readonly sandbox?: { readonly url: string };
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
  ended: { readonly timedOut: boolean; readonly sandbox?: string },
): Promise<RunReport> {
  const [pulls, decisions, deliveries, troubles] = await Promise.all([
    new Pulls(database).since(since),
    new Decisions(database).counts(occurrences),
    new Deliveries(database).since(since),
    new Troubles(database).listOpen(),
  ]);
  return {
    pulls: pulls
      .filter((pull) => pull.what === 'facts')
      .map((pull) => ({
        source: pull.system,
        fetched: pull.fetched,
        new: pull.new,
        changed: pull.changed,
        same: pull.same,
        rejected: pull.rejected,
        gone: pull.gone,
        calls: pull.calls,
        state: pull.state,
        ...(pull.reason === null ? {} : { reason: pull.reason }),
      })),
    decisions,
    deliveries: [...Map.groupBy(deliveries, ({ channel }) => channel)].map(([channel, some]) =>
      countsOf(channel, some),
    ),
    unmatched: troubles
      .filter(({ kind }) => kind === 'unmatched')
      .map(({ detail }) => ({
        system: detail['system'] ?? '',
        externalId: detail['externalId'] ?? '',
        name: detail['name'] ?? '',
      })),
    timedOut: ended.timedOut,
    ...(ended.sandbox === undefined ? {} : { sandbox: { url: ended.sandbox } }),
  };
}

/** Whether anything of it is a failure. */
export const hasFailed = (run: RunReport): boolean =>
  run.timedOut ||
  run.pulls.some(({ state }) => state === 'failed') ||
  run.deliveries.some(({ failed, unknown }) => failed + unknown > 0);

const countsOf = (channel: string, deliveries: readonly Delivery[]): ChannelCounts => {
  const count = (...states: readonly Delivery['state'][]): number =>
    deliveries.filter(({ state }) => states.includes(state)).length;
  return {
    channel,
    sent: count('sent'),
    failed: count('failed'),
    unknown: count('unknown'),
    held: count('held'),
    pending: count('pending', 'sending', 'retrying'),
  };
};

/** Prints a report for people: what was read, what was concluded, what was said to whom, and what is in the way. */
export async function printReport(
  database: Database,
  since: Instant,
  run: RunReport,
  terminal: Terminal,
): Promise<void> {
  if (terminal.format === 'json') return terminal.json(run);
  terminal.say();
  for (const pull of run.pulls) {
    const state =
      pull.state === 'complete'
        ? ''
        : ` — ${pull.state}${pull.reason === undefined ? '' : `: ${pull.reason}`}`;
    terminal.say(
      `Read ${pull.source}: ${pull.fetched} facts in ${pull.calls} calls (${pull.new} new, ${pull.changed} changed, ${pull.same} same, ${pull.rejected} rejected, ${pull.gone} gone)${state}`,
    );
  }
  for (const rule of run.decisions) {
    terminal.say(
      `Decided ${rule.rule}: ${rule.fired} fired, ${rule.quiet} quiet, ${rule.suppressed} suppressed, ${rule.held} held`,
    );
  }
  const deliveries = await new Deliveries(database).since(since);
  if (deliveries.length > 0) {
    terminal.say();
    terminal.table(
      ['SAID', 'WHERE', 'WHAT', 'DELIVERY'],
      deliveries.map((delivery) => [stateOf(delivery), whereOf(delivery), whatOf(delivery), delivery.id]),
    );
  } else {
    terminal.say('Nothing new to say.');
  }
  if (run.unmatched.length > 0) {
    terminal.say();
    terminal.say(
      `Not matched to anybody: ${run.unmatched.map(({ system, name, externalId }) => `${name || externalId} (${system})`).join(', ')}`,
    );
  }
  if (run.timedOut) terminal.error('Time ran out before all was settled.');
}

const stateOf = (delivery: Delivery): string =>
  delivery.state === 'sent' && delivery.sent_revision > 1 ? 'edited' : delivery.state;

const whereOf = (delivery: Delivery): string => {
  const room = delivery.target['room'] as { readonly name?: string } | undefined;
  return `${delivery.channel} ${room?.name ? `#${room.name}` : delivery.destination.replace(/^to:/, '')}`;
};

const whatOf = (delivery: Delivery): string => {
  const what =
    'rows' in delivery.message
      ? `${delivery.message.rows.length} records`
      : (delivery.message as Message).title;
  return delivery.detail === null || delivery.state === 'sent' ? what : `${what} — ${delivery.detail}`;
};
