import { Injectable } from '@nestjs/common';
import { CompanyReader, hull, wantsOf, type Company, type Want } from '#company';
import { compareInstants, pullId, type Instant } from '#domain';
import { collectQueue, Queues } from '#queues';
import { faultPoint } from '#runtime';
import {
  Database,
  heldForRecords,
  Occurrences,
  Pulls,
  READ_AGAIN,
  type Occurrence,
  type PullRequest,
} from '#storage';
import { scheduledPulls } from './scheduled-pulls.js';

/** How long before an occurrence its facts are fetched. */
const LEAD_MS = 30 * 60_000;
/** Sources' own schedules are looked at this far back: a pull that nobody asked for in that time is not worth making up for. */
const SCHEDULE_LOOK_BACK_MINUTES = 10;
/** After a pull has failed for good, what still needs it asks again this much later, and once more later each time. */
const ASK_AGAIN_MINUTES = 15;
/** After a pull that could not read a record that somebody waits for, it is read again so much later, and twice as long after each more. */
const READ_AGAIN_MINUTES = 15;
const FIRST_LISTING = 'first listing';

/** What is asked for, and for whom. */
interface AskOptions {
  /** `false` leaves sources' own schedules alone. */
  readonly schedules: boolean;
  /** How long sources' own schedules are left to others, such as CronJobs, before this process asks for what they name; 0 by default. */
  readonly graceMs?: number;
  /** Only what this source or channel is to be read for. Nobody is rung then: whoever asks for one alone reads it too. */
  readonly only?: string;
}

/** Asks for the pulls that occurrences need and sources' own schedules name. */
@Injectable()
export class AskForPulls {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly occurrences: Occurrences,
    private readonly pulls: Pulls,
    private readonly queues: Queues,
  ) {}

  /** Asks for what is missing now; pulls that are there or on their way are not asked for again. */
  async ask({ schedules, graceMs = 0, only }: AskOptions): Promise<void> {
    const company = await this.companies.current();
    const requests: PullRequest[] = [];
    if (schedules) {
      const until = company.asOf.subtract({ milliseconds: graceMs });
      requests.push(
        ...scheduledPulls(company, until.subtract({ minutes: SCHEDULE_LOOK_BACK_MINUTES }), until),
      );
    }
    requests.push(...(await this.#firstListings(company)), ...(await this.#forOccurrences(company)));
    const known = new Set(
      [...company.configuration.sources, ...company.configuration.channels].map(({ name }) => name),
    );
    const asked = requests.filter(
      ({ system }) => known.has(system) && (only === undefined || system === only),
    );
    const fresh = new Set(await this.pulls.want(asked));
    if (fresh.size > 0) await faultPoint('collect.asked');
    if (only !== undefined) return;
    for (const { id, system } of asked.filter((request) => fresh.has(request.id))) {
      await this.queues.ring(collectQueue(system), { v: 1, pullId: id }, { jobId: id });
    }
  }

  /**
   * Occurrences are planned for people: a source that has never been read is asked for its people first. So is a channel in which rooms are
   * kept: owners may have to be told before anything else is said there.
   */
  async #firstListings({ configuration, asOf }: Company): Promise<readonly PullRequest[]> {
    const requests: PullRequest[] = [];
    const withRooms = configuration.subscriptions.flatMap(({ to }) => (to.room ? [to.channel] : []));
    for (const name of new Set([...configuration.sources.map((source) => source.name), ...withRooms])) {
      if (await this.pulls.latestComplete(name, 'people', undefined, undefined)) continue;
      if (await this.pulls.underway(name, 'people', undefined, asOf)) continue;
      const failed = await this.pulls.failures(name, 'people', FIRST_LISTING);
      const askedBy = `${FIRST_LISTING} #${failed}`;
      requests.push({
        id: pullId({ system: name, what: 'people', askedBy }),
        system: name,
        what: 'people',
        askedBy,
        dueAt: asOf.add({ minutes: ASK_AGAIN_MINUTES * failed }),
      });
    }
    return requests;
  }

  async #forOccurrences(company: Company): Promise<readonly PullRequest[]> {
    const undecided = await this.occurrences.undecided(LEAD_MS);
    const wants = undecided.flatMap((occurrence) => wantsOf(company, occurrence));
    const timely = wants.filter((want) => compareInstants(want.begunAfter, company.asOf) <= 0);
    const missing = await this.pulls.unserved(timely);
    const groups = Map.groupBy(missing, (want) => `${want.what} ${want.system}`);
    return [
      ...(await Promise.all([...groups.values()].map((group) => this.#request(group, company.asOf)))),
      ...(await this.#forUnreadableRecords(company, undecided)),
    ];
  }

  /**
   * Whoever waits because a record could not be read waits for somebody to mend it there: it is looked for again, later and later, while there
   * is still time to say anything.
   */
  async #forUnreadableRecords(
    company: Company,
    undecided: readonly Occurrence[],
  ): Promise<readonly PullRequest[]> {
    const wants = undecided
      .filter(({ state }) => state === 'held')
      .flatMap((occurrence) =>
        wantsOf(company, occurrence).flatMap((want) =>
          want.what === 'facts' && want.window
            ? [{ ...want, window: want.window, occurrence: occurrence.id, until: occurrence.until_at }]
            : [],
        ),
      );
    const held = (await heldForRecords(this.database, wants)).flatMap((want) => {
      const dueAt = want.last.add({ minutes: READ_AGAIN_MINUTES * 2 ** want.times });
      return compareInstants(dueAt, want.until) < 0 ? [{ ...want, dueAt }] : [];
    });
    return [...Map.groupBy(held, ({ system }) => system)].flatMap(([system, [first, ...others]]) => {
      if (!first) return [];
      const askedBy = `${first.askedBy} ${first.begunAfter.toString()}${READ_AGAIN}${first.times}`;
      return {
        id: pullId({ system, what: 'facts', askedBy }),
        system,
        what: 'facts',
        window: hull([first, ...others].map(({ window }) => window)),
        askedBy,
        dueAt: first.dueAt,
        ...(first.traceparent === undefined ? {} : { traceparent: first.traceparent }),
      };
    });
  }

  async #request(group: readonly Want[], now: Instant): Promise<PullRequest> {
    const [first] = group;
    if (!first) throw new RangeError('nobody asks');
    const windows = group.flatMap(({ window }) => window ?? []);
    const begunAfter = group.reduce(
      (latest, want) => (compareInstants(want.begunAfter, latest) > 0 ? want.begunAfter : latest),
      first.begunAfter,
    );
    const failed = await this.pulls.failures(first.system, first.what, first.askedBy);
    const window = windows.length > 0 ? hull(windows) : undefined;
    // With its window: somebody in a zone further west may have become known since it was asked for the first time. People, who have none, are
    // asked for again when they have grown too old.
    const what = window
      ? `${begunAfter.toString()} ${window.from.toString()}/${window.to.toString()}`
      : begunAfter.round({ smallestUnit: 'hour', roundingMode: 'floor' }).toString();
    const askedBy = `${first.askedBy} ${what} #${failed}`;
    return {
      id: pullId({ system: first.system, what: first.what, askedBy }),
      system: first.system,
      what: first.what,
      ...(window ? { window } : {}),
      askedBy,
      dueAt: failed === 0 ? now : now.add({ minutes: ASK_AGAIN_MINUTES * failed }),
      ...(first.traceparent === undefined ? {} : { traceparent: first.traceparent }),
    };
  }
}
