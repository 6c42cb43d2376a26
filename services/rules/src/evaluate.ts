import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CompanyReader, peopleOf, wantsOf, type Company } from '#company';
import { compareInstants, type Instant, type Message } from '#domain';
import { deliverQueue, Queues } from '#queues';
import { faultPoint } from '#runtime';
import {
  Database,
  Decisions,
  Deliveries,
  ExpectedDays,
  LeaseLostError,
  Occurrences,
  Pulls,
  Troubles,
  type ClaimedOccurrence,
  type Delivery,
  type OccurrenceState,
  type Transaction,
} from '#storage';
import { countDecisions, createLogger, reportUnaccounted, withSpan } from '#telemetry';
import { EXPECTED_HOURS, Evaluator, subscriptionOf, type Conclusion } from './evaluator.js';
import { isStillPlanned, LATE_HOURS } from './plan.js';
import { Say, withdrawn, type Saying } from './say.js';
import { runWentWell, tellOfRun } from './occurrence-troubles.js';
import { isOnItsWay } from './readiness.js';
import { groundless, heldIn } from './withdrawals.js';
import { expectedDaysAreCurrent, haveBeenRead, momentToDecideBy } from './sources-of-truth.js';

/** Looked at again so much later where expected hours are still being made. */
const NOT_READY_MS = 300;
/** The same where they were still being made when a pull began: they are those of that moment until it has ended. */
const NOT_READY_THEN_MS = 3_000;
/** A look by what was known before a pull began is repeated so much later: the pull's end wakes only what it has changed itself. */
const HALF_READ_MS = 5 * 60_000;
/** After a failure of ours, and twice as long after each more, up to the longest; the lease's end would come later. */
const FAILED_MS = 5_000;
const LONGEST_MS = 30 * 60_000;
/** The owner hears of what fails again and again, not of a hiccup. */
const TELL_AFTER_ATTEMPTS = 3;
/** A correction that fails so often sleeps until the next pull wakes it. */
const CORRECTION_ATTEMPTS = 5;
/** An occurrence that is decided later than this after it was due ends as `late`. */
const LATE_MINUTES = 15;

const HELD = 'held: not all facts are there';
const TIME_RAN_OUT = 'its time ran out before all facts were there';

const log = createLogger('rules');

