import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CompanyReader } from '#company';
import { Vendors, type ConnectedSource, ObserveConnections } from '#connections';
import type { Configuration } from '#documents';
import { looksAtState, reachDays, type Identity, type TimeWindow } from '#domain';
import { RemoteError } from '#http';
import { afterFailure, collectQueue, Queues, type Verdict } from '#queues';
import { faultPoint } from '#runtime';
import {
  LeaseLostError,
  Occurrences,
  People,
  PullClaims,
  SourceMemories,
  incomingPage,
  triedAgain,
  Troubles,
  Database,
  type ClaimedPull,
  type Corrections,
  type IncomingPage,
  type PullCounts,
  type Along,
  type Transaction,
  type Trouble,
} from '#storage';
import { attributeNames, countFacts, countPull, createLogger, reportUnaccounted, withSpan } from '#telemetry';
import type { Page, SourcePlugin } from '#sources';
import { ahead } from './ahead.js';
import { correctionsSince } from './corrections.js';
import { KeepExpectedDays } from './keep-expected-days.js';
import { LinkPeople } from './link-people.js';
import { inSmallHeap } from './small-heap.js';

const RENEW_MS = 20_000;
/** An error of ours is tried again so often in all. */
const INTERNAL_ATTEMPTS = 5;

const log = createLogger('collector');

