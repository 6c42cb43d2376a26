import type { Decision, Instant } from '#domain';
import type { Sql } from './database.js';

/** What a rule said of a subject at one run. */
export interface SaidBefore {
  readonly nominalAt: Instant;
  readonly inputs: Decision['inputs'];
}

/**
 * What a rule said of each subject to one subscription, in the runs that were planned before an instant, as known at `asOf`: what fired and
 * was made a message of. The last `limit` of them, oldest first. Whether a message arrived is not asked: that may yet change, and what was
 * said before has to stay the same.
 */
export async function saidBefore(
  sql: Sql,
  of: {
    readonly subscription: string;
    readonly rule: string;
    readonly subjects: readonly string[];
    readonly before: Instant;
    readonly asOf: Instant;
  },
  limit: number,
): Promise<ReadonlyMap<string, readonly SaidBefore[]>> {
  const rows = await sql.query<{ subject: string; nominal_at: Instant; inputs: Decision['inputs'] }>(
    `select wanted.subject, said.nominal_at, said.inputs from unnest($3::uuid[]) as wanted(subject)
     cross join lateral (
       select newest.nominal_at, newest.inputs from (
         select distinct on (occurrence.nominal_at, occurrence.id) occurrence.id, occurrence.nominal_at, decision.outcome, decision.inputs
         from decision join evaluation on evaluation.id = decision.evaluation_id join occurrence on occurrence.id = evaluation.occurrence_id
         where decision.rule = $2 and decision.subject = wanted.subject and decision.as_of <= $5
           and occurrence.subscription = $1 and occurrence.nominal_at < $4
         order by occurrence.nominal_at desc, occurrence.id, decision.as_of desc) newest
       where newest.outcome = 'fired' and (exists (
         select 1 from delivery join delivery_notification said on said.delivery_id = delivery.id
         join notification on notification.id = said.notification_id
         where delivery.occurrence_id = newest.id and notification.rule = $2 and notification.subject = wanted.subject and notification.created_at <= $5)
       -- A matter that went on: a later run has taken over where it was said.
       or exists (
         select 1 from occurrence later join delivery on delivery.occurrence_id = later.id
         join delivery_notification said on said.delivery_id = delivery.id join notification on notification.id = said.notification_id
         join decision ground on ground.id = notification.decision_id join evaluation on evaluation.id = ground.evaluation_id
         where later.subscription = $1 and later.nominal_at > newest.nominal_at and delivery.subject = wanted.subject and evaluation.occurrence_id = newest.id
           and notification.rule = $2 and notification.subject = wanted.subject and notification.created_at <= $5))
       order by newest.nominal_at desc limit $6) said
     order by wanted.subject, said.nominal_at`,
    [of.subscription, of.rule, of.subjects, of.before, of.asOf, limit],
  );
  return new Map(
    [...Map.groupBy(rows, ({ subject }) => subject)].map(([subject, some]) => [
      subject,
      some.map(({ nominal_at: nominalAt, inputs }) => ({ nominalAt, inputs })),
    ]),
  );
}
