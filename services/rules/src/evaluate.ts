import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CompanyReader, forwardOf, wantsOf, type Company } from '#company';
import { compareInstants, type Forward, type Instant } from '#domain';
import { deliverQueue, Queues } from '#queues';
import { faultPoint } from '#runtime';
import {
  Database,
  Decisions,
  ExpectedDays,
  LeaseLostError,
  Occurrences,
  Pulls,
  Troubles,
  type ClaimedOccurrence,
} from '#storage';
import {
  attributeNames,
  countDecisions,
  countSuppressed,
  createLogger,
  reportUnaccounted,
  withSpan,
} from '#telemetry';
import { Evaluator, subscriptionOf, type Conclusion } from './evaluator.js';
import { LookForward } from './forward/look-forward.js';
import { KeepConclusions } from './keep-conclusions.js';
import { ended, endOfUndecided, HELD, TIME_RAN_OUT, type End } from './look.js';
import { tellOfRun } from './occurrence-troubles.js';
import { Readiness, sourcesUnderway } from './readiness.js';
import { Say } from './say.js';
import { expectedDaysAreCurrent, haveBeenRead, momentToDecideBy } from './sources-of-truth.js';
import { asStatesStand } from './states-stand.js';
import { hasSubjects, isAboutPeople } from './subjects.js';
import { unreadableRecords } from './unreadable-records.js';
import { heldIn } from './withdrawals.js';

/** Looked at again so much later where expected hours are still being made. */
const NOT_READY_MS = 300;
/** The same where they were still being made when a pull began: they are those of that moment until it has ended. */
const NOT_READY_THEN_MS = 3_000;
/** After a failure of ours, and twice as long after each more, up to the longest; the lease's end would come later. */
const FAILED_MS = 5_000;
const LONGEST_MS = 30 * 60_000;
/** The owner hears of what fails again and again, not of a hiccup. */
const TELL_AFTER_ATTEMPTS = 3;
/** A correction that fails so often sleeps until the next pull wakes it. */
const CORRECTION_ATTEMPTS = 5;

const log = createLogger('rules');