/** Does one pull: reads a system page by page, keeps what it says as versions, and balances the books. Safe to run twice. */
@Injectable()
export class Collect {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly vendors: Vendors,
    private readonly claims: PullClaims,
    private readonly people: People,
    private readonly memories: SourceMemories,
    private readonly troubles: Troubles,
    private readonly occurrences: Occurrences,
    private readonly queues: Queues,
    private readonly linkPeople: LinkPeople,
    private readonly keepExpectedDays: KeepExpectedDays,
    private readonly observeConnections: ObserveConnections,
  ) {}

  /** Does the pull of this id if it is due and nobody else does it. */
  async run(id: string, stopping: AbortSignal): Promise<void> {
    const pull = await this.claims.claim(id, randomUUID());
    if (!pull) return;
    await withSpan(
      'collect',
      {
        parent: pull.traceparent,
        attributes: { [attributeNames.source]: pull.system, [attributeNames.pull]: pull.id },
      },
      async () => {
        await faultPoint('collect.claimed');
        const lost = new AbortController();
        const by: By = {};
        const renewing = setInterval(() => {
          this.claims.renew(pull).catch((error: unknown) => {
            if (error instanceof LeaseLostError) lost.abort(error);
            // It may well succeed the next time, and whoever takes the pull over meanwhile makes every write of ours fail.
            else log.warn('lease of a pull not renewed', { source: pull.system, pull: pull.id, error });
          });
        }, RENEW_MS);
        try {
          await inSmallHeap(() => this.#read(pull, AbortSignal.any([stopping, lost.signal]), by));
        } catch (error) {
          await this.#failed(pull, error, stopping, by).catch((failure: unknown) => {
            if (!(failure instanceof LeaseLostError)) throw failure;
            log.warn('pull taken over by another process', { source: pull.system, pull: pull.id });
          });
        } finally {
          clearInterval(renewing);
        }
      },
    );
  }

  async #read(pull: ClaimedPull, signal: AbortSignal, by: By): Promise<void> {
    // Whoever asked for it may have known newer documents.
    const { configuration } = await this.companies.fresh();
    const source = configuration.sources.find((one) => one.name === pull.system);
    const channel = configuration.channels.find((one) => one.name === pull.system);
    if (source) {
      const connected = await this.vendors.source(source);
      by.used = [source, connected];
      await this.#readSource(pull, connected, signal);
    } else if (channel) {
      const connected = await this.vendors.channel(channel);
      by.used = [channel, connected];
      const before = connected.http.calls;
      const listed = connected.channel.people?.(signal);
      const counts = listed ? await this.people.keepIdentities(pull, await all(listed)) : nothing;
      await this.#link();
      await this.claims.completePeople(pull, counts, connected.http.calls - before, await this.#ending(pull));
      // Once more: who is missing in a channel is only told of complete listings.
      await this.linkPeople.link();
    } else {
      await this.claims.fail(
        pull,
        {
          reason: 'rejected',
          detail: 'no document has this name any more',
          calls: 0,
        },
        this.#wakeHeld,
      );
      return;
    }
    await faultPoint('collect.settled');
    countPull(pull.system, 'complete');
    if (source) await this.keepExpectedDays.keep();
    await this.#ring();
  }

  async #readSource(
    pull: ClaimedPull,
    { plugin, source, http }: ConnectedSource,
    signal: AbortSignal,
  ): Promise<void> {
    const before = http.calls;
    const run = {
      cursor: pull.cursor,
      now: await this.database.now(),
      memory: this.memories.of(pull.system),
      signal,
      observed: (window: TimeWindow) => this.observeConnections.over(window),
    };
    if (source.people && !pull.peopleDone) {
      await this.people.keepIdentities(pull, await all(source.people({ ...run, cursor: undefined })));
      await this.#link();
      await this.claims.peopleDone(pull);
    }
    if (!pull.window) {
      await this.claims.completePeople(
        pull,
        { fetched: 0, new: 0, changed: 0, same: 0, gone: 0 },
        http.calls - before,
        await this.#ending(pull),
      );
      return;
    }
    try {
      for await (const page of ahead(incoming(source.pull(pull.window, run)))) {
        const counts = await this.claims.keepPage(pull, page);
        report(pull.system, counts);
        await faultPoint('collect.page');
      }
    } catch (error) {
      throw new CutOff(error, http.calls - before);
    }
    const books = await this.claims.complete(
      pull,
      plugin.emits as SourcePlugin['emits'],
      http.calls - before,
      await this.#ending(pull),
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
  }

  async #link(): Promise<void> {
    await faultPoint('collect.identities');
    await this.linkPeople.link();
  }

  /**
   * What is decided on these facts is looked at again: held decisions, and where something has changed what was said and may have become
   * wrong. And the trouble with the source is over. With the pull's end or not at all: a process that dies in between must leave nobody asleep,
   * and no owner with a trouble that is none.
   */
  async #ending(pull: ClaimedPull): Promise<Along> {
    const { configuration } = await this.companies.current();
    const corrections = {
      since: correctionsSince(await this.database.now()),
      subscriptions: subscriptionsOn(pull.system, configuration),
      window: pull.window,
    };
    return async (tx, changed) => {
      await this.occurrences.wakeAfterPull(changed ? corrections : undefined, tx);
      await this.troubles.closeOfSource(pull.system, pull.window ? 'facts' : 'people', tx);
    };
  }

  readonly #wakeHeld = async (tx: Transaction): Promise<void> => {
    await this.occurrences.wakeAfterPull(undefined, tx);
  };

  /** Those who were woken are heard at once; a sweep would find them too. */
  async #ring(): Promise<void> {
    for (const occurrenceId of await this.occurrences.awake()) {
      await this.queues.ring('evaluate', { v: 1, occurrenceId }, { jobId: occurrenceId });
    }
  }

  async #failed(pull: ClaimedPull, thrown: unknown, stopping: AbortSignal, by: By): Promise<void> {
    const error = thrown instanceof CutOff ? thrown.cause : thrown;
    const calls = thrown instanceof CutOff ? thrown.calls : 0;
    if (error instanceof LeaseLostError) throw error;
    const later = { calls, startOver: error instanceof RemoteError && error.code === 'count-changed' };
    if (stopping.aborted) {
      await this.claims.retryLater(pull, {
        ...later,
        reason: 'stopped',
        detail: 'the process was asked to stop',
        delayMs: 0,
        spendsAttempt: false,
      });
      return;
    }
    const { reason, detail, verdict } = (await this.#isRefusedForOldSecrets(by, error))
      ? { reason: 'unauthorized', detail: 'its credentials were renewed', verdict: atOnce }
      : judge(error, pull.attempts + 1);
    const tell = await this.#telling(pull, {
      reason,
      detail,
      ...(verdict.next === 'fail' ? {} : triedAgain),
    });
    countPull(pull.system, reason);
    if (verdict.next === 'fail') {
      await this.claims.fail(pull, { reason, detail, calls }, async (tx) => {
        await this.#wakeHeld(tx);
        await tell(tx);
      });
      await this.#ring();
    } else {
      await this.claims.retryLater(
        pull,
        {
          ...later,
          reason,
          detail,
          delayMs: verdict.delayMs ?? 0,
          spendsAttempt: verdict.spendsAttempt,
        },
        tell,
      );
      await this.queues.ring(
        collectQueue(pull.system),
        { v: 1, pullId: pull.id },
        { delayMs: verdict.delayMs ?? 0, jobId: pull.id },
      );
    }
    log[error instanceof RemoteError ? 'warn' : 'error']('pull failed', {
      source: pull.system,
      reason,
      next: verdict.next,
      delayMs: verdict.delayMs,
      error,
    });
  }

  /** Whether it was read with credentials that were renewed since: they are taken up. */
  async #isRefusedForOldSecrets({ used }: By, error: unknown): Promise<boolean> {
    if (!used || !(error instanceof RemoteError) || error.reason !== 'unauthorized') return false;
    return this.vendors.refused(...used);
  }

  /** Opens the trouble with the source, in the transaction in which its pull comes to stand so. */
  async #telling(pull: ClaimedPull, detail: Trouble['detail']): Promise<(tx: Transaction) => Promise<void>> {
    const { configuration } = await this.companies.current();
    const owner = [...configuration.sources, ...configuration.channels].find(
      (one) => one.name === pull.system,
    )?.owner;
    return async (tx) => {
      await this.troubles.open(
        { kind: 'source', about: pull.system, ...(owner === undefined ? {} : { owner }), detail },
        tx,
      );
    };
  }
}

