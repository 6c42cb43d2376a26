import type { Temporal } from 'temporal-polyfill';
import { SlackSimulator } from '#channels/simulators';
import { channels } from '#channels';
import { builtInMessages, type Instant } from '#domain';
import { checkDocuments, loadPlugins, formatProblem, hashOf, readText } from '#documents';
import { SimulatedServer } from '#http/simulation';
import { migrateQueues } from '#queues';
import { sources } from '#sources';
import { ClockifySimulator } from '#sources/simulators';
import { Documents } from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { storyDocuments } from '../story-documents.js';

/** What Slack shows in one room. */
export interface ShownRoom {
  readonly members: readonly string[];
  readonly messages: readonly string[];
}

export interface StoryOptions {
  /** An instant of the week in which the last one is told. */
  readonly at: Instant;
  /** Where the queue is; the story's own database by default. */
  readonly queueUrl?: string;
  /** The rhythm of the weekly subscription; Monday at nine in everybody's own zone by default. */
  readonly schedule?: string;
}

/** Secrets that must never be seen anywhere. */
export const secrets = {
  clockify: 'clockify-k3y-that-nobody-may-see',
  slack: new SlackSimulator().token,
} as const;

/**
 * A small company, its simulated vendors behind real ports of this process, a database of its own and the documents of the weekly hours.
 * Processes that are started with `environment` live in it.
 */
export class Story {
  readonly #monday: Temporal.PlainDate;

  private constructor(
    private readonly options: StoryOptions,
    readonly clockify: ClockifySimulator,
    readonly slack: SlackSimulator,
    readonly clockifyServer: SimulatedServer,
    readonly slackServer: SimulatedServer,
    readonly test: TestDatabase,
    readonly workspaceId: string,
    readonly people: Readonly<Record<'max' | 'olena' | 'nadia' | 'ghost', string>>,
  ) {
    const today = options.at.toZonedDateTimeISO('UTC').toPlainDate();
    this.#monday = today.subtract({ days: today.dayOfWeek - 1 + 7 });
  }

  static async begin(options: StoryOptions): Promise<Story> {
    const clockify = new ClockifySimulator();
    const slack = new SlackSimulator({ limits: 'none' });
    const workspaceId = clockify.addWorkspace({ name: 'Acme' });
    const admin = clockify.addUser({
      email: 'key@acme.example',
      name: 'Key Owner',
      zone: 'UTC',
      role: 'WORKSPACE_OWN',
    });
    clockify.addKey(secrets.clockify, admin);
    const max = clockify.addUser({ email: 'max@acme.example', name: 'Max Muster', zone: 'UTC' });
    const olena = clockify.addUser({
      email: 'olena@acme.example',
      name: 'Olena Kovalenko',
      zone: 'Europe/Kyiv',
      managers: [max],
    });
    const nadia = clockify.addUser({
      email: 'nadia@acme.example',
      name: 'Nadia Petrenko',
      zone: 'UTC',
      managers: [max],
    });
    const ghost = clockify.addUser({ email: 'ghost@acme.example', name: 'Not In Slack', zone: 'UTC' });
    for (const [email, name] of [
      ['max@acme.example', 'Max Muster'],
      ['olena@acme.example', 'Olena Kovalenko'],
      ['nadia@acme.example', 'Nadia Petrenko'],
      ['ops@acme.example', 'Ops'],
      ['key@acme.example', 'Key Owner'],
    ] as const)
      slack.addUser({ email, name, zone: 'UTC' });
    const [clockifyServer, slackServer, test] = await Promise.all([
      SimulatedServer.listen(clockify),
      SimulatedServer.listen(slack),
      testDatabase(),
    ]);
    const people = { max, olena, nadia, ghost };
    const story = new Story(options, clockify, slack, clockifyServer, slackServer, test, workspaceId, people);
    for (const day of [0, 1, 2, 3, 4]) for (const who of [max, admin]) story.work(who, day, 8);
    story.work(olena, 1, 7.5);
    story.work(nadia, 2, 10);
    await Promise.all([migrateQueues(story.queueUrl), story.apply(story.documents())]);
    return story;
  }