/** Decides one occurrence: which rules fire for whom, and what is said. Safe to run at any time, any number of times. */
@Injectable()
export class Evaluate {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly evaluator: Evaluator,
    private readonly say: Say,
    private readonly keepConclusions: KeepConclusions,
    private readonly occurrences: Occurrences,
    private readonly decisions: Decisions,
    private readonly expectedDays: ExpectedDays,
    private readonly pulls: Pulls,
    private readonly troubles: Troubles,
    private readonly queues: Queues,
    private readonly readiness: Readiness,
    private readonly lookForward: LookForward,
  ) {}

  async run(id: string): Promise<void> {
    const occurrence = await this.occurrences.claim(id, randomUUID());
    if (!occurrence) return;
    await withSpan(
      'evaluate',
      {
        parent: occurrence.traceparent ?? undefined,
        attributes: {
          [attributeNames.occurrence]: occurrence.id,
          [attributeNames.subscription]: occurrence.subscription,
        },
      },
      async () => {
        try {
          await faultPoint('evaluate.claimed');
          await this.#decide(occurrence);
        } catch (error) {
          if (error instanceof LeaseLostError) return;
          log.error('occurrence not decided', { occurrence: occurrence.id, error });
          await this.#failed(occurrence, error);
          throw error;
        }
      },
    );
  }

  /** An error of ours: it is tried again, less and less often, and its owner hears of it. */
  async #failed(occurrence: ClaimedOccurrence, error: unknown): Promise<void> {
    const attempts = occurrence.attempts + 1;
    const isOver = ended.has(occurrence.state) && attempts >= CORRECTION_ATTEMPTS;
    const delayMs = Math.min(LONGEST_MS, FAILED_MS * 2 ** occurrence.attempts);
    const detail = messageOf(error);
    const told = attempts >= TELL_AFTER_ATTEMPTS ? await this.companies.current() : undefined;
    const now = await this.database.now();
    await this.database.transaction(async (tx) => {
      await this.occurrences.settle(tx, occurrence, {
        state: occurrence.state,
        wakeAt: isOver ? null : now.add({ milliseconds: delayMs }),
        detail,
        failed: true,
      });
      if (told) await tellOfRun(this.troubles, told, occurrence, { reason: 'error', detail }, tx);
    });
  }

  /** Ends this look, and what waits for it, without a decision. */
  async #giveUp(company: Company, occurrence: ClaimedOccurrence, end: End): Promise<void> {
    const { state } = end;
    await this.database.transaction(async (tx) => {
      await this.occurrences.settle(tx, occurrence, { ...end, wakeAt: null });
      if (state === 'failed' || state === 'missed')
        await tellOfRun(this.troubles, company, occurrence, { reason: state }, tx);
    });
  }

  async #forward(
    occurrence: ClaimedOccurrence,
    forward: Forward,
    company: Company,
    now: Instant,
  ): Promise<void> {
    const end =
      occurrence.manual || occurrence.decided_as_of ? undefined : endOfUndecided(company, occurrence);
    if (end) return this.#giveUp(company, occurrence, end);
    const channel = await this.lookForward.look(occurrence, forward, company, now);
    if (channel === undefined) return;
    await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel });
    await faultPoint('forward.rung');
  }

  async #decide(occurrence: ClaimedOccurrence): Promise<void> {
    const now = await this.database.asOf();
    const current = await this.companies.asOf(now);
    const forward = forwardOf(current.configuration, occurrence);
    if (forward) return this.#forward(occurrence, forward, current, now);
    const wants = wantsOf(current, occurrence);
    const [moment, [concluded]] = await Promise.all([
      momentToDecideBy(now, wants, this.pulls),
      this.decisions.decidingLooks(occurrence.id),
    ]);
    const known = compareInstants(moment, now) === 0 ? current : await this.companies.asOf(moment);
    if (!subscriptionOf(current, occurrence)) {
      await this.occurrences.settle(this.database, occurrence, {
        state: concluded ? occurrence.state : 'skipped',
        wakeAt: null,
        detail: 'the subscription is gone',
      });
      return;
    }
    const end = concluded || occurrence.manual ? undefined : endOfUndecided(current, occurrence);
    if (end) {
      await this.#giveUp(current, occurrence, end);
      return;
    }
    const expired = compareInstants(now, occurrence.until_at) >= 0;
    if (!concluded && !(await this.#canConclude(current, known, occurrence))) {
      if (expired) return this.#giveUp(current, occurrence, { state: 'failed', detail: TIME_RAN_OUT });
      await this.occurrences.settle(this.database, occurrence, {
        state: 'held',
        wakeAt: occurrence.until_at,
        detail: HELD,
      });
      return;
    }
    const [onTheirWay, hoursAreMade] = await Promise.all([
      occurrence.decided_as_of ? false : this.readiness.isOnItsWay(current, occurrence),
      !isAboutPeople(known, occurrence) || expectedDaysAreCurrent(known, this.expectedDays),
    ]);
    const waiting = onTheirWay
      ? 'facts are on their way'
      : hoursAreMade
        ? undefined
        : 'expected hours are being made';
    if (waiting !== undefined && expired && !concluded)
      return this.#giveUp(current, occurrence, { state: 'failed', detail: TIME_RAN_OUT });
    if (waiting !== undefined) {
      await this.occurrences.settle(this.database, occurrence, {
        state: occurrence.state,
        wakeAt: now.add({ milliseconds: known === current ? NOT_READY_MS : NOT_READY_THEN_MS }),
        detail: waiting,
      });
      return;
    }
    // What was said is corrected where facts or calendars were wrong, never because a rule, an exception or a name is another by now.
    const company = concluded ? { ...(await this.companies.asOf(concluded)), asOf: known.asOf } : known;
    const conclusions = await asStatesStand(
      occurrence.id,
      await this.evaluator.conclude(company, occurrence),
      this.decisions,
    );
    const sayings = await this.say.sayings(company, occurrence, conclusions);
    await faultPoint('evaluate.decided');
    const underway =
      heldIn(conclusions).size > 0 ? await sourcesUnderway(wants, this.pulls) : new Set<string>();
    const unreadable = await unreadableRecords(
      { database: this.database, pulls: this.pulls },
      company,
      wants,
      conclusions,
    );
    const look = { occurrence, company, conclusions, sayings, underway, unreadable, now, expired };
    const channels = await this.keepConclusions.keep(look);
    for (const channel of channels)
      await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel });
    await faultPoint('evaluate.rung');
    count(conclusions);
  }

  /** Whether there is ground enough to conclude anything by what was known at that moment. */
  async #canConclude(current: Company, known: Company, occurrence: ClaimedOccurrence): Promise<boolean> {
    // Facts are only whole as of before the present documents: by the older ones a rule could hold that nobody wants any more, or an
    // exception be missing. It waits for the whole facts.
    if (known.revision !== current.revision) return false;
    // Before a source was ever read as a whole nobody is known: that is no conclusion about nobody, but none yet.
    return (
      hasSubjects(known, occurrence) ||
      (await haveBeenRead(wantsOf(current, occurrence), known.asOf, this.pulls))
    );
  }
}

function count(conclusions: readonly Conclusion[]): void {
  for (const { rule, decisions } of conclusions) {
    const byOutcome = Map.groupBy(decisions, ({ outcome }) => outcome);
    for (const [outcome, some] of byOutcome) countDecisions(rule.name, outcome, some.length);
    for (const { outcome, reason } of decisions)
      if (outcome === 'suppressed' && reason) countSuppressed(reason, 1);
    reportUnaccounted(
      'evaluation',
      decisions.length - [...byOutcome.values()].reduce((sum, some) => sum + some.length, 0),
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
