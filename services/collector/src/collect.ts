import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CompanyReader } from '#company';
import { Vendors, type ConnectedSource } from '#connections';
import type { Identity } from '#domain';
import { RemoteError } from '#http';
import { afterFailure, collectQueue, Queues } from '#queues';
import { faultPoint } from '#runtime';
import {
  LeaseLostError,
  Occurrences,
  People,
  Pulls,
  SourceMemories,
  Troubles,
  Database,
  type ClaimedPull,
  type PullCounts,
  type Sql,
} from '#storage';
import { countFacts, countPull, createLogger, reportUnaccounted, withSpan } from '#telemetry';
import type { SourcePlugin } from '#sources';
import { KeepExpectedDays } from './keep-expected-days.js';
import { LinkPeople } from './link-people.js';

const RENEW_MS = 20_000;
/** The owner hears of a source that keeps failing before it is given up. */
const TELL_AFTER_ATTEMPTS = 3;
/** How far back what was said is looked at again when facts change. */
const CORRECTIONS_DAYS = 28;

const log = createLogger('collector');

/** Does one pull: reads a system page by page, keeps what it says as versions, and balances the books. Safe to run twice. */
@Injectable()
export class Collect {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly vendors: Vendors,
    private readonly pulls: Pulls,
    private readonly people: People,
    private readonly memories: SourceMemories,
    private readonly troubles: Troubles,
    private readonly occurrences: Occurrences,
    private readonly queues: Queues,
    private readonly linkPeople: LinkPeople,
    private readonly keepExpectedDays: KeepExpectedDays,
  ) {}

  /** Does the pull of this id if it is due and nobody else does it. */
  async run(id: string, stopping: AbortSignal): Promise<void> {
    const pull = await this.pulls.claim(id, randomUUID());
    if (!pull) return;
    await withSpan(
      'collect',
      { parent: pull.traceparent, attributes: { 'carillon.source': pull.system, 'carillon.pull': pull.id } },
      async () => {
        await faultPoint('collect.claimed');
        const lost = new AbortController();
        const renewing = setInterval(() => {
          this.pulls.renew(pull).catch((error: unknown) => lost.abort(error));
        }, RENEW_MS);
        try {
          await this.#read(pull, AbortSignal.any([stopping, lost.signal]));
        } catch (error) {
          await this.#failed(pull, error, stopping).catch((failure: unknown) => {
            if (!(failure instanceof LeaseLostError)) throw failure;
            log.warn('pull taken over by another process', { source: pull.system, pull: pull.id });
          });
        } finally {
          clearInterval(renewing);
        }
      },
    );
  }

  async #read(pull: ClaimedPull, signal: AbortSignal): Promise<void> {
    const { configuration } = await this.companies.current();
    const source = configuration.sources.find((one) => one.name === pull.system);
    const channel = configuration.channels.find((one) => one.name === pull.system);
    let woken: readonly string[] | undefined;
    if (source) {
      woken = await this.#readSource(pull, await this.vendors.source(source), signal);
    } else if (channel) {
      const connected = await this.vendors.channel(channel);
      const before = connected.http.calls;
      const listed = connected.channel.people?.(signal);
      const counts = listed ? await this.people.keepIdentities(pull.system, await all(listed)) : nothing;
      await this.#link();
      await this.pulls.completePeople(pull, counts, connected.http.calls - before);
      // Once more: who is missing in a channel is only told of complete listings.
      await this.linkPeople.link();
    } else {
      await this.pulls.fail(pull, {
        reason: 'rejected',
        detail: 'no document has this name any more',
        calls: 0,
      });
      return;
    }
    await faultPoint('collect.settled');
    await this.troubles.close('source', pull.system);
    if (pull.window) await this.troubles.closeUnheld(pull.system);
    countPull(pull.system, 'complete');
    if (source) await this.keepExpectedDays.keep();
    await this.#ring(woken ?? (await this.#wake(pull)));
  }

  async #readSource(
    pull: ClaimedPull,
    { plugin, source, http }: ConnectedSource,
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined> {
    const before = http.calls;
    const run = {
      cursor: pull.cursor,
      now: await this.database.now(),
      memory: this.memories.of(pull.system),
      signal,
    };
    if (source.people && !pull.peopleDone) {
      await this.people.keepIdentities(pull.system, await all(source.people({ ...run, cursor: undefined })));
      await this.#link();
      await this.pulls.peopleDone(pull);
    }
    if (!pull.window) {
      await this.pulls.completePeople(
        pull,
        { fetched: 0, new: 0, changed: 0, same: 0, gone: 0 },
        http.calls - before,
      );
      return undefined;
    }
    try {
      for await (const page of source.pull(pull.window, run)) {
        const counts = await this.pulls.keepPage(pull, page);
        report(pull.system, counts);
        await faultPoint('collect.page');
      }
    } catch (error) {
      throw new CutOff(error, http.calls - before);
    }
    let woken: readonly string[] = [];
    // With the pull's end or not at all: a process that dies in between must leave nobody asleep.
    const books = await this.pulls.complete(
      pull,
      plugin.emits as SourcePlugin['emits'],
      http.calls - before,
      async (tx) => {
        woken = await this.#wake(pull, tx);
      },
    );
    countFacts(pull.system, 'gone', books.gone);
    reportUnaccounted('pull', books.fetched - books.new - books.changed - books.same - books.rejected);
    log.info('pull complete', {
      source: pull.system,
      fetched: books.fetched,
      new: books.new,
      changed: books.changed,
      gone: books.gone,
    });
    return woken;
  }

  async #link(): Promise<void> {
    await faultPoint('collect.identities');
    await this.linkPeople.link();
  }

  /** What is decided on these facts is looked at again: held decisions, and what was said and may have become wrong. */
  async #wake(pull: ClaimedPull, sql: Sql = this.database): Promise<readonly string[]> {
    const since = (await this.database.now()).subtract({ hours: CORRECTIONS_DAYS * 24 });
    return this.occurrences.wakeAfterPull(pull.system, since, sql);
  }

  async #ring(occurrenceIds: readonly string[]): Promise<void> {
    for (const occurrenceId of occurrenceIds) {
      await this.queues.ring('evaluate', { v: 1, occurrenceId }, { jobId: occurrenceId });
    }
  }

  async #failed(pull: ClaimedPull, thrown: unknown, stopping: AbortSignal): Promise<void> {
    const error = thrown instanceof CutOff ? thrown.cause : thrown;
    const calls = thrown instanceof CutOff ? thrown.calls : 0;
    if (error instanceof LeaseLostError) throw error;
    const later = { calls, startOver: error instanceof RemoteError && error.code === 'count-changed' };
    if (stopping.aborted) {
      await this.pulls.retryLater(pull, {
        ...later,
        reason: 'stopped',
        detail: 'the process was asked to stop',
        delayMs: 0,
        spendsAttempt: false,
      });
      return;
    }
    if (!(error instanceof RemoteError)) {
      // A programming error or a bad configuration: it fails loudly, and the owner hears that this source stands still.
      await this.pulls.fail(pull, { reason: 'unreadable', detail: messageOf(error), calls });
      await this.#tellOwner(pull, 'unreadable', messageOf(error));
      throw error;
    }
    countPull(pull.system, error.reason);
    const verdict = afterFailure({ ...error, reason: error.reason, outcome: 'refused' }, pull.attempts + 1);
    if (verdict.next === 'fail') {
      await this.pulls.fail(pull, { reason: error.reason, detail: error.message, calls });
    } else {
      await this.pulls.retryLater(pull, {
        ...later,
        reason: error.reason,
        detail: error.message,
        delayMs: verdict.delayMs ?? 0,
        spendsAttempt: verdict.spendsAttempt,
      });
      await this.queues.ring(
        collectQueue(pull.system),
        { v: 1, pullId: pull.id },
        { delayMs: verdict.delayMs ?? 0, jobId: pull.id },
      );
    }
    log.warn('pull failed', {
      source: pull.system,
      reason: error.reason,
      next: verdict.next,
      delayMs: verdict.delayMs,
      error,
    });
    if (verdict.tellOwner || verdict.next === 'fail' || pull.attempts + 1 >= TELL_AFTER_ATTEMPTS) {
      await this.#tellOwner(pull, error.reason, error.message);
    }
  }

  async #tellOwner(pull: ClaimedPull, reason: string, detail: string): Promise<void> {
    const { configuration } = await this.companies.current();
    const owner = [...configuration.sources, ...configuration.channels].find(
      (one) => one.name === pull.system,
    )?.owner;
    await this.troubles.open({
      kind: 'source',
      about: pull.system,
      ...(owner === undefined ? {} : { owner }),
      detail: { reason, detail },
    });
  }
}

/** A source failed in the middle: how many calls it had made by then. */
class CutOff extends Error {
  constructor(
    cause: unknown,
    readonly calls: number,
  ) {
    super('cut off', { cause });
  }
}

const nothing = { fetched: 0, new: 0, changed: 0, same: 0, gone: 0 };

async function all(pages: AsyncIterable<readonly Identity[]>): Promise<readonly Identity[]> {
  const identities: Identity[] = [];
  for await (const page of pages) identities.push(...page);
  return identities;
}

function report(source: string, counts: PullCounts): void {
  for (const change of ['new', 'changed', 'same', 'rejected'] as const)
    if (counts[change] > 0) countFacts(source, change, counts[change]);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