  /** An instant of the week in which the last one is told. */
  get at(): Instant {
    return this.options.at;
  }

  get queueUrl(): string {
    return this.options.queueUrl ?? this.test.url;
  }

  /** What a process that lives in this story is started with. */
  get environment(): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: this.test.url,
      QUEUE_URL: this.queueUrl,
      LOG_LEVEL: 'debug',
      CARILLON_SECRET_CLOCKIFY_API_KEY: secrets.clockify,
      CARILLON_SECRET_CLOCKIFY_WRONG_KEY: 'no-key-of-anybody',
      CARILLON_SECRET_SLACK_BOT_TOKEN: secrets.slack,
    };
  }

  /** Enters work on a day of the week that is told of; 0 is its Monday. */
  work(userId: string, day: number, hours: number): void {
    const start = this.#monday.add({ days: day }).toZonedDateTime({ timeZone: 'UTC', plainTime: '08:00' });
    const at = (moment: Temporal.ZonedDateTime): string => moment.toInstant().toString();
    this.clockify.addEntry({
      userId,
      start: at(start),
      end: at(start.add({ minutes: hours * 60 })),
      description: 'a description that nobody may see',
    });
  }

  /** Checks and applies documents as the command line does; throws with every problem. Returns their hash. */
  async apply(text: string): Promise<string> {
    const { documents, problems } = readText(text, 'story.yaml');
    const plugins = await loadPlugins({ sources, channels }, documents);
    const checked = checkDocuments(documents, plugins, builtInMessages);
    const all = [...problems, ...checked.problems];
    if (all.length > 0 || !checked.configuration) throw new Error(all.map(formatProblem).join('\n'));
    const { hash } = checked.configuration;
    await new Documents(this.test.database).apply(
      documents.map((one) => ({ kind: one.kind, name: one.name, content: one.content, hash: hashOf(one) })),
      hash,
    );
    return hash;
  }

  /** The documents; `more` is added to them. */
  documents(...more: readonly string[]): string {
    const { schedule } = this.options;
    return storyDocuments(
      {
        workspaceId: this.workspaceId,
        clockify: this.clockifyServer.url,
        slack: this.slackServer.url,
        ...(schedule === undefined ? {} : { schedule }),
      },
      ...more,
    );
  }

  /** Everything that Slack shows, by the rooms' names. */
  shown(): Readonly<Record<string, ShownRoom>> {
    const names = new Map(this.slack.users().map((user) => [user.id, user.name]));
    return Object.fromEntries(
      this.slack.channels().map((channel) => [
        channel.name,
        {
          members: channel.members.flatMap((id) => names.get(id) ?? []).toSorted(),
          messages: this.slack
            .messages(channel.id)
            .map(({ text }) => text)
            .toSorted(),
        },
      ]),
    );
  }

  /** As if the documents had been applied so long ago: a schedule is planned from then on, and what came due since is made up for. */
  async appliedEarlier(hours: number): Promise<void> {
    for (const table of ['document', 'configuration'])
      await this.test.database.query(
        `update ${table} set known_since = known_since - $1 * interval '1 hour'`,
        [hours],
      );
  }

  /** Lets every lease run out, as the minutes after a kill would: whoever held one is dead. */
  async leasesRunOut(): Promise<void> {
    const { database } = this.test;
    for (const table of ['pull', 'occurrence', 'delivery', 'destination'])
      await database.query(
        `update ${table} set lease_until = clock_timestamp() - interval '1 second' where lease_until > clock_timestamp()`,
      );
  }

  async end(): Promise<void> {
    await Promise.all([this.clockifyServer.close(), this.slackServer.close()]);
    await this.test.drop();
  }
}
