import { Injectable } from '@nestjs/common';
import { CompanyReader, periodOf, wantsOf, type Company } from '#company';
import { compareInstants, forwardRunId, type Forward, type Instant } from '#domain';
import { faultPoint } from '#runtime';
import {
  Database,
  forwardedFacts,
  Forwards,
  Occurrences,
  Pulls,
  triedAgain,
  Troubles,
  type ClaimedOccurrence,
  type ForwardCounts,
  type RejectedRecord,
  type Transaction,
} from '#storage';
import { reportUnaccounted } from '#telemetry';
import { HELD, stateAfter, TIME_RAN_OUT } from '../look.js';
import { endOfRun, tellOfRun } from '../occurrence-troubles.js';
import { Readiness, sourcesUnderway } from '../readiness.js';
import { haveBeenRead, momentToDecideBy } from '../sources-of-truth.js';
import { mapFacts } from './map-facts.js';

/** Looked at again so much later where facts are on their way. */
const ON_THEIR_WAY_MS = 300;
/** Records that are named to an owner; `carillon forward show` lists all. */
const MOST_NAMED = 10;

/** One planned run of a forward: its facts become rows. Safe to run at any time, any number of times. */
@Injectable()
export class LookForward {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly forwards: Forwards,
    private readonly occurrences: Occurrences,
    private readonly pulls: Pulls,
    private readonly troubles: Troubles,
    private readonly readiness: Readiness,
  ) {}

  /** Returns the channel in which there may be something to write; throws where the occurrence's lease is lost. */
  async look(
    occurrence: ClaimedOccurrence,
    forward: Forward,
    current: Company,
    now: Instant,
  ): Promise<string | undefined> {
    const { dates } = periodOf(forward, occurrence);
    const hasRun = occurrence.decided_as_of !== null;
    if (hasRun && (await this.forwards.isOvertaken(forward.name, dates, occurrence.nominal_at))) {
      await this.occurrences.settle(this.database, occurrence, { state: occurrence.state, wakeAt: null });
      return undefined;
    }
    const wants = wantsOf(current, occurrence);
    const moment = await momentToDecideBy(now, wants, this.pulls);
    if (!(await haveBeenRead(wants, moment, this.pulls))) {
      await this.#wait(occurrence, forward, current, now, hasRun);
      return undefined;
    }
    // A table shows how things are: it follows the mapping and the directory of now, unlike what was once said to somebody.
    const company = compareInstants(moment, now) === 0 ? current : await this.companies.asOf(moment);
    await this.#keep(occurrence, forward, company, moment, now);
    return forward.to.channel;
  }

  /** The source's owner hears what is missing; a table with half a month in it would look whole. */
  async #wait(
    occurrence: ClaimedOccurrence,
    forward: Forward,
    company: Company,
    now: Instant,
    hasRun: boolean,
  ): Promise<void> {
    const isExpired = compareInstants(now, occurrence.until_at) >= 0;
    if (hasRun) {
      await this.occurrences.settle(this.database, occurrence, { state: occurrence.state, wakeAt: null });
      return;
    }
    if (!isExpired && (await this.readiness.isOnItsWay(company, occurrence))) {
      await this.occurrences.settle(this.database, occurrence, {
        state: occurrence.state,
        wakeAt: now.add({ milliseconds: ON_THEIR_WAY_MS }),
        detail: 'facts are on their way',
      });
      return;
    }
    const underway = await sourcesUnderway(wantsOf(company, occurrence), this.pulls);
    await this.database.transaction(async (tx) => {
      await this.occurrences.settle(
        tx,
        occurrence,
        isExpired
          ? { state: 'failed', wakeAt: null, detail: TIME_RAN_OUT }
          : { state: 'held', wakeAt: occurrence.until_at, detail: HELD },
      );
      const about = `${forward.source} ${occurrence.id}`;
      if (isExpired) {
        await this.troubles.close('incomplete', about, tx);
        const detail = `nothing of ${periodText(forward, occurrence)} was written`;
        await tellOfRun(this.troubles, company, occurrence, { reason: 'failed', detail }, tx);
        return;
      }
      const owner = company.configuration.sources.find(({ name }) => name === forward.source)?.owner;
      await this.troubles.open(
        {
          kind: 'incomplete',
          about,
          ...(owner === undefined ? {} : { owner }),
          detail: {
            source: forward.source,
            subscription: forward.name,
            occurrence: occurrence.id,
            ...(underway.has(forward.source) ? triedAgain : {}),
          },
        },
        tx,
      );
    });
  }

  async #keep(
    occurrence: ClaimedOccurrence,
    forward: Forward,
    company: Company,
    moment: Instant,
    now: Instant,
  ): Promise<void> {
    const { source, facts: kind } = forward;
    const { dates, window } = periodOf(forward, occurrence);
    const [facts, pull] = await Promise.all([
      forwardedFacts(this.database, source, kind, window, moment),
      this.pulls.latestComplete(source, 'facts', window, moment),
    ]);
    const unread = pull && pull.rejected > 0 ? await this.pulls.rejections(pull.id) : [];
    const { rows, rejected } = await mapFacts(
      company,
      forward,
      occurrence.zone,
      dates,
      facts,
      unread.filter((one) => one.kind === kind),
    );
    await faultPoint('forward.decided');
    await this.database.transaction(async (tx) => {
      const counts = await this.forwards.keep(tx, {
        id: forwardRunId({ occurrence: occurrence.id, asOf: moment }),
        forward: forward.name,
        occurrenceId: occurrence.id,
        asOf: moment,
        period: dates,
        source,
        kind,
        target: { ...forward.to },
        channel: forward.to.channel,
        traceparent: occurrence.traceparent ?? undefined,
        rows,
        rejected,
      });
      reportUnaccounted('forward', rows.length + rejected.length - counts.read);
      await this.occurrences.settle(tx, occurrence, {
        state: stateAfter({ occurrence, expired: false, now }, false),
        wakeAt: null,
        decidedAsOf: moment,
      });
      await this.#tell(tx, occurrence, forward, company, counts, rejected);
    });
    await faultPoint('forward.committed');
  }

  async #tell(
    tx: Transaction,
    occurrence: ClaimedOccurrence,
    forward: Forward,
    company: Company,
    counts: ForwardCounts,
    rejected: readonly RejectedRecord[],
  ): Promise<void> {
    await this.troubles.close('incomplete', `${forward.source} ${occurrence.id}`, tx);
    if (counts.rejected + counts.vanished === 0 && counts.read > 0)
      await endOfRun(this.troubles, occurrence, tx);
    else {
      const detail = whatIsMissing(periodText(forward, occurrence), forward, counts, rejected);
      await tellOfRun(this.troubles, company, occurrence, { reason: 'rows', detail }, tx);
    }
  }
}

const periodText = (forward: Forward, occurrence: ClaimedOccurrence): string => {
  const { dates } = periodOf(forward, occurrence);
  return forward.over.endsWith('Month') ? dates.from.slice(0, 7) : `the days from ${dates.from}`;
};

function whatIsMissing(
  period: string,
  { name, source }: Forward,
  counts: ForwardCounts,
  rejected: readonly RejectedRecord[],
): string {
  if (counts.read === 0 && counts.vanished === 0)
    return `${source} has no records of ${period}: look there whether that can be`;
  const named = rejected.slice(0, MOST_NAMED).map(({ key, factKey, why }) => `• ${key ?? factKey}: ${why}`);
  return [
    ...(counts.rejected === 0
      ? []
      : [
          `${counts.rejected} of ${counts.read} records of ${period} are not written; correct them in ${source}, and they are written with its next read`,
          ...named,
          ...(counts.rejected > named.length ? [`• and ${counts.rejected - named.length} more`] : []),
        ]),
    ...(counts.vanished === 0
      ? []
      : [
          `${counts.vanished} rows of ${period} are in the table, and ${source} has no records of them any more; delete them there if they are not wanted`,
        ]),
    `All of them: carillon forward show ${name}`,
  ].join('\n');
}
