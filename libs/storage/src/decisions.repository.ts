import {
  decisionId,
  evaluationId,
  notificationId,
  type DateRange,
  type Decision,
  type DecisionOutcome,
  type DecisionReason,
  type Instant,
  type Value,
} from '#domain';
import type { Database, Sql, Transaction } from './database.js';

/** What one rule version concluded for all subjects of an occurrence, by what was known at `asOf`. */
export interface Evaluation {
  readonly occurrenceId: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly asOf: Instant;
  readonly period: DateRange;
  readonly decisions: readonly Decision[];
}

export interface StoredDecision {
  readonly id: string;
  readonly evaluation_id: string;
  readonly rule: string;
  readonly rule_version: number;
  readonly subject: string;
  readonly period_from: string;
  readonly period_to: string;
  readonly outcome: DecisionOutcome;
  readonly reason: DecisionReason | null;
  readonly detail: string | null;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly as_of: Instant;
  readonly occurrence_id: string;
}

export interface DecisionCounts {
  readonly rule: string;
  readonly fired: number;
  readonly quiet: number;
  readonly suppressed: number;
  readonly held: number;
}

const STORED = `decision.id, decision.evaluation_id, decision.rule, evaluation.rule_version, decision.subject, decision.period_from, decision.period_to,
  decision.outcome, decision.reason, decision.detail, decision.inputs, decision.as_of, evaluation.occurrence_id`;

/** What was concluded and why. The rules service is the only writer. */
export class Decisions {
  constructor(private readonly database: Database) {}

  /**
   * Keeps an evaluation: its counts always, of its decisions those that differ from what the same occurrence concluded before. Returns what that
   * was, one decision per subject.
   */
  async keep(tx: Transaction, evaluation: Evaluation): Promise<readonly StoredDecision[]> {
    const id = evaluationId({
      occurrence: evaluation.occurrenceId,
      rule: evaluation.rule,
      asOf: evaluation.asOf,
    });
    const count = (outcome: DecisionOutcome): number =>
      evaluation.decisions.filter((one) => one.outcome === outcome).length;
    const latest = await this.latest(evaluation.occurrenceId, evaluation.rule, tx);
    const before = new Map(latest.map((one) => [one.subject, one]));
    const differing = evaluation.decisions.filter((one) => differs(before.get(one.subject), one));
    await tx.query(
      `with kept as (
         insert into evaluation (id, occurrence_id, rule, rule_version, as_of, period_from, period_to, subjects, fired, quiet, suppressed, held)
         values ($1::uuid, $2, $3::text, $4, $5::timestamptz, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing)
       insert into decision (id, evaluation_id, rule, subject, period_from, period_to, outcome, reason, detail, inputs, as_of)
       select incoming.id, $1, $3, incoming.subject, incoming.period_from, incoming.period_to, incoming.outcome, incoming.reason, incoming.detail, incoming.inputs, $5
       from unnest($13::uuid[], $14::uuid[], $15::date[], $16::date[], $17::text[], $18::text[], $19::text[], $20::jsonb[])
         as incoming(id, subject, period_from, period_to, outcome, reason, detail, inputs) on conflict do nothing`,
      [
        id,
        evaluation.occurrenceId,
        evaluation.rule,
        evaluation.ruleVersion,
        evaluation.asOf,
        evaluation.period.from,
        evaluation.period.to,
        evaluation.decisions.length,
        count('fired'),
        count('quiet'),
        count('suppressed'),
        count('held'),
        differing.map((one) => decisionId({ evaluation: id, subject: one.subject })),
        differing.map((one) => one.subject),
        differing.map((one) => one.period.from),
        differing.map((one) => one.period.to),
        differing.map((one) => one.outcome),
        differing.map((one) => one.reason ?? null),
        differing.map((one) => one.detail ?? null),
        differing.map((one) => JSON.stringify(one.inputs)),
      ],
    );
    return latest;
  }

  /** What an occurrence last concluded, one decision per subject. */
  async latest(
    occurrenceId: string,
    rule: string,
    sql: Sql = this.database,
  ): Promise<readonly StoredDecision[]> {
    return sql.query<StoredDecision>(
      `select distinct on (decision.subject) ${STORED} from decision join evaluation on evaluation.id = decision.evaluation_id
       where evaluation.occurrence_id = $1 and decision.rule = $2 order by decision.subject, decision.as_of desc`,
      [occurrenceId, rule],
    );
  }

  /**
   * The looks at an occurrence by which it was decided, each by what was known at a moment: from the first that concluded anything to the
   * first that held nothing. Whatever comes after them corrects. Empty while all is held.
   */
  async decidingLooks(occurrenceId: string, sql: Sql = this.database): Promise<readonly Instant[]> {
    const looks = await sql.query<{ as_of: Instant; held: number; subjects: number }>(
      `select as_of, sum(held)::int as held, sum(subjects)::int as subjects from evaluation where occurrence_id = $1
       group by as_of order by as_of`,
      [occurrenceId],
    );
    const first = looks.findIndex(({ held, subjects }) => held < subjects || held === 0);
    const last = looks.findIndex(({ held }) => held === 0);
    return first < 0 ? [] : looks.slice(first, last < 0 ? looks.length : last + 1).map(({ as_of }) => as_of);
  }

  /** Everything that an occurrence concluded about a subject by a rule, oldest first: one for each time that it changed. */
  async history(occurrenceId: string, rule: string, subject: string): Promise<readonly StoredDecision[]> {
    return this.database.query<StoredDecision>(
      `select ${STORED} from decision join evaluation on evaluation.id = decision.evaluation_id
       where evaluation.occurrence_id = $1 and decision.rule = $2 and decision.subject = $3 order by decision.as_of`,
      [occurrenceId, rule, subject],
    );
  }