/** Decides one occurrence: which rules fire for whom, and what is said. Safe to run at any time, any number of times. */
@Injectable()
export class Evaluate {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly evaluator: Evaluator,
    private readonly say: Say,
    private readonly occurrences: Occurrences,
    private readonly decisions: Decisions,
    private readonly deliveries: Deliveries,
    private readonly expectedDays: ExpectedDays,
    private readonly pulls: Pulls,
    private readonly troubles: Troubles,
    private readonly queues: Queues,
  ) {}

  async run(id: string): Promise<void> {
    const occurrence = await this.occurrences.claim(id, randomUUID());
    if (!occurrence) return;
    await withSpan(
      'evaluate',
      {
        parent: occurrence.traceparent ?? undefined,
        attributes: {
          'carillon.occurrence': occurrence.id,
          'carillon.subscription': occurrence.subscription,
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
    await this.occurrences.settle(this.database, occurrence, {
      state: occurrence.state,
      wakeAt: isOver ? null : (await this.database.now()).add({ milliseconds: delayMs }),
      detail: messageOf(error),
      failed: true,
    });
    if (attempts >= TELL_AFTER_ATTEMPTS)
      await tellOfRun(this.troubles, await this.companies.current(), occurrence, 'error', messageOf(error));
  }

  /** Ends this look, and what waits for it, without a decision. */
  async #giveUp(
    company: Company,
    occurrence: ClaimedOccurrence,
    end: { readonly state: OccurrenceState; readonly detail: string },
  ): Promise<void> {
    await this.occurrences.settle(this.database, occurrence, { ...end, wakeAt: null });
    if (end.state === 'failed' || end.state === 'missed')
      await tellOfRun(this.troubles, company, occurrence, end.state);
  }

  async #decide(occurrence: ClaimedOccurrence): Promise<void> {
    const now = await this.database.asOf();
    const current = await this.companies.asOf(now);
    const wants = wantsOf(current, occurrence);
    const moment = await momentToDecideBy(now, wants, this.pulls);
    const known = compareInstants(moment, now) === 0 ? current : await this.companies.asOf(moment);
    const [concluded] = await this.decisions.decidingLooks(occurrence.id);
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
    const waiting =
      !occurrence.decided_as_of && (await isOnItsWay(current, occurrence, this.pulls))
        ? 'facts are on their way'
        : (await expectedDaysAreCurrent(known, this.expectedDays, this.pulls))
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
    const conclusions = await this.evaluator.conclude(company, occurrence);
    const sayings = await this.say.sayings(company, occurrence, conclusions);
    await faultPoint('evaluate.decided');
    const channels = await this.database.transaction((tx) =>
      this.#commit(tx, occurrence, company, conclusions, sayings, now, expired),
    );
    await faultPoint('evaluate.committed');
    for (const channel of channels)
      await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel });
    await faultPoint('evaluate.rung');
    await this.#tell(occurrence, company, conclusions);
    await this.#tellOfRun(occurrence, company, conclusions, expired);
    for (const { rule, decisions } of conclusions) {
      const byOutcome = Map.groupBy(decisions, ({ outcome }) => outcome);
      for (const [outcome, some] of byOutcome) countDecisions(rule.name, outcome, some.length);
      reportUnaccounted(
        'evaluation',
        decisions.length - [...byOutcome.values()].reduce((sum, some) => sum + some.length, 0),
      );
    }
  }

  /** Whether there is ground enough to conclude anything by what was known at that moment. */
  async #canConclude(current: Company, known: Company, occurrence: ClaimedOccurrence): Promise<boolean> {
    // Facts are only whole as of before the present documents: by the older ones a rule could hold that nobody wants any more, or an
    // exception be missing. It waits for the whole facts.
    if (known.revision !== current.revision) return false;
    // Before a source was ever read as a whole nobody is known: that is no conclusion about nobody, but none yet.
    return (
      peopleOf(known, occurrence).length > 0 ||
      (await haveBeenRead(wantsOf(current, occurrence), known.asOf, this.pulls))
    );
  }

  /** Decisions, notifications, deliveries and the occurrence's own state: all of it or nothing. */
  async #commit(
    tx: Transaction,
    occurrence: ClaimedOccurrence,
    company: Company,
    conclusions: readonly Conclusion[],
    sayings: readonly Saying[],
    now: Instant,
    expired: boolean,
  ): Promise<readonly string[]> {
    const concludedBefore = new Set<string>();
    for (const { rule } of conclusions) {
      for (const decision of await this.decisions.latest(occurrence.id, rule.name, tx)) {
        if (decision.outcome !== 'held') concludedBefore.add(`${decision.rule} ${decision.subject}`);
      }
    }
    for (const { rule, ruleVersion, period, decisions } of conclusions) {
      await this.decisions.keep(tx, {
        occurrenceId: occurrence.id,
        rule: rule.name,
        ruleVersion,
        asOf: company.asOf,
        period,
        decisions,
      });
    }
    const said = new Map(
      (await this.deliveries.ofOccurrence(occurrence.id, tx)).map((delivery) => [delivery.id, delivery]),
    );
    const waiting = heldIn(conclusions);
    const channels = new Set<string>();
    for (const saying of sayings) {
      // Whoever had nothing to hear when it was time is not told weeks later because somebody tidied up; what was said is corrected at any time.
      const news = saying.fired.some(
        (decision) => !concludedBefore.has(`${decision.rule} ${decision.subject}`),
      );
      if (!said.has(saying.id) && (!news || expired)) continue;
      // A part of what stands there cannot be looked at now: it stays until it can.
      if (said.has(saying.id) && saying.subject !== undefined && waiting.has(saying.subject)) continue;
      for (const decision of saying.fired)
        await this.decisions.notify(tx, decision, company.asOf, occurrence.id);
      await this.decisions.giveUp(tx, saying.id, saying.notifications);
      const { fired: _, ...delivery } = saying;
      const change = await this.deliveries.say(tx, {
        ...delivery,
        occurrenceId: occurrence.id,
        ...(occurrence.traceparent === null ? {} : { traceparent: occurrence.traceparent }),
      });
      if (change !== 'same') channels.add(saying.channel);
    }
    for (const delivery of groundless(said.values(), sayings, conclusions))
      if (await this.#withdraw(tx, delivery)) channels.add(delivery.channel);
    const held = waiting.size > 0;
    const state = stateAfter(occurrence, held, expired, now);
    await this.occurrences.settle(tx, occurrence, {
      state,
      wakeAt: wakeAfter(occurrence, company.asOf, now, held && !expired),
      decidedAsOf: company.asOf,
      ...(state === 'failed' ? { detail: TIME_RAN_OUT } : held ? { detail: HELD } : {}),
    });
    return [...channels];
  }

  /** What was said on a ground that is gone is taken back in the place where it stands. Returns whether there is something to send. */
  async #withdraw(tx: Transaction, delivery: Delivery): Promise<boolean> {
    if (!(await this.deliveries.saysSomething(delivery.id, tx))) return false;
    await this.decisions.giveUp(tx, delivery.id, []);
    if (await this.deliveries.retract(tx, delivery.id)) return false;
    const change = await this.deliveries.say(tx, {
      id: delivery.id,
      subscription: delivery.subscription,
      channel: delivery.channel,
      destination: delivery.destination,
      about: 'notification',
      target: delivery.target,
      message: withdrawn(delivery.message as Message),
      notifications: [],
      whenUnknown: delivery.when_unknown,
    });
    return change !== 'same';
  }

  /** What waits for no source would wait in silence: an expression that fails, expected hours that nobody makes, a time that ran out. */
  async #tellOfRun(
    occurrence: ClaimedOccurrence,
    company: Company,
    conclusions: readonly Conclusion[],
    expired: boolean,
  ): Promise<void> {
    const held = conclusions.flatMap(({ decisions }) =>
      decisions.filter(({ outcome }) => outcome === 'held'),
    );
    const ours = held.filter(
      ({ reason, detail }) => reason === 'expression-error' || detail?.split(', ').includes(EXPECTED_HOURS),
    );
    if (expired && !ended.has(occurrence.state))
      await tellOfRun(this.troubles, company, occurrence, 'failed');
    else if (ours.length > 0)
      await tellOfRun(
        this.troubles,
        company,
        occurrence,
        'held',
        [
          ...new Set(
            ours.map(({ rule, reason }) => `${rule}: ${reason === 'incomplete' ? EXPECTED_HOURS : reason}`),
          ),
        ].join(', '),
      );
    // What failed stays so, whatever is corrected afterwards: only the next run that goes well ends it.
    else if (held.length === 0 && occurrence.state !== 'failed') await runWentWell(this.troubles, occurrence);
  }

  /** The owner of a source hears that decisions wait for it, and that they no longer do. */
  async #tell(
    occurrence: ClaimedOccurrence,
    company: Company,
    conclusions: readonly Conclusion[],
  ): Promise<void> {
    const held = conclusions.flatMap(({ decisions }) =>
      decisions.filter(({ outcome }) => outcome === 'held'),
    );
    for (const source of neededSources(company, occurrence)) {
      const waiting = held.filter((decision) => decision.detail?.split(', ').includes(source)).length;
      const owner = company.configuration.sources.find((one) => one.name === source)?.owner;
      const about = `${source} ${occurrence.id}`;
      if (waiting === 0) await this.troubles.close('incomplete', about);
      else {
        await this.troubles.open({
          kind: 'incomplete',
          about,
          ...(owner === undefined ? {} : { owner }),
          detail: {
            source,
            held: String(waiting),
            subscription: occurrence.subscription,
            occurrence: occurrence.id,
          },
        });
      }
    }
  }
}