/** What a pull is read by. */
interface By {
  used?: Parameters<Vendors['refused']>;
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

const atOnce: Verdict = { next: 'retry', delayMs: 0, tellOwner: false, spendsAttempt: true };

const nothing = { fetched: 0, new: 0, changed: 0, same: 0, gone: 0 };

async function all(pages: AsyncIterable<readonly Identity[]>): Promise<readonly Identity[]> {
  const identities: Identity[] = [];
  for await (const page of pages) identities.push(...page);
  return identities;
}

/** The same pages, made ready to be kept. */
async function* incoming(pages: AsyncIterable<Page>): AsyncGenerator<IncomingPage> {
  for await (const page of pages) yield await incomingPage(page);
}

function report(source: string, counts: PullCounts): void {
  for (const change of ['new', 'changed', 'same', 'rejected'] as const)
    if (counts[change] > 0) countFacts(source, change, counts[change]);
}

/** What to do about a failure, and what may be said of it: a vendor's words, or no more than the name of an error of ours. */
function judge(
  error: unknown,
  attempts: number,
): { readonly reason: string; readonly detail: string; readonly verdict: Verdict } {
  if (error instanceof RemoteError) {
    const verdict = afterFailure({ ...error, reason: error.reason, outcome: 'refused' }, attempts);
    return { reason: error.reason, detail: error.message, verdict };
  }
  // A database that was away for a moment is back by then; a programming error or a bad configuration is not, and stands still soon.
  const verdict: Verdict =
    attempts >= INTERNAL_ATTEMPTS
      ? { next: 'fail', tellOwner: true, spendsAttempt: true }
      : afterFailure({ reason: 'unavailable', outcome: 'refused' }, attempts);
  return { reason: 'internal', detail: error instanceof Error ? error.name : 'unknown error', verdict };
}

/** Forwards of the system, and subscriptions with a rule that needs it, or takes whatever there is. How things stood is corrected by nothing that is read later. */
const subscriptionsOn = (
  system: string,
  { rules, subscriptions, forwards }: Configuration,
): NonNullable<Corrections['subscriptions']> => {
  const needing = rules
    .filter((rule) => !looksAtState(rule))
    .filter(({ needs }) => system in needs || Object.keys(needs).length === 0);
  return [
    ...subscriptions.map(({ name, rules: said }) => ({
      name,
      overs: needing.filter((rule) => said.includes(rule.name)).map(({ over }) => over),
    })),
    ...forwards.filter(({ source }) => source === system).map(({ name, over }) => ({ name, overs: [over] })),
  ]
    .filter(({ overs }) => overs.length > 0)
    .map(({ name, overs }) => ({ name, reachDays: Math.max(...overs.map((over) => reachDays[over])) }));
};