  /** Every decision about a subject by a rule, newest first. */
  async about(rule: string, subject: string, limit = 20): Promise<readonly StoredDecision[]> {
    return this.database.query<StoredDecision>(
      `select ${STORED} from decision join evaluation on evaluation.id = decision.evaluation_id
       where decision.rule = $1 and decision.subject = $2 order by decision.as_of desc limit $3`,
      [rule, subject, limit],
    );
  }

  /** What these deliveries say now, each decision with its delivery: for a run's report, in one question. */
  async behind(
    deliveryIds: readonly string[],
  ): Promise<readonly (StoredDecision & { delivery_id: string })[]> {
    return this.database.query(
      `select said.delivery_id, ${STORED} from delivery_notification said join notification on notification.id = said.notification_id
       join decision on decision.id = notification.decision_id join evaluation on evaluation.id = decision.evaluation_id
       where said.delivery_id = any($1::uuid[]) and notification.holds order by said.delivery_id, decision.rule desc`,
      [deliveryIds],
    );
  }

  /** What these occurrences could not conclude yet. */
  async held(occurrences: readonly string[]): Promise<readonly StoredDecision[]> {
    return this.database.query<StoredDecision>(
      `select * from (
         select distinct on (evaluation.occurrence_id, decision.rule, decision.subject) ${STORED}
         from decision join evaluation on evaluation.id = decision.evaluation_id where evaluation.occurrence_id = any($1::uuid[])
         order by evaluation.occurrence_id, decision.rule, decision.subject, decision.as_of desc) newest
       where outcome = 'held' order by rule, subject`,
      [occurrences],
    );
  }

  /**
   * Marks as said: once per rule, subject and period, now on the ground of the newest decision. Another subscription may conclude the same at
   * this moment: all go through the notifications in one order, so that no two wait for each other. The `offset 0` has a decision looked up by its subject: by the
   * statistics of a table that was small, Postgres would go through all decisions of the run for each.
   */
  async notify(
    tx: Transaction,
    decisions: readonly Decision[],
    asOf: Instant,
    occurrenceId: string,
  ): Promise<void> {
    const evaluations = new Map<string, string>();
    for (const { rule } of decisions)
      if (!evaluations.has(rule))
        evaluations.set(rule, evaluationId({ occurrence: occurrenceId, rule, asOf }));
    const byId = new Map(decisions.map((decision) => [notificationId(decision), decision]));
    const rows = [...byId].toSorted(([one], [other]) => (one < other ? -1 : 1));
    if (rows.length === 0) return;
    await tx.query(
      `insert into notification (id, rule, subject, period_from, period_to, decision_id, holds)
       select said.id, said.rule, said.subject, said.period_from, said.period_to, found.id, said.holds
       from unnest($1::uuid[], $2::text[], $3::uuid[], $4::date[], $5::date[], $6::boolean[], $7::uuid[]) with ordinality
         as said(id, rule, subject, period_from, period_to, holds, evaluation, place),
         lateral (
           select decision.id from (select id, evaluation_id, as_of from decision where rule = said.rule and subject = said.subject offset 0) decision
           join evaluation on evaluation.id = decision.evaluation_id where evaluation.occurrence_id = $8
           order by (decision.evaluation_id = said.evaluation) desc, decision.as_of desc limit 1) found
       order by said.place
       on conflict (id) do update set decision_id = excluded.decision_id, holds = excluded.holds`,
      [
        rows.map(([id]) => id),
        rows.map(([, { rule }]) => rule),
        rows.map(([, { subject }]) => subject),
        rows.map(([, { period }]) => period.from),
        rows.map(([, { period }]) => period.to),
        rows.map(([, { outcome }]) => outcome === 'fired'),
        rows.map(([, { rule }]) => evaluations.get(rule)),
        occurrenceId,
      ],
    );
  }

  /** The ground of what a delivery has said is gone, but for these. Records stay: what one run says of them takes nothing from another's. */
  async giveUp(tx: Transaction, deliveryId: string, except: readonly string[]): Promise<void> {
    await tx.query(
      `update notification set holds = false where holds and not id = any($2::uuid[])
         and id in (select said.notification_id from delivery_notification said join delivery on delivery.id = said.delivery_id
                    where said.delivery_id = $1 and delivery.about <> 'record')`,
      [deliveryId, except],
    );
  }

  /** Counts of the newest evaluation per rule over these occurrences, summed. */
  async counts(occurrences: readonly string[]): Promise<readonly DecisionCounts[]> {
    return this.database.query<DecisionCounts>(
      `select rule, sum(fired)::int as fired, sum(quiet)::int as quiet, sum(suppressed)::int as suppressed, sum(held)::int as held
       from (select distinct on (occurrence_id, rule) * from evaluation where occurrence_id = any($1::uuid[])
             order by occurrence_id, rule, created_at desc) newest group by rule order by rule`,
      [occurrences],
    );
  }
}

const differs = (before: StoredDecision | undefined, now: Decision): boolean =>
  before === undefined ||
  before.outcome !== now.outcome ||
  (before.reason ?? undefined) !== now.reason ||
  (before.detail ?? undefined) !== now.detail ||
  canonical(before.inputs) !== canonical(now.inputs) ||
  before.period_from !== now.period.from ||
  before.period_to !== now.period.to;

/** jsonb forgets the order of keys. */
const canonical = (inputs: unknown): string =>
  JSON.stringify(inputs, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