/** How one ends that is no longer to be decided; undefined where it is. */
function endOfUndecided(
  company: Company,
  occurrence: ClaimedOccurrence,
): { readonly state: OccurrenceState; readonly detail: string } | undefined {
  if (!isStillPlanned(company, occurrence))
    return { state: 'skipped', detail: 'its schedule is another by now' };
  const tooLate = compareInstants(occurrence.due_at.add({ hours: LATE_HOURS }), company.asOf) < 0;
  if (occurrence.state === 'planned' && tooLate)
    return { state: 'missed', detail: 'nobody came for it in time' };
  return undefined;
}

const ended: ReadonlySet<OccurrenceState> = new Set(['done', 'late', 'failed']);

/** When to look again, apart from what pulls wake. */
function wakeAfter(
  occurrence: ClaimedOccurrence,
  asOf: Instant,
  now: Instant,
  held: boolean,
): Instant | null {
  const again = compareInstants(asOf, now) < 0 ? now.add({ milliseconds: HALF_READ_MS }) : undefined;
  if (!held) return again ?? null;
  return again && compareInstants(again, occurrence.until_at) < 0 ? again : occurrence.until_at;
}

function stateAfter(
  occurrence: ClaimedOccurrence,
  held: boolean,
  expired: boolean,
  now: Instant,
): OccurrenceState {
  // It has had its time: a correction changes what was said, not how the run ended.
  if (ended.has(occurrence.state)) return occurrence.state;
  // Nothing is said after `until`, so whatever came out of it now, it has not done what it was for.
  if (expired && (occurrence.state === 'held' || occurrence.state === 'planned')) return 'failed';
  if (held) return expired ? occurrence.state : 'held';
  const late = compareInstants(occurrence.due_at.add({ minutes: LATE_MINUTES }), now) < 0;
  return late && !occurrence.manual ? 'late' : 'done';
}

const neededSources = (
  company: Company,
  occurrence: { readonly subscription: string },
): readonly string[] => {
  const rules = subscriptionOf(company, occurrence)?.rules ?? [];
  return [
    ...new Set(
      company.configuration.rules
        .filter((rule) => rules.includes(rule.name))
        .flatMap((rule) => Object.keys(rule.needs)),
    ),
  ];
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
