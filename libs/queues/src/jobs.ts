import { z } from 'zod';
import { kindOf, type KindOf, type QueueKind, type QueueName } from './names.js';

/** The id of a row or the name of a document. Data stays in Postgres; a job only says where to look. */
const id = z.string().min(1).max(200);

/** What travels, by the kind of queue. */
interface Payloads {
  readonly collect: { readonly v: 1; readonly pullId: string };
  readonly directory: { readonly v: 1; readonly document: string };
  readonly evaluate: { readonly v: 1; readonly occurrenceId: string };
  readonly deliver: { readonly v: 1; readonly channel: string };
}

/**
 * During a roll-out both sides of a version live beside each other: a new field comes as a new `v`, accepted one release before
 * it is sent.
 */
const schemas: { readonly [Kind in QueueKind]: z.ZodType<Payloads[Kind]> } = {
  collect: z.strictObject({ v: z.literal(1), pullId: id }),
  directory: z.strictObject({ v: z.literal(1), document: id }),
  evaluate: z.strictObject({ v: z.literal(1), occurrenceId: id }),
  deliver: z.strictObject({ v: z.literal(1), channel: id }),
};

export type JobOf<Name extends QueueName> = Payloads[KindOf<Name>];

/** A job that is not what its queue carries. Trying again changes nothing, so nobody does. */
export class UnreadableJob extends Error {
  constructor(queue: QueueName, why: string) {
    super(`unreadable job in ${queue}: ${why}`);
    this.name = 'UnreadableJob';
  }
}

/** The job as its queue's schema says; throws `UnreadableJob`, which quotes no values. Used on the way in and on the way out. */
export function readJob<Name extends QueueName>(queue: Name, data: unknown): JobOf<Name> {
  const read = schemas[kindOf(queue)].safeParse(data);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.') || 'job'}: ${issue.code}`);
  throw new UnreadableJob(queue, problems.join(', '));
}
